// The exam page: turns pages without the network, saves each answer as it is given, shows the server's time.
import { changeSign, checkNumbers, fill as fillIn, nodes, rendered, response, same } from "./exam-answer.js";
import { AnswerQueue } from "./exam-queue.js";
import { Flags } from "./exam-flags.js";

const form = document.getElementById("exam");
const at = (id) => document.getElementById(id);
const fill = (text, values) => Object.entries(values).reduce((all, [name, value]) => all.replace(`__${name}__`, value), text);
const LATE = 300; // seconds
const TYPING = 800; // ms; somebody who types is saved when they pause

let position = Number(form.dataset.position);
let sheet; // questions, answers by position; undefined until it has arrived
let held = 0;
let endsAt = performance.now() + Number(form.dataset.remaining) * 1000; // monotonic: the device's clock plays no part
let isLeaving = false;
let typing; // the pause that is being waited for
let pictures = []; // held, so that the browser keeps them

const asked = () => at("question").querySelector("[data-input]");
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
  if (left === 3) keep(), queue.flush();
  if (left === 0 && !isLeaving) handInByClock();
}

async function handInByClock() {
  isLeaving = true;
  keep();
  await queue.flush();
  setTimeout(() => window.location.assign(form.dataset.handIn), 1500); // the server's deadline has passed by then
}

// --- one question ---
// Put what stands in the inputs on its way, unless it is what was kept last.
function keep() {
  clearTimeout(typing);
  if (!sheet) return;
  checkNumbers(asked());
  const given = response(asked());
  if (same(given, sheet.answers[position] || [])) return;
  if (given.length) sheet.answers[position] = given; else delete sheet.answers[position];
  queue.put(position, given);
  draw();
}

function show(next) {
  if (at("question").contains(document.activeElement)) document.activeElement.blur(); // what it tells belongs to the old one
  position = next;
  const question = sheet.questions[next - 1];
  const count = sheet.questions.length;
  const values = { N: next, COUNT: count };
  at("place").textContent = fill(form.dataset.place, values);
  document.title = document.title.replace(/\d+/, next);
  document.querySelector("h1.kind").firstChild.textContent = document.querySelector("h1.kind").firstChild.textContent.replace(/\d+/, next);
  at("about").textContent = ` · ${question.about}`;
  at("question").replaceChildren(...nodes(question.html));
  fillIn(asked(), sheet.answers[position] || []);
  checkNumbers(asked());
  at("prev").disabled = next === 1;
  at("next").value = next === count ? "hand-in" : "next";
  at("next").textContent = next === count ? at("next").dataset.last : at("next").dataset.next;
  draw();
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
  const next = { next: position + 1, prev: position - 1, stay: position }[to] || Number(to);
  if (next === position) return;
  show(next);
  window.scrollTo(0, 0);
  history.pushState({ position: next }, "", String(next));
  document.querySelector("main").focus({ preventScroll: true });
}

form.addEventListener("change", keep);
for (const name of ["input", "compositionend"]) {
  form.addEventListener(name, (event) => {
    clearTimeout(typing);
    if (!event.isComposing) typing = setTimeout(keep, queue.isLate ? TYPING / 4 : TYPING);
  });
}
form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-sign]");
  if (button) changeSign(button);
});

form.addEventListener("submit", async (event) => {
  if (!sheet || isLeaving) return; // the plain form still works
  event.preventDefault();
  keep();
  const to = event.submitter?.value || "next";
  if (to !== "hand-in") return go(to);
  await queue.flush();
  if (queue.failures && !navigator.onLine) return showTrouble(form.dataset.lost);
  return queue.stopped ? undefined : leave(form.dataset.handIn); // what has not arrived travels with the hand-in
});

at("flag").addEventListener("click", () => { flags.toggle(position); draw(); });
window.addEventListener("popstate", () => { keep(); if (sheet) show(Number(window.location.pathname.split("/").at(-1)) || 1); });
window.addEventListener("online", () => queue.flush());
window.addEventListener("beforeunload", (event) => { keep(); if (queue.pending && !queue.stopped && !isLeaving) event.preventDefault(); });
window.addEventListener("pagehide", () => { keep(); queue.part(); });
window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); }); // the reply went unheard
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") load(); else keep(), queue.flush(); });

// --- the whole paper, once; again when the device wakes, for the right time ---
async function load() {
  const reply = await fetch(form.dataset.paper, { headers: { Accept: "application/json" }, credentials: "same-origin" }).catch(() => undefined);
  if (!reply?.ok) return reply?.status === 410 ? leave(form.dataset.handIn) : undefined;
  const fresh = await reply.json().catch(() => undefined); // a sign-in page, once the session is over
  if (!fresh) return undefined;
  setTime(fresh.remaining_seconds);
  if (sheet) return undefined;
  sheet = fresh;
  held = Object.keys(fresh.answers).length;
  if (queue.resume(fresh.sequence, fresh.answers)) showTrouble(form.dataset.overtaken);
  for (const one of queue.entries) if (one.response.length) sheet.answers[one.slot] = one.response; else delete sheet.answers[one.slot];
  at("flag").hidden = false;
  for (const one of document.querySelectorAll(".key.f, .flag-word")) one.hidden = false;
  if (same(response(asked()), rendered(asked()))) fillIn(asked(), sheet.answers[position] || []);
  keep(); // what was ticked or typed while the paper was still on its way
  draw();
  pictures = sheet.questions.flatMap((one) => nodes(one.html)).flatMap((node) => [...(node.querySelectorAll?.("img") || [])])
    .map((image) => Object.assign(new Image(), { src: image.getAttribute("src") })); // pages turn without the network
  return undefined;
}

setInterval(tick, 1000);
load();
