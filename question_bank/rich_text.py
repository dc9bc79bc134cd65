"""Rich text: the few HTML elements that a question may use, and nothing that acts.

A question with markup "html" holds exactly what `sanitised` gives back, so that whoever shows it need not ask again.
Pictures are named by the digest of their bytes: <img src="picture:64 hex digits" alt="...">.
"""

import html
import re

import nh3

PLAIN, HTML = MARKUPS = ("plain", "html")
PICTURE = re.compile(r"picture:([0-9a-f]{64})")
_BLOCKS = frozenset({"p", "div", "pre", "ul", "ol", "li", "table", "thead", "tbody", "tr", "caption", "blockquote"})
_INLINE = frozenset({"br", "b", "strong", "i", "em", "u", "s", "sub", "sup", "code", "img", "th", "td"})
ELEMENTS = _BLOCKS | _INLINE
_ATTRIBUTES = {"img": {"src", "alt"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
# In sanitised text a tag is well formed and its attributes stand in double quotes.
_TAG = re.compile(r"</?([a-z0-9]+)((?:[^<>\"]|\"[^\"]*\")*)>")
_ALT = re.compile(r'\balt="([^"]*)"')
_NO_SOURCE = re.compile(r"<img(?!(?:[^<>\"]|\"[^\"]*\")*\bsrc=)(?:[^<>\"]|\"[^\"]*\")*>")
_PICTURE_TAG = re.compile(r"<img\b(?:[^<>\"]|\"[^\"]*\")*>")
_PRE = re.compile(r"<pre>\n+")  # parsers drop the first line feed of it, each time
_MOST_PASSES = 5
_SOURCE = re.compile(r'(<img\b(?:[^<>"]|"[^"]*")*?\bsrc=")picture:([0-9a-f]{64})(")')


def _attribute(element: str, name: str, value: str) -> str | None:
    """Return the value that *name* may have, None to take it away."""
    if name == "src":
        return value if PICTURE.fullmatch(value) else None
    if name in ("colspan", "rowspan"):
        return value if re.fullmatch(r"[1-9][0-9]?", value) else None
    return value


_CLEANER = nh3.Cleaner(
    tags=set(ELEMENTS),
    clean_content_tags={"script", "style", "title", "template", "noscript", "svg", "math", "iframe", "object"},
    attributes=_ATTRIBUTES,
    attribute_filter=_attribute,
    url_schemes={"picture"},
    link_rel=None,
)


def sanitised(source: str) -> str:
    """Return the HTML *source* with nothing left but ELEMENTS, their few attributes and pictures by digest.

    Pictures that are not named by a digest go too. The result is trimmed and sanitises to itself.
    """
    cleaned = _once(source)
    # A tag that the parser moves or closes may be moved again by the next parser: only what stays is kept.
    for _ in range(_MOST_PASSES):
        again = _once(cleaned)
        if again == cleaned:
            return cleaned
        cleaned = again
    return html.escape(text_of(cleaned, HTML), quote=False).strip()


def _once(source: str) -> str:
    cleaned = _NO_SOURCE.sub("", _CLEANER.clean(source))
    return _PRE.sub("<pre>", cleaned).strip()


def pictures_in(source: str) -> tuple[str, ...]:
    """Return the digests of the pictures in sanitised *source*, each once, in order."""
    return tuple(dict.fromkeys(found[2] for found in _SOURCE.finditer(source)))


def with_addresses(source: str, address: str) -> str:
    """Return sanitised *source* with pictures at "*address*/digest", for a page."""
    return _SOURCE.sub(lambda found: f"{found[1]}{html.escape(address)}/{found[2]}{found[3]}", source)


def text_of(source: str, markup: str) -> str:
    """Return *source* as plain text on one or more lines: what lists, searches and comparisons read."""
    if markup == PLAIN:
        return source
    spoken = html.unescape(_TAG.sub(_spoken, source)).replace("\xa0", " ")
    return re.sub(r"[ \t]*\n[ \t\n]*", "\n", spoken).strip()


def words_of(source: str, markup: str) -> str:
    """Return *source* as text_of does, but for pictures, whose descriptions are left out, and with ^ before what is
    raised: 10<sup>3</sup> is not 103."""
    return source if markup == PLAIN else text_of(_PICTURE_TAG.sub("", source).replace("<sup>", "^"), markup)


def _spoken(tag: re.Match[str]) -> str:
    name = tag[1]
    if name == "img":
        alternative = _ALT.search(tag[2])
        return f"[图：{alternative[1]}]" if alternative and alternative[1] else "[图]"
    if name in ("th", "td"):
        return " "
    return "\n" if name in _BLOCKS or name == "br" else ""
