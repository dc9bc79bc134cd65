"""Finding questions in a bank of any size: search, filters, order, one page at a time.

A database that plans for itself now and then sorts 100,000 rows to show 25 of them. So the way is chosen here:

- What one index gives in the order asked for (a whole bank, one filter) is read from that index.
- For everything else the first WINDOW rows in that order, of the smallest set that an index has in order, are looked
  through row by row. Common words and wide filters fill a page that way, and in a small bank it is the whole answer.
- If that does not fill the page, few questions are meant, or they lie far behind: those that the narrowest index names
  (the search index, a tag, a knowledge point, a source, an author, state with kind and difficulty) are gathered and
  sorted.

Exact counts by state, kind and difficulty stand in question_count; others are counted up to COUNTED, or as far as was
looked. Statements stay a handful whatever the bank.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.banks import search
from app.banks.models import Question, QuestionCount, QuestionState, QuestionTag
from app.core.db import db
from app.core.tables import Filter, bounded_count
from question_bank.kinds import KINDS
from question_bank.questions import DIFFICULTIES

WINDOW = 1_200
WHOLE = 2_500  # a set of no more is looked through to its end: quicker than to begin anew
WIDEST_WINDOW = 10_000  # for late pages
COUNTED = 10_000
MOST_PAGES = 400
FENCE = 1_000_000  # keeps a database from merging a subquery into what is around it; more than any bank has

COUNTED_BY: Mapping[str, Sequence[Any]] = {
    "state": tuple(QuestionState),
    "kind": tuple(KINDS),
    "difficulty": DIFFICULTIES,
}
LEADING = ("knowledge_point", "source_document", "state", "difficulty", "kind")
"""Columns with an index (bank_id, column, code); of those asked for, the one with the fewest questions leads."""

Condition = sa.ColumnElement[bool]


@dataclass(frozen=True)
class Trait(Filter):
    """A filter on the column of Question that *attribute* names; on the tags if it names none.

    is_open: every value may be asked for, not only those that are offered. A Wish takes the place of condition.
    """

    condition: Callable[[str], Any] = field(default=str, repr=False)
    attribute: str = ""
    parse: Callable[[str], Any] = str
    is_open: bool = False


@dataclass(frozen=True)
class Wish:
    """What is looked for.

    within: column -> value, where is looked at all: a bank, or a state in all banks.
    equal: column -> value; tag: "" for any; words: folded, all of them in code or stem.
    order: a column, after which comes the code; "id" stands alone.
    """

    within: Mapping[str, Any]
    equal: Mapping[str, Any] = field(default_factory=dict)
    tag: str = ""
    words: tuple[str, ...] = ()
    order: str = "code"
    descending: bool = False

    def leading(self) -> list[Mapping[str, Any]]:
        """Return the columns that an index can begin with and still give the order asked for: at least `within`."""
        suited = LEADING if self.order == "code" else (self.order,)
        names = [name for name in suited if name in self.equal and "bank_id" in self.within]
        return [*({**self.within, name: self.equal[name]} for name in names), self.within]

    def tests(self, question: Any, *, but: Mapping[str, Any]) -> list[Condition]:
        """Return what every row of *question* must meet, without what the columns of *but* have seen to."""
        asked = {**self.within, **self.equal}
        found = [getattr(question, name) == value for name, value in asked.items() if name not in but]
        if self.tag:
            found.append(
                sa.exists()
                .where(QuestionTag.question_id == question.id, QuestionTag.tag == self.tag)
                .correlate(question)
            )
        return [*found, *search.contains(question.search_text, self.words)]

    def select(self) -> sa.Select[Any]:
        """Select no more columns of Question than are tested and sorted by: thousands of rows may be looked through."""
        names = {"id": None, "code": None, self.order: None, **self.within, **self.equal}
        words = ("search_text",) if self.words else ()
        return sa.select(*(getattr(Question, name) for name in (*names, *words)))

    def ordered(self, question: Any) -> list[sa.ColumnElement[Any]]:
        names = [self.order] if self.order in ("code", "id") else [self.order, "code"]
        columns = [getattr(question, name) for name in names]
        return [column.desc() if self.descending else column.asc() for column in columns]


@dataclass(frozen=True)
class Found:
    """ids: of one page, in order; number: which page that is; total, is_more: as core.tables.Page has them."""

    ids: Sequence[int]
    total: int
    is_more: bool
    number: int


def find(wish: Wish, number: int, per_page: int) -> Found:
    """Return page *number* (1 or more) of what *wish* asks for; a number behind the last page gives the last page."""
    number, sizes = min(number, MOST_PAGES), _Sizes(wish)
    leading = min(wish.leading(), key=sizes.of)
    if not wish.tests(Question, but=leading):
        return _read_off(wish, leading, sizes.of(leading), number, per_page)
    found = _looked_through(wish, leading, sizes.of(leading), number, per_page)
    return found or _gathered(wish, sizes, number, per_page)


def conditions(wish: Wish) -> list[Condition]:
    """Return everything that *wish* asks as conditions on Question, for reading all of it at once."""
    narrowed = [] if not wish.words else [Question.id.in_(search.candidates(wish.words, wish.within.get("bank_id")))]
    return [*narrowed, *wish.tests(Question, but={})]


class _Sizes:
    """How many questions some columns name: (count, whether there are more). Asked once for all that is counted."""

    def __init__(self, wish: Wish) -> None:
        names = ("bank_id", *COUNTED_BY)
        columns = [getattr(QuestionCount, name) for name in names]
        asked = {name: value for name, value in wish.within.items() if name in names}
        groups = sa.select(*columns, sa.func.sum(QuestionCount.questions)).where(*_equal(QuestionCount, asked))
        rows = db.session.execute(groups.group_by(*columns)).all()
        self._groups = [(dict(zip(names, row[:-1], strict=True)), row[-1]) for row in rows]
        self._known: dict[frozenset[tuple[str, Any]], tuple[int, bool]] = {}

    def of(self, columns: Mapping[str, Any]) -> tuple[int, bool]:
        asked = frozenset(columns.items())
        if asked not in self._known:
            self._known[asked] = self._counted(columns)
        return self._known[asked]

    def _counted(self, columns: Mapping[str, Any]) -> tuple[int, bool]:
        if columns.keys() <= {"bank_id", *COUNTED_BY}:
            return sum(count for group, count in self._groups if columns.items() <= group.items()), False
        return bounded_count(sa.select(Question.id).where(*_equal(Question, columns)), COUNTED)


def _read_off(wish: Wish, leading: Mapping[str, Any], size: tuple[int, bool], number: int, per_page: int) -> Found:
    """Read a page off the index that has it in order."""
    total, is_more = size
    number = min(number, page_count(total, per_page))
    query = sa.select(Question.id).where(*_equal(Question, leading)).order_by(*wish.ordered(Question))
    ids = db.session.scalars(query.limit(per_page).offset((number - 1) * per_page)).all()
    return Found(ids, total, is_more, number)


def _looked_through(
    wish: Wish, leading: Mapping[str, Any], size: tuple[int, bool], number: int, per_page: int
) -> Found | None:
    """Look through the first rows in the order asked for; None if that does not settle the page."""
    rows = min(WINDOW + 4 * per_page * (number - 1), WIDEST_WINDOW)
    if size[0] <= WHOLE and not size[1]:
        rows = max(rows, WHOLE)
    window = wish.select().where(*_equal(Question, leading)).order_by(*wish.ordered(Question)).limit(rows)
    found = _page_of(window, wish, leading, number, per_page)
    if size[0] <= rows and not size[1]:
        return found if found.ids or number == 1 else _last_page(window, wish, leading, per_page)
    return Found(found.ids, found.total, True, number) if len(found.ids) == per_page else None


def _gathered(wish: Wish, sizes: _Sizes, number: int, per_page: int) -> Found:
    """Gather what the narrowest index names and sort it."""
    gathered = wish.select().where(*_narrowest(wish, sizes)).limit(FENCE)
    found = _page_of(gathered, wish, {}, number, per_page)
    return found if found.ids or number == 1 else _last_page(gathered, wish, {}, per_page)


def _narrowest(wish: Wish, sizes: _Sizes) -> list[Condition]:
    """Return the conditions that the index which names the fewest questions answers."""
    elsewhere = _named_elsewhere(wish)
    if not wish.equal and len(elsewhere) == 1:
        return [Question.id.in_(elsewhere[0])]
    asked = {**wish.within, **wish.equal}
    counted = {name: value for name, value in asked.items() if name in ("bank_id", *COUNTED_BY)}
    # Every column of (bank_id, state, kind, difficulty) is named, so that the index serves whichever are asked for.
    others = [getattr(Question, name).in_(values) for name, values in COUNTED_BY.items() if name not in asked]
    ways: list[tuple[int, list[Condition]]] = [(sizes.of(counted)[0], [*_equal(Question, counted), *others])]
    if "author_id" in wish.equal:  # index (state, author_id): every state is named
        columns = {"author_id": wish.equal["author_id"]}
        states = Question.state.in_([asked["state"]] if "state" in asked else COUNTED_BY["state"])
        written = [*_equal(Question, columns), states]
        ways.append((bounded_count(sa.select(Question.id).where(*written), COUNTED)[0], written))
    for name in ("knowledge_point", "source_document", "import_id"):
        if name in wish.equal:
            columns = {**wish.within, name: wish.equal[name]}
            ways.append((sizes.of(columns)[0], _equal(Question, columns)))
    least = min(size for size, _conditions in ways)
    for ids in elsewhere:
        size, _is_more = bounded_count(ids, least)
        ways.append((size, [Question.id.in_(ids)]))
        least = min(least, size)
    return min(ways, key=lambda way: way[0])[1]  # of two that seem as narrow the first: the other was not counted on


def _named_elsewhere(wish: Wish) -> list[sa.Select[Any]]:
    """Select the ids that tag and words name, each on its own."""
    bank_id = wish.within.get("bank_id")
    found = []
    if wish.tag:
        tagged = sa.select(QuestionTag.question_id).where(QuestionTag.tag == wish.tag)
        found.append(tagged if bank_id is None else tagged.where(QuestionTag.bank_id == bank_id))
    if wish.words:
        found.append(search.candidates(wish.words, bank_id))
    return found


def _page_of(rows: sa.Select[Any], wish: Wish, seen_to: Mapping[str, Any], number: int, per_page: int) -> Found:
    """Return a page of those of *rows* that pass the tests; total: of all of them, 0 if the page is behind the last."""
    question = aliased(Question, rows.subquery())
    query = sa.select(question.id, sa.func.count().over()).where(*wish.tests(question, but=seen_to))
    query = query.order_by(*wish.ordered(question)).limit(per_page).offset((number - 1) * per_page)
    found = db.session.execute(query).all()
    return Found([row[0] for row in found], found[0][1] if found else 0, False, number)


def _last_page(rows: sa.Select[Any], wish: Wish, seen_to: Mapping[str, Any], per_page: int) -> Found:
    first = _page_of(rows, wish, seen_to, 1, per_page)
    last = page_count(first.total, per_page)
    return first if last == 1 else _page_of(rows, wish, seen_to, last, per_page)


def page_count(total: int, per_page: int) -> int:
    """Return how many pages of a list with *total* rows can be opened."""
    return min(max(1, -(-total // per_page)), MOST_PAGES)


def _equal(table: Any, asked: Mapping[str, Any]) -> list[Condition]:
    return [getattr(table, name) == value for name, value in asked.items()]
