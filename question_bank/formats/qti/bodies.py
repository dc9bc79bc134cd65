"""The body of an item as HTML: what is asked, and which text belongs to which of several interactions."""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from question_bank.formats.markup.rich import FindPicture
from question_bank.formats.markup.said import Said, said_in_html
from question_bank.formats.protocol import Note
from question_bank.formats.qti.placing import CLASSES, FILLER, LOOSE, TEXT, WRITTEN_AS
from question_bank.formats.xml_elements import Element

ENTRY = "bikao-entry"
"""Class of a place to write in as we write it, whose unit is no part of the text."""
BLANK = "_____"
FEEDBACK = ("feedbackInline", "feedbackBlock", "modalFeedback")
TOOLTIP = "tooltip-content"
"""Role of what TAO shows only to those who point at a word."""
_FOR_OTHERS = ("rubricBlock", "infoControl", "choiceRationales", "teacherInstructions")
_APART = frozenset((*FEEDBACK, "templateBlock", "templateInline", "stylesheet", "catalogInfo", "source",
                    *_FOR_OTHERS[1:]))  # fmt: skip
_WRAPPERS = frozenset({
    "itemBody", "stimulusBody", "prompt", "simpleChoice", "inlineChoice", "contentBody", "rubricBlock", *FEEDBACK,
    "section", "article", "aside", "nav", "main", "header", "footer", "figure", "figcaption", "details", "summary",
    "address",
})  # fmt: skip
_INLINE = frozenset({"textEntryInteraction", "inlineChoiceInteraction"})
_BLOCKS = frozenset({
    "p", "div", "ul", "ol", "li", "table", "tbody", "thead", "tfoot", "tr", "td", "th", "blockquote", "pre", "h1", "h2",
    "h3", "h4", "h5", "h6", "dl", "dt", "dd", "caption", "hr",
}) | _WRAPPERS  # fmt: skip
_KEPT = ("src", "alt", "data", "type", "colspan", "rowspan")
_BLANKS = " \t\r\n"
_BREAKS = re.compile(r"[ \t\r\n]*[\t\r\n][ \t\r\n]*")
_PARAGRAPHS = frozenset({"p", "div"})
_UNTOLD = frozenset({ENTRY, FILLER})
_STYLES = CLASSES | {"qti-italic": "i"}
_VOID = frozenset({"br", "img", "hr", "col"})
_LONGEST_ALTERNATIVE = 200
_AROUND = {"tr": "tbody", "tbody": "table", "thead": "table", "tfoot": "table"}
_BLOCK = re.compile(r"<(p|div|ul|ol|table|blockquote|h[1-6])(?:\s[^<>]*)?>.*</\1\s*>", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True)
class Body:
    """An element with text. instead: id of an element -> what stands in its place, as HTML."""

    find: FindPicture
    instead: Mapping[int, str]

    def said(self, element: Element) -> Said:
        """Return the text in *element*, without feedback and what is not for candidates, which a note tells."""
        is_interaction = element.name.endswith("Interaction")
        inner = self._interaction(element, False) if is_interaction else self._inside(element, False)
        said = said_in_html("".join(inner).strip(_BLANKS), self.find)
        return said if is_interaction else replace(said, notes=(*said.notes, *_left_out(element)))

    def _inside(self, element: Element, keeps_blanks: bool) -> Iterator[str]:
        if not keeps_blanks and (markup := _written_as_text(element)):
            yield markup
            return
        children = element.children
        for place, child in enumerate(children):
            if isinstance(child, Element):
                yield from self._element(child, keeps_blanks)
            elif keeps_blanks:
                yield html.escape(child, quote=False)
            elif child.strip(_BLANKS) or not _is_between_blocks(children, place):
                yield html.escape(_on_its_line(_BREAKS.sub(" ", child), element, place), quote=False)

    def _element(self, element: Element, keeps_blanks: bool) -> Iterator[str]:
        if id(element) in self.instead:
            yield self.instead[id(element)]
        elif element.name.endswith("Interaction"):
            yield from self._interaction(element, keeps_blanks)
        elif not _is_apart(element):
            classes = _classes(element)
            is_text = TEXT in classes
            if element.name == "ruby":
                yield from self._ruby(element, keeps_blanks)
            elif element.name == "q":
                yield from ("“", *self._inside(element, keeps_blanks), "”")
            elif is_text or LOOSE in classes or element.name in ("contentBody", "picture") or _is_spoken(element):
                yield from self._inside(element, keeps_blanks or is_text)
            else:
                yield from self._tagged(element, keeps_blanks or element.name == "pre")

    def _interaction(self, element: Element, keeps_blanks: bool) -> Iterator[str]:
        for prompt in element.elements("prompt"):
            yield from self._tagged(prompt, keeps_blanks)
        if element.name in _INLINE:
            yield BLANK

    def _ruby(self, element: Element, keeps_blanks: bool) -> Iterator[str]:
        """Yield characters with their reading, which stands in brackets: a question has no lines above lines."""
        children = element.children if element.first("rp") else [_bracketed(child) for child in element.children]
        yield from self._tagged(Element(element.name, {}, element.line, children), keeps_blanks)

    def _tagged(self, element: Element, keeps_blanks: bool) -> Iterator[str]:
        name = _name_in_html(element)
        own = element.attributes
        if name == "object" and "alt" not in own and (instead := " ".join(element.text().split())):
            own = own | {"alt": instead[:_LONGEST_ALTERNATIVE]}
        attributes = "".join(f' {key}="{html.escape(text)}"' for key in _KEPT if (text := own.get(key)) is not None)
        if name in _VOID:
            yield f"<{name}{attributes}>"
            return
        inner = "".join(self._inside(element, keeps_blanks))
        # What only held feedback or blanks is no paragraph of the question.
        if keeps_blanks or name not in _PARAGRAPHS or inner.strip(_BLANKS):
            yield f"<{name}{attributes}>{inner}</{name}>"


