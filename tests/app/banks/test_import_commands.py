"""bikao import questions, list and undo: who answers for a file, what is skipped, and taking it back."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from flask import Flask

from app.accounts.models import Grant
from app.audit.models import AuditEvent
from app.banks import comments, service
from app.banks.importing import QUESTIONS
from app.banks.models import Bank, Question
from app.cli import importing_questions
from app.cli.main import main
from app.cli.progress import Progress
from app.core import imports, jobs
from app.core.actors import Role
from app.core.clock import now
from app.core.db import db
from app.core.errors import ServiceError
from app.core.imports import Import, ImportState
from tests import sample
from tests.app.banks.files import GIFT, count
from tests.app.banks.samples import LI, row, workbook_of


def run(app: Flask, *arguments: str, answer: str = "") -> Result:
    db.session.commit()
    return CliRunner().invoke(main, ["import", *arguments], obj=app, input=answer)


@pytest.fixture
def good(tmp_path: Path) -> str:
    path = tmp_path / "questions.xlsx"
    path.write_bytes(workbook_of([row("示例题干甲（　　）。"), row("示例题干乙（　　）。")]))
    return str(path)


@pytest.fixture
def with_essay(tmp_path: Path) -> str:
    path = tmp_path / "questions.txt"
    path.write_text(GIFT, encoding="utf-8")
    return str(path)


def the_import() -> Import:
    db.session.rollback()
    return db.session.scalars(sa.select(Import)).one()


def load(app: Flask, file: str, *options: str) -> Result:
    return run(app, "questions", file, "--bank", "general", *options)


def loaded(app: Flask, file: str, *options: str) -> Import:
    result = load(app, file, *options)
    assert result.exit_code == 0, result.output
    return the_import()


def test_the_account_that_answers_for_a_file_is_its_author_and_stands_in_the_trail(
    app: Flask, bank: Bank, good: str
) -> None:
    account = sample.user("wang", Role.REGULATOR, "330000", name="王示例")
    result = load(app, good, "--as", "wang")
    assert result.exit_code == 0 and "Their author is 王示例" in result.output
    imported = the_import()
    assert imported.created_by_id == account.id
    questions = db.session.scalars(sa.select(Question)).all()
    assert {one.author_id for one in questions} == {account.id}
    assert {one.author_name for question in questions for one in question.versions} == {"王示例"}
    event = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.kind == "QuestionsImported")).one()
    assert (event.actor_id, event.actor_name, event.data["via"]) == (account.id, "王示例", "command")


@pytest.mark.parametrize(("role", "scope"), [(Role.EXAM_SITE, "KD01"), (Role.ENTERPRISE, "91330100000000001C")])
def test_an_account_without_the_right_is_refused(app: Flask, bank: Bank, good: str, role: Role, scope: str) -> None:
    sample.user("other", role, scope)
    for options in ([], ["--dry-run"]):
        result = load(app, good, "--as", "other", *options)
        assert result.exit_code == 1 and "other" in result.output
    assert count() == 0


def test_an_unknown_account_and_one_that_was_shut_out_are_refused(app: Flask, bank: Bank, good: str) -> None:
    sample.user("gone", Role.ADMINISTRATOR).is_active = False
    for login, code in (("gone", "login_may_not"), ("nobody", "login_unknown")):
        assert load(app, good, "--as", login).exit_code == 1
        told = json.loads(load(app, good, "--as", login, "--report", "json").stdout)
        assert (told["refused"]["code"], told["refused"]["data"]) == (code, {"login": login})
    assert count() == 0


def test_without_an_account_the_file_is_loaded_without_author(app: Flask, bank: Bank, good: str) -> None:
    sample.user("boss", Role.ADMINISTRATOR)
    result = load(app, good)
    assert result.exit_code == 0 and "no author" in result.output
    assert the_import().created_by_id is None
    event = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.kind == "QuestionsImported")).one()
    assert (event.actor_id, event.data["via"]) == (None, "command")


def test_a_file_with_one_essay_is_loaded_without_it_by_explicit_choice_only(
    app: Flask, bank: Bank, with_essay: str
) -> None:
    refused = load(app, with_essay)
    assert refused.exit_code == 1 and count() == 0
    assert "nothing was written. --skip-errors loads the other 2." in refused.output
    dry = load(app, with_essay, "--skip-errors", "--dry-run")
    assert dry.exit_code == 0 and count() == 0
    assert "2 questions can be imported, 1 is left out; nothing was written." in dry.output
    result = load(app, with_essay, "--skip-errors")
    assert result.exit_code == 0, result.output
    assert "question 2, line 4" in result.output
    assert "2 questions are in general as drafts, 1 is left out." in result.output
    assert count() == 2
    imported = the_import()
    assert (imported.rows_total, imported.rows_wrong, imported.summary["left_out"]) == (3, 1, 1)
    assert run(app, "undo", str(imported.id), "--yes").exit_code == 0
    assert count() == 0


def test_what_was_skipped_is_reported_to_machines(app: Flask, bank: Bank, with_essay: str) -> None:
    told = json.loads(load(app, with_essay, "--report", "json").stdout)
    assert (told["loaded"], told["left_out"], told["import"]) == (0, None, None)
    result = load(app, with_essay, "--skip-errors", "--report", "json")
    assert (result.exit_code, result.stderr) == (0, "")
    told = json.loads(result.stdout)
    assert (told["loaded"], told["left_out"], told["import"]) == (2, 1, the_import().id)
    assert [one["code"] for one in told["errors"]] == ["question_kind_not_supported"]


def test_a_file_with_nothing_right_is_not_loaded(app: Flask, bank: Bank, tmp_path: Path) -> None:
    path = tmp_path / "questions.txt"
    path.write_text("::题一::请论述示例。{}\n", encoding="utf-8")
    result = load(app, str(path), "--skip-errors")
    assert result.exit_code == 1 and "nothing was written" in result.output and "--skip-errors" not in result.output
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Import)) == 0


def test_what_stays_out_was_named_before(
    app: Flask, bank: Bank, with_essay: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for named in (frozenset(), {1}, {1, 2}):
        monkeypatch.setattr(importing_questions, "left_out", lambda *_found, named=named, **_more: named)
        result = load(app, with_essay, "--skip-errors")
        assert result.exit_code == 1 and count() == 0
    monkeypatch.setattr(importing_questions, "left_out", lambda *_found, **_more: {2})
    assert load(app, with_essay, "--skip-errors").exit_code == 0
    assert count() == 2


def test_an_import_is_found_in_the_list(app: Flask, bank: Bank, good: str, with_essay: str) -> None:
    assert "No file was brought yet." in run(app, "list").output
    sample.user("wang", Role.REGULATOR, "330000", name="王示例")
    first = loaded(app, good, "--as", "wang").id
    assert load(app, with_essay, "--skip-errors").exit_code == 0
    newest, oldest = run(app, "list").output.splitlines()
    assert oldest.split("\t")[0] == str(first)
    assert oldest.split("\t")[1:] == [
        *("questions", "questions.xlsx", "general", "2026-03-02 09:00", "王示例 by command", "loaded", "2 read")
    ]
    assert newest.endswith("system by command\tloaded\t3 read, 1 wrong, 1 left out")
    told: list[dict[str, Any]] = json.loads(run(app, "list", "--format", "json").output)["imports"]
    assert [(one["login"], one["into"], one["state"], one["rows"], one["left_out"]) for one in told] == [
        (None, "general", "loaded", 3, 1),
        ("wang", "general", "loaded", 2, 0),
    ]
    assert run(app, "list", "--kind", "roster").output == "No file was brought yet.\n"
    assert len(run(app, "list", "--most", "1").output.splitlines()) == 1


def test_undoing_says_what_goes_and_asks(app: Flask, bank: Bank, good: str) -> None:
    imported = str(loaded(app, good).id)
    kept = run(app, "undo", imported, answer="n\n")
    assert kept.exit_code == 1 and count() == 2
    assert "2 questions of import" in kept.output and "from general: 2 draft" in kept.output
    undone = run(app, "undo", imported, answer="y\n")
    assert undone.exit_code == 0 and f"Import {imported} is undone." in undone.output
    assert (count(), the_import().state) == (0, ImportState.UNDONE)
    event = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.kind == "ImportUndone")).one()
    assert (event.actor_name, event.data["via"]) == ("system", "command")


def test_what_somebody_has_built_on_is_not_undone_and_one_sentence_says_so(app: Flask, bank: Bank, good: str) -> None:
    imported = loaded(app, good)
    question = db.session.scalars(sa.select(Question).limit(1)).one()
    comments.comment(question, "示例意见", actor=LI, now=now())
    result = run(app, "undo", str(imported.id), "--yes")
    assert result.exit_code == 1 and count() == 2
    assert result.output.startswith("Error: ") and len(result.output.splitlines()) == 1


def test_an_import_that_is_not_there_or_undone_already_is_refused(app: Flask, bank: Bank, good: str) -> None:
    imported = str(loaded(app, good).id)
    assert run(app, "undo", "999999", "--yes").exit_code == 1
    assert run(app, "undo", imported, "--yes").exit_code == 0
    again = run(app, "undo", imported, "--yes")
    assert again.exit_code == 1 and again.output.startswith("Error: ")


def test_an_account_undoes_its_own_import_and_an_administrator_everybodys(app: Flask, bank: Bank, good: str) -> None:
    sample.user("wang", Role.REGULATOR, "330000")
    sample.user("li", Role.REGULATOR, "330000")
    boss = sample.user("boss", Role.ADMINISTRATOR)
    imported = str(loaded(app, good, "--as", "wang").id)
    assert run(app, "undo", imported, "--yes", "--as", "li").exit_code == 1
    assert count() == 2
    assert run(app, "undo", imported, "--yes", "--as", "boss").exit_code == 0
    assert count() == 0
    event = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.kind == "ImportUndone")).one()
    assert (event.actor_id, event.data["via"]) == (boss.id, "command")


def test_an_account_acts_under_the_grant_that_may_undo_whichever_came_first(app: Flask, bank: Bank, good: str) -> None:
    imported = str(loaded(app, good).id)
    account = sample.user("wang", Role.REGULATOR, "330000")
    assert run(app, "undo", imported, "--yes", "--as", "wang").exit_code == 1
    assert count() == 2
    account.grants.append(Grant(role=Role.ADMINISTRATOR))
    assert run(app, "undo", imported, "--yes", "--as", "wang").exit_code == 0
    assert count() == 0
    event = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.kind == "ImportUndone")).one()
    assert (event.actor_id, event.actor_role) == (account.id, "administrator")


def test_among_the_grants_that_fit_an_administrators_is_taken(app: Flask, bank: Bank, good: str) -> None:
    account = sample.user("wang", Role.REGULATOR, "330000")
    account.grants.append(Grant(role=Role.ADMINISTRATOR))
    loaded(app, good, "--as", "wang")
    event = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.kind == "QuestionsImported")).one()
    assert (event.actor_id, event.actor_role) == (account.id, "administrator")


class Terminal:
    """Standard error of somebody who watches."""

    encoding = "utf-8"

    def __init__(self) -> None:
        self.written = ""

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.written += text
        return len(text)

    def flush(self) -> None:
        pass


def test_whoever_watches_sees_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    progress = Progress()
    progress.say("Reading ...")
    with progress.bar("Writing", 10):
        jobs.report(0, 4)
        jobs.report(2, 4)
    assert "Reading ..." in terminal.written
    assert "2/4" in terminal.written and "4/4" in terminal.written


def test_machines_and_pipes_are_shown_no_progress(
    app: Flask, bank: Bank, good: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Reading" not in load(app, good).output
    monkeypatch.setattr(sys, "stderr", Terminal())
    assert not Progress(is_wanted=False).is_shown


def test_a_refusal_during_the_load_leaves_no_trace(
    app: Flask, bank: Bank, good: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: Any, **_more: Any) -> None:
        raise ServiceError("question_duplicates_meanwhile")

    monkeypatch.setattr(service, "add_drafts", refuse)
    assert load(app, good).exit_code == 1
    db.session.rollback()
    assert (count(), imports.own(QUESTIONS, LI)) == (0, [])
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Import)) == 0
