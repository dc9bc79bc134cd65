// Single keys for the decisions on a question. They can be switched off (remembered in this browser), are shown beside
// what they do, and never act while somebody writes, chooses, or holds another key.

const STORED = "bikao-review-keys";
const choice = document.querySelector("input[data-keys]");
const targets = [...document.querySelectorAll("[data-key]")];

function stored() {
  try { return localStorage.getItem(STORED); } catch { return null; }
}

function show() {
  for (const target of targets) {
    target.querySelector("kbd")?.remove();
    target.removeAttribute("aria-keyshortcuts");
    if (!choice.checked) continue;
    const key = target.dataset.key.toUpperCase();
    const legend = document.createElement("kbd");
    legend.textContent = key;
    legend.setAttribute("aria-hidden", "true");
    target.append(legend);
    target.setAttribute("aria-keyshortcuts", key);
  }
}

function isWriting(element) {
  return element instanceof Element && element.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
}

function act(event) {
  if (!choice.checked || event.defaultPrevented || event.repeat || event.isComposing) return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || isWriting(event.target)) return;
  const target = targets.find((one) => one.dataset.key === event.key.toLowerCase());
  if (!target) return;
  event.preventDefault();
  target.click();
}

if (choice && matchMedia("(hover: hover)").matches) { // not where fingers do the work
  choice.checked = stored() !== "off";
  choice.closest("label").hidden = false;
  choice.addEventListener("change", () => {
    try { localStorage.setItem(STORED, choice.checked ? "on" : "off"); } catch { /* not remembered, but it holds here */ }
    show();
  });
  document.addEventListener("keydown", act);
  show();
}
