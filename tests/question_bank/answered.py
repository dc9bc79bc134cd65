"""Answered papers for the tests of statistics, short to write down as tables."""

from collections.abc import Sequence
from decimal import Decimal

from hypothesis import strategies as st

from question_bank.statistics.answered import BLANK, AnsweredPaper, AnsweredSlot
from question_bank.statistics.seconds import SecondsSum
from question_bank.statistics.sums import WHOLE, ItemSums, PairSums

Row = tuple[str, float, float, str]
"""Code of the question, points, worth, letters taken ("" for a blank)."""


def slot(code: str, points: float, worth: float, taken: str, stratum: int = 0, **more: float) -> AnsweredSlot:
    """Return one place of an answered paper."""
    letters = tuple(taken) or (BLANK,)
    return AnsweredSlot((code, 1), Decimal(str(points)), Decimal(str(worth)), letters, stratum, **more)


def paper(*rows: Row) -> AnsweredPaper:
    """Return an answered paper of one stratum."""
    return AnsweredPaper(tuple(slot(*row) for row in rows))


def points_paper(strata: Sequence[Sequence[float]], worth: float = 1) -> AnsweredPaper:
    """Return a paper by the points in each stratum; what was asked does not matter."""
    return AnsweredPaper(
        tuple(
            slot(f"q{number}-{place}", points, worth, "A", number)
            for number, stratum in enumerate(strata)
            for place, points in enumerate(stratum)
        )
    )


def sums(
    marks: Sequence[float], rests: Sequence[float] = (), counts: dict[str, int] | None = None, **more: object
) -> ItemSums:
    """Return the sums of these marks and rests (shares 0..1, one pair a person) of one sitting."""
    shares = [round(mark * WHOLE) for mark in marks]
    pairs = [(mark, round(rest * WHOLE)) for mark, rest in zip(shares, rests, strict=False)]
    return ItemSums(
        papers=len(marks),
        n=len(marks),
        marks=sum(shares),
        mark_squares=sum(share**2 for share in shares),
        pairs=PairSums.of(pairs),
        counts=counts or {},
        **more,  # type: ignore[arg-type]
    )


@st.composite
def any_slot(draw: st.DrawFn, number: int) -> AnsweredSlot:
    """One place with any mark, of a few questions, answered or not."""
    worth = draw(st.sampled_from([1, 2, 3]))
    taken = draw(st.sampled_from(["", "A", "B", "AB"]))
    points = draw(st.integers(0, worth * 100)) / 100 if taken else 0
    seconds = draw(st.none() | st.integers(0, 2000)) if taken else None
    code = f"q{draw(st.integers(0, 2))}-{number}"
    return AnsweredSlot((code, 1), Decimal(str(points)), Decimal(worth), tuple(taken) or (BLANK,), number, seconds)


any_paper = st.integers(1, 4).flatmap(
    lambda count: st.tuples(*(any_slot(number) for number in range(count))).map(AnsweredPaper)
)
any_papers = st.lists(any_paper, max_size=8)


@st.composite
def any_sums(draw: st.DrawFn) -> ItemSums:
    """The sums of any few people."""
    people = draw(st.lists(st.tuples(st.integers(0, WHOLE), st.none() | st.integers(0, WHOLE)), max_size=6))
    letters = st.dictionaries(st.sampled_from(["", "A", "B", "right"]), st.integers(1, 9))
    seconds = draw(st.lists(st.integers(0, 2000), max_size=6))
    return ItemSums(
        papers=len(people) + draw(st.integers(0, 3)),
        n=len(people),
        marks=sum(mark for mark, _ in people),
        mark_squares=sum(mark**2 for mark, _ in people),
        pairs=PairSums.of([(mark, rest) for mark, rest in people if rest is not None]),
        counts=draw(letters),
        best=draw(st.integers(0, 9)),
        best_counts=draw(letters),
        seconds=sum((SecondsSum.of(value) for value in seconds), SecondsSum()),
    )
