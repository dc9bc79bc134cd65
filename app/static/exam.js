// The exam page: turns pages without the network, saves each answer as it is given, shows the server's time.
import { AnswerQueue } from "./exam-queue.js";
import { Flags } from "./exam-flags.js";

const form = document.getElementById("exam");
const at = (id) => document.getElementById(id);
const fill = (text, values) => Object.entries(values).reduce((all, [name, value]) => all.replace(`__${name}__`, value), text);
const LATE = 300; // seconds

let position = Number(form.dataset.position);
let sheet; // questions, answers by position; undefined until it has arrived
let held = 0;
let endsAt = performance.now() + Number(form.dataset.remaining) * 1000; // monotonic: the device's clock plays no part
let isLeaving = false;

const flags = new Flags(form.dataset.attempt);
const queue = new AnswerQueue({
  attempt: form.dataset.attempt, address: form.dataset.save, token: form.elements.csrf_token.value,
  tell: showState, heard: (reply) => { held = reply.held; setTime(reply.remaining_seconds); },
});

function showState(state, message, status) {
  const saved = at("saved");
  saved.className = `saved ${state === "saved" ? "" : state}`;
  const words = { saved: saved.dataset.all, waiting: saved.dataset.waiting, offline: saved.dataset.offline, stopped: saved.dataset.stopped };
  if (state === "saved") at("trouble").hidden = true;
  if (state === "saved" && !held) words.saved = saved.dataset.none;
  saved.textContent = fill(words[state], { N: state === "saved" ? held : queue.pending });
  if (state !== "stopped") return;
  if (status === 410) return leave(form.dataset.handIn);
  showTrouble(message || form.dataset.lost);
}

function showTrouble(words) {
  at("trouble").hidden = false;
  at("trouble").querySelector("p").textContent = words;
}

function leave(address) {
  isLeaving = true;
  window.location.assign(address);
}

// --- the clock ---
function setTime(seconds) {
  endsAt = performance.now() + seconds * 1000;
  tick();
}

function tick() {
  const left = Math.max(0, Math.round((endsAt - performance.now()) / 1000));
  const two = (number) => String(number).padStart(2, "0");
  at("clock").textContent = `${Math.floor(left / 3600)}:${two(Math.floor(left / 60) % 60)}:${two(left % 60)}`;
  at("clock").classList.toggle("last", left <= LATE);
  queue.isLate = left <= LATE;
  const notice = at("notice");
  const words = left <= 60 ? notice.dataset.one : left <= LATE ? notice.dataset.five : "";
  if (notice.textContent !== words) notice.textContent = words;
  if (left === 3) queue.flush();
  if (left === 0 && !isLeaving) handInByClock();
}

async function handInByClock() {
  isLeaving = true;
  await queue.flush();
  setTimeout(() => window.location.assign(form.dataset.handIn), 1500); // the server's deadline has passed by then
}

// --- one question ---
function chosen() {
  return [...form.querySelectorAll("[name=answer]:checked")].map((input) => input.value).sort();
}

function show(next) {
  position = next;
  const question = sheet.questions[next - 1];
  const count = sheet.questions.length;
  const values = { N: next, COUNT: count };
  at("place").textContent = fill(form.dataset.place, values);
  document.title = document.title.replace(/\d+/, next);
  document.querySelector("h1.kind").firstChild.textContent = document.querySelector("h1.kind").firstChild.textContent.replace(/\d+/, next);
  at("about").textContent = ` · ${question.about}`;
  at("stem").textContent = question.stem;
  at("options").replaceChildren(...question.options.map((option) => row(question, option)));
  at("prev").disabled = next === 1;
  at("next").value = next === count ? "hand-in" : "next";
  at("next").textContent = next === count ? at("next").dataset.last : at("next").dataset.next;
  draw();
}

