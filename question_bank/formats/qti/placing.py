"""HTML of questions as the schemas of QTI want it, which know fewer elements and fewer places for them than browsers.

What has no place where it stands is written under another name, with its own as a class, or in elements that hold
nothing else. Reading knows these classes (bodies.py), so that the same HTML comes back.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field

TEXT = "bikao-text"
"""Class of text whose blanks count; the element is none of the text."""
CLASSES = {"qti-underline": "u", "bikao-struck": "s"}
"""Class of a span -> element of HTML that QTI has no name for; the first is of the shared vocabulary of QTI 3.0."""
LOOSE, FILLER = "bikao-loose", "bikao-filler"
"""Classes of what only holds something that has no place, and of what stands for nothing."""
WRITTEN_AS = "bikao-as-"
"""What a class begins with that tells the name of an element in HTML."""
_CLASS_OF = {element: name for name, element in CLASSES.items()}
_TOKEN = re.compile(r'<(/?)([a-z0-9]+)((?:[^<>"/]|"[^"]*")*)(/?)>|([^<]+)')
_IN_LINES = frozenset({"br", "b", "strong", "i", "em", "u", "s", "sub", "sup", "code", "img"})
_BLOCKS = frozenset({"p", "div", "pre", "ul", "ol", "table", "blockquote"})
_FLOW, _LINE, _LIST, _TABLE, _ROWS, _CELLS = range(6)
_HOLDS = {
    "div": _FLOW, "blockquote": _FLOW, "li": _FLOW, "td": _FLOW, "th": _FLOW, "ul": _LIST, "ol": _LIST,
    "table": _TABLE, "thead": _ROWS, "tbody": _ROWS, "tr": _CELLS,
}  # fmt: skip
_CHILDREN: dict[int, tuple[str, ...]] = {
    _LIST: ("li",), _TABLE: ("caption", "thead", "tbody"), _ROWS: ("tr",), _CELLS: ("td", "th")
}  # fmt: skip
_AROUND = {_LIST: ("li",), _TABLE: ("tbody", "tr", "td"), _ROWS: ("tr", "td"), _CELLS: ("td",)}
_FILLERS = {
    _TABLE: f'<tbody class="{FILLER}"><tr><td/></tr></tbody>',
    _ROWS: f'<tr class="{FILLER}"><td/></tr>',
    _CELLS: f'<td class="{FILLER}"/>',
}
_BLANKS = " \t\r\n"


@dataclass
class _Written:
    """An element that is being written. holds: what may stand in it. end: its end tags.

    last: the last of its children, where only some may stand in it. around: end tags of what was opened for others.
    """

    holds: int
    end: str
    last: str = ""
    around: str = ""

    def takes(self, name: str) -> bool:
        """Say whether the element *name* may come next."""
        if self.holds not in _CHILDREN:
            return True
        before = {"caption": ("",), "thead": ("", "caption")}.get(name)
        return name in _CHILDREN[self.holds] and (before is None or self.last in before)

    def next(self, name: str) -> str:
        """Return what ends before the child *name*."""
        ended, self.around, self.last = self.around, "", name
        return ended

    def opened_around(self) -> str:
        """Return the start tags of what holds something that has no place here, if they do not stand there yet."""
        if self.around:
            return ""
        names = _AROUND[self.holds]
        self.last, self.around = names[0], "".join(f"</{name}>" for name in reversed(names))
        return "".join(f'<{name} class="{LOOSE}">' for name in names)

    def text(self, text: str) -> str:
        """Return *text* as it may stand here."""
        return text if self.holds not in _CHILDREN or not text.strip(_BLANKS) else f"{self.opened_around()}{text}"

    def ended(self) -> str:
        """Return what ends this element, with the least that has to stand in it."""
        lacks = self.holds in _FILLERS and self.last in ("", "caption", "thead")
        is_short = lacks and (self.holds == _TABLE or not self.last)
        return f"{self.around}{_FILLERS[self.holds] if is_short else ''}{self.end}"


@dataclass
class _Surveyed:
    """Elements by the place of their tags. with_blocks: that hold some that are no part of a line. with_lines:
    quotations that hold text or parts of a line."""

    with_blocks: set[int] = field(default_factory=set)
    with_lines: set[int] = field(default_factory=set)


def placed(source: str) -> str:
    """Return the well-formed, sanitised HTML *source* as what the schemas allow in a div of an item."""
    surveyed, opened = _survey(source), [_Written(_FLOW, "")]
    pieces: list[str] = []
    for token in _TOKEN.finditer(source):
        closing, name, attributes, void, text = token.groups()
        if closing:
            pieces.append(opened.pop().ended())
        elif not name:
            pieces.append(opened[-1].text(text))
        else:
            parent = opened[-1]
            takes = parent.takes(name)
            pieces.append(parent.next(name) if takes else parent.opened_around())
            holds = parent.holds if takes else _FLOW
            start, one = _started(name, attributes + void, holds, token.start(), surveyed)
            pieces.append(start)
            opened += [] if void else [one]
    return "".join(pieces)


def _survey(source: str) -> _Surveyed:
    surveyed = _Surveyed()
    opened: list[tuple[int, str]] = []
    for token in _TOKEN.finditer(source):
        closing, name, _, void, text = token.groups()
        if closing:
            opened.pop()
            continue
        if opened and opened[-1][1] == "blockquote" and (name in _IN_LINES or (text or "").strip(_BLANKS)):
            surveyed.with_lines.add(opened[-1][0])
        if name and name not in _IN_LINES:
            surveyed.with_blocks.update(_not_known(opened, surveyed.with_blocks))
        if name and not void:
            opened.append((token.start(), name))
    return surveyed


def _not_known(opened: list[tuple[int, str]], known: Collection[int]) -> list[int]:
    """Return the places of *opened*, from the innermost, up to one that is *known*: those around it are as well."""
    found: list[int] = []
    for place, _ in reversed(opened):
        if place in known:
            break
        found.append(place)
    return found


def _started(name: str, attributes: str, holds: int, place: int, surveyed: _Surveyed) -> tuple[str, _Written]:
    """Return the start tag of *name*, which stands at *place*, in an element that *holds*, and how it goes on."""
    is_part, has_blocks = holds in _CHILDREN, place in surveyed.with_blocks
    if holds == _LINE and name not in _IN_LINES:
        return f'<span class="{WRITTEN_AS}{name}">', _Written(_LINE, "</span>")
    if not is_part and (name not in _IN_LINES | _BLOCKS or (has_blocks and name not in _HOLDS)):
        return f'<div class="{WRITTEN_AS}{name}">', _Written(_FLOW, "</div>")
    if name in _CLASS_OF:
        return f'<span class="{_CLASS_OF[name]}">', _Written(_LINE, "</span>")
    if name == "img" and ' alt="' not in attributes:
        return f'<img alt=""{attributes}>', _Written(_LINE, "")
    if place in surveyed.with_lines:
        return f'<blockquote><div class="{TEXT}">', _Written(_FLOW, "</div></blockquote>")
    return f"<{name}{attributes}>", _Written(_HOLDS.get(name, _LINE), f"</{name}>")
