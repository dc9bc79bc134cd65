"""Marking: what a response is worth, and what a paper adds up to."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from question_bank.credit import RULES
from question_bank.errors import QuestionBankError
from question_bank.kinds import Response
from question_bank.papers import Paper
from question_bank.points import earned, percent_of
from question_bank.questions import Question

__all__ = ["RULES", "Mark", "Result", "SlotMark", "mark", "mark_paper", "passed"]


@dataclass(frozen=True)
class Mark:
    """points: earned, 0..maximum, two decimals. is_correct: the response is entirely right."""

    points: Decimal
    maximum: Decimal
    is_correct: bool


@dataclass(frozen=True)
class SlotMark:
    """The mark of one place of a paper; response: option letters of the bank, empty if it was not answered."""

    position: int
    response: Response
    mark: Mark


@dataclass(frozen=True)
class Result:
    """What a paper adds up to: score 0..maximum, slot marks by position, percent rounded down to two decimals."""

    score: Decimal
    maximum: Decimal
    marks: tuple[SlotMark, ...]
    percent: Decimal

    def to_payload(self) -> dict[str, object]:
        """Return the result as JSON values, points as text with two decimals."""
        return {
            "score": str(self.score),
            "maximum": str(self.maximum),
            "percent": str(self.percent),
            "marks": [
                {
                    "position": slot.position,
                    "response": list(slot.response),
                    "points": str(slot.mark.points),
                    "maximum": str(slot.mark.maximum),
                    "is_correct": slot.mark.is_correct,
                }
                for slot in self.marks
            ],
        }


def mark(question: Question, response: object, rule: str, points: Decimal) -> Mark:
    """Return the mark of *response*, given in option letters of the bank.

    response: None, text ("AC") or a list of letters. rule: a name in RULES; it matters for multiple choice only.
    points: full marks of the question. Points earned are rounded to the nearest hundredth, halves up.
    Raises InvalidResponseError for what no candidate can have chosen; QuestionBankError for an unknown rule.
    """
    if rule not in RULES:
        raise QuestionBankError("unknown_rule", rule=rule)
    given = question.rules.parse_response(question, response)
    share = question.rules.share(question, given, rule)
    return Mark(earned(share, points), points, share == 1)


def mark_paper(paper: Paper, responses: Mapping[int, object]) -> Result:
    """Return the result of *paper* by its own marking rule.

    responses: position -> response in shown labels; positions left out count as not answered.
    Raises InvalidResponseError for an impossible response, PaperError for a position that the paper has not.
    """
    for position in responses:
        paper.slot(position)
    marks = []
    for slot in paper.slots:
        response = slot.original(responses.get(slot.position))
        marks.append(SlotMark(slot.position, response, mark(slot.question, response, paper.marking_rule, slot.points)))
    score = sum((slot.mark.points for slot in marks), Decimal("0.00"))
    return Result(score, paper.points, tuple(marks), percent_of(score, paper.points))


def passed(score: Decimal, maximum: Decimal, pass_percent: Decimal | int) -> bool:
    """Say whether *score* of *maximum* reaches *pass_percent* (0..100), compared exactly, without rounding."""
    return score * 100 >= maximum * pass_percent