function row(question, option) {
  const label = document.createElement("label");
  label.className = "opt";
  const input = Object.assign(document.createElement("input"), { type: question.input === "one" ? "radio" : "checkbox", name: "answer", value: option.label });
  input.checked = (sheet.answers[question.position] || []).includes(option.label);
  const letter = Object.assign(document.createElement("span"), { className: "k", textContent: option.label });
  letter.setAttribute("aria-hidden", "true");
  label.append(input, letter, Object.assign(document.createElement("span"), { className: "t", textContent: option.text }));
  return label;
}

function draw() {
  const count = sheet.questions.length;
  const answered = Object.keys(sheet.answers).length;
  at("tally").textContent = fill(form.dataset.tally, { A: answered, F: flags.size, U: count - answered });
  for (const button of at("grid").children) {
    button.classList.toggle("a", button.value in sheet.answers);
    button.classList.toggle("f", flags.has(button.value));
    if (Number(button.value) === position) button.setAttribute("aria-current", "true"); else button.removeAttribute("aria-current");
    button.querySelector(".state").textContent = at("grid").dataset[button.value in sheet.answers ? "answered" : "blank"];
  }
  at("flag").setAttribute("aria-pressed", flags.has(position));
}

function go(to) {
  const next = { next: position + 1, prev: position - 1 }[to] || Number(to);
  show(next);
  window.scrollTo(0, 0);
  history.pushState({ position: next }, "", String(next));
  document.querySelector("main").focus({ preventScroll: true });
}

form.addEventListener("change", (event) => {
  if (event.target.name !== "answer" || !sheet) return;
  const labels = chosen();
  if (labels.length) sheet.answers[position] = labels; else delete sheet.answers[position];
  queue.put(position, labels);
  draw();
});

form.addEventListener("submit", async (event) => {
  if (!sheet || isLeaving) return; // the plain form still works
  event.preventDefault();
  const to = event.submitter?.value || "next";
  if (to !== "hand-in") return go(to);
  await queue.flush();
  if (queue.failures && !navigator.onLine) return showTrouble(form.dataset.lost);
  return queue.stopped ? undefined : leave(form.dataset.handIn); // what has not arrived travels with the hand-in
});

at("flag").addEventListener("click", () => { flags.toggle(position); draw(); });
window.addEventListener("popstate", () => { if (sheet) show(Number(window.location.pathname.split("/").at(-1)) || 1); });
window.addEventListener("online", () => queue.flush());
window.addEventListener("beforeunload", (event) => { if (queue.pending && !queue.stopped && !isLeaving) event.preventDefault(); });
window.addEventListener("pagehide", () => queue.part());
window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); }); // the reply went unheard
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") load(); else queue.flush(); });

// --- the whole paper, once; again when the device wakes, for the right time ---
async function load() {
  const response = await fetch(form.dataset.paper, { headers: { Accept: "application/json" }, credentials: "same-origin" }).catch(() => undefined);
  if (!response?.ok) return response?.status === 410 ? leave(form.dataset.handIn) : undefined;
  const fresh = await response.json().catch(() => undefined); // a sign-in page, once the session is over
  if (!fresh) return undefined;
  setTime(fresh.remaining_seconds);
  if (sheet) return undefined;
  sheet = fresh;
  held = Object.keys(fresh.answers).length;
  const before = chosen(); // ticked while the paper was still on its way
  if (queue.resume(fresh.sequence, fresh.answers)) showTrouble(form.dataset.overtaken);
  for (const one of queue.entries) if (one.response.length) sheet.answers[one.slot] = one.response; else delete sheet.answers[one.slot];
  at("flag").hidden = false;
  for (const one of document.querySelectorAll(".key.f, .flag-word")) one.hidden = false;
  if (String(before) !== String(sheet.answers[position] || []) && before.length) {
    sheet.answers[position] = before;
    queue.put(position, before);
  }
  show(position);
  return undefined;
}

setInterval(tick, 1000);
load();
