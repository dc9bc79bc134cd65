"""Files that are no roster: each is refused in one sentence and nothing is written."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask import Flask

from app.cli.main import main
from app.core import imports
from app.core.actors import NATION, SYSTEM
from app.core.clock import now
from app.core.db import db
from app.core.errors import ServiceError, worded
from app.core.imports import Import
from app.registry.models import Appointment, Enterprise, Person
from app.registry.roster.kind import ROSTER
from tests.app.registry.rosters import HEADER, row, workbook

SAMPLE = Path(__file__).parents[3] / "docs" / "sample" / "roster.xlsx"
CHANGES_OF_2025 = SAMPLE.with_name("roster-2025-07.xlsx")


def bomb() -> bytes:
    """A workbook whose sheet unpacks to more than 300 MB of spaces."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet,
    ):
        for _megabyte in range(301):
            sheet.write(b" " * 1024 * 1024)
    return buffer.getvalue()


def many() -> bytes:
    """50,000 rows: the row of a small workbook repeated in its XML, which is quicker than to write each of them."""
    source, buffer = zipfile.ZipFile(io.BytesIO(workbook([row()]))), io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name in source.namelist():
            archive.writestr(name, repeated(source.read(name).decode()) if "sheet1" in name else source.read(name))
    return buffer.getvalue()


def repeated(sheet: str) -> str:
    head, found, tail = re.split(r'(<row r="2".*?</row>)', sheet)
    return head + "".join(re.sub(r'(r="[A-Z]?)2"', rf'\g<1>{number}"', found) for number in range(2, 50_002)) + tail


def without_a_column() -> bytes:
    return workbook([row()], header=[title if title != "证件号码" else "备注" for title in HEADER])


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: "统一社会信用代码,企业名称\n".encode("gb18030"), "not_xlsx"),
        (lambda: b"", "not_xlsx"),
        (lambda: b"PK\x05\x06" + b"\0" * 18, "file_broken"),
        (bomb, "file_too_large"),
        (many, "too_many_rows"),
        (without_a_column, "column_missing"),
        (lambda: workbook([]), "no_rows"),
    ],
    ids=["csv", "empty", "damaged", "bomb", "50000_rows", "column_missing", "no_rows"],
)
def test_a_file_that_is_no_roster_is_refused_in_words(app: Flask, make: Callable[[], bytes], code: str) -> None:
    with pytest.raises(ServiceError) as refused:
        imports.check_file(ROSTER, "示例.xlsx", make(), {"territory": NATION}, actor=SYSTEM, now=now())
    assert refused.value.code == code
    assert "%(" not in worded(refused.value)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Import)) == 0


def run(app: Flask, *arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, ["import", "roster", *arguments], obj=app)
    return result.exit_code, result.stdout, result.stderr


def counts() -> tuple[int, ...]:
    db.session.rollback()
    models = (Enterprise, Person, Appointment, Import)
    found = tuple(db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0 for model in models)
    db.session.rollback()  # on SQLite a session outside a page holds the write lock that the command needs
    return found


def test_the_sample_roster_loads_from_the_command_line_and_twice_changes_nothing(app: Flask) -> None:
    assert run(app, str(SAMPLE), "--dry-run")[0] == 0
    assert counts() == (0, 0, 0, 0)
    assert run(app, str(SAMPLE))[0] == 0
    first = counts()[:3]
    status, said, _errors = run(app, str(SAMPLE))
    assert status == 0
    assert said.splitlines() == [
        f"{noun}: {total} (0 new, 0 changed, {total} known)"
        for noun, total in zip(("enterprises", "people", "appointments"), first, strict=True)
    ]
    assert counts()[:3] == first and first[0] == 40


def test_the_sample_rosters_are_plainly_sample_and_hold_the_traps(app: Flask) -> None:
    assert [run(app, str(file))[0] for file in (SAMPLE, CHANGES_OF_2025)] == [0, 0]
    db.session.rollback()
    marks = ("示例", "样本", "试用")
    names = [*db.session.scalars(sa.select(Enterprise.name)), *db.session.scalars(sa.select(Person.name))]
    assert [name for name in names if not any(mark in name for mark in marks)] == []
    assert any("·" in name for name in names) and any("㐂" in name for name in names)
    cities = {code[:4] for code in db.session.scalars(sa.select(Enterprise.region_code))}
    assert len(cities) > 6 and "3704" in cities
    heads = sa.select(Appointment.person_id).group_by(Appointment.person_id)
    assert len(db.session.scalars(heads.having(sa.func.count() > 1)).all()) == 1
    assert db.session.scalar(sa.select(sa.func.count()).where(Appointment.valid_to.is_not(None))) == 1


def test_the_command_prints_a_line_a_problem_and_changes_nothing(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "示例.xlsx"
    file.write_bytes(workbook([row(), row(scale="巨型", name="周样本")]))
    status, _said, errors = run(app, str(file))
    assert status == 1
    assert errors.splitlines()[0].split("\t")[:2] == ["3", "规模"]
    assert counts() == (0, 0, 0, 0)


def test_the_command_says_in_a_sentence_that_a_file_is_no_workbook(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "示例.xlsx"
    file.write_bytes("企业名称".encode())
    status, _said, errors = run(app, str(file))
    assert (status, len(errors.strip().splitlines())) == (1, 1)
    assert run(app, str(tmp_path / "missing.xlsx"))[0] == 2
