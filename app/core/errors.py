"""Refusals. Code raises a code with data; one place words it as a page, a form error or JSON."""

from __future__ import annotations

from copy import copy
from typing import Any

from flask_babel import LazyString

MESSAGES: dict[str, LazyString] = {}


class ServiceError(Exception):
    """An action was refused and nothing was changed.

    code: stable, snake_case, worded in the feature's messages.py.
    field: the form field or file column at fault, if one is.
    data: values for the sentence; never personal data.
    """

    status = 409

    def __init__(self, code: str, *, field: str | None = None, **data: Any) -> None:
        super().__init__(f"{code} {data}" if data else code)
        self.code = code
        self.field = field
        self.data = data


class NotFound(ServiceError):
    status = 404


class Forbidden(ServiceError):
    status = 403


def register_messages(messages: dict[str, LazyString]) -> None:
    """Add a feature's sentences; a code worded twice is a programming error."""
    twice = MESSAGES.keys() & messages.keys()
    if twice and any(MESSAGES[code] is not messages[code] for code in twice):
        raise ValueError(f"error codes worded twice: {sorted(twice)}")
    MESSAGES.update(messages)


def sentence(code: str, data: dict[str, Any] | None = None) -> str:
    """Return the sentence for *code* in the reader's language, filled with *data*.

    A value {"code": code} in *data* is worded as well: the reason within a sentence.
    """
    said = copy(data or {})
    said.update({name: sentence(value["code"]) for name, value in said.items() if _is_worded(value)})
    return str(MESSAGES[code]) % said


def _is_worded(value: object) -> bool:
    return isinstance(value, dict) and value.keys() == {"code"} and value["code"] in MESSAGES


def worded(error: ServiceError) -> str:
    """Return the sentence for *error* in the reader's language."""
    return sentence(error.code, error.data)
