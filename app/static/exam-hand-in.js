// Handing in: what had not arrived travels along. On the receipt nothing of the exam stays in the browser.
import { forget, stored } from "./exam-queue.js";

const form = document.getElementById("hand-in");
const receipt = document.querySelector("[data-finished]");

if (form) {
  const { attempt, sequence, stale } = form.dataset;
  if (stale) forget(attempt);
  const waiting = stored(attempt).filter((one) => one.sequence > Number(sequence));
  const unsent = waiting.filter((one, number) => !waiting.slice(number + 1).some((later) => later.slot === one.slot));
  if (unsent.length) {
    const note = document.getElementById("unsent");
    note.textContent = note.dataset.words.replace("__N__", unsent.length);
    note.hidden = false;
    form.elements.unsent.value = JSON.stringify(unsent);
  }
  form.addEventListener("submit", () => { form.querySelector("button").disabled = true; });
}
if (receipt) {
  forget(receipt.dataset.finished);
  sessionStorage.removeItem(`bikao-flags-${receipt.dataset.finished}`);
}
