// The buttons above an editor: one stop of the tabulator, from button to button by the arrow keys.

export class Toolbar {
  /** element: role toolbar, its buttons with data-command. run: what a press does, given the command. */
  constructor(element, run) {
    this.element = element;
    this.buttons = [...element.querySelectorAll("button")];
    this.inTable = element.querySelector("[data-in-table]");
    this.#rove(this.buttons[0]);
    element.addEventListener("mousedown", (event) => event.preventDefault()); // the cursor stays where it is
    element.addEventListener("keydown", (event) => this.#walk(event));
    element.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button || button.getAttribute("aria-disabled") === "true") return;
      this.#rove(button);
      run(button.dataset.command);
    });
  }

  /** Say that this is the toolbar of *editor*, which *label* names. */
  belongTo(editor, label) {
    this.element.setAttribute("aria-label", `${this.element.getAttribute("aria-label")} ${label.textContent}`);
    this.element.setAttribute("aria-controls", editor.id);
  }

  /** Show which formats hold where the cursor is, and the tools for a table in one. */
  show(isOn, isInTable) {
    for (const button of this.buttons) {
      if (button.hasAttribute("data-toggle")) button.setAttribute("aria-pressed", isOn(button.dataset.command));
    }
    if (this.inTable) this.inTable.hidden = !isInTable;
  }

  /** While the source is shown, nothing but going back to the text is possible. */
  showSource(isShown) {
    for (const button of this.buttons) {
      if (button.dataset.command === "source") button.setAttribute("aria-pressed", isShown);
      else button.setAttribute("aria-disabled", isShown);
    }
  }

  #walk(event) {
    const seen = this.buttons.filter((button) => !button.closest("[hidden]"));
    const at = seen.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: seen.length - 1 }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    const next = seen[(to + seen.length) % seen.length];
    this.#rove(next);
    next.focus();
  }

  #rove(button) {
    for (const each of this.buttons) each.tabIndex = each === button ? 0 : -1;
  }
}