def _written_as_text(element: Element) -> str:
    """Return the text of *element* if it is HTML, as makers put it there who have it as one string; else nothing.

    It is if its class says so, as in what Canvas converts, or if it is one block from its first character to its last.
    """
    if element.elements():
        return ""
    text = element.text()
    is_html = "html" in _classes(element) or _BLOCK.fullmatch(text.strip(_BLANKS))
    return text if is_html else ""


def _is_spoken(element: Element) -> bool:
    """Say whether *element* only tells how its text is read aloud: the <sub> of speech markup is no small letter."""
    return element.name == "sub" and "alias" in element.attributes


def _name_in_html(element: Element) -> str:
    for one in _classes(element):
        if one.startswith(WRITTEN_AS):
            return one.removeprefix(WRITTEN_AS)
        if element.name == "span" and one in _STYLES:
            return _STYLES[one]
    return "div" if element.name in _WRAPPERS else element.name.lower()


def _classes(element: Element) -> list[str]:
    return element.attributes.get("class", "").split()


def _bracketed(child: Element | str) -> Element | str:
    if isinstance(child, str) or child.name != "rt":
        return child
    return Element(child.name, {}, child.line, ["（", *child.children, "）"])


def _is_between_blocks(children: "list[Element | str]", place: int) -> bool:
    before, after = children[place - 1] if place else None, children[place + 1] if place + 1 < len(children) else None
    return all(isinstance(one, str) or one is None or _is_block(one) for one in (before, after))


def _on_its_line(text: str, parent: Element, place: int) -> str:
    """Return *text*, child number *place* of *parent*, without blanks at the ends of a line, which nobody sees."""
    children = parent.children
    before, after = children[place - 1] if place else None, children[place + 1] if place + 1 < len(children) else None
    text = text.lstrip(_BLANKS) if _ends_line(before, parent) else text
    return text.rstrip(_BLANKS) if _ends_line(after, parent) else text


