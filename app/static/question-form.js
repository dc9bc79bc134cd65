// Writing a question: its texts are edited as they will look. Without this file the fields take plain text or HTML, and
// every button posts the form; all of that still works with it.
import { Editor } from "./rich-editor.js";
import { RichText } from "./rich-text.js";

const form = document.querySelector("form.writing");
const template = document.getElementById("rich-toolbar");
const markup = form.elements.markup;
const places = form.elements.picture_place;

const page = {
  text: new RichText(template.dataset.elements.split(" "), template.dataset.pictures),
  words: template.dataset,
  wasHtml: markup.value === "html",
  isHtml: markup.value === "html",
  editors: [],

  /** Plain text stays plain until something is formatted; then all texts of the question are HTML. */
  write() {
    this.isHtml = this.wasHtml || this.editors.some((editor) => editor.isFormatted);
    markup.value = this.isHtml ? "html" : "plain";
    for (const editor of this.editors) editor.write(this.isHtml);
  },

  /** Pictures come by the upload below, at the end of the text that they are asked for. */
  choosePicture(editor) {
    form.querySelector("details.pictures").open = true;
    places.value = editor.root.id;
    form.elements.picture.focus();
  },
};

const hasPlace = (id) => [...places.options].some((option) => option.value === id);

function toolbarFor(field) {
  const toolbar = template.content.firstElementChild.cloneNode(true);
  if (field.dataset.rich === "short") for (const each of toolbar.querySelectorAll("[data-long]")) each.remove();
  if (!hasPlace(field.id)) toolbar.querySelector("[data-command=picture]").remove();
  return toolbar;
}

/** A picture of this question can stand in other places too: a button puts it where the cursor was last. */
function offerPicture(item) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn";
  button.textContent = page.words.insert;
  button.addEventListener("click", () => {
    const editor = page.last ?? page.editors[0];
    const { digest } = item.dataset;
    const shown = form.querySelector(`.rich img[data-digest="${digest}"]`);
    editor.insertNodes(page.text.picture(digest, shown?.alt ?? ""));
  });
  const tools = document.createElement("div");
  tools.append(...descriptionOf(item.dataset.digest), button);
  item.append(tools);
}

/** What is said of a picture to those who do not see it; the same wherever it stands in the question. */
function descriptionOf(digest) {
  const shown = () => [...form.querySelectorAll(`.rich img[data-digest="${digest}"]`)];
  const label = document.createElement("label");
  const input = document.createElement("input");
  input.id = `alt-${digest}`;
  input.value = shown()[0]?.alt ?? "";
  label.htmlFor = input.id;
  label.textContent = page.words.alternative;
  input.addEventListener("input", () => {
    for (const image of shown()) image.alt = input.value;
    for (const editor of page.editors) if (editor.root.querySelector(`[data-digest="${digest}"]`)) editor.edited();
  });
  return [label, input];
}

for (const field of form.querySelectorAll("textarea[data-rich]")) page.editors.push(new Editor(field, toolbarFor(field), page));
for (const item of form.querySelectorAll(".used li")) offerPicture(item);
form.classList.add("enhanced");

document.addEventListener("selectionchange", () => {
  const node = document.getSelection().anchorNode;
  const here = page.editors.find((editor) => editor.root.contains(node));
  if (here) page.last = here;
  here?.show();
});

// Whoever leaves with something typed and unsaved is asked first.
let isUnsaved = form.hasAttribute("data-unsaved");
form.addEventListener("input", () => { isUnsaved = true; });
form.addEventListener("submit", () => { isUnsaved = false; });
addEventListener("beforeunload", (event) => isUnsaved && event.preventDefault());

const asked = page.editors.find((editor) => `#${editor.root.id}` === location.hash);
if (document.getElementById("errors")) document.getElementById("errors").focus();
else asked?.focus();
