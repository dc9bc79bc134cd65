"""The texts of a workbook, with what is raised, lowered or struck out in them (ECMA-376 Part 1, 18.4)."""

import re
from collections.abc import Iterator
from typing import Any

from openpyxl.xml.constants import SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from question_bank.formats.cells import MARKS

_ITEM, _TEXT, _RUN, _PROPERTIES, _ALIGN, _STRIKE = (
    f"{{{SHEET_MAIN_NS}}}{name}" for name in ("si", "t", "r", "rPr", "vertAlign", "strike")
)
_CODED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_RAISED = {"superscript": "sup", "subscript": "sub"}
_NO = ("0", "false")


class StyledText(str):
    """A text. marked: with signs around what is raised or lowered, or "". is_struck: whether a piece is struck out."""

    marked = ""
    is_struck = False


def strings_of(source: Any) -> list[str]:
    """Return the shared strings of a workbook, the open part *source*."""
    strings = []
    for _, element in iterparse(source):
        if element.tag == _ITEM:
            strings.append(text_of(element))
            element.clear()
    return strings


def text_of(element: Any) -> str:
    """Return the text of a shared or inline string, without what tells how to pronounce it; codes stand as they are."""
    if element.find(_RUN) is None:
        return element.findtext(_TEXT) or ""
    pieces = list(_pieces(element))
    text = StyledText("".join(piece for piece, _, _ in pieces))
    text.is_struck = any(is_struck and piece.strip() for piece, _, is_struck in pieces)
    if any(raised for _, raised, _ in pieces):
        text.marked = "".join(_marked(decoded(piece), raised) for piece, raised, _ in pieces)
    return text


def decoded(text: str) -> str:
    """Return *text* with the characters that XML cannot hold: they are written as _xHHHH_ (22.9.2.19)."""
    return _CODED.sub(lambda code: chr(int(code[1], 16)), text)


def _pieces(element: Any) -> Iterator[tuple[str, str, bool]]:
    """Yield text, "sup", "sub" or "", and whether it is struck out."""
    for child in element:
        if child.tag == _TEXT:
            yield child.text or "", "", False
        if child.tag == _RUN:
            properties = child.find(_PROPERTIES)
            align = None if properties is None else properties.find(_ALIGN)
            strike = None if properties is None else properties.find(_STRIKE)
            raised = "" if align is None else _RAISED.get(align.get("val", ""), "")
            yield child.findtext(_TEXT) or "", raised, strike is not None and strike.get("val", "1") not in _NO


def _marked(piece: str, raised: str) -> str:
    before, behind = MARKS[raised] if raised and piece.strip() else ("", "")
    return f"{before}{piece}{behind}"
