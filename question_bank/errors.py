"""What this library raises: one base class, stable codes, data for whoever words the message."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass


class QuestionBankError(Exception):
    """Something the library refuses.

    code: stable, lower-case with underscores; the web layer words it.
    data: plain values (strings, numbers, tuples) that the wording needs.
    """

    def __init__(self, code: str, **data: object) -> None:
        super().__init__(f"{code} {data}" if data else code)
        self.code = code
        self.data = data


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one field of a question: *field* is its name in the payload, *code* is stable."""

    field: str
    code: str
    data: dict[str, object] = dataclasses.field(default_factory=dict)


class InvalidQuestionError(QuestionBankError):
    """A question that breaks the rules of its kind; ``problems`` names every field that is wrong."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("invalid_question", problems=tuple((p.field, p.code) for p in self.problems))


class InvalidResponseError(QuestionBankError):
    """A response that no candidate could have given to this question."""


class BlueprintError(QuestionBankError):
    """A blueprint that contradicts itself or is out of range.

    ``data["field"]`` names the place; where it is one of several in a payload, ``number`` says which, from 1.
    """

    number: int | None = None


class PoolError(QuestionBankError):
    """A pool that cannot be drawn from, for example one with the same question twice."""


class PaperError(QuestionBankError):
    """A paper that cannot be assembled, or a stored one that does not agree with its own digests."""


class FairnessError(QuestionBankError):
    """A seed or an admission number that cannot be used for a provable draw."""


class LifecycleError(QuestionBankError):
    """A move between states that is not allowed, or not to this person."""


class StatisticsError(QuestionBankError):
    """Figures that cannot be computed from what was given."""


class FileRefusedError(QuestionBankError):
    """A file that is refused as a whole, before any row is looked at."""
