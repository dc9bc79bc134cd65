"""Practice and live never share a question, however it is written: what has been practised is not asked in an exam.

Found by wording (question_bank.wording) through an index: questions in use of a bank of the other purpose that ask the
same, as a whole or as a part of a case study. Asked whenever a question comes in or is edited.

Not covered: the same question in other words, or with the same picture saved in another way; the same part in two case
studies whose texts differ, for there it may have another answer; two that stood in the banks before wordings were kept,
until one of them is edited; a question whose payload an older rule let in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.banks.models import Bank, BankPurpose, Question, QuestionState, QuestionWording
from app.core.db import db, portions
from app.core.errors import ServiceError
from app.core.i18n import localised
from question_bank.questions import Question as Content
from question_bank.wording import Wordings

LOCK = 2_026_110_901  # any number that no other advisory lock of the database has
TURN = 2_026_112_601
LOOKED_UP_AT_ONCE = 2_000


@dataclass(frozen=True)
class Shared:
    """What a new question shares with one in a bank of the other purpose.

    part, other_part: numbers of the parts of case studies that ask the same, 0 for a question without parts.
    code, bank_zh, bank_en: of the other question and its bank.
    """

    part: int
    other_part: int
    code: str
    bank_zh: str
    bank_en: str

    @property
    def refusal(self) -> str:
        """The code of the sentence that says so."""
        if self.part:
            return "question_part_duplicate_of_part" if self.other_part else "question_part_duplicate"
        return "question_duplicate_of_part" if self.other_part else "question_duplicate_other_purpose"

    @property
    def data(self) -> dict[str, Any]:
        """Values for the sentence, as JSON."""
        parts = {"own_part": self.part, "other_part": self.other_part}
        return with_bank({"other": self.code, "bank_zh": self.bank_zh, "bank_en": self.bank_en, **parts})


def with_bank(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return *data* of a refusal with "bank" in the reader's language, if they name a bank in two: what was found by
    one is read by another."""
    return {**data, "bank": localised(data["bank_zh"], data["bank_en"])} if "bank_zh" in data else {**data}


def refuse_shared(content: Content, purpose: BankPurpose, *, but: int | None = None) -> None:
    """Refuse *content* for a bank of *purpose* if one of the other purpose asks the same; but: an id to leave out.

    Raises ServiceError of the codes of Shared.refusal (field "stem").
    """
    shared = shared_by([content.wordings], purpose, but=but).get(content.wordings)
    if shared is not None:
        raise ServiceError(shared.refusal, field="stem", **shared.data)


def shared_by(asked: Collection[Wordings], purpose: BankPurpose, *, but: int | None = None) -> dict[Wordings, Shared]:
    """Return what questions that are to stand in banks of *purpose* share with those in use of the other purpose."""
    known = _known((one.digest for each in asked for one in each.same), purpose, but)
    found: dict[Wordings, Shared] = {}
    for each in asked:
        for one in each.same:
            if one.digest in known and each not in found:
                found[each] = Shared(one.part, *known[one.digest])
    return found


def take_turns() -> None:
    """Let whoever brings many questions wait here for others who do, until they commit.

    Codes and fingerprints are unique over all banks. Two files that share some would, in whatever order each is
    written, wait for one another's rows: sorted by one of the two they still cross by the other. Who saves a single
    question takes no turn: it holds nothing that an import could come to wait for while it waits itself.
    """
    if db.engine.dialect.name == "postgresql":
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(TURN)))


def hold(purposes: Collection[BankPurpose]) -> None:
    """Let nobody who brings questions of the other purpose come between now and the commit.

    Asked when everything is written, just before the last comparison and the commit, so that it lasts for moments
    however long the writing took. Of two who save the same question for practice and for exams at once, the second then
    sees what the first committed (READ COMMITTED) and is refused; where it is the same sign for sign, the unique
    fingerprint has refused it before. Whoever writes for exams waits for nobody else who does; whoever writes for
    practice waits for everybody. Who holds it writes nothing more but the event, and so waits for no row of a question,
    a document or a picture: two never wait for each other. SQLite has one writer in any case.
    """
    if db.engine.dialect.name == "postgresql":
        is_shared = BankPurpose.PRACTICE not in purposes
        take = sa.func.pg_advisory_xact_lock_shared if is_shared else sa.func.pg_advisory_xact_lock
        db.session.execute(sa.select(take(LOCK)))


def _known(digests: Iterable[str], purpose: BankPurpose, but: int | None) -> dict[str, tuple[int, str, str, str]]:
    """Return part, code and names of the bank of the first question of the other purpose that has each digest."""
    found: dict[str, tuple[int, str, str, str]] = {}
    columns = (QuestionWording.digest, QuestionWording.part, Question.code, Bank.name_zh, Bank.name_en)
    query = sa.select(*columns).join(Question, Question.id == QuestionWording.question_id).join(Question.bank)
    query = query.where(Question.state != QuestionState.RETIRED, Bank.purpose != purpose)
    if but is not None:
        query = query.where(Question.id != but)
    for some in portions(dict.fromkeys(digests), LOOKED_UP_AT_ONCE):
        among = query.where(QuestionWording.digest.in_(some)).order_by(Question.code.desc())
        found.update((digest, (part, code, zh, en)) for digest, part, code, zh, en in db.session.execute(among))
    return found
