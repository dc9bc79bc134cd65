"""Practice and live never share a question, however it is written, whoever brings it and by whichever way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask

from app.banks import across, importing_words, service
from app.banks.importing import QUESTIONS
from app.banks.models import Bank, BankPurpose, QuestionState, QuestionWording
from app.core import imports
from app.core.actors import Role
from app.core.clock import now
from app.core.db import db
from app.core.errors import ServiceError, worded
from app.core.imports import Import
from question_bank.options import lettered
from question_bank.questions import Part
from question_bank.questions import Question as Content
from tests import sample
from tests.app.banks.at_scale import bank_of, content, heard, plans
from tests.app.banks.files import upload
from tests.app.banks.samples import LI, WANG, drafts, entered, row, single_choice, true_false, workbook_of

CRIME, TWIN = "危险作业罪最高处（ ）有期徒刑。", "危险作业罪最高处____有期徒刑？"
YEARS = ("一年", "三年", "五年", "七年")
CASE = "某厂动火作业未经批准，发生爆炸。"


def crime(code: str, stem: str = CRIME, years: Sequence[str] = YEARS) -> Content:
    return replace(single_choice(code, stem), options=lettered(years))


PARTS = (
    Part("true_false", "该厂可以不经批准动火", true_false().options, ("B",)),
    Part("single_choice", f"（2）{TWIN}", lettered(YEARS[::-1]), ("C",)),
)


def case(code: str, stem: str = CASE, parts: tuple[Part, ...] = PARTS) -> Content:
    return replace(single_choice(code, stem), kind="case_study", options=(), key=(), parts=parts)


@pytest.fixture
def practice(app: Flask) -> Bank:
    row = Bank(
        code="general_practice",
        name_zh="通用练习题库",
        name_en="General practice bank",
        purpose=BankPurpose.PRACTICE,
        created_at=now(),
    )
    found: Bank = sample.added(row)
    db.session.commit()
    return found


def refused(bank: Bank, new: Content) -> ServiceError:
    with pytest.raises(ServiceError) as found:
        service.create(bank, new, actor=LI, now=now())
    assert found.value.field == "stem"
    return found.value


def test_the_same_in_other_writing_is_refused_both_ways(app: Flask, bank: Bank, practice: Bank) -> None:
    for first, second in ((bank, practice), (practice, bank)):
        one = service.create(first, crime("sc-1"), actor=WANG, now=now())
        error = refused(second, crime("sc-2", TWIN, YEARS[::-1]))
        assert error.code == "question_duplicate_other_purpose"
        assert f"与“{first.name_zh}”的试题 sc-1 相同" in worded(error)
        service.move(one, QuestionState.RETIRED, seen=one.versions[0].digest, reason="示例", actor=LI, now=now())
        service.create(second, crime("sc-2", TWIN), actor=LI, now=now())
        db.session.rollback()


def test_a_question_that_only_reads_alike_is_saved(app: Flask, bank: Bank, practice: Bank) -> None:
    service.create(bank, crime("sc-1"), actor=WANG, now=now())
    service.create(practice, crime("sc-2", "危险作业罪最低处（ ）有期徒刑。"), actor=LI, now=now())
    service.create(practice, crime("sc-3", TWIN, YEARS[:3]), actor=LI, now=now())


def test_within_one_purpose_other_writing_is_a_lead_and_no_refusal(app: Flask, bank: Bank) -> None:
    service.create(bank, crime("sc-1"), actor=WANG, now=now())
    service.create(bank_of("mines"), crime("sc-2", TWIN), actor=LI, now=now())


def test_an_edit_into_a_question_of_the_other_purpose_is_refused(app: Flask, bank: Bank, practice: Bank) -> None:
    service.create(bank, crime("sc-1"), actor=WANG, now=now())
    other = service.create(practice, crime("sc-2", "另一个示例题干（ ）"), actor=LI, now=now())
    with pytest.raises(ServiceError, match=r"^question_duplicate_other_purpose"):
        service.edit(other, crime("sc-2", TWIN), seen=other.versions[0].digest, actor=LI, now=now())


def test_an_edited_question_is_known_by_what_it_asks_now(app: Flask, bank: Bank, practice: Bank) -> None:
    one = service.create(bank, crime("sc-1"), actor=WANG, now=now())
    service.edit(one, crime("sc-1", "另一个示例题干（ ）"), seen=one.versions[0].digest, actor=WANG, now=now())
    service.create(practice, crime("sc-2", TWIN), actor=LI, now=now())
    assert refused(practice, crime("sc-3", "另一个示例题干")).data["other"] == "sc-1"
    service.edit(one, crime("sc-1", "又一个示例题干"), seen=one.versions[0].digest, actor=WANG, now=now())


def test_a_part_and_a_question_of_its_own_are_refused_both_ways(app: Flask, bank: Bank, practice: Bank) -> None:
    service.create(bank, case("cs-1"), actor=WANG, now=now())
    error = refused(practice, crime("sc-1"))
    assert (error.code, error.data["other_part"]) == ("question_duplicate_of_part", 2)
    assert "与“通用题库”的案例题 cs-1 第 2 小题相同" in worded(error)
    db.session.rollback()
    service.create(practice, crime("sc-1"), actor=WANG, now=now())
    error = refused(bank, case("cs-1"))
    assert (error.code, error.data["own_part"]) == ("question_part_duplicate", 2)
    assert "第 2 小题与“通用练习题库”的试题 sc-1 相同" in worded(error)


def test_two_cases_share_a_part_if_their_texts_read_the_same(app: Flask, bank: Bank, practice: Bank) -> None:
    service.create(bank, case("cs-1"), actor=WANG, now=now())
    swapped = case("cs-2", CASE[:-1], PARTS[::-1])
    error = refused(practice, swapped)
    assert error.code == "question_part_duplicate_of_part"
    assert "第 1 小题与“通用题库”的案例题 cs-1 第 2 小题相同" in worded(error)
    service.create(practice, replace(swapped, stem="另一起事故的示例经过。"), actor=LI, now=now())


def test_drafts_in_bulk_are_refused_also_against_one_another(app: Flask, bank: Bank, practice: Bank) -> None:
    ids = {bank.code: bank.id, practice.code: practice.id}
    both = [crime("sc-1"), replace(crime("sc-2", TWIN), bank=practice.code)]
    with pytest.raises(ServiceError, match=r"^question_duplicates_meanwhile"):
        service.add_drafts(drafts(both), ids, actor=WANG, now=now())
    db.session.rollback()
    service.add_drafts(drafts(both[:1]), ids, actor=WANG, now=now())
    with pytest.raises(ServiceError, match=r"^question_duplicates_meanwhile"):
        service.add_drafts(drafts(both[1:]), ids, actor=WANG, now=now())


def file_of(*stems: str) -> bytes:
    there = {f"选项{letter}": years for letter, years in zip("ABCD", YEARS, strict=True)}
    return workbook_of([row(stem, **there) for stem in stems])


def dry_run(bank: Bank, content: bytes) -> Import:
    return imports.check_file(QUESTIONS, "示例.xlsx", content, {"bank": bank.code}, actor=WANG, now=now())


def test_an_import_is_refused_at_the_row_both_ways(app: Flask, bank: Bank, practice: Bank) -> None:
    for first, second in ((bank, practice), (practice, bank)):
        service.create(first, crime("sc-1"), actor=WANG, now=now())
        imported = dry_run(second, file_of("示例题干甲（　　）。", TWIN))
        (said,) = importing_words.errors(imported.errors, "xlsx")
        assert (said["row"], said["column"], said["stem"]) == (3, "题干", TWIN)
        assert f"与“{first.name_zh}”的试题 sc-1 相同" in said["sentence"]
        with pytest.raises(ServiceError, match="import_has_errors"):
            imports.load(QUESTIONS, imported, actor=WANG, now=now())
        db.session.rollback()


def test_an_import_names_the_part_that_is_asked_elsewhere(app: Flask, bank: Bank, practice: Bank) -> None:
    service.create(practice, case("cs-1"), actor=WANG, now=now())
    (said,) = importing_words.errors(dry_run(bank, file_of(CRIME)).errors, "xlsx")
    assert "与“通用练习题库”的案例题 cs-1 第 2 小题相同" in said["sentence"]


def test_what_came_in_after_the_dry_run_is_found_by_the_load(app: Flask, bank: Bank, practice: Bank) -> None:
    imported = dry_run(practice, file_of(CRIME))
    assert imported.errors == []
    service.create(bank, crime("sc-1", TWIN), actor=WANG, now=now())
    with pytest.raises(ServiceError, match="import_has_errors"):
        imports.load(QUESTIONS, imported, actor=WANG, now=now())


def test_an_undone_import_makes_room(app: Flask, bank: Bank, practice: Bank) -> None:
    imported = imports.load(QUESTIONS, dry_run(practice, file_of(CRIME)), actor=WANG, now=now())
    refused(bank, crime("sc-1", TWIN))
    imports.undo(QUESTIONS, imported, actor=WANG, now=now())
    assert db.session.scalars(sa.select(QuestionWording)).all() == []
    service.create(bank, crime("sc-1", TWIN), actor=WANG, now=now())


def test_the_report_of_an_import_reads_in_the_language_of_its_reader(app: Flask, bank: Bank, practice: Bank) -> None:
    service.create(practice, crime("sc-1"), actor=WANG, now=now())
    browser = entered(app, "author", Role.REGULATOR, "330000")
    page = upload(browser, file_of(TWIN))
    assert "与“通用练习题库”的试题 sc-1 相同" in page.text
    browser.web.set_cookie("language", "en")
    assert "General practice bank" in browser.open(page.request.path).text


def test_saving_looks_a_question_up_through_an_index(app: Flask, bank: Bank, practice: Bank) -> None:
    service.add_drafts(drafts(content(number) for number in range(200)), {"general": bank.id}, actor=WANG, now=now())
    db.session.commit()
    with heard() as statements:
        across.refuse_shared(crime("sc-1"), BankPurpose.PRACTICE)
    db.session.rollback()
    (plan,) = plans(statements)
    assert "question_wording" in plan and "SCAN" not in plan and "Seq Scan" not in plan
