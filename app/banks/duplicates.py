"""Questions that are there already, and questions that read alike.

The same question twice is refused, whoever brings it and to whichever bank: two of them could stand in one paper. What
is practised must not be asked in an exam however it is written (app/banks/across.py). Other questions that read alike
are leads for a person, for "不得少于3人" and "不得少于5人" may be two sound questions.

Both are found through an index (app/banks/copies.py), so that saving takes no longer in a large bank. Where thousands
of stems read so alike that they crowd one band, only some of the crowd are compared.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import nsmallest
from typing import Any

import sqlalchemy as sa

from app.banks import across
from app.banks.models import Bank, BankPurpose, Question, QuestionBand, QuestionState, QuestionVersion
from app.banks.queries import is_current
from app.core import jobs
from app.core.db import db, portions
from question_bank.fingerprint import fingerprint
from question_bank.questions import Question as Content
from question_bank.similarity import BANDS, DEFAULT_THRESHOLD, bands, jaccard, shingles

MOST_COMPARED = 60  # candidates of one question, those that share the most bands
MOST_COMPARED_IN_FILE = 8  # the same for each question of a file: who reads alike shares more bands than who does not
CROWD = 50  # of those who share one band, so many are candidates
AT_ONCE = 200  # new questions of a file that are looked up together


@dataclass(frozen=True)
class Same:
    """A question that is the same as another. purpose, bank_zh, bank_en: of its bank and the names of that."""

    code: str
    purpose: BankPurpose
    bank_zh: str
    bank_en: str

    def refusal(self, purpose: BankPurpose) -> str:
        """Return the code that says why the same question does not come into a bank of *purpose*."""
        return "question_duplicate" if purpose is self.purpose else "question_duplicate_other_purpose"

    @property
    def data(self) -> dict[str, Any]:
        """Values for the sentence of the refusal, as JSON."""
        return across.with_bank({"other": self.code, "bank_zh": self.bank_zh, "bank_en": self.bank_en})


@dataclass(frozen=True)
class Alike:
    """A question that reads like another. percent: 0..100 of shared pairs of characters of the stems."""

    code: str
    other: str
    other_stem: str
    percent: int


def same_as(content: Content, *, but: int | None = None) -> Same | None:
    """Return the question in use that is the same as *content*, None if there is none; but: an id to leave out."""
    return same_as_any([fingerprint(content)], but=but).get(fingerprint(content))


def same_as_any(fingerprints: Collection[str], *, but: int | None = None) -> dict[str, Same]:
    """Return the questions in use that have one of these fingerprints, of whichever bank, by fingerprint."""
    found: dict[str, Same] = {}
    for some in portions(fingerprints):
        columns = (Question.fingerprint, Question.code, Bank.purpose, Bank.name_zh, Bank.name_en)
        query = sa.select(*columns).join(Question.bank)
        query = query.where(Question.fingerprint.in_(some), Question.state != QuestionState.RETIRED)
        if but is not None:
            query = query.where(Question.id != but)
        found.update((row.fingerprint, Same(*row[1:])) for row in db.session.execute(query))
    return found


def alike(content: Content, *, but: int | None = None) -> list[Alike]:
    """Return the questions in use whose stems read like that of *content*, most alike first; but: one to leave out."""
    shared = _sharing(bands(content.plain_stem))
    shared.pop(but or 0, None)
    pairs = _compared(content, _stems(_closest(shared, MOST_COMPARED)).values())
    return sorted(pairs, key=_most_alike_first)


def alike_among(new: Sequence[Content], most: int) -> list[Alike]:
    """Return pairs of questions that read alike, at most *most*, most alike first: each of *new*, which is to come in,
    with questions in use and with those before it.

    Looking ends when there are enough of them: somebody is to read them.
    """
    found: list[Alike] = []
    known = _KnownBands()
    codes = {content.code for content in new}
    for turn, some in enumerate(portions(new, AT_ONCE)):
        jobs.report(turn * AT_ONCE, len(new))
        signatures = {content.code: bands(content.plain_stem) for content in some}
        stored = _sharing_each(signatures)
        stems = _stems({other for closest in stored.values() for other in closest})
        for content in some:
            others = [stems[one] for one in stored[content.code] if one in stems and stems[one][0] not in codes]
            found += _compared(content, [*others, *known.candidates(signatures[content.code])])
            known.add(content, signatures[content.code])
        if len(found) >= most:
            break
    return sorted(found, key=_most_alike_first)[:most]


class _KnownBands:
    """The bands of the questions of a file that were read before."""

    def __init__(self) -> None:
        self._holders: dict[int, list[tuple[str, str]]] = defaultdict(list)

    def add(self, content: Content, values: Sequence[int]) -> None:
        for value in values:
            if len(self._holders[value]) < CROWD:
                self._holders[value].append((content.code, content.plain_stem))

    def candidates(self, values: Sequence[int]) -> list[tuple[str, str]]:
        shared = Counter(holder for value in values for holder in self._holders.get(value, ()))
        return _closest(shared, MOST_COMPARED_IN_FILE)


def _sharing(values: Sequence[int]) -> Counter[int]:
    """Return how many of the bands *values* questions share, by id; of a crowd in one band only the first."""
    if not values:
        return Counter()
    each = [
        sa.select(QuestionBand.question_id).where(QuestionBand.value == value).order_by(QuestionBand.question_id)
        for value in values
    ]
    picked = [sa.select(one.limit(CROWD).subquery().c.question_id) for one in each]
    return Counter(db.session.scalars(sa.union_all(*picked)))


def _sharing_each(signatures: Mapping[str, Sequence[int]]) -> dict[str, list[int]]:
    """Return the candidates of several questions, ids by code, found with one statement."""
    holders: dict[int, list[int]] = defaultdict(list)
    values = sorted({value for own in signatures.values() for value in own})
    query = sa.select(QuestionBand.value, QuestionBand.question_id).where(QuestionBand.value.in_(values))
    for value, holder in db.session.execute(query.limit(AT_ONCE * BANDS * CROWD)):
        if len(holders[value]) < CROWD:
            holders[value].append(holder)
    return {
        code: _closest(Counter(holder for value in own for holder in holders.get(value, ())), MOST_COMPARED_IN_FILE)
        for code, own in signatures.items()
    }


def _closest(shared: Counter[Any], most: int) -> list[Any]:
    return nsmallest(most, shared, key=lambda one: (-shared[one], one))


def _stems(question_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Return code and current stem of these questions by id; those no longer in use are left out."""
    found: dict[int, tuple[str, str]] = {}
    for some in portions(sorted(question_ids)):
        query = sa.select(Question.id, Question.code, QuestionVersion.stem).join(QuestionVersion, is_current())
        query = query.where(Question.id.in_(some), Question.state != QuestionState.RETIRED)
        found.update((own, (code, stem)) for own, code, stem in db.session.execute(query))
    return found


def _compared(content: Content, others: Iterable[tuple[str, str]]) -> list[Alike]:
    """Return those of *others*, (code, stem), whose stems are as alike as the threshold asks."""
    own = _shingles(content.plain_stem)
    shares = [(jaccard(own, _shingles(stem)), code, stem) for code, stem in others]
    return [
        Alike(content.code, code, stem, int(share * 100)) for share, code, stem in shares if share >= DEFAULT_THRESHOLD
    ]


_shingles = lru_cache(maxsize=4_096)(shingles)  # those who share a band are compared with each other again and again


def _most_alike_first(pair: Alike) -> tuple[int, str, str]:
    return -pair.percent, pair.code, pair.other
