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
const clock = document.getElementById("clock");
if (clock) {
  const endsAt = performance.now() + Number(clock.dataset.remaining) * 1000; // monotonic, as on the exam page
  const two = (number) => String(number).padStart(2, "0");
  const ticking = setInterval(() => {
    const left = Math.max(0, Math.round((endsAt - performance.now()) / 1000));
    clock.textContent = `${Math.floor(left / 3600)}:${two(Math.floor(left / 60) % 60)}:${two(left % 60)}`;
    if (left > 0) return;
    clearInterval(ticking);
    setTimeout(() => window.location.reload(), 1500); // the server's deadline has passed by then
  }, 1000);
  window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });
}
if (receipt) {
  forget(receipt.dataset.finished);
  sessionStorage.removeItem(`bikao-flags-${receipt.dataset.finished}`);
}
