"""Blueprint: which questions a paper takes from where, and what they are worth."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TypeVar

from question_bank.canonical import digest_of
from question_bank.credit import RULES
from question_bank.errors import BlueprintError
from question_bank.kinds import KINDS
from question_bank.points import points_from
from question_bank.questions import DIFFICULTIES, Question

BY_STRATUM, MIXED = QUESTION_ORDERS = ("by_stratum", "mixed")
MOST_QUESTIONS = 500

Value = TypeVar("Value")


@dataclass(frozen=True)
class Stratum:
    """*count* questions of one bank and kind, *points* each; an empty condition admits any.

    bank: bank code. kind: a code of KINDS. count: 1..500. points: 0.01..1000, two decimals.
    knowledge_points, difficulties: the question's is one of them. tags: the question has at least one of them.
    Conditions are kept sorted, so that the order in which they were typed does not change the blueprint's digest.
    Raises BlueprintError.
    """

    bank: str
    kind: str
    count: int
    points: Decimal
    knowledge_points: tuple[str, ...] = ()
    difficulties: tuple[int, ...] = ()
    tags: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Bring the fields to their normal form; refuse what is out of range."""
        points = points_from(self.points)
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,59}", self.bank):
            raise BlueprintError("bad_bank", field="bank", value=self.bank[:80])
        if self.kind not in KINDS:
            raise BlueprintError("unknown_kind", field="kind", value=self.kind[:80])
        if not 1 <= self.count <= MOST_QUESTIONS:
            raise BlueprintError("out_of_range", field="count", value=self.count, least=1, most=MOST_QUESTIONS)
        if not points:
            raise BlueprintError("bad_points", field="points", value=str(self.points)[:80])
        if set(self.difficulties) - set(DIFFICULTIES):
            raise BlueprintError("out_of_range", field="difficulties", value=self.difficulties)
        object.__setattr__(self, "points", points)
        for name in ("knowledge_points", "difficulties", "tags"):
            object.__setattr__(self, name, tuple(sorted(set(getattr(self, name)))))

    def admits(self, question: Question) -> bool:
        """Say whether *question* may stand in this stratum."""
        return (
            question.bank == self.bank
            and question.kind == self.kind
            and (not self.knowledge_points or question.knowledge_point in self.knowledge_points)
            and (not self.difficulties or question.difficulty in self.difficulties)
            and (not self.tags or not set(self.tags).isdisjoint(question.tags))
        )

    def to_payload(self) -> dict[str, object]:
        """Return the stratum as JSON values; points are text with two decimals."""
        return {
            "bank": self.bank,
            "kind": self.kind,
            "count": self.count,
            "points": str(self.points),
            "knowledge_points": list(self.knowledge_points),
            "difficulties": list(self.difficulties),
            "tags": list(self.tags),
        }

    @classmethod
    def from_payload(cls, payload: object) -> "Stratum":
        """Return the stratum that *payload* describes; the three conditions may be left out. Raises BlueprintError."""
        values = _mapping(payload, "strata")
        _refuse_unknown(values, cls)
        return cls(
            bank=_typed(values, "bank", str),
            kind=_typed(values, "kind", str),
            count=_typed(values, "count", int),
            points=_points(values),
            knowledge_points=_tuple(values, "knowledge_points", str),
            difficulties=_tuple(values, "difficulties", int),
            tags=_tuple(values, "tags", str),
        )


@dataclass(frozen=True)
class Blueprint:
    """The plan of a paper.

    strata: one or more, at most 500 questions together. marking_rule: a name in credit.RULES.
    question_order: "by_stratum" keeps the strata in their order, as printed papers do, and shuffles within each;
    "mixed" shuffles the whole paper. Raises BlueprintError.
    """

    strata: tuple[Stratum, ...]
    marking_rule: str = "proportional"
    question_order: str = BY_STRATUM

    def __post_init__(self) -> None:
        """Refuse what cannot make a paper."""
        if not self.strata:
            raise BlueprintError("no_strata", field="strata")
        if self.marking_rule not in RULES:
            raise BlueprintError("unknown_rule", field="marking_rule", value=self.marking_rule[:80])
        if self.question_order not in QUESTION_ORDERS:
            raise BlueprintError("unknown_order", field="question_order", value=self.question_order[:80])
        if self.count > MOST_QUESTIONS:
            raise BlueprintError("out_of_range", field="count", value=self.count, least=1, most=MOST_QUESTIONS)

    @property
    def count(self) -> int:
        """Number of questions of a paper."""
        return sum(stratum.count for stratum in self.strata)

    @property
    def points(self) -> Decimal:
        """Full marks of a paper."""
        return sum((stratum.count * stratum.points for stratum in self.strata), Decimal("0.00"))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical payload, 64 hexadecimal digits."""
        return digest_of(self.to_payload())

    def to_payload(self) -> dict[str, object]:
        """Return the blueprint as JSON values; from_payload gives an equal blueprint back."""
        return {
            "strata": [stratum.to_payload() for stratum in self.strata],
            "marking_rule": self.marking_rule,
            "question_order": self.question_order,
        }

    @classmethod
    def from_payload(cls, payload: object) -> "Blueprint":
        """Return the blueprint that *payload* describes; rule and order may be left out. Raises BlueprintError."""
        values = _mapping(payload, "blueprint")
        _refuse_unknown(values, cls)
        strata = values.get("strata")
        if not isinstance(strata, (list, tuple)):
            raise BlueprintError("wrong_type", field="strata")
        return cls(
            strata=tuple(Stratum.from_payload(stratum) for stratum in strata),
            marking_rule=_typed({"marking_rule": "proportional", **values}, "marking_rule", str),
            question_order=_typed({"question_order": BY_STRATUM, **values}, "question_order", str),
        )


def _mapping(payload: object, field: str) -> Mapping[str, object]:
    if not isinstance(payload, Mapping):
        raise BlueprintError("wrong_type", field=field)
    return payload


def _refuse_unknown(values: Mapping[str, object], cls: type[Stratum] | type[Blueprint]) -> None:
    for name in values:
        if name not in cls.__dataclass_fields__:
            raise BlueprintError("unknown_field", field=str(name)[:80])


def _typed(values: Mapping[str, object], field: str, kind: type[Value]) -> Value:
    value = values.get(field)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise BlueprintError("wrong_type", field=field)
    return value


def _tuple(values: Mapping[str, object], field: str, kind: type[Value]) -> tuple[Value, ...]:
    value = values.get(field, ())
    if not isinstance(value, (list, tuple)) or not all(type(entry) is kind for entry in value):
        raise BlueprintError("wrong_type", field=field)
    return tuple(value)


def _points(values: Mapping[str, object]) -> Decimal:
    points = points_from(values.get("points"))
    if points is None:
        raise BlueprintError("bad_points", field="points", value=str(values.get("points"))[:80])
    return points
