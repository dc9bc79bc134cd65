"""Why a person should look at a question: stable codes with the figures that each rests on.

Time spent gives no reason here: the log shows when answers arrived, not how long one read, and no threshold on that
could be defended before an author.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from question_bank.questions import Question
from question_bank.statistics.answered import RIGHT, WRONG
from question_bank.statistics.items import MINIMUM_ANSWERS, Drift, ItemStatistics
from question_bank.statistics.parts import Counted, counted

UNUSED_BELOW = 0.02
TOO_EASY_ABOVE = 0.95
TOO_HARD_BELOW = 0.25
WEAK_BELOW = 0.1

CODES = (
    "key_missed_by_best",
    "negative_discrimination",
    "too_hard",
    "drifted",
    "weak_discrimination",
    "too_easy",
    "distractor_unused",
)
"""The most serious first: a key that may be wrong harms candidates, a distractor nobody takes harms nobody."""


@dataclass(frozen=True)
class Reason:
    """code: one of CODES. figures: plain JSON values that the wording needs; shares are 0.0..1.0.

    key_missed_by_best: kind, option, option_count, key, key_count, best. distractor_unused: options, most, n. Of a case
    study both hold parts instead: a list with these figures of every part concerned, and part: its number from 1.
    too_easy, too_hard: facility, n; too_hard also limit. negative_discrimination, weak_discrimination:
    discrimination, n. drifted: difference, standard_error, older_n, newer_n.
    """

    code: str
    figures: Mapping[str, Any] = field(default_factory=dict)

    def to_payload(self) -> dict[str, Any]:
        """Return the reason as JSON values."""
        return {"code": self.code, "figures": dict(self.figures)}


def attention(
    question: Question, statistics: ItemStatistics, drift: Drift | None = None, minimum: int = MINIMUM_ANSWERS
) -> tuple[Reason, ...]:
    """Return why *question* needs attention, the most serious first; nothing under *minimum* answers."""
    if statistics.n < minimum:
        return ()
    own = counted(question, statistics, minimum)
    found = [
        *_of_options("key_missed_by_best", own, _key_missed),
        *_of_discrimination(statistics),
        *_of_facility(question, statistics),
        *_of_options("distractor_unused", own, lambda one: _unused(one, minimum)),
        *_drifted(drift),
    ]
    return tuple(sorted(found, key=lambda reason: CODES.index(reason.code)))


Figures = dict[str, Any]


def _of_options(code: str, own: Sequence[Counted], check: Callable[[Counted], Figures | None]) -> Iterator[Reason]:
    """Yield one reason if *check* gives figures of the question, or of some parts of a case study."""
    given = [(one.number, check(one)) for one in own]
    found = [{"part": number, **figures} if number else figures for number, figures in given if figures]
    if found:
        yield Reason(code, {"parts": found} if "part" in found[0] else found[0])


def _key_missed(one: Counted) -> Figures | None:
    """Return figures if the best take a wrong option more often than the key.

    Of several right options that belong together, each should be taken more often than any wrong one. Of a typed
    answer, more wrong than right ones among the best speak for a wrong key or for a wording that nobody thought of.
    Where the best are too few to say so, nothing of theirs is counted.
    """
    key, key_count, wrong = _key_and_wrong(one)
    option = max(wrong, key=lambda name: one.best_counts.get(name, 0), default=None)
    count = one.best_counts.get(option, 0) if option else 0
    if count <= key_count:
        return None
    taken = {"option": option, "option_count": count, "key": key, "key_count": key_count}
    return {"kind": one.asked.kind, **taken, "best": one.best}


def _key_and_wrong(one: Counted) -> tuple[str, int, list[str]]:
    """Return the part of the key that the best take least, how often, and the names of what is wrong."""
    asked, counts = one.asked, one.best_counts
    if not asked.rules.offers_options:
        return RIGHT, counts.get(RIGHT, 0), [WRONG]
    wrong = [option.key for option in asked.options if option.key not in asked.key]
    if asked.rules.response_input == "one":  # any one of several right options is right
        return "".join(asked.key), sum(counts.get(letter, 0) for letter in asked.key), wrong
    missed = min(asked.key, key=lambda letter: counts.get(letter, 0))
    return missed, counts.get(missed, 0), wrong


def _unused(one: Counted, minimum: int) -> Figures | None:
    """Return figures if some wrong options are hardly ever taken by those who answered.

    The two options of a true/false question cannot be written better, so they are left out.
    """
    asked = one.asked
    if not asked.rules.offers_options or asked.rules.fixed_options or one.answers < minimum:
        return None
    wrong = (option.key for option in asked.options if option.key not in asked.key)
    unused = [letter for letter in wrong if one.counts.get(letter, 0) < UNUSED_BELOW * one.answers]
    if not unused:
        return None
    most = max(one.counts.get(letter, 0) for letter in unused)
    return {"options": "".join(unused), "most": most, "n": one.answers}


def _of_facility(question: Question, statistics: ItemStatistics) -> Iterator[Reason]:
    facility = statistics.facility
    if facility is None:
        return
    limit = max(TOO_HARD_BELOW, _by_guessing(question))
    if facility > TOO_EASY_ABOVE:
        yield Reason("too_easy", {"facility": facility, "n": statistics.n})
    elif facility < limit:
        yield Reason("too_hard", {"facility": facility, "limit": limit, "n": statistics.n})


def _by_guessing(question: Question) -> float:
    """Return the share that blind guessing earns; 0 where it earns next to nothing."""
    if question.rules.response_input != "one":
        return 0.0
    return len(question.key) / len(question.options)


def _of_discrimination(statistics: ItemStatistics) -> Iterator[Reason]:
    value = statistics.discrimination
    if value is not None and value < WEAK_BELOW:
        code = "negative_discrimination" if value < 0 else "weak_discrimination"
        yield Reason(code, {"discrimination": value, "n": statistics.n})


def _drifted(drift: Drift | None) -> Iterator[Reason]:
    if drift is not None and drift.is_significant:
        figures = {"difference": drift.difference, "standard_error": drift.standard_error}
        yield Reason("drifted", {**figures, "older_n": drift.older_n, "newer_n": drift.newer_n})
