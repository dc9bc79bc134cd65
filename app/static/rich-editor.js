// One text of a question, edited as it will look. The field behind it stays: it is what the form sends.
import { BLANK_TABLE, cellOf, changed, neighbour } from "./rich-table.js";
import { Toolbar } from "./rich-toolbar.js";

// With Ctrl and Shift; without Shift, Ctrl and a full stop is taken by ways of typing Chinese. Browsers know Ctrl+B, I, U.
const OWN_KEYS = { Comma: "subscript", Period: "superscript" };
const OF_TABLES = new Set(["addRow", "addColumn", "removeRow", "removeColumn"]);
const PARAGRAPHS = "li, p, pre, blockquote"; // in these the Enter key begins another one of the same; elsewhere a line

export class Editor {
  /** page: see question-form.js. toolbar: an element of its own. */
  constructor(field, toolbar, page) {
    this.field = field;
    this.page = page;
    this.original = field.value;
    this.isTouched = false;
    this.root = document.createElement("div");
    this.source = document.createElement("textarea");
    this.status = document.createElement("p");
    this.toolbar = new Toolbar(toolbar, (command) => this.#run(command));
    this.#build();
    this.#load(field.value, page.isHtml);
    this.#listen();
  }

  get isFormatted() { return this.page.text.isFormatted(this.root); }

  /** Write what stands in the editor into the field; a text that nobody touched stays as the server wrote it. */
  write(isHtml) {
    const isAsBefore = !this.isTouched && isHtml === this.page.wasHtml;
    this.field.value = isAsBefore ? this.original : this.page.text[isHtml ? "htmlOf" : "plainOf"](this.root);
  }

  insertNodes(nodes) {
    if (this.root.hidden) this.#toggleSource();
    const holder = document.createElement("div");
    holder.append(nodes);
    this.#insertHtml(holder.innerHTML);
  }

  /** Say by the buttons what holds where the cursor is. */
  show() {
    const selection = document.getSelection();
    this.range = selection.getRangeAt(0).cloneRange();
    this.toolbar.show((command) => document.queryCommandState(command), cellOf(selection.anchorNode, this.root));
  }

  focus() { this.root.focus(); }

  #build() {
    const { field, root, source } = this;
    const label = document.querySelector(`label[for="${field.id}"]`);
    root.id = field.id; // links to what is wrong lead here
    field.id = `${root.id}-field`;
    label.id = `${root.id}-label`;
    label.removeAttribute("for");
    label.addEventListener("click", () => (source.hidden ? root : source).focus());
    root.className = "rich html";
    root.contentEditable = "true";
    for (const [name, value] of [["role", "textbox"], ["aria-multiline", "true"], ["aria-labelledby", label.id], ["tabindex", "0"]]) root.setAttribute(name, value);
    for (const name of ["aria-describedby", "aria-invalid"]) if (field.hasAttribute(name)) root.setAttribute(name, field.getAttribute(name));
    source.setAttribute("aria-labelledby", label.id);
    source.className = "source";
    source.rows = Math.max(field.rows, 4);
    source.spellcheck = false;
    source.hidden = true;
    this.status.className = "hint";
    this.status.setAttribute("role", "status");
    this.toolbar.belongTo(root, label);
    const hadFocus = document.activeElement === field;
    const frame = document.createElement("div");
    frame.className = `editor ${field.dataset.rich}`;
    field.before(frame);
    frame.append(this.toolbar.element, root, source, field);
    frame.after(this.status);
    field.hidden = true;
    if (hadFocus) root.focus();
  }

