// The blueprint editor: rows come and go without a reload, and while somebody types each row says what the banks hold.
// Everything works without this file: the buttons then post the form and the server answers with the page.
const form = document.getElementById("blueprint");
const rows = document.getElementById("rows");
const add = document.getElementById("add");
const blank = document.getElementById("new-row");
const PAUSE = 300; // ms without a key before the banks are asked
const MOST = Number(form.dataset.most);

let waiting;
let asking;

const all = () => [...rows.querySelectorAll("[data-row]")];

function say(output, [words, state]) {
  output.textContent = words;
  output.className = `said ${state}`.trim();
}

function show(found) {
  all().forEach((row, number) => found.rows[number] && say(row.querySelector("[data-have]"), found.rows[number]));
  say(form.querySelector("[data-total]"), found.total);
  const list = form.querySelector("[data-remarks]");
  list.replaceChildren(
    ...found.remarks.map((remark) => {
      const item = document.createElement("li");
      say(item.appendChild(document.createElement("output")), remark);
      return item;
    }),
  );
}

/** Ask the server what the rows have, as they are typed now. An answer that a newer question overtook is dropped. */
async function ask() {
  asking?.abort();
  asking = new AbortController();
  try {
    const answer = await fetch(form.dataset.check, {
      method: "POST",
      body: new FormData(form),
      headers: { Accept: "application/json" },
      signal: asking.signal,
    });
    if (answer.ok) show(await answer.json());
  } catch (error) {
    if (error.name !== "AbortError" && !(error instanceof TypeError)) throw error; // no network: the counts stay
  }
}

function later() {
  clearTimeout(waiting);
  waiting = setTimeout(ask, PAUSE);
}

function number() {
  all().forEach((row, place) => {
    row.querySelector("[data-number]").textContent = place + 1;
  });
  add.disabled = all().length >= MOST;
}

function addRow() {
  const used = all().map((row) => Number(row.querySelector("select").name.split("-")[1]));
  const next = Math.max(-1, ...used) + 1;
  rows.querySelector("[data-empty]")?.remove();
  const row = blank.content.firstElementChild.cloneNode(true);
  for (const attribute of [row, ...row.querySelectorAll("*")].flatMap((one) => [...one.attributes])) {
    attribute.value = attribute.value.replaceAll("new-strata-0", `strata-${next}`).replaceAll("remove-0", `remove-${next}`);
  }
  rows.append(row);
  number();
  rows.lastElementChild.querySelector("select").focus();
  later();
}

function removeRow(row) {
  const near = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  number();
  (near?.querySelector("select") ?? add).focus();
  later();
}

/** A line holds several knowledge points: suggest each of them after the last semicolon. */
function suggest(line) {
  const bank = line.closest("[data-row]").querySelector("select").value;
  const source = document.getElementById(`points-${bank}`);
  const typed = line.value.match(/^(.*[;；]\s*)?/)[0];
  if (!source || (typed === "" && line.getAttribute("list") === source.id)) return;
  const own = document.getElementById("points-now") ?? document.body.appendChild(document.createElement("datalist"));
  own.id = "points-now";
  own.replaceChildren(...[...source.options].map((option) => new Option("", typed + option.value)));
  line.setAttribute("list", typed === "" ? source.id : own.id);
}

form.addEventListener("input", (event) => {
  if (event.target.matches("[data-points]")) suggest(event.target);
  if (event.target.closest("[data-row]") || event.target.closest(".shares")) later();
});

form.addEventListener("change", (event) => {
  const row = event.target.closest("[data-row]");
  if (row && event.target.matches("select")) suggest(row.querySelector("[data-points]"));
});

form.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=do]");
  if (button === add) {
    event.preventDefault();
    addRow();
  } else if (button?.value.startsWith("remove-")) {
    event.preventDefault();
    removeRow(button.closest("[data-row]"));
  }
});

document.getElementById("errors")?.focus();
