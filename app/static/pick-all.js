// "Select all on this page" beside a list whose rows have tick boxes. Without this file they are ticked one by one.

for (const all of document.querySelectorAll("input[data-picks]")) {
  const boxes = [...document.querySelectorAll(`input[name="question"][form="${all.dataset.picks}"]`)];

  const show = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked > 0 && ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
  };

  all.addEventListener("change", () => boxes.forEach((box) => { box.checked = all.checked; }));
  boxes.forEach((box) => box.addEventListener("change", show));
  addEventListener("pageshow", show); // the browser may bring ticks back
  all.closest("label").hidden = boxes.length === 0;
}
