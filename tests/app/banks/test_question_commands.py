"""The commands on questions: import, export, counts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask import Flask

from app.banks import service
from app.banks.models import Bank
from app.cli.main import main
from app.config import from_environment
from app.core.clock import now
from app.core.db import db
from app.core.imports import Import
from app.factory import create_app
from question_bank.formats import FORMATS
from tests.app.banks.files import GIFT, count
from tests.app.banks.samples import LI, row, single_choice, true_false, workbook_of


def command(app: Flask, path: Path, *options: str) -> Any:
    db.session.commit()
    return CliRunner().invoke(main, ["import", "questions", str(path), "--bank", "general", *options], obj=app)


def test_the_command_checks_then_loads(app: Flask, bank: Bank, tmp_path: Path) -> None:
    path = tmp_path / "questions.xlsx"
    path.write_bytes(workbook_of([row("示例题干甲（　　）。"), row("示例题干乙（　　）。")]))
    result = command(app, path, "--dry-run")
    assert (result.exit_code, count()) == (0, 0), result.output
    result = command(app, path)
    assert result.exit_code == 0, result.output
    assert "2 questions are in general as drafts" in result.output
    assert count() == 2


def test_the_command_names_each_problem_and_writes_nothing(app: Flask, bank: Bank, tmp_path: Path) -> None:
    path = tmp_path / "questions.xlsx"
    path.write_bytes(workbook_of([row("示例题干甲（　　）。"), row("示例题干乙（　　）。", 答案="F")]))
    result = command(app, path)
    assert result.exit_code == 1
    assert "row 3\t答案\tF in the answer is not among the options" in result.output
    db.session.rollback()
    assert (count(), db.session.scalar(sa.select(sa.func.count()).select_from(Import))) == (0, 0)


def test_the_command_reports_to_machines(app: Flask, bank: Bank, tmp_path: Path) -> None:
    path = tmp_path / "questions.txt"
    path.write_text(GIFT, encoding="utf-8")
    result = command(app, path, "--dry-run", "--report", "json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert [(one["row"], one["data"]["line"], one["code"]) for one in told["errors"]] == [
        (2, 4, "question_kind_not_supported")
    ]
    assert told["errors"][0]["reason"]
    assert [one["question"]["kind"] for one in told["questions"]] == ["single_choice", "numeric"]
    assert [(one["row"], one["code"]) for one in told["remarks"]] == [(3, "tag_changed")]
    assert told["usual"] == {"default_difficulty": 2, "no_source": 2}


def test_a_refused_file_is_reported_to_machines_with_its_line(app: Flask, bank: Bank, tmp_path: Path) -> None:
    path = tmp_path / "questions.xml"
    path.write_bytes(b"<quiz>\n<question></quiz>")
    result = command(app, path, "--report", "json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)["refused"]
    assert (told["code"], told["data"]["line"]) == ("question_file_malformed_xml", 2)


def test_a_file_of_two_hundred_megabytes_is_refused_unread(app: Flask, bank: Bank, tmp_path: Path) -> None:
    path = tmp_path / "questions.xml"
    with path.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    result = command(app, path)
    assert result.exit_code == 1
    assert "20 MB" in result.output


def test_the_command_exports_what_can_be_imported_again(app: Flask, bank: Bank, tmp_path: Path) -> None:
    service.create(bank, single_choice("sc-1"), actor=LI, now=now())
    db.session.commit()
    path = tmp_path / "questions.zip"
    arguments = ["export", "questions", str(path), "--bank", "general", "--format", "qti30"]
    result = CliRunner().invoke(main, arguments, obj=app)
    assert result.exit_code == 0, result.output
    assert "1 questions written" in result.output
    (again,) = FORMATS["qti30"].read(path.read_bytes(), "general").questions
    assert again == single_choice("sc-1")


def test_the_command_counts_the_banks(app: Flask, bank: Bank) -> None:
    service.create(bank, single_choice("sc-1", tags=("示例",)), actor=LI, now=now())
    service.create(bank, true_false("tf-1", difficulty=3), actor=LI, now=now())
    db.session.commit()
    result = CliRunner().invoke(main, ["bank", "stats", "--format", "json"], obj=app)
    (counted,) = json.loads(result.output)["banks"]
    assert counted == {
        "bank": "general",
        "purpose": "live",
        "questions": 2,
        "state": {"draft": 2},
        "kind": {"single_choice": 1, "true_false": 1},
        "difficulty": {"2": 1, "3": 1},
        "tag": {"示例": 1},
        "source": {"示例法规": 2},
    }
    assert "general (live): 2" in CliRunner().invoke(main, ["bank", "stats"], obj=app).output


def test_the_command_refuses_an_unknown_bank_in_one_sentence(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "questions.xlsx"
    path.write_bytes(workbook_of([row("示例题干甲（　　）。")]))
    result = command(app, path)
    assert result.exit_code == 1
    assert 'There is no question bank with the code "general"' in result.output


def test_every_refusal_is_reported_to_machines(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "questions.xlsx"
    path.write_bytes(workbook_of([row("示例题干甲（　　）。")]))
    result = command(app, path, "--report", "json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert (told["bank"], told["refused"]["code"]) == ("general", "bank_unknown")


def test_places_are_in_english_and_name_rows_of_tables(app: Flask, bank: Bank, tmp_path: Path) -> None:
    table = tmp_path / "questions.csv"
    table.write_text("题型,题干,答案\n判断题,示例判断题,正确\n判断题,示例判断题二,不知道\n", encoding="utf-8")
    assert "row 3\t" in command(app, table).output
    text = tmp_path / "questions.txt"
    text.write_text(GIFT, encoding="utf-8")
    assert "question 2, line 4" in command(app, text).output


def test_a_file_that_cannot_be_written_is_refused_in_one_sentence(app: Flask, bank: Bank, tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere" / "questions.xlsx", tmp_path):
        arguments = ["export", "questions", str(path), "--bank", "general", "--format", "xlsx"]
        result = CliRunner().invoke(main, arguments, obj=app)
        assert result.exit_code in (1, 2)
        assert isinstance(result.exception, SystemExit) and str(path) in result.output


def test_a_state_is_named_as_the_counts_name_it(app: Flask, bank: Bank, tmp_path: Path) -> None:
    service.create(bank, single_choice("sc-1"), actor=LI, now=now())
    db.session.commit()
    arguments = ["export", "questions", str(tmp_path / "out.xlsx"), "--bank", "general", "--format", "xlsx", "--state"]
    for state in ("draft", "Draft", "DRAFT"):
        assert "1 questions written" in CliRunner().invoke(main, [*arguments, state], obj=app).output
    assert "no such questions" in CliRunner().invoke(main, [*arguments, "approved"], obj=app).output


@pytest.mark.parametrize("arguments", [["bank", "stats"], ["audit", "verify"]])
def test_a_database_without_tables_is_told_in_one_sentence(tmp_path: Path, arguments: list[str]) -> None:
    empty = create_app(from_environment({"BIKAO_INSTANCE": str(tmp_path)}))
    result = CliRunner().invoke(main, arguments, obj=empty)
    assert result.exit_code == 1
    assert "bikao db upgrade" in result.output and "Traceback" not in result.output
