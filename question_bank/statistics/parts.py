"""What a question asks, each with its own counts: the question itself, or the parts of a case study one by one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from question_bank.questions import Part, Question
from question_bank.statistics.answered import BLANK, PARTLY, RIGHT, WRONG, named
from question_bank.statistics.items import MINIMUM_ANSWERS, ItemStatistics, fewest_best

OUTCOMES = (RIGHT, PARTLY, WRONG, BLANK)


@dataclass(frozen=True)
class Counted:
    """One thing that is asked, and what was counted for it.

    number: of the part of a case study, from 1; 0 for a question without parts. asked: the part or the question.
    n: people who had it. counts: option letter, or RIGHT, PARTLY, WRONG, or BLANK -> people.
    best, best_counts: the same of the best candidates; 0 and empty if they are too few.
    """

    number: int
    asked: Question | Part
    n: int
    counts: Mapping[str, int]
    best: int
    best_counts: Mapping[str, int]

    @property
    def answers(self) -> int:
        """How many answered it."""
        return self.n - self.counts.get(BLANK, 0)


def counted(question: Question, statistics: ItemStatistics, minimum: int = MINIMUM_ANSWERS) -> tuple[Counted, ...]:
    """Return what *question* asks with its counts, parts in order; what fewer than *minimum* people had is left out.

    Sums that were kept without parts say nothing of them, so a part may have fewer people than its case study.
    """
    if question.parts:
        found = [_of_part(number, part, statistics) for number, part in enumerate(question.parts, start=1)]
    else:
        found = [Counted(0, question, statistics.n, statistics.counts, statistics.best, statistics.best_counts)]
    fewest = fewest_best(minimum)
    return tuple(
        one if one.best >= fewest else replace(one, best=0, best_counts={}) for one in found if one.n >= minimum
    )


def _of_part(number: int, part: Part, statistics: ItemStatistics) -> Counted:
    counts, best_counts = _own(number, part, statistics.counts), _own(number, part, statistics.best_counts)
    return Counted(number, part, _people(counts), counts, _people(best_counts), best_counts)


def _own(number: int, part: Part, counts: Mapping[str, int]) -> dict[str, int]:
    """Return what *counts* of a case study hold of one part, under names without its number."""
    letters = [option.key for option in part.options] if part.rules.offers_options else []
    found = {taken: counts.get(named(number, taken), 0) for taken in (*letters, *OUTCOMES)}
    return {taken: count for taken, count in found.items() if count}


def _people(counts: Mapping[str, int]) -> int:
    """Return how many people had a part: each has one outcome, and of letters any number."""
    return sum(counts.get(outcome, 0) for outcome in OUTCOMES)
