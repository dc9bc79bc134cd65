"""bikao coverage: the same figures as the pages, and refusals in one sentence."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from openpyxl import load_workbook

from app.cli.main import main
from app.core.clock import SHANGHAI
from app.core.db import db
from app.coverage.figures import survey
from courses.mandates import mandate
from tests import sample
from tests.app.coverage.roster import School, head
from tests.conftest import Clock


@pytest.fixture
def smelters(app: Flask, clock: Clock) -> None:
    clock.set(datetime(2026, 3, 2, 12, tzinfo=SHANGHAI))
    school = School()
    for number, region in enumerate(("330102", "330203", "330203")):
        works = sample.enterprise(f"示例冶炼{number}", region=region)
        who = head(works)
        if number < 2:
            school.graduate(who, works, date(2025, 6, 1 + number))
    db.session.commit()


def run(app: Flask, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["coverage", *arguments], obj=app)


@pytest.mark.usefixtures("smelters")
@pytest.mark.parametrize("region", ["33", "3300", "330000"])
def test_json_holds_the_figures_with_their_sentences(app: Flask, region: str) -> None:
    result = run(app, "--year", "2025", "--region", region, "--format", "json")
    assert result.exit_code == 0, result.output
    read = json.loads(result.output)
    assert (read["year"], read["region"], read["cut_off"]) == (2025, "330000", "2025-12-31")
    rows = {row["region"]: row for row in read["rows"] if row["mandate"] == "Z4-1"}
    assert list(rows) == ["330000", "330100", "330200"]
    assert rows["330000"]["quotation"] == mandate("Z4-1").quotation
    counted = survey("330000", [2025], date(2026, 3, 2)).line(mandate("Z4-1"), 2025).count
    assert counted is not None
    assert rows["330000"]["count"] == {**asdict(counted), "percent": 66.67}
    assert (counted.due, counted.trained, counted.passed, counted.covered) == (3, 2, 2, 2)
    assert next(row for row in read["rows"] if row["mandate"] == "Z10")["count"] is None
    assert next(row for row in read["rows"] if row["mandate"] == "Z4-2")["count"]["percent"] is None


@pytest.mark.usefixtures("smelters")
def test_the_table_names_clause_region_and_share(app: Flask) -> None:
    result = run(app, "--year", "2025", "--region", "3302")
    assert result.exit_code == 0
    lines = [line.split() for line in result.output.splitlines()]
    assert [
        "Z4-1",
        "宁波市",
        "2",
        "1",
        "1",
        "1",
        "1",
        "1",
        "50.0%",
        "金属冶炼企业主要负责人集中培训（正文年度）",
    ] in lines
    assert "宁波市 2025 年，截至 2025-12-31" in result.output


@pytest.mark.usefixtures("smelters")
def test_a_workbook_is_written_where_asked(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    result = run(app, "--year", "2025", "--region", "33", "--format", "xlsx", "--output", str(path))
    assert result.exit_code == 0, result.output
    sheet = load_workbook(path).active
    assert sheet is not None and sheet.max_row > 50
    assert [each.name for each in tmp_path.iterdir()] == ["report.xlsx"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--year", "20x4", "--region", "33"), "--year"),
        (("--year", "2019", "--region", "33"), "No plan is in force in 2019"),
        (("--year", "2024", "--region", "333"), "--region"),
        (("--year", "2024", "--region", "99"), "The region code 990000 is not in the table"),
        (("--year", "2024", "--region", "33", "--format", "pdf"), "--format"),
        (("--year", "2024", "--region", "33", "--output", "missing/folder/file.txt"), "cannot be written"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_status_one(
    app: Flask, arguments: tuple[str, ...], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(app, *arguments)
    assert result.exit_code == 1
    assert sentence in result.output and len(result.output.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_help_gives_an_example(app: Flask) -> None:
    result = run(app, "--help")
    assert result.exit_code == 0
    assert "bikao coverage --year 2024 --region 33 --format table" in result.output
