"""The fields of a blueprint's payload, read one by one: each is of its JSON type or a BlueprintError names it."""

from collections.abc import Callable, Collection, Iterable, Mapping
from decimal import Decimal
from typing import TypeVar

from question_bank.errors import BlueprintError
from question_bank.points import points_from

Value = TypeVar("Value")


def each(read: Callable[[object], Value], payloads: Iterable[object]) -> tuple[Value, ...]:
    """Return what *read* makes of every payload; a refusal says of which, from 1."""
    found = []
    for number, payload in enumerate(payloads, start=1):
        try:
            found.append(read(payload))
        except BlueprintError as error:
            error.number = number
            raise
    return tuple(found)


def mapping(payload: object, field: str) -> Mapping[str, object]:
    """Return *payload* if it is an object; *field* is what a refusal names."""
    if not isinstance(payload, Mapping):
        raise BlueprintError("wrong_type", field=field)
    return payload


def list_of(value: object, field: str) -> list[object] | tuple[object, ...]:
    """Return *value* if it is a list; *field* is what a refusal names."""
    if not isinstance(value, (list, tuple)):
        raise BlueprintError("wrong_type", field=field)
    return value


def refuse_unknown(values: Mapping[str, object], known: Collection[str]) -> None:
    """Raise BlueprintError for the first field that is none of *known*."""
    for name in values:
        if name not in known:
            raise BlueprintError("unknown_field", field=str(name)[:80])


def typed(values: Mapping[str, object], field: str, kind: type[Value]) -> Value:
    """Return the value of *field* if it is of *kind*; true and false are no numbers."""
    value = values.get(field)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise BlueprintError("wrong_type", field=field)
    return value


def tuple_of(values: Mapping[str, object], field: str, kind: type[Value]) -> tuple[Value, ...]:
    """Return the list in *field* if every entry is of *kind*; empty where the field is left out."""
    value = values.get(field, ())
    if not isinstance(value, (list, tuple)) or not all(type(entry) is kind for entry in value):
        raise BlueprintError("wrong_type", field=field)
    return tuple(value)


def points_of(values: Mapping[str, object]) -> Decimal:
    """Return the points in the field of that name."""
    points = points_from(values.get("points"))
    if points is None:
        raise BlueprintError("bad_points", field="points", value=str(values.get("points"))[:80])
    return points
