"""Certificate templates: folders with a template.toml and no code.

Lengths are millimetres from the upper left corner of the page, sizes are points, colours are names from [colours].
Every text may hold {placeholders}: the names of words_of() in certificates.pdf, checked when the folder is read.
"""

from __future__ import annotations

import dataclasses
import re
import string
import tomllib
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from certificates.certificate import FACE_ORDER
from certificates.errors import CertificateError
from certificates.qr import SMALLEST_PRINT_MM
from certificates.words import PLACEHOLDERS

FOLDER = Path(__file__).parent / "templates"
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_Part = TypeVar("_Part")


@dataclass(frozen=True, kw_only=True)
class Text:
    """A block of text in a frame; it wraps, then shrinks to min_size, then refuses to be printed."""

    text: str
    x: float
    y: float
    width: float
    height: float
    size: float
    min_size: float
    face: str
    colour: str
    align: str = "left"
    leading: float = 1.5
    tracking: float = 0.0
    stroke: float = 0.0


@dataclass(frozen=True, kw_only=True)
class FactRow:
    """One fact on the face: its labels, its value and what stands small beneath it."""

    key: str
    label_zh: str
    label_en: str
    value: str
    note: str = ""
    emphasis: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Facts:
    """The table of facts: its frame, the width of the label column, sizes in points, and the smallest scale."""

    x: float
    y: float
    width: float
    height: float
    label_width: float
    label_size: float
    label_en_size: float
    value_size: float
    note_size: float
    smallest_scale: float
    label_face: str
    value_face: str
    label_colour: str
    value_colour: str
    note_colour: str
    line_colour: str
    rows: tuple[FactRow, ...]


@dataclass(frozen=True, kw_only=True)
class Border:
    """Two lines with a band of interlaced waves between them, and a faint rosette behind the facts."""

    inset: float
    band: float
    line_colour: str
    wave_colour: str
    rosette_colour: str
    rosette_x: float
    rosette_y: float
    rosette_radius: float


@dataclass(frozen=True, kw_only=True)
class Code:
    """Where the QR code stands: upper left corner and side with the quiet zone, at least 35 mm."""

    x: float
    y: float
    size: float


@dataclass(frozen=True, kw_only=True)
class Seal:
    """The round seal: centre, diameter, the name along the arc and the straight line under the star."""

    x: float
    y: float
    diameter: float
    arc: str
    line: str
    face: str
    colour: str


@dataclass(frozen=True, kw_only=True)
class Template:
    """One folder, read and checked."""

    name: str
    title: str
    author: str
    subject: str
    language: str
    page_width: float
    page_height: float
    colours: Mapping[str, str]
    border: Border
    texts: tuple[Text, ...]
    facts: Facts
    code: Code
    seal: Seal


def template_names() -> tuple[str, ...]:
    """Return the names of all template folders, sorted."""
    return tuple(sorted(path.parent.name for path in FOLDER.glob("*/template.toml")))


def load_template(name: str) -> Template:
    """Read one folder by name; raises CertificateError template_invalid with template and reason."""
    if name not in template_names():
        raise CertificateError("template_invalid", template=name, reason="unknown")
    return parse_template(name, (FOLDER / name / "template.toml").read_text(encoding="utf-8"))


def parse_template(name: str, toml: str) -> Template:
    """Read the text of a template.toml; raises CertificateError template_invalid with template and reason."""
    try:
        values = tomllib.loads(toml)
        facts = values.pop("facts")
        rows = tuple(_part(FactRow, row) for row in facts.pop("rows"))
        template = _part(
            Template,
            {
                **values,
                "name": name,
                "border": _part(Border, values["border"]),
                "texts": tuple(_part(Text, text) for text in values["texts"]),
                "facts": _part(Facts, {**facts, "rows": rows}),
                "code": _part(Code, values["code"]),
                "seal": _part(Seal, values["seal"]),
            },
        )
        _check(template)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise CertificateError("template_invalid", template=name, reason=str(error)) from error
    return template


def _part(kind: type[_Part], values: Mapping[str, Any]) -> _Part:
    """Build one dataclass from a table; a missing or unknown name or a value of another type is a TypeError."""
    hints = typing.get_type_hints(kind)
    for name, value in values.items():
        expected = typing.get_origin(hints.get(name)) or hints.get(name, object)
        if expected is float and type(value) is int:
            expected = int
        if not isinstance(value, expected):
            raise TypeError(f"{kind.__name__}.{name} is not of type {expected.__name__}")
    return kind(**values)


def _check(template: Template) -> None:
    if tuple(row.key for row in template.facts.rows) != FACE_ORDER:
        raise ValueError("facts.rows are not in the order of the verification page")
    if template.code.size < SMALLEST_PRINT_MM:
        raise ValueError("code.size is under 35 mm")
    for colour in template.colours.values():
        if not _COLOUR.fullmatch(colour):
            raise ValueError(f"{colour} is not a colour like #134a86")
    for name, value in _strings(template):
        if (name == "colour" or name.endswith("_colour")) and value not in template.colours:
            raise ValueError(f"{name} {value} is not in [colours]")
        if (name == "face" or name.endswith("_face")) and value not in ("serif", "sans"):
            raise ValueError(f"{name} {value} is neither serif nor sans")
        if name == "align" and value not in ("left", "centre", "right"):
            raise ValueError(f"align {value}")
        _check_placeholders(value)


def _strings(part: object) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for field in dataclasses.fields(part):  # type: ignore[arg-type] # always one of the dataclasses above
        value = getattr(part, field.name)
        if isinstance(value, str):
            found.append((field.name, value))
        for inner in value if isinstance(value, tuple) else (value,):
            if dataclasses.is_dataclass(inner):
                found.extend(_strings(inner))
    return found


def _check_placeholders(text: str) -> None:
    for _, name, form, conversion in string.Formatter().parse(text):
        if name is not None and (name not in PLACEHOLDERS or form or conversion):
            raise ValueError(f"placeholder {{{name}}} is unknown")
