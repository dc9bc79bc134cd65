"""Blueprint: which questions a paper takes from where, and what they are worth."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import combinations
from math import ceil

from question_bank.blueprint_fields import each, list_of, mapping, points_of, refuse_unknown, tuple_of, typed
from question_bank.canonical import digest_of
from question_bank.credit import RULES
from question_bank.errors import BlueprintError
from question_bank.kinds import KINDS
from question_bank.points import points_from
from question_bank.questions import DIFFICULTIES, Question

BY_STRATUM, MIXED = QUESTION_ORDERS = ("by_stratum", "mixed")
MOST_QUESTIONS = 500
MOST_SHARES = 2
DEFAULT_MAJOR_HAZARD_PERCENT = 10
"""Of a paper for principals, the share of questions on 重大事故隐患判定标准 unless a region says otherwise."""

_TAG = re.compile(r"[^\s,;、，；]{1,64}")


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

    def crosses(self, other: "Stratum") -> bool:
        """Say whether the two may share questions while each may admit some that the other does not.

        By their conditions alone: a pool can lack the questions that would make it so.
        """
        if (self.bank, self.kind) != (other.bank, other.kind) or self._excludes(other):
            return False
        return not self._lies_within(other) and not other._lies_within(self)

    def _excludes(self, other: "Stratum") -> bool:
        """Say whether no question meets both; by tags they never exclude each other, for a question has several."""
        pairs = ((self.knowledge_points, other.knowledge_points), (self.difficulties, other.difficulties))
        return any(own and its and set(own).isdisjoint(its) for own, its in pairs)

    def _lies_within(self, other: "Stratum") -> bool:
        """Say whether the other admits whatever this one admits."""
        names = ("knowledge_points", "difficulties", "tags")
        pairs = ((set(getattr(self, name)), set(getattr(other, name))) for name in names)
        return all(not its or (own and own <= its) for own, its in pairs)

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
        values = mapping(payload, "strata")
        refuse_unknown(values, cls.__dataclass_fields__)
        return cls(
            bank=typed(values, "bank", str),
            kind=typed(values, "kind", str),
            count=typed(values, "count", int),
            points=points_of(values),
            knowledge_points=tuple_of(values, "knowledge_points", str),
            difficulties=tuple_of(values, "difficulties", int),
            tags=tuple_of(values, "tags", str),
        )


@dataclass(frozen=True, order=True)
class MinimumShare:
    """At least *percent* of a paper's questions carry *tag*, from whichever strata they come.

    tag: as questions carry it, 1..64 characters. percent: 1..100, two decimals. Raises BlueprintError.
    """

    tag: str
    percent: Decimal

    def __post_init__(self) -> None:
        """Bring the percentage to its normal form; refuse what is out of range."""
        percent = points_from(self.percent)
        if not _TAG.fullmatch(self.tag):
            raise BlueprintError("bad_tag", field="tag", value=self.tag[:80])
        if percent is None or not 1 <= percent <= 100:
            raise BlueprintError("bad_percent", field="percent", value=str(self.percent)[:80], least=1, most=100)
        object.__setattr__(self, "percent", percent)

    def needed(self, count: int) -> int:
        """Return how many of *count* questions must carry the tag: the percentage of them, rounded up."""
        return ceil(self.percent * count / 100)

    def to_payload(self) -> dict[str, object]:
        """Return the share as JSON values; the percentage is text with two decimals."""
        return {"tag": self.tag, "percent": str(self.percent)}

    @classmethod
    def from_payload(cls, payload: object) -> "MinimumShare":
        """Return the share that *payload* describes; percent as a whole number or text. Raises BlueprintError."""
        values = mapping(payload, "minimum_shares")
        refuse_unknown(values, cls.__dataclass_fields__)
        percent = points_from(values.get("percent"))
        if percent is None:
            raise BlueprintError(
                "bad_percent", field="percent", value=str(values.get("percent"))[:80], least=1, most=100
            )
        return cls(tag=typed(values, "tag", str), percent=percent)


@dataclass(frozen=True)
class Blueprint:
    """The plan of a paper.

    strata: one or more, at most 500 questions together. marking_rule: a name in credit.RULES.
    question_order: "by_stratum" keeps the strata in their order, as printed papers do, and shuffles within each;
    "mixed" shuffles the whole paper. minimum_shares: none, one or two, each tag once, kept sorted; a question counts
    towards each share whose tag it carries. Raises BlueprintError.
    """

    strata: tuple[Stratum, ...]
    marking_rule: str = "proportional"
    question_order: str = BY_STRATUM
    minimum_shares: tuple[MinimumShare, ...] = ()

    def __post_init__(self) -> None:
        """Sort the shares; refuse what cannot make a paper."""
        if not self.strata:
            raise BlueprintError("no_strata", field="strata")
        if self.marking_rule not in RULES:
            raise BlueprintError("unknown_rule", field="marking_rule", value=self.marking_rule[:80])
        if self.question_order not in QUESTION_ORDERS:
            raise BlueprintError("unknown_order", field="question_order", value=self.question_order[:80])
        if self.count > MOST_QUESTIONS:
            raise BlueprintError("out_of_range", field="count", value=self.count, least=1, most=MOST_QUESTIONS)
        if len(self.minimum_shares) > MOST_SHARES:
            number = len(self.minimum_shares)
            raise BlueprintError("out_of_range", field="minimum_shares", value=number, least=0, most=MOST_SHARES)
        if len({share.tag for share in self.minimum_shares}) < len(self.minimum_shares):
            raise BlueprintError("tag_twice", field="minimum_shares", value=self.minimum_shares[0].tag)
        object.__setattr__(self, "minimum_shares", tuple(sorted(self.minimum_shares)))

    @property
    def count(self) -> int:
        """Number of questions of a paper."""
        return sum(stratum.count for stratum in self.strata)

    @property
    def points(self) -> Decimal:
        """Full marks of a paper."""
        return sum((stratum.count * stratum.points for stratum in self.strata), Decimal("0.00"))

    @cached_property
    def has_crossing_strata(self) -> bool:
        """Whether two strata may share questions while neither lies within the other."""
        return any(one.crosses(other) for one, other in combinations(self.strata, 2))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical payload, 64 hexadecimal digits."""
        return digest_of(self.to_payload())

    def to_payload(self) -> dict[str, object]:
        """Return the blueprint as JSON values; from_payload gives an equal blueprint back.

        Shares are left out where there are none: blueprints older than shares keep their digests.
        """
        payload: dict[str, object] = {
            "strata": [stratum.to_payload() for stratum in self.strata],
            "marking_rule": self.marking_rule,
            "question_order": self.question_order,
        }
        if self.minimum_shares:
            payload["minimum_shares"] = [share.to_payload() for share in self.minimum_shares]
        return payload

    @classmethod
    def from_payload(cls, payload: object) -> "Blueprint":
        """Return the blueprint that *payload* describes; all but the strata may be left out. Raises BlueprintError."""
        values = mapping(payload, "blueprint")
        refuse_unknown(values, cls.__dataclass_fields__)
        return cls(
            strata=each(Stratum.from_payload, list_of(values.get("strata"), "strata")),
            marking_rule=typed({"marking_rule": "proportional", **values}, "marking_rule", str),
            question_order=typed({"question_order": BY_STRATUM, **values}, "question_order", str),
            minimum_shares=each(MinimumShare.from_payload, list_of(values.get("minimum_shares", ()), "minimum_shares")),
        )


def holds_share(blueprint: Blueprint, tag: str, percent: Decimal | int) -> bool:
    """Say whether every paper of *blueprint* has *percent* (1..100) or more of its questions with *tag*.

    True by a minimum share that asks for as many questions, or by strata that admit this tag and no other.
    Raises BlueprintError if *tag* or *percent* cannot be a share.
    """
    needed = MinimumShare(tag, Decimal(percent)).needed(blueprint.count)
    by_shares = [share.needed(blueprint.count) for share in blueprint.minimum_shares if share.tag == tag]
    by_strata = sum(stratum.count for stratum in blueprint.strata if stratum.tags == (tag,))
    return max(by_strata, *by_shares, 0) >= needed
