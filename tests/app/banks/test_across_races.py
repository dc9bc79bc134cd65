"""The same question brought for practice and for exams at once, on PostgreSQL, held apart by locks."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.banks import across, queries, service
from app.banks.importing import QUESTIONS
from app.banks.models import Bank, BankPurpose, Question
from app.core import imports, jobs
from app.core.clock import now
from app.core.db import db
from app.core.errors import ServiceError
from question_bank.questions import Question as Content
from tests.app.banks.files import count
from tests.app.banks.samples import LI, WANG, row, workbook_of
from tests.app.banks.test_across import CRIME, TWIN, crime, dry_run, file_of, practice
from tests.app.banks.test_source_races import behind
from tests.app.sittings.test_races import at_once

pytestmark = pytest.mark.parametrize("app", ["postgresql"], indirect=True)
__all__ = ["practice"]
PATIENCE = 1.0  # seconds for the other import to come as far, which it must not


def creating(bank_id: int, new: Content) -> Callable[[], int]:
    def act() -> int:
        return service.create(db.session.get_one(Bank, bank_id), new, actor=LI, now=now()).id

    return act


def editing(code: str, new: Content) -> Callable[[], int]:
    def act() -> int:
        question = queries.question_to_change(queries.ids_by_code([code])[code])
        return service.edit(question, new, seen=question.versions[0].digest, actor=LI, now=now()).id

    return act


def loading(import_id: int) -> Callable[[], int]:
    def act() -> int:
        found = db.session.get_one(imports.Import, import_id)
        return imports.load(QUESTIONS, found, actor=WANG, now=now()).id

    return act


def is_refused(found: Any, code: str) -> bool:
    return isinstance(found, ServiceError) and found.code == code


def test_of_two_who_save_it_at_once_for_both_purposes_the_second_is_refused(
    app: Flask, bank: Bank, practice: Bank
) -> None:
    live, other = bank.id, practice.id
    found = behind(app, creating(live, crime("sc-1")), creating(other, crime("sc-2", TWIN)))
    assert is_refused(found, "question_duplicate_other_purpose")
    found = behind(app, creating(other, crime("sc-3", "又一题")), creating(live, crime("sc-4", "又，一题")))
    assert is_refused(found, "question_duplicate_other_purpose")
    found = behind(app, creating(other, crime("sc-5", "第三题")), creating(live, crime("sc-6", "第三题。")))
    assert is_refused(found, "question_duplicate_meanwhile")
    assert count() == 3


def test_an_edit_behind_a_question_of_the_other_purpose_is_refused(app: Flask, bank: Bank, practice: Bank) -> None:
    live = bank.id
    service.create(practice, crime("sc-1", "别的题干"), actor=LI, now=now())
    db.session.commit()
    assert is_refused(
        behind(app, creating(live, crime("sc-2")), editing("sc-1", crime("sc-1", TWIN))),
        "question_duplicate_other_purpose",
    )


def test_an_import_behind_a_question_of_the_other_purpose_is_refused(app: Flask, bank: Bank, practice: Bank) -> None:
    live, other = bank.id, practice.id
    for bank_id, own, stem in ((live, practice, CRIME), (other, bank, "又一题")):
        import_id = dry_run(own, file_of("示例题干甲（　　）。", f"{stem}，")).id
        db.session.commit()
        found = behind(app, creating(bank_id, crime(f"sc-{bank_id}", stem)), loading(import_id))
        assert is_refused(found, "question_duplicates_meanwhile")
    assert count() == 2


def test_a_question_behind_an_import_of_the_other_purpose_is_refused(app: Flask, bank: Bank, practice: Bank) -> None:
    live = bank.id
    import_id = dry_run(practice, file_of(CRIME)).id
    db.session.commit()
    found = behind(app, loading(import_id), creating(live, crime("sc-1", TWIN)))
    assert is_refused(found, "question_duplicate_other_purpose")
    assert count() == 1


def test_an_import_for_practice_stops_no_author_while_it_writes(
    app: Flask, bank: Bank, practice: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Authors save for exams and for practice between two batches, and the import is done all the same."""
    live, other = bank.id, practice.id
    import_id = dry_run(practice, file_of("示例题干甲（　　）。", "示例题干乙（　　）。")).id
    db.session.commit()
    saved: list[Any] = []

    def author(done: int, _total: int) -> None:
        new = [(live, f"live-{done}", f"考试题{done}"), (other, f"own-{done}", f"练习题{done}")]
        saved.extend(at_once(app, *(creating(own, crime(code, stem)) for own, code, stem in new)))

    monkeypatch.setattr(service, "WRITTEN_AT_ONCE", 1)
    monkeypatch.setattr(jobs, "report", author)
    loading(import_id)()
    db.session.commit()
    assert len(saved) == 4 and all(isinstance(one, int) for one in saved), saved
    assert count() == 6


def codes_of(*pairs: tuple[str, str]) -> bytes:
    """Return a file of questions with these codes and stems, in this order."""
    return workbook_of([row(stem, 编号=code) for code, stem in pairs])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((("c-1", "题甲"), ("c-2", "题乙")), (("c-3", "题乙"), ("c-4", "题甲"))),
        ((("c-1", "题甲"), ("c-2", "题乙")), (("c-2", "题丙"), ("c-1", "题丁"))),
        ((("c-1", "题甲"), ("c-2", "题乙")), (("c-3", "题乙"), ("c-1", "题丁"))),
    ],
    ids=["questions", "codes", "both"],
)
def test_two_imports_of_the_same_in_another_order_take_turns(
    app: Flask,
    bank: Bank,
    monkeypatch: pytest.MonkeyPatch,
    first: tuple[tuple[str, str], ...],
    second: tuple[tuple[str, str], ...],
) -> None:
    """Each waits for the other once its first row is written, if the other comes so far: neither could go on then."""
    ids = [dry_run(bank, codes_of(*pairs)).id for pairs in (first, second)]
    db.session.commit()
    both_began = threading.Barrier(2)

    def wait(done: int, _total: int) -> None:
        if done:
            with suppress(threading.BrokenBarrierError):
                both_began.wait(PATIENCE)

    monkeypatch.setattr(service, "WRITTEN_AT_ONCE", 1)
    monkeypatch.setattr(jobs, "report", wait)
    found = at_once(app, *(loading(one) for one in ids))
    (refused,) = [one for one in found if not isinstance(one, int)]
    codes = ("question_duplicates_meanwhile", "question_codes_taken_meanwhile")
    assert any(is_refused(refused, code) for code in codes), refused
    assert count() == 2


def test_who_writes_for_exams_does_not_wait_for_others_who_do(app: Flask, bank: Bank) -> None:
    live = bank.id
    creating(live, crime("sc-1"))()
    with app.app_context():
        across.hold([BankPurpose.LIVE])
        db.session.rollback()
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Question)) == 0
