"""Lines of mixed Chinese and Latin text: where they may break and at which size they fit a frame."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from certificates.errors import CertificateError

# Kinsoku (GB/T 15834-2011, 5.1): what may not begin a line, and what may not end one.
_NEVER_FIRST = frozenset("，。、；：？！）》」』】〕”’％·—…,.;:?!)]}%")
_NEVER_LAST = frozenset("（《「『【〔“‘([{")
_SIZE_STEP = 0.97

Measure = Callable[[str, float], float]


@dataclass(frozen=True)
class Fitted:
    """Lines of text and the size in points at which all of them fit."""

    lines: tuple[str, ...]
    size: float


def wrap(text: str, width: float, size: float, measure: Measure) -> tuple[str, ...]:
    """Break *text* into lines of at most *width* points at *size* points; a newline in the text always breaks.

    Breaks fall at spaces and between Chinese characters, never inside a Latin word unless it fills a line alone.
    A last line of one character draws a neighbour down to itself.
    """
    return tuple(line for part in text.split("\n") for line in _wrap_without_orphan(part, width, size, measure))


def fit(
    text: str, width: float, height: float, size: float, min_size: float, leading: float, measure: Measure, field: str
) -> Fitted:
    """Wrap *text* at the greatest size from *size* down to *min_size* whose lines fit a frame, all in points.

    leading: line distance as a multiple of the size. Raises CertificateError text_does_not_fit with *field*.
    """
    while size >= min_size:
        lines = wrap(text, width, size, measure)
        if len(lines) * size * leading <= height + 0.01:
            return Fitted(lines, size)
        size = min_size if min_size < size < min_size / _SIZE_STEP else size * _SIZE_STEP
    raise CertificateError("text_does_not_fit", field=field)


def _wrap_without_orphan(text: str, width: float, size: float, measure: Measure) -> list[str]:
    lines = _wrap_paragraph(text, width, size, measure)
    if len(lines) < 2 or len(lines[-1]) > 1:
        return lines
    narrower = _wrap_paragraph(text, width - size, size, measure)
    return narrower if len(narrower) == len(lines) else lines


def _wrap_paragraph(text: str, width: float, size: float, measure: Measure) -> list[str]:
    lines, line = [], ""
    for piece in _pieces(text):
        if line and measure((line + piece).rstrip(), size) > width:
            lines.append(line.rstrip())
            line = ""
        for part in _cut(piece, width, size, measure):
            if line and measure((line + part).rstrip(), size) > width:
                lines.append(line.rstrip())
                line = ""
            line += part
    return [*lines, line.rstrip()]


def _pieces(text: str) -> list[str]:
    """Split where a line may break; every piece keeps its trailing space."""
    pieces: list[str] = []
    for character in text:
        if pieces and not _may_break(pieces[-1][-1], character):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _may_break(before: str, after: str) -> bool:
    if after == " " or after in _NEVER_FIRST or before in _NEVER_LAST:
        return False
    return before == " " or _is_wide(before) or _is_wide(after)


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in ("W", "F")


def _cut(piece: str, width: float, size: float, measure: Measure) -> list[str]:
    parts = [""]
    for character in piece:
        if parts[-1] and measure(parts[-1] + character, size) > width:
            parts.append("")
        parts[-1] += character
    return parts
