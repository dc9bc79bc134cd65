"""Answered papers: what statistics need to know of a marked paper, and nothing of who wrote it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from question_bank.kinds import Response
from question_bank.marking import Mark, SlotMark
from question_bank.papers import Paper
from question_bank.questions import Part, Question

ItemId = tuple[str, int]
"""Code and version of a question."""

BLANK = ""
RIGHT, PARTLY, WRONG = "right", "partly", "wrong"
"""What is counted for a question without options to choose from, and for each part of a case study."""


@dataclass(frozen=True)
class AnsweredSlot:
    """One place of an answered paper.

    item: code and version. points: earned, 0..worth. worth: full marks; 0 for a question that was dropped.
    taken: what the response counts for, see `taken_by`; it holds BLANK if there was none.
    stratum: number in the blueprint, from 0. seconds: time spent on it, None if not known.
    """

    item: ItemId
    points: Decimal
    worth: Decimal
    taken: tuple[str, ...]
    stratum: int
    seconds: float | None = None

    @property
    def is_blank(self) -> bool:
        """Whether nothing was answered."""
        return BLANK in self.taken


@dataclass(frozen=True)
class AnsweredPaper:
    """One person's answered paper."""

    slots: tuple[AnsweredSlot, ...]

    @property
    def points(self) -> Decimal:
        """What the person earned."""
        return sum((slot.points for slot in self.slots), Decimal(0))

    @property
    def worth(self) -> Decimal:
        """Full marks."""
        return sum((slot.worth for slot in self.slots), Decimal(0))

    @property
    def is_blank(self) -> bool:
        """Whether no question at all was answered: somebody who began and left says nothing about a question."""
        return all(slot.is_blank for slot in self.slots)


def answered(paper: Paper, marks: Sequence[SlotMark], seconds: Mapping[int, float]) -> AnsweredPaper:
    """Return *paper* with its *marks*, one a position in order.

    seconds: by position, positions left out are not known.
    """
    return AnsweredPaper(
        tuple(
            AnsweredSlot(
                item=(slot.question.code, slot.question.version),
                points=marked.mark.points,
                worth=marked.mark.maximum,
                taken=taken_by(slot.question, marked.response, marked.mark, paper.marking_rule),
                stratum=slot.stratum,
                seconds=seconds.get(slot.position),
            )
            for slot, marked in zip(paper.slots, marks, strict=True)
        )
    )


def taken_by(question: Question, response: Response, mark: Mark, rule: str) -> tuple[str, ...]:
    """Return what *response* counts for: its option letters, or how right it was where nothing is offered to choose.

    Of a case study: how right the whole was, and of each part, behind the number of the part as `named` writes it, how
    right it was and which of its options were taken. rule: the credit rule by which a part is called right or partly.
    Typed answers are not kept one by one: there are as many as people, and some hold names.
    """
    if question.rules.offers_options:
        return response or (BLANK,)
    whole = _outcome(mark.is_correct, bool(mark.points)) if any(response) else BLANK
    return (whole, *_taken_of_parts(question.parts, response, rule))


def named(part: int, taken: str) -> str:
    """Return the name under which *taken* (option letter, RIGHT, PARTLY, WRONG, BLANK) of a part counts: "2.C".

    part: its number from 1; 0 for a question that has no parts, whose names stand bare.
    """
    return f"{part}.{taken}" if part else taken


def _taken_of_parts(parts: Sequence[Part], response: Response, rule: str) -> Iterator[str]:
    given = response or (BLANK,) * len(parts)
    for number, (part, entry) in enumerate(zip(parts, given, strict=False), start=1):
        own = part.rules.parse_response(part, entry)
        share = part.rules.share(part, own, rule)
        yield named(number, _outcome(share == 1, share > 0) if own else BLANK)
        if part.rules.offers_options:
            yield from (named(number, letter) for letter in own)


def _outcome(is_right: bool, earns: bool) -> str:
    if is_right:
        return RIGHT
    return PARTLY if earns else WRONG
