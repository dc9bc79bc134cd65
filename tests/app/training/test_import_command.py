"""bikao import trainees: the same checks as on the page, one sentence and exit status 1 on bad input."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from click.testing import CliRunner, Result
from flask import Flask

from app.accounts.models import Grant
from app.audit.models import AuditEvent
from app.cli.main import main
from app.core.actors import Role
from app.core.db import db
from app.core.imports import Import
from app.training.models import Enrolment
from tests import sample
from tests.app.training.conftest import Centre, principal
from tests.app.training.test_trainee_file import book, line


def run(app: Flask, *arguments: str) -> Result:
    db.session.commit()
    return CliRunner().invoke(main, ["import", "trainees", *arguments], obj=app)


def enrolled() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Enrolment)) or 0


def test_a_dry_run_writes_nothing_and_the_import_enrols(app: Flask, centre: Centre, tmp_path: Path) -> None:
    session = centre.session()
    file = tmp_path / "trainees.xlsx"
    file.write_bytes(book(line(*principal()), line(*principal("周样本"))))
    dry = run(app, str(file), "--session", session.code, "--dry-run")
    assert (dry.exit_code, enrolled()) == (0, 0)
    loaded = run(app, str(file), "--session", session.code)
    assert loaded.output == "trainees: 2\n"
    assert enrolled() == 2


def test_a_bad_row_is_named_and_nothing_is_written(app: Flask, centre: Centre, tmp_path: Path) -> None:
    session = centre.session()
    file = tmp_path / "trainees.xlsx"
    file.write_bytes(book(line(*principal()), line(sample.person("周样本", with_account=False), sample.enterprise())))
    result = run(app, str(file), "--session", session.code)
    assert result.exit_code == 1
    assert "3\t统一社会信用代码\tThe registry has no such appointment" in result.output
    assert enrolled() == 0


def test_an_unknown_session_is_said_in_one_sentence(app: Flask, centre: Centre, tmp_path: Path) -> None:
    file = tmp_path / "trainees.xlsx"
    file.write_bytes(book(line(*principal())))
    result = run(app, str(file), "--session", "PX2026-9999")
    assert result.exit_code == 1
    assert "There is no training session PX2026-9999." in result.output


def undo(app: Flask, *arguments: str) -> Result:
    db.session.commit()
    return CliRunner().invoke(main, ["import", "undo", *arguments], obj=app)


def test_staff_of_the_institution_answer_for_a_file_and_undo_it(app: Flask, centre: Centre, tmp_path: Path) -> None:
    session = centre.session()
    sample.institution("PX02")
    sample.user("stranger", Role.INSTITUTION, "PX02")
    file = tmp_path / "trainees.xlsx"
    file.write_bytes(book(line(*principal())))
    refused = run(app, str(file), "--session", session.code, "--as", "stranger")
    assert (refused.exit_code, enrolled()) == (1, 0)
    loaded = run(app, str(file), "--session", session.code, "--as", "staff")
    assert loaded.output == "trainees: 1\n"
    imported = db.session.scalars(sa.select(Import)).one()
    event = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.kind == "TraineesEnrolled")).one()
    assert (imported.created_by_id, event.actor_id, event.data["via"]) == (centre.staff.id, centre.staff.id, "command")
    assert undo(app, str(imported.id), "--yes", "--as", "stranger").exit_code == 1
    assert enrolled() == 1
    undone = undo(app, str(imported.id), "--yes", "--as", "staff")
    assert undone.exit_code == 0 and "1 trainees of import" in undone.output
    assert enrolled() == 0


def test_staff_of_two_institutions_bring_trainees_to_either_and_take_them_back(
    app: Flask, centre: Centre, tmp_path: Path
) -> None:
    session = centre.session()
    sample.institution("PX02")
    account = sample.user("both", Role.INSTITUTION, "PX02")
    file = tmp_path / "trainees.xlsx"
    file.write_bytes(book(line(*principal())))
    refused = run(app, str(file), "--session", session.code, "--as", "both")
    assert (refused.exit_code, enrolled()) == (1, 0)
    assert "both" in refused.output
    account.grants.append(Grant(role=Role.INSTITUTION, scope="PX01"))
    loaded = run(app, str(file), "--session", session.code, "--as", "both")
    assert (loaded.exit_code, enrolled()) == (0, 1), loaded.output
    imported = db.session.scalars(sa.select(Import)).one()
    undone = undo(app, str(imported.id), "--yes", "--as", "both")
    assert (undone.exit_code, enrolled()) == (0, 0), undone.output


def test_bad_rows_are_left_out_by_explicit_choice_and_named(app: Flask, centre: Centre, tmp_path: Path) -> None:
    session = centre.session()
    file = tmp_path / "trainees.xlsx"
    file.write_bytes(book(line(*principal()), line(sample.person("周样本", with_account=False), sample.enterprise())))
    refused = run(app, str(file), "--session", session.code)
    assert refused.exit_code == 1 and "--skip-errors loads the other 1." in refused.output
    result = run(app, str(file), "--session", session.code, "--skip-errors")
    assert result.exit_code == 0, result.output
    assert result.stdout == "trainees: 1\n"
    assert "3\t统一社会信用代码" in result.stderr and "left out: 1 rows" in result.stderr
    assert enrolled() == 1
