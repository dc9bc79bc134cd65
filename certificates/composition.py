"""Where every line of a certificate stands, before anything is drawn: pure arithmetic over template and facts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from reportlab.lib.units import mm

from certificates.errors import CertificateError
from certificates.fonts import FontBook
from certificates.layout import fit, wrap
from certificates.template import FactRow, Facts, Seal, Template, Text

# Share of the type size from the baseline to the top of a Chinese character, and room above and below a row.
_ASCENT = 0.88
_ROW_PADDING = 2.6
_LEADING = 1.32
# From the baseline of the Chinese label to that of the English one, in sizes of the English.
_LABEL_DROP = 1.35
_SCALE_STEP = 0.97
# Degrees of the ring that a long name may fill, and between two characters of a short one.
_SEAL_SPAN = math.radians(240)
_SEAL_WIDEST_STEP = math.radians(21)


@dataclass(frozen=True)
class Line:
    """One line of text: its baseline's start in points from the lower left corner, and how it is set."""

    text: str
    x: float
    y: float
    size: float
    face: str
    colour: str
    tracking: float = 0.0
    stroke: float = 0.0
    angle: float = 0.0
    stretch: float = 1.0


@dataclass(frozen=True)
class Composition:
    """All lines of text and the hairlines of the table, as (x0, x1, y) in points."""

    lines: tuple[Line, ...]
    rules: tuple[tuple[float, float, float], ...]

    def characters(self) -> dict[str, str]:
        """Return the characters used, by face."""
        used: dict[str, set[str]] = {}
        for line in self.lines:
            used.setdefault(line.face, set()).update(line.text)
        return {face: "".join(sorted(characters)) for face, characters in used.items()}


@dataclass(frozen=True)
class _Row:
    """One row of the table at some scale: its wrapped lines and its height in points, padding not included."""

    row: FactRow
    value: tuple[str, ...]
    note: tuple[str, ...]
    value_size: float
    note_size: float
    label_en_size: float

    @property
    def height(self) -> float:
        facts = (len(self.value) * self.value_size + len(self.note) * self.note_size) * _LEADING
        # The English label hangs under the first line and may reach further down than a value of one line.
        return max(facts, self.value_size + (_LABEL_DROP + 0.3) * self.label_en_size)


def compose(template: Template, words: Mapping[str, str], fonts: FontBook) -> Composition:
    """Place every text; raises CertificateError text_does_not_fit with the field or the template's text."""
    page_height = template.page_height * mm
    lines = [line for text in template.texts for line in _place_text(text, words, fonts, page_height)]
    table, rules = _place_facts(template.facts, words, fonts, page_height)
    return Composition((*lines, *table, *_place_seal(template.seal, words, fonts, page_height)), tuple(rules))


def _place_text(text: Text, words: Mapping[str, str], fonts: FontBook, page_height: float) -> list[Line]:
    face = fonts.faces[text.face]

    def measure(line: str, size: float) -> float:
        return face.width(line, size) + max(len(line) - 1, 0) * text.tracking

    content = text.text.format_map(words)
    width, height = text.width * mm, text.height * mm
    fitted = fit(content, width, height, text.size, text.min_size, text.leading, measure, field=text.text)
    top = page_height - text.y * mm
    lines = []
    for n, line in enumerate(fitted.lines):
        spare = width - measure(line, fitted.size)
        x = text.x * mm + {"left": 0.0, "centre": spare / 2, "right": spare}[text.align]
        y = top - (n * text.leading + _ASCENT) * fitted.size
        lines.append(Line(line, x, y, fitted.size, text.face, text.colour, text.tracking, text.stroke))
    return lines


def _place_facts(
    facts: Facts, words: Mapping[str, str], fonts: FontBook, page_height: float
) -> tuple[list[Line], list[tuple[float, float, float]]]:
    rows = _fit_rows(facts, words, fonts)
    spare = (facts.height * mm - sum(row.height for row in rows)) / len(rows)
    left, right, top = facts.x * mm, (facts.x + facts.width) * mm, page_height - facts.y * mm
    lines: list[Line] = []
    rules = [(left, right, top)]
    for row in rows:
        lines += _place_row(facts, row, top - spare / 2, left)
        top -= row.height + spare
        rules.append((left, right, top))
    return lines, rules


