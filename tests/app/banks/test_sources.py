"""Legal documents: what happens to the questions when one changes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError

from app.audit.models import AuditEvent
from app.audit.service import faults
from app.banks import documents, pool, service, sources
from app.banks.history import document_history, history
from app.banks.models import Bank, Question, QuestionState
from app.banks.models_documents import LegalDocument
from app.banks.models_review import SourceSuspension
from app.core.clock import now, today
from app.core.db import db
from app.core.errors import MESSAGES, ServiceError, worded
from question_bank.sources import Standing
from tests import sample
from tests.app.banks.samples import LI, WANG, drafts, single_choice, true_false
from tests.app.banks.test_lifecycle import compared, edit, move
from tests.conftest import Clock
from tests.queries import counted

LAW = "示例安全法（2021年修正）"


def approved(bank: Bank, code: str, **changes: Any) -> Question:
    """An approved question on LAW, article one unless *changes* say otherwise."""
    content = true_false(code, f"{code}：示例判断题的题干。", **{"source_document": LAW, **changes})
    question = service.create(bank, content, actor=WANG, now=now())
    move(question, QuestionState.IN_REVIEW, WANG)
    return move(question, QuestionState.APPROVED, LI)


def waiting(bank: Bank, code: str, **changes: Any) -> Question:
    content = true_false(code, f"{code}：示例判断题的题干。", **{"source_document": LAW, **changes})
    question = service.create(bank, content, actor=WANG, now=now())
    return move(question, QuestionState.IN_REVIEW, WANG)


def law() -> LegalDocument:
    return db.session.scalars(sa.select(LegalDocument).where(LegalDocument.name == LAW)).one()


def noticed(standing: str, **changes: Any) -> sources.Notice:
    return sources.Notice(**{"standing": Standing(standing), "changed_on": today(), "note": "示例说明", **changes})


def foreseen(standing: str, **changes: Any) -> list[tuple[Bank, int]]:
    return documents.effect(documents.concerned(law(), noticed(standing, **changes).as_mark(now())))


def withdrawn(number: int = -1, reason: str = "标错了文件") -> int:
    count = sources.withdraw(law().id, law().marks[number].id, reason, actor=LI, now=now())
    db.session.commit()
    return count


def marked(standing: str = "repealed", **changes: Any) -> int:
    count = sources.mark(law().id, noticed(standing, **changes), actor=LI, now=now())
    db.session.commit()
    return count


def states(*questions: Question) -> list[QuestionState]:
    db.session.expire_all()
    return [question.state for question in questions]


def refusal(code: str) -> Any:
    assert code in MESSAGES
    return pytest.raises(ServiceError, match=f"^{code}")


@pytest.mark.parametrize(
    "spelled", ["《示例安全法》（2021年修正）", "示例安全法(2021年修正)", "示例 安全法（2021年修正）"]
)
def test_spellings_of_one_name_are_one_document(app: Flask, bank: Bank, spelled: str) -> None:
    approved(bank, "a-1")
    approved(bank, "a-2", source_document=spelled)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(LegalDocument)) == 1


def test_another_edition_is_another_document_that_is_pointed_out(app: Flask, bank: Bank) -> None:
    approved(bank, "a-1")
    approved(bank, "a-2", source_document="示例安全法（2014年修正）")
    approved(bank, "a-3", source_document="其他示例法")
    assert [one.name for one in documents.named_alike(law())] == ["示例安全法（2014年修正）"]


def test_one_step_takes_every_question_of_the_document_out_of_every_bank(app: Flask, bank: Bank) -> None:
    mines = sample.added(Bank(code="mines", name_zh="矿山题库", name_en="Mines", created_at=now()))
    first, second = approved(bank, "a-1"), approved(mines, "m-1", source_article="第九条")
    other, pending = approved(bank, "a-2", source_document="其他示例法"), waiting(bank, "a-3")
    assert [(one.code, count) for one, count in foreseen("repealed")] == [
        ("general", 1),
        ("mines", 1),
    ]
    assert marked() == 2
    suspended, kept, review = QuestionState.SUSPENDED, QuestionState.APPROVED, QuestionState.IN_REVIEW
    assert states(first, second, other, pending) == [suspended, suspended, kept, review]
    assert len(pool.current_versions(["general", "mines"], today())) == 1


def test_the_step_is_one_event_that_every_timeline_tells(app: Flask, bank: Bank, clock: Clock) -> None:
    questions = [approved(bank, f"a-{number}") for number in range(3)]
    clock.advance(hours=1)
    marked("changed", document_number="示例令第1号", replaced_by="示例新法")
    kinds = db.session.scalars(sa.select(AuditEvent.kind).order_by(AuditEvent.id)).all()
    assert kinds.count("LegalDocumentMarked") == 1
    for question in questions:
        sentence = f"暂停使用：“{LAW}”自 2026-03-02 起修改。示例说明"
        assert history(question)[-1][1:] == (sentence, LI.name)
    assert document_history(law())[-1][1] == "自 2026-03-02 起修改，暂停 3 道试题：示例说明"
    assert list(faults()) == []


def test_a_change_of_some_articles_leaves_the_others_in_use(app: Flask, bank: Bank) -> None:
    ninth, tenth = approved(bank, "a-1", source_article="第九条第一款"), approved(bank, "a-2", source_article="第十条")
    assert [one.article for one in documents.articles_of(law())] == ["第九条第一款", "第十条"]
    assert marked("changed", articles=("第九条第一款",)) == 1
    assert states(ninth, tenth) == [QuestionState.SUSPENDED, QuestionState.APPROVED]


def test_a_change_of_an_article_takes_out_every_question_that_rests_on_it_however_it_is_cited(
    app: Flask, bank: Bank
) -> None:
    cited = ["第九条", "第九条第二款", "第八条、第九条", "第8条至第10条", "第十条", "第十九条", "前言"]
    found = [approved(bank, f"a-{number}", source_article=article) for number, article in enumerate(cited)]
    assert [(one.code, count) for one, count in foreseen("changed", articles=("第九条",))] == [("general", 4)]
    assert marked("changed", articles=("第九条",)) == 4
    left = [article for article, state in zip(cited, states(*found), strict=True) if state is QuestionState.APPROVED]
    assert left == ["第十条", "第十九条", "前言"]


def test_a_change_of_an_item_takes_out_what_it_holds_and_what_holds_it(app: Flask, bank: Bank) -> None:
    cited = ["一、（一）", "一、（一）2", "一、（一）4", "一、（二）2", "一、（十一）"]
    found = [approved(bank, f"a-{number}", source_article=article) for number, article in enumerate(cited)]
    assert marked("changed", articles=("一、（一）2",)) == 2
    gone, kept = QuestionState.SUSPENDED, QuestionState.APPROVED
    assert states(*found) == [gone, gone, kept, kept, kept]
    assert marked("changed", articles=("一、（一）",)) == 1
    assert states(*found) == [gone, gone, gone, kept, kept]


def test_nothing_is_approved_on_a_repealed_document(app: Flask, bank: Bank) -> None:
    question = waiting(bank, "a-1")
    marked()
    with refusal("question_source_repealed") as refused:
        move(question, QuestionState.APPROVED, LI, compared=compared(question))
    assert LAW in worded(refused.value)
    assert question.state is QuestionState.IN_REVIEW


def test_on_a_changed_document_the_reviewer_says_to_have_compared(app: Flask, bank: Bank, clock: Clock) -> None:
    question = waiting(bank, "a-1")
    clock.advance(hours=1)
    marked("changed")
    with refusal("question_source_changed"):
        move(question, QuestionState.APPROVED, LI)
    clock.advance(hours=1)
    move(question, QuestionState.APPROVED, LI, compared=compared(question))
    assert history(question)[-1][1] == "第 1 版审定通过，已按修改后的条文核对"


def test_a_question_written_on_the_new_text_or_on_other_articles_needs_no_tick(app: Flask, bank: Bank) -> None:
    new = waiting(bank, "a-1", source_article="第九条", source_from=today().isoformat())
    old = waiting(bank, "a-2", source_article="第九条第二款", source_from="2021-09-01")
    other = waiting(bank, "a-3", source_article="第十条")
    marked("changed", articles=("第九条",))
    for question in (new, other):
        assert move(question, QuestionState.APPROVED, LI).state is QuestionState.APPROVED
    with refusal("question_source_changed"):
        move(old, QuestionState.APPROVED, LI)


def test_a_suspended_question_comes_back_on_another_document(app: Flask, bank: Bank) -> None:
    question = approved(bank, "a-1")
    marked()
    edit(question, WANG, source_document="示例新法")
    move(question, QuestionState.IN_REVIEW, WANG)
    assert move(question, QuestionState.APPROVED, LI).state is QuestionState.APPROVED


def test_a_bank_that_arrives_as_a_whole_leaves_out_what_is_outdated(app: Flask, bank: Bank) -> None:
    stale, sound = waiting(bank, "a-1"), waiting(bank, "a-2", source_document="其他示例法")
    marked()
    assert service.approve_where_possible([stale, sound], actor=LI, now=now()) == 1
    assert states(stale, sound) == [QuestionState.IN_REVIEW, QuestionState.APPROVED]


def test_a_mistaken_mark_is_taken_back_but_questions_come_back_by_review_only(app: Flask, bank: Bank) -> None:
    question = approved(bank, "a-1")
    marked()
    withdrawn()
    assert (law().standing, law().changed_on) == (Standing.IN_FORCE, None)
    assert states(question) == [QuestionState.SUSPENDED]
    move(question, QuestionState.IN_REVIEW, WANG)
    assert move(question, QuestionState.APPROVED, LI).state is QuestionState.APPROVED
    with refusal("source_mark_withdrawn"):
        withdrawn()


def test_a_repealed_document_does_not_change(app: Flask, bank: Bank) -> None:
    question = approved(bank, "a-1")
    with refusal("source_standing_missing"):
        marked("in_force")
    assert states(question) == [QuestionState.APPROVED]
    marked("repealed")
    with refusal("source_is_repealed"):
        marked("changed")
    assert marked("repealed", changed_on=date(2026, 1, 1)) == 0


def test_a_source_is_drawn_on_its_days_only(app: Flask, bank: Bank) -> None:
    days = {"source_from": "2026-03-02", "source_to": "2026-03-31"}
    question = approved(bank, "a-1", **days)
    drawn = {
        day: bool(pool.current_versions(["general"], date.fromisoformat(day)))
        for day in ("2026-03-01", "2026-03-02", "2026-03-31", "2026-04-01")
    }
    assert list(drawn.values()) == [False, True, True, False]
    edit(question, WANG, source_to="")
    move(question, QuestionState.IN_REVIEW, WANG)
    move(question, QuestionState.APPROVED, LI)
    assert pool.current_versions(["general"], date(2026, 4, 1))


def test_questions_that_arrive_in_bulk_are_linked_with_their_documents(app: Flask, bank: Bank) -> None:
    contents = [true_false("b-1", source_document=LAW), single_choice("b-2", source_document=f"《{LAW}》")]
    contents.append(true_false("b-3", "没有依据的示例草稿。", source_document=""))
    service.add_drafts(drafts(contents), {"general": bank.id}, actor=WANG, now=now())
    linked = db.session.scalars(sa.select(Question.legal_document_id).order_by(Question.code)).all()
    assert linked == [law().id, law().id, None]


def test_what_was_suspended_and_why_is_never_forgotten(app: Flask, bank: Bank) -> None:
    approved(bank, "a-1")
    marked()
    for statement in (sa.delete(SourceSuspension), sa.update(SourceSuspension).values(version=9)):
        with pytest.raises(DBAPIError):
            db.session.execute(statement)
        db.session.rollback()


def test_a_step_over_many_questions_takes_a_bounded_number_of_statements(app: Flask, bank: Bank) -> None:
    for number in range(3):
        approved(bank, f"a-{number}")
    db.session.commit()
    with counted() as few:
        marked("changed")
    withdrawn()
    for number in range(20):
        approved(bank, f"b-{number}")
    db.session.commit()
    with counted() as many:
        marked("changed")
    assert len(many) == len(few)
