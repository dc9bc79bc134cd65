"""The shape of payloads: which fields they have, of which JSON types. Nothing is repaired here, only named."""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields
from typing import Any, TypeGuard

from question_bank.errors import Problem

_OPTION = {"key": str, "text": str}
_OPTION_MORE = {"weight": str, "feedback": str}


def shape_problems(payload: Mapping[str, object], cls: type[Any], part_cls: type[Any]) -> Iterator[Problem]:
    """Yield the fields of *payload* that are missing, unknown or of the wrong JSON type for *cls*, a dataclass.

    part_cls: the dataclass of what stands in "parts". Problems of the third part stand there with data["part"] 3.
    """
    yield from _own_problems(payload, cls)
    entries = payload.get("parts")
    if _is_mappings(entries):
        for number, entry in enumerate(entries, start=1):
            for problem in _own_problems(entry, part_cls):
                yield Problem("parts", problem.code, {"part": number, "field": problem.field})


def _own_problems(payload: Mapping[str, object], cls: type[Any]) -> Iterator[Problem]:
    known = {field.name: field for field in fields(cls)}
    required = [name for name, field in known.items() if field.default is MISSING]
    yield from (Problem(name, "missing_field") for name in required if name not in payload)
    yield from (Problem(str(name), "unknown_field") for name in payload if name not in known)
    for name, value in payload.items():
        if name in known and not _is_of(known[name].type, name, value):
            yield Problem(name, "wrong_type", {"type": type(value).__name__})


def _is_of(declared: Any, name: str, value: object) -> bool:
    if declared in (str, int, bool):
        return type(value) is declared
    if name == "options":
        return isinstance(value, (list, tuple)) and all(_is_option(entry) for entry in value)
    if name == "parts":
        return _is_mappings(value)
    return isinstance(value, (list, tuple)) and all(isinstance(entry, str) for entry in value)


def _is_option(entry: object) -> bool:
    return (
        isinstance(entry, Mapping)
        and set(_OPTION) <= set(entry) <= {*_OPTION, *_OPTION_MORE}
        and all(isinstance(part, str) for part in entry.values())
    )


def _is_mappings(value: object) -> TypeGuard[list[Mapping[str, object]]]:
    return isinstance(value, (list, tuple)) and all(isinstance(entry, Mapping) for entry in value)