def _fit_rows(facts: Facts, words: Mapping[str, str], fonts: FontBook) -> list[_Row]:
    scale = 1.0
    while scale >= facts.smallest_scale:
        rows = [_wrap_row(facts, row, words, fonts, scale) for row in facts.rows]
        if sum(row.height + 2 * _ROW_PADDING for row in rows) <= facts.height * mm:
            return rows
        scale *= _SCALE_STEP
    longest = max(rows, key=lambda row: row.height)
    raise CertificateError("text_does_not_fit", field=longest.row.key)


def _wrap_row(facts: Facts, row: FactRow, words: Mapping[str, str], fonts: FontBook, scale: float) -> _Row:
    width = (facts.width - facts.label_width) * mm
    measure = fonts.faces[facts.value_face].width
    value_size, note_size = facts.value_size * row.emphasis * scale, facts.note_size * scale
    value = wrap(row.value.format_map(words), width, value_size, measure)
    note = wrap(row.note.format_map(words), width, note_size, measure) if row.note else ()
    return _Row(row, value, note, value_size, note_size, facts.label_en_size * scale)


def _place_row(facts: Facts, row: _Row, top: float, left: float) -> list[Line]:
    lines = []
    x, y = left + facts.label_width * mm, top
    for text in row.value:
        lines.append(Line(text, x, y - _ASCENT * row.value_size, row.value_size, facts.value_face, facts.value_colour))
        y -= row.value_size * _LEADING
    for text in row.note:
        lines.append(Line(text, x, y - _ASCENT * row.note_size, row.note_size, facts.value_face, facts.note_colour))
        y -= row.note_size * _LEADING
    return [*_place_labels(facts, row, top - _ASCENT * row.value_size, left), *lines]


def _place_labels(facts: Facts, row: _Row, baseline: float, left: float) -> list[Line]:
    """The Chinese label on the baseline of the value's first line, the English one beneath it."""
    face, colour = facts.label_face, facts.label_colour
    return [
        Line(row.row.label_zh, left, baseline, facts.label_size, face, colour),
        Line(row.row.label_en, left, baseline - _LABEL_DROP * row.label_en_size, row.label_en_size, face, colour),
    ]


def _place_seal(seal: Seal, words: Mapping[str, str], fonts: FontBook, page_height: float) -> list[Line]:
    x, y, radius = seal.x * mm, page_height - seal.y * mm, seal.diameter * mm / 2
    name, line = seal.arc.format_map(words), seal.line.format_map(words)
    size = radius * 0.25
    width = fonts.faces[seal.face].width(line, size)
    stretch = min(1.0, 1.15 * radius / width)
    straight = Line(
        line, x - width * stretch / 2, y - radius * 0.62, size, seal.face, seal.colour, stretch=stretch, stroke=0.02
    )
    return [*_place_arc(seal, name, (x, y), radius, fonts), straight]


def _place_arc(seal: Seal, name: str, centre: tuple[float, float], radius: float, fonts: FontBook) -> list[Line]:
    """Set the name upright along the ring: characters grow narrower, then smaller, the longer the name is."""
    face = fonts.faces[seal.face]
    step = min(_SEAL_SPAN / max(len(name) - 1, 1), _SEAL_WIDEST_STEP)
    size = min(0.27, step * 1.1) * radius
    baseline = 0.9 * radius - _ASCENT * size
    stretch = min(0.85, step * baseline / size)
    lines = []
    for n, character in enumerate(name):
        angle = math.pi / 2 + step * ((len(name) - 1) / 2 - n)
        half = face.width(character, size) * stretch / 2
        x = centre[0] + baseline * math.cos(angle) - half * math.sin(angle)
        y = centre[1] + baseline * math.sin(angle) + half * math.cos(angle)
        turn = math.degrees(angle) - 90
        lines.append(Line(character, x, y, size, seal.face, seal.colour, angle=turn, stretch=stretch, stroke=0.02))
    return lines
