"""How the data files are read: TOML beside the code, each entry checked and named when it is wrong."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from importlib.resources import files
from typing import Any

from courses.errors import CourseDataError


def read_table(name: str) -> dict[str, Any]:
    """Return the parsed content of `data/<name>`, e.g. "sectors.toml" or "mandates/national-2024.toml".

    Raises CourseDataError(code="unreadable_file") if it is missing or no TOML in UTF-8.
    """
    try:
        return tomllib.loads(files("courses").joinpath("data", *name.split("/")).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CourseDataError("unreadable_file", file=name, reason=str(error)) from error


class Entry:
    """One entry of a data file, whose fields are taken by name and type; an error names file, entry and field."""

    def __init__(self, file: str, name: str, values: Mapping[str, Any]) -> None:
        self.file = file
        self.name = name
        self._values = values
        self._taken: set[str] = set()

    def fail(self, code: str, field: str, **details: object) -> CourseDataError:
        """Return the error *code* for *field* of this entry, to be raised by the caller."""
        return CourseDataError(code, file=self.file, entry=self.name, field=field, **details)

    def text(self, field: str, default: str | None = None) -> str:
        """Return a non-empty text. Raises CourseDataError(code="missing_field" or "wrong_type")."""
        value = self._take(field, str, default)
        if value == "" and default != "":
            raise self.fail("missing_field", field)
        return str(value)

    def choice(self, field: str, allowed: frozenset[str], default: str | None = None) -> str:
        """Return a text that is one of *allowed*. Raises CourseDataError(code="unknown_choice")."""
        value = self.text(field, default)
        if value not in allowed:
            raise self.fail("unknown_choice", field, value=value)
        return value

    def flag(self, field: str, default: bool = False) -> bool:
        """Return a boolean, *default* where the entry is silent."""
        return bool(self._take(field, bool, default))

    def number(self, field: str, default: int | None = None) -> int:
        """Return a whole number. Raises CourseDataError(code="missing_field" or "wrong_type")."""
        return int(self._take(field, int, default))

    def within(self, field: str, least: int, most: int, default: int | None = None) -> int:
        """Return a whole number from *least* to *most*. Raises CourseDataError(code="out_of_range")."""
        value = self.number(field, default)
        if not least <= value <= most:
            raise self.fail("out_of_range", field, value=value, least=least, most=most)
        return value

    def day(self, field: str, default: date | None = None) -> date:
        """Return a day, *default* where the entry is silent. Raises CourseDataError as `number` does."""
        value: date = self._take(field, date, default)
        # a datetime is a date in Python, but a day of the field has no clock
        if isinstance(value, datetime):
            raise self.fail("wrong_type", field, expected="date")
        return value

    def optional(self, field: str, kind: type) -> Any:
        """Return the value of type *kind*, or None where the entry is silent."""
        return self._take(field, kind, None) if field in self._values else None

    def texts(self, field: str) -> tuple[str, ...]:
        """Return a list of texts, empty where the entry is silent."""
        values = self._take(field, list, [])
        if not all(isinstance(value, str) for value in values):
            raise self.fail("wrong_type", field, expected="list of str")
        return tuple(values)

    def finish(self) -> None:
        """Refuse fields that nobody took: a misspelt name must not pass for a silent one."""
        unknown = sorted(set(self._values) - self._taken)
        if unknown:
            raise self.fail("unknown_field", unknown[0])

    def _take(self, field: str, kind: type, default: Any) -> Any:
        self._taken.add(field)
        value = self._values.get(field, default)
        if value is None:
            raise self.fail("missing_field", field)
        # bool is an int in Python, but a flag is no number
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.fail("wrong_type", field, expected=kind.__name__)
        return value


def entries(file: str, table: str) -> Iterator[Entry]:
    """Yield each entry of the array *table* of `data/<file>`, in the file's order, named by its code.

    Raises CourseDataError: "unreadable_file", "missing_field" (no code), "duplicate_code".
    """
    seen: set[str] = set()
    for position, values in enumerate(read_table(file).get(table, []), start=1):
        code = str(values.get("code") or f"#{position}")
        entry = Entry(file, code, values)
        if entry.text("code") in seen:
            raise entry.fail("duplicate_code", "code")
        seen.add(code)
        yield entry
