"""The sums of one sitting, from its answered papers."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from question_bank.statistics.answered import AnsweredPaper, AnsweredSlot, ItemId
from question_bank.statistics.seconds import SecondsSum
from question_bank.statistics.sums import ItemSums, PairSums, millionths

BEST_SHARE = Fraction(27, 100)
"""The best candidates are the 27 % with the best rest, which tells the strong from the weak most sharply.

Source: T. L. Kelley, "The selection of upper and lower groups for the validation of test items", Journal of
Educational Psychology 30 (1939) 17-24.
"""


@dataclass(frozen=True)
class _Held:
    """One answer to an item: its slot, the mark and the rest of the person in millionths, the person's whole paper."""

    slot: AnsweredSlot
    mark: int
    rest: int | None
    whole: int


def sums_of(papers: Sequence[AnsweredPaper]) -> dict[ItemId, ItemSums]:
    """Return the sums of every question that some of *papers*, all of one sitting, held; in order of item.

    Papers without a single answer count as papers only, see ItemSums; questions worth nothing are left out.
    """
    counted = [paper for paper in papers if not paper.is_blank and paper.worth]
    wholes = sorted(millionths(paper.points, paper.worth) for paper in counted)
    held: dict[ItemId, list[_Held]] = {}
    for paper in counted:
        for answer in _held(paper):
            held.setdefault(answer.slot.item, []).append(answer)
    holders = Counter(slot.item for paper in papers for slot in paper.slots if slot.worth)
    return {item: _sums(holders[item], held.get(item, []), wholes) for item in sorted(holders)}


def _held(paper: AnsweredPaper) -> list[_Held]:
    points, worth = paper.points, paper.worth
    whole = millionths(points, worth)
    return [
        _Held(
            slot,
            millionths(slot.points, slot.worth),
            millionths(points - slot.points, worth - slot.worth) if worth != slot.worth else None,
            whole,
        )
        for slot in paper.slots
        if slot.worth
    ]


def _sums(papers: int, held: list[_Held], wholes: list[int]) -> ItemSums:
    best = _best(held, wholes)
    return ItemSums(
        papers=papers,
        n=len(held),
        marks=sum(one.mark for one in held),
        mark_squares=sum(one.mark**2 for one in held),
        pairs=PairSums.of([(one.mark, one.rest) for one in held if one.rest is not None]),
        counts=_counts(held),
        best=len(best),
        best_counts=_counts(best),
        seconds=sum((SecondsSum.of(one.slot.seconds) for one in held), SecondsSum()),
    )


def _counts(held: list[_Held]) -> dict[str, int]:
    return dict(Counter(taken for one in held for taken in one.slot.taken))


def _best(held: list[_Held], wholes: list[int]) -> list[_Held]:
    """Return the answers of those who are among the best of the whole sitting on all questions but this one.

    Everybody of the sitting is compared: who had the question without it, the others with their whole paper. Of
    people who did equally well, all or none are among the best: the middle of the places that they share decides.
    wholes: the shares of everybody's whole paper, ascending.
    """
    replaced = sorted(one.whole for one in held)
    rests = sorted(one.rest for one in held if one.rest is not None)
    found = []
    for one in held:
        if one.rest is None:
            continue
        better = _above(wholes, one.rest) - _above(replaced, one.rest) + _above(rests, one.rest)
        equal = _equal(wholes, one.rest) - _equal(replaced, one.rest) + _equal(rests, one.rest)
        if better + Fraction(equal, 2) <= BEST_SHARE * len(wholes):
            found.append(one)
    return found


def _above(ascending: list[int], value: int) -> int:
    return len(ascending) - bisect_right(ascending, value)


def _equal(ascending: list[int], value: int) -> int:
    return bisect_right(ascending, value) - bisect_left(ascending, value)
