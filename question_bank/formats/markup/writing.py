"""HTML of questions as other formats take it: pictures at addresses of the file, tags closed as XML wants it."""

import html
import re
from collections.abc import Callable

# In sanitised text a tag is well formed and its attributes stand in double quotes.
_SOURCE = re.compile(r'(<img\b(?:[^<>"]|"[^"]*")*?\bsrc=")picture:([0-9a-f]{64})(")')
_VOID = re.compile(r'<(br|img)((?:[^<>"]|"[^"]*")*)>')
_IN_TAG = re.compile(r'<[^<>"]*(?:"[^"]*"[^<>"]*)*>')


def addressed(source: str, address: Callable[[str], str]) -> str:
    """Return sanitised *source* with every picture at the address that *address* gives for its digest."""
    return _SOURCE.sub(lambda found: f"{found[1]}{html.escape(address(found[2]))}{found[3]}", source)


def xhtml(source: str) -> str:
    """Return sanitised *source* as well-formed XML that reads back as the same characters."""
    closed = _VOID.sub(lambda tag: f"<{tag[1]}{tag[2]}/>", source)
    # XML makes blanks of line ends in attributes, and knows no reference for a blank that does not break.
    kept = _IN_TAG.sub(lambda tag: tag[0].replace("\n", "&#10;").replace("\t", "&#9;"), closed)
    return kept.replace("&nbsp;", "&#160;")
