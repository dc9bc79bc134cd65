"""HTML and XHTML to plain text, with a list of what plain text cannot say. In time linear in the length."""

import html
import re
from collections.abc import Mapping

from question_bank.formats.found import Note

MOST_CHARACTERS = 1_000_000
_PLAIN = frozenset({"p", "div", "br", "span", "html", "body", "pre"})
_BLOCKS = frozenset({
    "p", "div", "pre", "ul", "ol", "li", "table", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "hr",
    "section", "article", "dl", "dt", "dd", "center",
})  # fmt: skip
_PICTURES = frozenset({"img", "picture", "object", "embed", "video", "audio", "iframe", "svg", "canvas", "map"})
_SILENT = frozenset({"script", "style", "head", "title", "svg", "object", "video", "audio", "iframe", "canvas"})
_RAISED = {
    "sup": str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ"),
    "sub": str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎"),
}
_SIGN = {"sup": "^", "sub": "_"}
_BLANKS = re.compile(r"[ \t\n\r\f\xa0]+")
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:._-]*)((?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>")
_ALT = re.compile(r"\balt\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_LOOKS_LIKE_HTML = re.compile(
    r"</?(?:p|br|b|i|u|em|strong|span|div|sub|sup|img|a|ul|ol|li|table|tr|td|th|pre|code|font|hr|h[1-6])\b[^<>]{0,400}>"
    r"|&(?:nbsp|lt|gt|amp|quot|#[0-9]{1,7});",
    re.IGNORECASE,
)  # fmt: skip


class PlainText:
    """Collects the text of a run of elements as a reader would see it: blocks on lines of their own, blanks joined."""

    def __init__(self) -> None:
        """Start empty."""
        self._parts: list[str] = []
        self._preserving = 0
        self._silent = 0
        self._raised: list[int] = []
        self._removed: set[str] = set()
        self._pictures = 0

    def text(self, text: str) -> None:
        """Add *text*; blanks are joined unless a pre element is open."""
        if self._silent:
            return
        if not self._preserving:
            text = _BLANKS.sub(" ", text)
            if text.startswith(" ") and (not self._last() or self._last().endswith(("\n", " "))):
                text = text[1:]
        if text:
            self._parts.append(text)

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Open the element *name* (lower case)."""
        if name in _PICTURES and not self._silent:
            self._pictures += 1
            alternative = attributes.get("alt", "").strip()
            self._parts.append(f"[图：{alternative}]" if alternative else "[图]")
        elif name not in _PLAIN:
            self._removed.add(name)
        self._silent += name in _SILENT
        self._break(name)
        if name == "br" and not self._silent:
            self._end_line()
            self._parts.append("\n")
        elif name == "li" and not self._silent:
            self._parts.append("· ")
        self._preserving += name == "pre"
        if name in _SIGN:
            self._raised.append(len(self._parts))

    def end(self, name: str) -> None:
        """Close the element *name*."""
        self._silent = max(0, self._silent - (name in _SILENT))
        self._preserving = max(0, self._preserving - (name == "pre"))
        if name in _SIGN and self._raised:
            place = self._raised.pop()
            raised = "".join(self._parts[place:])
            self._parts[place:] = [_raised(name, raised)]
        if name in ("td", "th"):
            self._parts.append(" ")
        self._break(name)

    def result(self) -> str:
        """Return the text, trimmed."""
        return "".join(self._parts).strip()

    def notes(self) -> tuple[Note, ...]:
        """Return what was left out: "markup_removed" with the elements, "picture_left_out" with a count."""
        removed: list[Note] = [("markup_removed", {"elements": tuple(sorted(self._removed))})] if self._removed else []
        pictures: list[Note] = [("picture_left_out", {"count": self._pictures})] if self._pictures else []
        return (*removed, *pictures)

    def _break(self, name: str) -> None:
        if name in _BLOCKS and not self._silent:
            self._end_line()
            if (last := self._last()) and not last.endswith("\n"):
                self._parts.append("\n")

    def _end_line(self) -> None:
        if self._parts and not self._preserving:
            self._parts[-1] = self._parts[-1].rstrip(" ")

    def _last(self) -> str:
        return next((part for part in reversed(self._parts[-4:]) if part), "")


def _raised(name: str, text: str) -> str:
    table = _RAISED[name]
    if text and all(ord(character) in table for character in text):
        return text.translate(table)
    return f"{_SIGN[name]}({text})" if text.strip() else ""


def plain_text(source: str) -> tuple[str, tuple[Note, ...]]:
    """Return the HTML *source* as plain text and notes of what was left out.

    A tag that is never closed is text, a comment that is never closed reaches to the end. At most MOST_CHARACTERS are
    read; "text_cut_off" says so.
    """
    cut: tuple[Note, ...] = (("text_cut_off", {"most": MOST_CHARACTERS}),) if len(source) > MOST_CHARACTERS else ()
    source = source[:MOST_CHARACTERS]
    made = PlainText()
    place = 0
    last_close = source.rfind(">")
    while 0 <= (sign := source.find("<", place)) < last_close:
        made.text(unescaped(source[place:sign]))
        place = _after_markup(made, source, sign)
    made.text(unescaped(source[place:]))
    return made.result(), made.notes() + cut


def _after_markup(made: PlainText, source: str, sign: int) -> int:
    """Follow what begins with the "<" at *sign* and return where it ends."""
    if tag := _TAG.match(source, sign):
        _follow(made, tag)
        return tag.end()
    if source.startswith(("<!", "<?"), sign):
        close = "-->" if source.startswith("<!--", sign) else ">"
        end = source.find(close, sign)
        return end + len(close) if end >= 0 else len(source)
    made.text("<")
    return sign + 1


def _follow(made: PlainText, tag: re.Match[str]) -> None:
    closing, name, rest = tag[1], tag[2].lower(), tag[3]
    if closing:
        made.end(name)
        return
    alternative = _ALT.search(rest) if name == "img" else None
    made.start(name, {"alt": unescaped(alternative[1] or alternative[2] or "")} if alternative else {})
    if rest.endswith("/") and name not in ("p", "div"):
        made.end(name)


def unescaped(text: str) -> str:
    """Return *text* with character references resolved; what is none stays as it is."""
    return _REFERENCE.sub(lambda reference: html.unescape(reference[0]), text) if "&" in text else text


def looks_like_html(text: str) -> bool:
    """Say whether *text*, of no stated format, holds tags or character references."""
    return bool(_LOOKS_LIKE_HTML.search(text))
