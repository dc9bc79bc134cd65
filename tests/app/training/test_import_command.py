"""bikao import trainees: the same checks as on the page, one sentence and exit status 1 on bad input."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from click.testing import CliRunner, Result
from flask import Flask

from app.cli.main import main
from app.core.db import db
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
