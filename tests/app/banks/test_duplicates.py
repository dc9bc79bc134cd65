"""The same question twice, and questions that read alike, found through indexes."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from app.banks import copies, duplicates, service
from app.banks.models import Bank, BankPurpose, Question, QuestionState
from app.core.clock import now
from app.core.db import db
from app.core.errors import ServiceError, worded
from question_bank.similarity import similarity
from question_bank.starter import load_starter
from tests import sample
from tests.app.banks.at_scale import bank_of, content, heard
from tests.app.banks.samples import LI, WANG, drafts, single_choice, true_false

STEM = "生产经营单位的主要负责人对本单位安全生产工作全面负责。"
ALIKE = "生产经营单位的主要负责人对本单位的安全生产工作全面负责。"


def practice_bank() -> Bank:
    row = Bank(code="general_practice", name_zh="练习", name_en="p", purpose=BankPurpose.PRACTICE, created_at=now())
    found: Bank = sample.added(row)
    return found


def test_a_practice_and_a_live_bank_never_share_a_question(app: Flask, bank: Bank) -> None:
    practice = practice_bank()
    service.create(bank, single_choice("sc-1"), actor=WANG, now=now())
    with pytest.raises(ServiceError, match=r"^question_duplicate_other_purpose") as refused:
        service.create(practice, single_choice("sc-2"), actor=LI, now=now())
    assert "sc-1" in worded(refused.value)
    assert "练习题库与考试题库不能有相同的试题" in worded(refused.value)


def test_the_same_question_is_refused_in_another_bank_too(app: Flask, bank: Bank) -> None:
    service.create(bank, single_choice("sc-1"), actor=WANG, now=now())
    with pytest.raises(ServiceError, match=r"^question_duplicate "):
        service.create(bank_of("mines"), single_choice("sc-2"), actor=LI, now=now())


def test_an_edit_into_another_question_is_refused(app: Flask, bank: Bank) -> None:
    service.create(bank, single_choice("sc-1"), actor=WANG, now=now())
    second = service.create(bank, single_choice("sc-2", stem="下列哪一项是别的示例（　　）。"), actor=WANG, now=now())
    with pytest.raises(ServiceError, match=r"^question_duplicate "):
        service.edit(second, single_choice("sc-2"), seen=second.versions[0].digest, actor=WANG, now=now())


def test_a_retired_question_makes_room_for_the_same_one(app: Flask, bank: Bank) -> None:
    first = service.create(bank, single_choice("sc-1"), actor=WANG, now=now())
    seen = first.versions[0].digest
    service.move(first, QuestionState.RETIRED, seen=seen, reason="示例", actor=LI, now=now())
    service.create(bank, single_choice("sc-2"), actor=WANG, now=now())
    db.session.commit()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Question)) == 2


def test_two_who_save_the_same_question_at_once_do_not_both_succeed(app: Flask, bank: Bank) -> None:
    """The check saw nothing; the database decides."""
    service.create(bank, single_choice("sc-1"), actor=WANG, now=now())
    db.session.commit()
    twin = {"bank_id": bank.id, "code": "sc-2", "created_at": now(), **copies.columns(single_choice("sc-2"))}
    with pytest.raises(IntegrityError, match="fingerprint"):
        db.session.execute(sa.insert(Question), [twin])
    db.session.rollback()
    with pytest.raises(ServiceError, match=r"^question_duplicates_meanwhile"):
        service.add_drafts(drafts([single_choice("sc-3")]), {"general": bank.id}, actor=LI, now=now())
    db.session.rollback()


def test_race_on_saving_is_worded_beside_the_stem(app: Flask, bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    service.create(bank, single_choice("sc-1"), actor=WANG, now=now())
    db.session.commit()
    monkeypatch.setattr(duplicates, "same_as", lambda *_args, **_kwargs: None)
    with pytest.raises(ServiceError, match=r"^question_duplicate_meanwhile") as refused:
        service.create(bank, single_choice("sc-2"), actor=LI, now=now())
    assert refused.value.field == "stem"
    db.session.rollback()


def test_stems_that_read_alike_are_found_in_any_bank_and_state_but_retired(app: Flask, bank: Bank) -> None:
    one = service.create(bank, true_false("tf-1", STEM), actor=WANG, now=now())
    service.create(bank_of("mines"), true_false("tf-2", "动火作业前应当检测可燃气体浓度。"), actor=WANG, now=now())
    (pair,) = duplicates.alike(true_false("tf-3", ALIKE))
    assert (pair.other, pair.other_stem, pair.percent) == ("tf-1", STEM, int(similarity(STEM, ALIKE) * 100))
    assert duplicates.alike(true_false("tf-1", STEM), but=one.id) == []
    service.move(one, QuestionState.RETIRED, seen=one.versions[0].digest, reason="示例", actor=LI, now=now())
    assert duplicates.alike(true_false("tf-3", ALIKE)) == []


def test_an_edited_stem_is_compared_as_it_reads_now(app: Flask, bank: Bank) -> None:
    one = service.create(bank, true_false("tf-1", STEM), actor=WANG, now=now())
    changed = true_false("tf-1", "动火作业前应当检测可燃气体浓度。")
    service.edit(one, changed, seen=one.versions[0].digest, actor=WANG, now=now())
    assert duplicates.alike(true_false("tf-3", ALIKE)) == []
    assert len(duplicates.alike(replace(changed, code="tf-4"))) == 1


def test_a_file_is_compared_with_the_banks_and_with_itself(app: Flask, bank: Bank) -> None:
    service.create(bank, true_false("tf-1", STEM), actor=WANG, now=now())
    new = [
        true_false("n-1", ALIKE),
        true_false("n-2", "进入受限空间作业前应当先通风、再检测、后作业。"),
        true_false("n-3", "进入受限空间作业前，应当先通风，再检测，后作业！"),
        true_false("n-4", "动火作业前应当检测可燃气体浓度。"),
    ]
    found = [(pair.code, pair.other) for pair in duplicates.alike_among(new, 10)]
    assert found == [("n-3", "n-2"), ("n-1", "tf-1")]
    assert len(duplicates.alike_among(new, 1)) == 1


def test_an_exported_file_that_comes_back_is_not_like_itself(app: Flask, bank: Bank) -> None:
    one, other = true_false("tf-1", STEM), true_false("tf-2", ALIKE)
    for each in (one, other):
        service.create(bank, each, actor=WANG, now=now())
    assert [(pair.code, pair.other) for pair in duplicates.alike_among([one, other], 10)] == [("tf-2", "tf-1")]


def test_starter_questions_have_no_twin_and_few_look_alikes(app: Flask) -> None:
    assert duplicates.alike_among(load_starter(), 10) == []


def test_saving_asks_for_a_bounded_number_of_questions_whatever_the_crowd(app: Flask, bank: Bank) -> None:
    """A hundred stems alike: of a crowd only some are compared, and the statements stay the same."""
    crowd = [content(number, stem=f"{STEM[:-1]}{'示例' * (number % 2)}第{number}题") for number in range(150)]
    service.add_drafts(drafts(crowd), {"general": bank.id}, actor=WANG, now=now())
    with heard() as statements:
        found = duplicates.alike(true_false("tf-1", f"{STEM[:-1]}第7题"))
    assert 0 < len(found) <= duplicates.MOST_COMPARED
    assert len(statements) == 2