def _ends_line(beside: "Element | str | None", parent: Element) -> bool:
    if isinstance(beside, Element):
        return beside.name == "br" or (_is_block(beside) and not _is_apart(beside))
    return beside is None and _is_block(parent) and not _is_apart(parent)


def _left_out(element: Element) -> tuple[Note, ...]:
    """Return a note that names what *element* holds for others than candidates, or for those who ask for it."""
    others = (one for one in element.every() if _is_for_others(one) and one.text().strip())
    names = tuple(sorted({_role(one) or one.name for one in others}))
    return (("markup_removed", {"elements": names}),) if names else ()


def _is_block(element: Element) -> bool:
    is_interaction = element.name.endswith("Interaction") and element.name not in _INLINE
    return element.name in _BLOCKS or is_interaction or _is_apart(element)


def _is_for_others(element: Element) -> bool:
    return bool(_role(element)) or (element.name in _FOR_OTHERS and _is_apart(element))


def _role(element: Element) -> str:
    role = element.attributes.get("data-role", "")
    return role if role == TOOLTIP else ""


def _is_apart(element: Element) -> bool:
    if element.name == "rubricBlock":
        return "candidate" not in element.attributes.get("view", "candidate").split()
    return element.name in _APART or bool(_role(element)) or bool(_UNTOLD.intersection(_classes(element)))


def interactions_in(body: Element) -> list[Element]:
    """Return the interactions in *body*, outermost; buttons that end an attempt ask nothing."""
    found: list[Element] = []
    for one in body.elements():
        if not one.name.endswith("Interaction"):
            found += interactions_in(one)
        elif one.name != "endAttemptInteraction":
            found.append(one)
    return found


def sections_of(body: Element, interactions: list[Element]) -> dict[int, Element]:
    """Return, by id of an interaction, the largest element that holds it and no other: the text there is about it.

    Text that stands between two of them in the same element is about the second, and is put into it.
    """
    wanted = {id(one) for one in interactions}
    sections: dict[int, Element] = {}
    holders: list[Element] = []

    def count(element: Element) -> list[int]:
        if id(element) in wanted:
            sections[id(element)] = element
            return [id(element)]
        inside = [one for child in element.elements() for one in count(child)]
        if len(inside) == 1 and element is not body:
            sections[inside[0]] = element
        elif inside:
            holders.append(element)
        return inside

    count(body)
    for holder in holders:
        _gather(holder, sections, {id(one) for one in holders})
    return sections


def standing(section: Element) -> Element:
    """Return an element whose text is *section* alone: a list as a list, rows of a table as a table."""
    if section.name in ("tr", "tbody", "thead", "tfoot"):
        return standing(Element(_AROUND[section.name], {}, section.line, [section]))
    return Element("div", {}, section.line, [section]) if section.name in ("ul", "ol", "dl", "table") else section


def _gather(holder: Element, sections: dict[int, Element], holders: set[int]) -> None:
    """Put what stands between two sections of *holder* into the second; not where they are blanks in running text."""
    of = {id(section): interaction for interaction, section in sections.items()}
    own = [child for child in holder.elements() if id(child) in of]
    if any(one.name in _INLINE for one in own):
        return
    children: list[Element | str] = []
    between: list[Element | str] | None = None
    for child in holder.children:
        if isinstance(child, Element) and id(child) in of:
            if between and any(not isinstance(one, str) or one.strip(_BLANKS) for one in between):
                del children[-len(between) :]
                interaction = of[id(child)]
                child = Element("div", {}, child.line, [*between, child])
                sections[interaction] = child
            between = []
        elif isinstance(child, Element) and id(child) in holders:
            between = None
        elif between is not None:
            between.append(child)
        children.append(child)
    holder.children[:] = children
