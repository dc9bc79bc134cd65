"""Legal sources: which documents are the same, what may be approved after a change, whether one is in force that day.

A question names its source in words (document, article). People spell one document in several ways; the law knows it
under one name.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from question_bank.articles import touches
from question_bank.errors import LifecycleError
from question_bank.questions import Question

LONGEST_KEY = 200
_BRACKETS = str.maketrans(dict.fromkeys("《》〈〉「」『』“”\"'‘’") | dict(zip("〔〕【】[]{}", "()" * 4, strict=True)))
_NATION = "中华人民共和国"
_EDITION = re.compile(r"\([^()]*\)$")


class Standing(StrEnum):
    """Where a legal document stands."""

    IN_FORCE = "in_force"
    CHANGED = "changed"
    REPEALED = "repealed"


@dataclass(frozen=True)
class Mark:
    """That a document was changed or repealed, from the day *since*, which may lie ahead.

    articles: of a change, those it touches, as questions write them; empty: the whole document. recorded_at: when
    somebody wrote this down.
    """

    standing: Standing
    since: date
    recorded_at: datetime
    articles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """That a reviewer compared a question with its document at the moment *at*, as known then to read on the day *to*:
    today, or a later day for whose changes they spoke."""

    at: datetime
    to: date

    def settles(self, mark: Mark) -> bool:
        """Whether *mark* was known and in what was compared."""
        return self.at > mark.recorded_at and self.to >= mark.since


def source_key(document: str) -> str:
    """Return what makes two spellings of a document's name the same: no width, case, blanks, title or quotation marks.

    At most LONGEST_KEY characters; "" for a name of nothing but such marks. The year of the edition stays: a law as
    amended in 2021 is not the law as amended in 2014.
    """
    folded = unicodedata.normalize("NFKC", document).casefold().translate(_BRACKETS)
    key = "".join(folded.split())
    return key if len(key) <= LONGEST_KEY else sha256(key.encode()).hexdigest()


def core_name(document: str) -> str:
    """Return the name without the nation's in front and the edition in brackets behind.

    Two documents that share it may be one law under two spellings, or two editions of it: for a person to judge.
    """
    core = source_key(document).removeprefix(_NATION)
    while (shorter := _EDITION.sub("", core)) not in ("", core):
        core = shorter
    return core


def is_in_force(day: date, first: date | None, last: date | None) -> bool:
    """Say whether a source in force from *first* to *last*, both inclusive, is in force on *day*; None: open there."""
    return (first is None or first <= day) and (last is None or day <= last)


def is_in_doubt(question: Question, mark: Mark, comparisons: Iterable[Comparison] = ()) -> bool:
    """Say whether *mark* puts in doubt what *question* says, from its day on.

    A repeal does in any case. A change does not if it touches other articles, if the source of the question is stated
    to be in force only since then (source_from), or if somebody compared the question with the changed text.
    comparisons: those that reviewers made while it rested on the same article.
    """
    if mark.standing is Standing.REPEALED:
        return True
    is_new = bool(question.source_from) and question.source_from >= mark.since.isoformat()
    is_settled = any(one.settles(mark) for one in comparisons)
    return not is_new and not is_settled and touches(question.source_article, mark.articles)


def check_source(question: Question, doubts: Iterable[Mark]) -> None:
    """Refuse to approve *question* on a source that no longer says what it did.

    doubts: the marks that have taken effect and put it in doubt, without those that the reviewer has compared it with.
    Raises LifecycleError: "source_repealed", "source_changed".
    """
    standings = {mark.standing for mark in doubts}
    if Standing.REPEALED in standings:
        raise LifecycleError("source_repealed", document=question.source_document)
    if standings:
        raise LifecycleError("source_changed", document=question.source_document)


def last_day(question: Question, doubts: Iterable[Mark]) -> date | None:
    """Return the last day on which *question* may be drawn: that of its source, or the one before a mark; None: open.

    doubts: the marks that put it in doubt.
    """
    stated = [date.fromisoformat(question.source_to)] if question.source_to else []
    return min([*stated, *(_day_before(mark) for mark in doubts)], default=None)


def compared_to(today: date, known: Iterable[Comparison], done: Iterable[Mark], left: Iterable[Mark]) -> date:
    """Return the day to which a question is compared *today*: as far as the changes *done* and what was *known* before
    reach, never to a change that is *left*, whose day is to come."""
    furthest = max([today, *(one.to for one in known), *(mark.since for mark in done)])
    return min([furthest, *(_day_before(mark) for mark in left)])


def _day_before(mark: Mark) -> date:
    return mark.since - timedelta(days=1)
