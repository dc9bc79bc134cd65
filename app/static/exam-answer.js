// What stands in the inputs of the question on the page: read and written alike for every kind (sittings/_inputs.html).

const LONGEST = 200; // characters of one text, as the server takes them

const isTyped = (input) => input.type === "text";
const units = (asked) => [...asked.querySelectorAll("[data-answer]")];
const isOfParts = (asked) => asked.dataset.input === "parts";

// A field can be given by other programs what no keyboard types; the server would refuse it.
function clean(text) {
  return [...text.replace(/\p{Cc}|\p{Cs}/gu, " ").trim()].slice(0, LONGEST).join("").trim();
}

function read(asked, valueOf, isChosen) {
  const given = (unit) => [...unit.querySelectorAll("input")]
    .filter((input) => isTyped(input) || isChosen(input)).map((input) => clean(valueOf(input))).sort();
  const texts = isOfParts(asked) ? units(asked).map((unit) => given(unit).join("")) : given(units(asked)[0]);
  return texts.some(Boolean) ? texts : [];
}

// The response as it stands: labels, the text typed, or one text a part; [] if nothing is answered.
export const response = (asked) => read(asked, (input) => input.value, (input) => input.checked);

// The response that the page came with, whatever was ticked or typed since.
export const rendered = (asked) => read(asked, (input) => input.defaultValue, (input) => input.defaultChecked);

export function fill(asked, given) {
  units(asked).forEach((unit, place) => {
    const own = isOfParts(asked) ? given[place] || "" : given;
    for (const input of unit.querySelectorAll("input")) {
      const text = [...own].join("");
      if (!isTyped(input)) input.checked = own.includes(input.value);
      else if (clean(input.value) !== text) input.value = text;
    }
  });
  for (const button of asked.querySelectorAll("[data-sign]")) button.hidden = false;
}

// Symbols of units that take prefixes: as in question_bank/kinds/numeric.py.
const PREFIXED = new Set((
  "A Ah B Bq C Ci F Gy H Hz J K L N Pa S Sv T V VA W Wb Wh Wp b bar cal cd eV g kat l lm lx m mol rad s t var Ω"
).split(" "));

// Whether a part of a unit, a run of letters, differs from the asked one in nothing but its prefix: mPa is not MPa.
function isOtherPrefix(one, other) {
  const isPrefix = /^[mp]/i.test(other) && PREFIXED.has(other.slice(1)) && !/^(pa|ph)$/i.test(other);
  return isPrefix && one[0] !== other[0] && one.slice(1) === other.slice(1);
}

// Whether a unit is written as asked, whatever the case but for a prefix.
function isUnit(spelled, unit) {
  if (spelled.toLowerCase() !== unit.toLowerCase()) return false;
  const parts = (text) => text.match(/[A-Za-zμΩω]+/g) || [];
  const asked = parts(unit);
  return !parts(spelled).some((one, place) => isOtherPrefix(one, asked[place] || ""));
}

// What the server reads as a number, bare or with the unit (question_bank/kinds/numeric.py): says nothing of the key.
export function isNumber(typed, unit) {
  const plain = (text) => text.normalize("NFKC").replace(/[−–﹣]/g, "-").trim();
  let text = plain(typed);
  const ending = unit.normalize("NFKC").trim();
  if (ending && isUnit(text.slice(-ending.length), ending)) text = text.slice(0, -ending.length).trimEnd();
  if (/^[+-]?\d{1,3}([, ])\d{3}(\1\d{3})*(\.\d{0,12})?$/.test(text)) text = text.replace(/[, ]/g, "");
  return /^[+-]?(\d{1,15}(\.\d{0,12})?|\.\d{1,12})$/.test(text);
}

// Say beside each field that asks for a number whether what stands in it is none; it is saved as it is all the same.
export function checkNumbers(asked) {
  for (const input of asked.querySelectorAll("input[data-number]")) {
    const note = document.getElementById(`${input.id}-odd`);
    const words = clean(input.value) === "" || isNumber(input.value, input.dataset.unit) ? "" : note.dataset.words;
    if (note.textContent !== words) note.textContent = words;
  }
}

// The decimal keys of some phones have no minus.
export function changeSign(button) {
  const input = button.closest("[data-answer]").querySelector("input");
  input.value = /^\s*[-−－]/.test(input.value) ? input.value.replace(/^\s*[-−－]/, "") : `-${input.value.trim()}`;
  input.focus();
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

export const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

// The nodes of a piece of the page that the server rendered. Nothing in it runs or loads before it is shown.
export const nodes = (html) => [...new DOMParser().parseFromString(html, "text/html").body.childNodes];
