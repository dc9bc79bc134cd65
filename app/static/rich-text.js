// Between what a field holds (plain text, or the HTML of question_bank/rich_text.py) and what stands in an editor.
// An editor shows line ends and blanks as they are; those of HTML mean nothing and are taken away on the way in.

const DROPPED = new Set(["script", "style", "title", "template", "noscript", "svg", "math", "iframe", "object", "head", "meta"]);
const INSTEAD = { del: "s", strike: "s", ins: "u", tfoot: "tbody", section: "div", article: "div", dt: "p", dd: "p" };
for (const level of "123456") INSTEAD[`h${level}`] = "p";
const BLOCKS = new Set(["p", "div", "pre", "ul", "ol", "li", "table", "thead", "tbody", "tr", "caption", "blockquote", "th", "td"]);
const LINES_ONLY = "br, p, div"; // what plain text can say by line ends
const SEEN = "img, table"; // what is there without a word
const SPANS = ["colspan", "rowspan"];
const PICTURE = /^(?:picture:|.*\/)?([0-9a-f]{64})$/;

const isBlock = (node) => BLOCKS.has(node?.localName);
const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

export class RichText {
  /** elements: those that a question may use. pictures: where pictures are served, without the digest. */
  constructor(elements, pictures) {
    this.elements = new Set(elements);
    this.pictures = pictures;
  }

  /** The nodes that show *html*; whatever it holds, nothing of it runs, and only allowed elements are left. */
  nodesOf(html) {
    const read = new DOMParser().parseFromString(html, "text/html").body;
    const nodes = document.createDocumentFragment();
    this.#copy(read, nodes, false);
    collapse(nodes);
    return nodes;
  }

  /** The nodes that show plain *text*. */
  nodesOfPlain(text) {
    const nodes = document.createDocumentFragment();
    text.split("\n").forEach((line, number) => nodes.append(...(number ? [document.createElement("br"), line] : [line])));
    return nodes;
  }

  /** Whether plain text cannot say what stands in *root*. */
  isFormatted(root) {
    return [...this.#clean(root).querySelectorAll(`:not(${LINES_ONLY})`)].some(saysSomething);
  }

  htmlOf(root) {
    const clean = this.#clean(root);
    if (!saysSomething(clean)) return "";
    while (clean.lastChild?.localName === "br" || clean.lastChild?.data === "") clean.lastChild.remove();
    return [...clean.childNodes].map(written).join("").trim();
  }

  plainOf(root) {
    return spoken(this.#clean(root)).replaceAll("\u00a0", " ").trim();
  }

  /** The picture with *digest* as an editor shows it. */
  picture(digest, alternative) {
    const image = document.createElement("img");
    image.src = `${this.pictures}/${digest}`;
    image.dataset.digest = digest;
    image.alt = alternative;
    return image;
  }

  #clean(root) {
    const clean = document.createDocumentFragment();
    this.#copy(root, clean, true);
    return clean;
  }

  #copy(from, into, keepsBlanks) {
    for (const node of from.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) into.append(keepsBlanks ? node.data : node.data.replace(/[ \t\n\r\f]+/g, " "));
      else if (node.nodeType === Node.ELEMENT_NODE && !DROPPED.has(node.localName)) this.#copyElement(node, into, keepsBlanks);
    }
  }

  #copyElement(element, into, keepsBlanks) {
    const name = INSTEAD[element.localName] ?? element.localName;
    if (name === "img") {
      const found = (element.dataset.digest ?? element.getAttribute("src") ?? "").match(PICTURE);
      if (found) into.append(this.picture(found[1], element.alt));
      return;
    }
    let inner = into;
    for (const tag of this.elements.has(name) && !isUndone(element) ? [name, ...styled(element)] : styled(element)) {
      inner = inner.appendChild(document.createElement(tag));
    }
    if (inner !== into) {
      for (const span of SPANS) if (/^[1-9][0-9]?$/.test(element.getAttribute(span) ?? "")) inner.setAttribute(span, element.getAttribute(span));
    }
    this.#copy(element, inner, keepsBlanks || name === "pre");
  }
}

/** Whether there is anything to see; tags alone are no text. */
const saysSomething = (node) => Boolean(node.textContent.trim() || node.querySelector(SEEN) || node.matches?.(SEEN));

/** Some programs wrap all that they copy in a bold element that says it is not bold. */
const isUndone = (element) => ["b", "strong"].includes(element.localName) && styleOf(element)["font-weight"] === "normal";

/** The style attribute as an object. It is read as text: the policy of these pages lets no element have one. */
function styleOf(element) {
  const rules = (element.getAttribute("style") ?? "").toLowerCase().split(";").map((rule) => rule.split(":"));
  return Object.fromEntries(rules.map(([name, value = ""]) => [name.trim(), value.trim()]));
}

/** What the style of a span or font says in elements. */
function styled(element) {
  if (!["span", "font"].includes(element.localName)) return [];
  const style = styleOf(element);
  const place = style["vertical-align"];
  return [
    (style["font-weight"] === "bold" || Number(style["font-weight"]) >= 600) && "b",
    style["font-style"] === "italic" && "i",
    `${style["text-decoration"]} ${style["text-decoration-line"]}`.includes("underline") && "u",
    place === "sub" && "sub",
    place === "super" && "sup",
  ].filter(Boolean);
}

/** Take away the blanks that a page would not show: around blocks, and at the ends of lines. */
function collapse(nodes) {
  const walk = document.createTreeWalker(nodes, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walk.nextNode()) texts.push(walk.currentNode);
  for (const text of texts.filter((one) => !one.parentElement?.closest("pre"))) {
    const isOuter = text.parentNode === nodes || isBlock(text.parentNode);
    const begins = text.previousSibling ? isBlock(text.previousSibling) || text.previousSibling.localName === "br" : isOuter;
    const ends = text.nextSibling ? isBlock(text.nextSibling) || text.nextSibling.localName === "br" : isOuter;
    if (begins) text.data = text.data.replace(/^[ \n]+/, "");
    if (ends) text.data = text.data.replace(/[ \n]+$/, "");
    if (!text.data) text.remove();
  }
}

function written(node) {
  if (node.nodeType === Node.TEXT_NODE) return writtenText(node);
  const name = node.localName;
  if (name === "br") return "<br>";
  if (name === "img") return `<img src="picture:${node.dataset.digest}" alt="${escaped(node.alt).replaceAll('"', "&quot;")}">`;
  const spans = SPANS.filter((span) => node.hasAttribute(span)).map((span) => ` ${span}="${node.getAttribute(span)}"`);
  return `<${name}${spans.join("")}>${[...node.childNodes].map(written).join("")}</${name}>`;
}

function writtenText(node) {
  const text = escaped(node.data).replaceAll("\u00a0", "&nbsp;");
  if (node.parentElement?.closest("pre")) return text;
  return text.replaceAll("\n", "<br>").replace(/ {2,}/g, (blanks) => `${"&nbsp;".repeat(blanks.length - 1)} `);
}

function spoken(node) {
  let text = "";
  for (const each of node.childNodes) {
    if (each.nodeType === Node.TEXT_NODE) text += each.data;
    else if (each.localName === "br") text += each === node.lastChild && isBlock(node) ? "" : "\n";
    else if (isBlock(each)) text += `${text && !text.endsWith("\n") ? "\n" : ""}${spoken(each)}\n`;
    else text += spoken(each);
  }
  return text.replace(/\n$/, isBlock(node) ? "" : "\n");
}