  #load(value, isHtml) {
    this.root.replaceChildren(this.page.text[isHtml ? "nodesOf" : "nodesOfPlain"](value));
  }

  #listen() {
    const { root, source } = this;
    root.addEventListener("input", () => this.edited());
    root.addEventListener("focus", () => document.execCommand("defaultParagraphSeparator", false, "p"));
    root.addEventListener("beforeinput", (event) => this.#beforeInput(event));
    root.addEventListener("keydown", (event) => this.#key(event));
    root.addEventListener("paste", (event) => this.#take(event, event.clipboardData));
    root.addEventListener("dragstart", () => { this.isDragging = true; });
    root.addEventListener("dragend", () => { this.isDragging = false; });
    root.addEventListener("drop", (event) => this.isDragging || this.#drop(event));
    source.addEventListener("input", () => {
      this.#load(source.value, true);
      this.edited();
    });
  }

  edited() {
    this.isTouched = true;
    this.status.textContent = "";
    this.page.write();
  }

  #run(command) {
    if (command === "source") this.#toggleSource();
    else if (command === "picture") this.page.choosePicture(this);
    else if (command === "table") this.#insertHtml(BLANK_TABLE);
    else if (OF_TABLES.has(command)) this.#changeTable(command);
    else {
      this.#goBack();
      document.execCommand(command);
    }
    if (this.root.contains(document.getSelection().anchorNode)) this.show();
  }

  #changeTable(command) {
    this.#goBack();
    const cell = cellOf(document.getSelection().anchorNode, this.root);
    if (!cell) return;
    goTo(changed(command, cell));
    this.edited();
  }

  #toggleSource() {
    const shows = this.source.hidden;
    if (shows) this.source.value = this.page.text.htmlOf(this.root);
    this.source.hidden = !shows;
    this.root.hidden = shows;
    this.toolbar.showSource(shows);
    (shows ? this.source : this.root).focus();
  }

  /** Go back to where the cursor was last. */
  #goBack() {
    this.root.focus();
    if (this.range && !this.root.contains(document.getSelection().anchorNode)) select(this.range);
  }

  #beforeInput(event) {
    if (event.inputType !== "insertParagraph") return;
    const at = document.getSelection().anchorNode;
    const around = (at.nodeType === Node.ELEMENT_NODE ? at : at.parentElement).closest(PARAGRAPHS);
    if (around && this.root.contains(around)) return;
    event.preventDefault();
    document.execCommand("insertLineBreak");
  }

  #key(event) {
    const command = (event.ctrlKey || event.metaKey) && event.shiftKey && !event.altKey && OWN_KEYS[event.code];
    const cell = event.key === "Tab" && cellOf(document.getSelection().anchorNode, this.root);
    const next = cell && neighbour(cell, event.shiftKey ? -1 : 1);
    if (!command && !next) return;
    event.preventDefault();
    if (command) this.#run(command);
    else goTo(next);
  }

  #drop(event) {
    const at = document.caretRangeFromPoint?.(event.clientX, event.clientY);
    if (at) select(at);
    this.#take(event, event.dataTransfer);
  }

  /** Take what another place gives: what a question may hold, as plain text where it says no more than that. */
  #take(event, given) {
    event.preventDefault();
    const html = given.getData("text/html");
    const nodes = html ? this.page.text.nodesOf(html) : null;
    const holder = document.createElement("div");
    if (nodes) holder.append(nodes);
    const isFormatted = nodes && this.page.text.isFormatted(holder);
    const plain = nodes ? this.page.text.plainOf(holder) : given.getData("text/plain").replaceAll("\r\n", "\n");
    if (!isFormatted) holder.replaceChildren(this.page.text.nodesOfPlain(plain));
    this.#insertHtml(holder.innerHTML);
    const pictures = html ? new DOMParser().parseFromString(html, "text/html").images.length : given.files.length;
    if (pictures > holder.querySelectorAll("img").length) this.status.textContent = this.page.words.noPicture;
  }

  #insertHtml(html) {
    this.#goBack();
    if (html) document.execCommand("insertHTML", false, html);
  }
}

function select(range) {
  const selection = document.getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}

function goTo(cell) {
  if (!cell) return;
  const range = document.createRange();
  range.selectNodeContents(cell);
  range.collapse(true);
  select(range);
}
