"""Document types of XML that name a definition and declare nothing themselves: some makers put one on every file.

What they name is never fetched. As such a definition may have declared the character names of HTML and MathML, these
are resolved; any other name stays an entity that nobody declared, which the parser refuses.
"""

import re
from html.entities import html5

_BEFORE = r"((?:\s++|<\?.*?\?>|<!--.*?-->)*+)"
_NAMED = re.compile(rf"{_BEFORE}<!DOCTYPE((?:[^\[\]<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>", re.DOTALL)
_REFERENCE = re.compile(r"<!--(?:.*?-->|.*)|<!\[CDATA\[(?:.*?\]\]>|.*)|&([A-Za-z][A-Za-z0-9]{1,31};)", re.DOTALL)
_OF_XML = frozenset({"amp;", "lt;", "gt;", "quot;", "apos;"})


def without_named(text: str) -> str:
    """Return *text*, an XML document, without a document type that declares nothing; its lines stay where they are."""
    found = _NAMED.match(text)
    if found is None:
        return text
    lines = "\n" * found[2].count("\n")
    return found[1] + lines + _REFERENCE.sub(_resolved, text[found.end() :])


def _resolved(found: re.Match[str]) -> str:
    name = found[1]
    if name is None or name in _OF_XML or name not in html5:
        return found[0]
    return "".join(f"&#{ord(character)};" for character in html5[name])
