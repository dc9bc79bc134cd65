"""HTML of any author to the HTML that a question may hold, with a list of what had to go. In linear time.

The sanitiser has the last word (question_bank/rich_text.py). What is done here before it: pictures get their digests,
what a question has no element for becomes what is nearest, and the tree is made balanced and shallow, because the
sanitiser needs time that grows with the square of the depth.
"""

import html
import re
from collections.abc import Callable, Mapping

from question_bank.formats.markup.plain import PICTURES, SILENT, in_place_of, unescaped
from question_bank.formats.protocol import Note
from question_bank.pictures import Picture
from question_bank.rich_text import ELEMENTS, sanitised

FindPicture = Callable[[str], Picture | str]
"""Address in the file -> the picture, or the reason why there is none."""

LONGEST = 20_000
"""How many characters of HTML no text of a question reaches (question_bank/texts.py): longer ones are refused."""
_MOST_DEPTH = 50
_MOST_NOTES = 50
_VOID = frozenset(
    {"br", "img", "hr", "col", "input", "source", "track", "wbr", "area", "base", "embed", "link", "meta"}
)
_CELLS = frozenset({"td", "th"})
_CLOSE_THEMSELVES = frozenset({"p", "li", "tr", "td", "th", "thead", "tbody"})
_RENAMED = {
    "strike": "s", "del": "s", "ins": "u", "tt": "code", "kbd": "code", "samp": "code", "dfn": "em", "cite": "em",
    "var": "em", "center": "div", "figure": "div", "figcaption": "p", "dl": "div", "dt": "p", "dd": "p",
    "section": "div", "article": "div", "address": "div", "fieldset": "div", "legend": "p", "tfoot": "tbody",
    "hr": "br",
}  # fmt: skip
_KNOWN = ELEMENTS - {"img"}
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# What goes without saying anything about the question.
_UNIMPORTANT = frozenset({
    "span", "font", "html", "head", "body", "title", "meta", "link", "main", "header", "footer", "nav", "small", "big",
    "colgroup", "col", "label", "wbr", "abbr", "bdi", "bdo", "nobr", "o:p", "source", "param", "track", "area",
})  # fmt: skip
_PLAIN = frozenset({"p", "div", "br", "pre"})
_NAME = re.compile(r"<([a-z0-9]+)")


class TooLongError(Exception):
    """More has come together than any text of a question holds."""


def is_too_long(source: str) -> bool:
    """Say whether the HTML *source* is longer than any text of a question; references count as what they stand for."""
    return len(source) > LONGEST and len(unescaped(source)) > LONGEST


def sanitised_if_short(source: str) -> str:
    """Return *source* sanitised, or as it is where it is too long: whoever makes a question of it refuses it."""
    return source if is_too_long(source) else sanitised(source)


class RichText:
    """Collects sanitised HTML. Raises TooLongError as soon as there is too much of it."""

    def __init__(self, find: FindPicture) -> None:
        """Start empty. find: how an address leads to a picture."""
        self._find = find
        self._parts: list[str] = []
        self._length = 0
        self._open: list[str] = []
        self._silent: list[str] = []
        self._removed: set[str] = set()
        self._notes: list[Note] = []

    def text(self, source: str) -> None:
        """Add text between tags."""
        if not self._silent:
            self._add(source.replace("<", "&lt;").replace(">", "&gt;"))

    def start(self, name: str, attributes: Mapping[str, str], tag: str) -> None:
        """Open the element *name*."""
        if self._silent:
            self._silent += [name] if name in SILENT else []
        elif name in _KNOWN:
            # The sanitiser leaves attributes to cells alone; without the others a text is as long as it will be.
            self._push(name, tag if name in _CELLS else f"<{name}>")
        elif name in PICTURES:
            self._show(name, attributes)
        elif name in _HEADINGS:
            self._push("p", "<p>")
            self._push("strong", "<strong>")
        elif known := _RENAMED.get(name):
            self._push(known, f"<{known}>")
        elif name not in _UNIMPORTANT:
            self._removed.add(name)
        if name in SILENT and not self._silent:
            self._silent.append(name)

    def end(self, name: str) -> None:
        """Close the element *name*, and those left open in it; one that is not open is passed over."""
        if self._silent:
            if self._silent[-1] == name:
                self._silent.pop()
            return
        for known in ("strong", "p") if name in _HEADINGS else (_RENAMED.get(name, name),):
            if known in self._open:
                self._close(known)

    def result(self) -> tuple[str, bool, tuple[Note, ...]]:
        """Return the HTML, whether it says more than plain text can, and notes of what was left out."""
        while self._open:
            self._parts.append(f"</{self._open.pop()}>")
        source = sanitised("".join(self._parts))
        removed: list[Note] = [("markup_removed", {"elements": tuple(sorted(self._removed))})] if self._removed else []
        return source, bool(set(_NAME.findall(source)) - _PLAIN), (*removed, *self._notes)

    def _add(self, piece: str) -> None:
        self._parts.append(piece)
        self._length += len(unescaped(piece))
        if self._length > LONGEST:
            raise TooLongError

    def _show(self, name: str, attributes: Mapping[str, str]) -> None:
        """Add a picture, or what stands in its place; nothing else moves or sounds in a question."""
        is_picture = name == "object" and attributes.get("type", "image/").startswith("image/")
        if is_picture or name in ("img", "embed"):
            self._picture(attributes)
            return
        self._removed.add(name)
        self._add(html.escape(in_place_of(attributes.get("alt", "")), quote=False))

    def _picture(self, attributes: Mapping[str, str]) -> None:
        source, alternative = attributes.get("src") or attributes.get("data", ""), attributes.get("alt", "")
        found = self._find(source)
        if isinstance(found, Picture):
            self._add(f'<img src="picture:{found.digest}" alt="{html.escape(alternative)}">')
            return
        self._add(html.escape(in_place_of(alternative), quote=False))
        if len(self._notes) < _MOST_NOTES:
            self._notes.append(("picture_left_out", {"reason": found, "name": source[:80]}))

    def _push(self, name: str, tag: str) -> None:
        if name in _CLOSE_THEMSELVES and self._open[-1:] == [name]:
            self._close(name)
        if len(self._open) >= _MOST_DEPTH:
            return
        self._add(tag)
        if name not in _VOID:
            self._open.append(name)

    def _close(self, name: str) -> None:
        while True:
            self._add(f"</{self._open[-1]}>")
            if self._open.pop() == name:
                return
