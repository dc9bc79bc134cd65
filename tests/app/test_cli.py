"""The command line: help with an example, one clear sentence on bad input, nothing changed then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from flask import Flask

from app.accounts import service as accounts
from app.accounts.models import Grant, User
from app.audit.models import AuditEvent
from app.cli.main import main
from app.core.actors import Role
from app.core.db import db
from app.core.imports import Import
from app.registry.models import Enterprise
from tests import sample
from tests.app.registry import rosters
from tests.app.test_audit import record_three, tamper

SAMPLE = Path(__file__).resolve().parents[2] / "docs" / "sample" / "roster.xlsx"
Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    """Run a command against the application under test, as a process of its own would."""

    def invoke(*arguments: str, **environment: str) -> Result:
        db.session.rollback()
        return CliRunner().invoke(main, arguments, obj=app, env=environment)

    return invoke


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in group.commands.items():
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


@pytest.mark.parametrize("path", [path for path, _command in commands(main)], ids=" ".join)
def test_every_command_has_help_with_an_example(path: tuple[str, ...]) -> None:
    result = CliRunner().invoke(main, [*path, "--help"])
    assert result.exit_code == 0
    assert "Example: bikao " in result.output


def test_the_commands_that_stay_are_there() -> None:
    found = {" ".join(path) for path, _command in commands(main)}
    assert found >= {
        "demo",
        "serve",
        "db upgrade",
        "user add",
        "import roster",
        "import trainees",
        "import questions",
        "import list",
        "import undo",
        "coverage",
        "certificate issue",
        "certificate revoke",
        "certificate verify",
        "audit verify",
        "check",
    }


def test_check_says_one_line_a_check(run: Run) -> None:
    result = run("check")
    assert result.exit_code == 0, result.output
    assert [line.split()[1] for line in result.output.splitlines()] == [
        "database:",
        "migrations:",
        "keys:",
        "fonts:",
        "clock:",
    ]


def test_check_fails_on_a_database_behind_the_release(run: Run) -> None:
    newest = db.session.scalar(sa.text("SELECT version_num FROM alembic_version"))
    db.session.rollback()
    with db.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
    try:
        result = run("check")
    finally:
        with db.engine.begin() as connection:
            connection.execute(sa.text("UPDATE alembic_version SET version_num = :newest"), {"newest": newest})
    assert result.exit_code == 1
    assert f"WRONG migrations: database at 0001, release at {newest}: run `bikao db upgrade`" in result.output


def test_a_user_is_added_with_role_and_scope(run: Run) -> None:
    options = ["--name", "王示例", "--role", "regulator", "--scope", "330000"]
    result = run("user", "add", "wang", *options, BIKAO_USER_PASSWORD="sample-password-1")
    assert result.exit_code == 0, result.output
    assert db.session.scalars(sa.select(User.login)).all() == ["wang"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--role", "regulator"], "scope"),
        (["--role", "king", "--scope", "330000"], "is not one of"),
    ],
)
def test_a_user_without_a_scope_or_with_an_unknown_role_is_not_added(run: Run, options: list[str], says: str) -> None:
    result = run("user", "add", "wang", "--name", "王示例", *options, BIKAO_USER_PASSWORD="sample-password-1")
    assert result.exit_code != 0
    assert says in result.output
    assert db.session.scalars(sa.select(User)).all() == []


def test_a_wrong_scope_is_refused_before_a_password_is_asked_for(run: Run) -> None:
    result = run("user", "add", "wang", "--name", "王示例", "--role", "regulator", "--scope", "999999")
    assert result.exit_code == 1
    assert "999999" in result.output and "Password" not in result.output and result.output.isascii()


def test_audit_verify_fails_on_a_changed_event(run: Run) -> None:
    record_three()
    assert run("audit", "verify").exit_code == 0
    tamper(sa.update(AuditEvent).where(AuditEvent.id == 2).values(kind="x"))
    result = run("audit", "verify")
    assert result.exit_code == 1
    assert "event 2: changed" in result.output


def test_the_sample_roster_is_checked_without_a_change_and_then_imported(run: Run) -> None:
    assert run("import", "roster", str(SAMPLE), "--dry-run").exit_code == 0
    assert db.session.scalars(sa.select(Enterprise)).all() == []
    result = run("import", "roster", str(SAMPLE))
    assert result.exit_code == 0, result.output
    assert len(db.session.scalars(sa.select(Enterprise)).all()) == 40


def test_a_roster_is_brought_by_an_account_within_its_territory_and_taken_back(run: Run) -> None:
    sample.user("county", Role.REGULATOR, "330106")
    nation = sample.user("boss", Role.ADMINISTRATOR)
    sample.user("staff", Role.INSTITUTION, "PX01")
    db.session.commit()
    for login in ("county", "staff"):
        assert run("import", "roster", str(SAMPLE), "--as", login).exit_code == 1
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Enterprise)) == 0
    assert run("import", "roster", str(SAMPLE), "--as", "boss").exit_code == 0
    imported = db.session.scalars(sa.select(Import)).one()
    assert imported.created_by_id == nation.id
    assert "roster.xlsx\t000000" in run("import", "list").output
    assert run("import", "undo", str(imported.id), "--yes", "--as", "county").exit_code == 1
    undone = run("import", "undo", str(imported.id), "--yes")
    assert undone.exit_code == 0 and "enterprises" in undone.output
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Enterprise)) == 0


def test_a_roster_is_brought_under_the_territory_that_holds_all_of_it(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "roster.xlsx"
    file.write_bytes(rosters.workbook([rosters.row(), rosters.row(region_code="330106"), rosters.row(region_code="x")]))
    account = sample.user("regulator", Role.REGULATOR, "330106")
    db.session.commit()
    outside = run("import", "roster", str(file), "--skip-errors", "--as", "regulator")
    assert outside.exit_code == 0 and "2\t行政区划代码" in outside.output and "left out: 2 rows" in outside.output
    account.grants.append(Grant(role=Role.REGULATOR, scope="330000"))
    db.session.commit()
    brought = run("import", "roster", str(file), "--skip-errors", "--as", "regulator")
    assert brought.exit_code == 0 and "left out: 1 rows" in brought.output, brought.output
    first, second = db.session.scalars(sa.select(Import).order_by(Import.id))
    assert [one.context["territory"] for one in (first, second)] == ["330106", "330000"]
    assert run("import", "undo", str(second.id), "--yes", "--as", "regulator").exit_code == 0


def test_a_roster_that_is_no_workbook_is_refused_in_one_sentence(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "roster.xlsx"
    file.write_text("姓名,证件号码\n", encoding="utf-8")
    result = run("import", "roster", str(file))
    assert result.exit_code == 1
    assert "not an .xlsx file" in result.output
    assert db.session.scalars(sa.select(Enterprise)).all() == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("coverage", "--year", "2024", "--region", "99"),
        ("coverage", "--year", "1900", "--region", "33"),
        ("certificate", "verify", "ZJ-2026-0000001-X"),
        ("certificate", "revoke", "ZJ-2026-0000001-X", "--reason", "示例", "--document", "示例 1 号"),
        ("import", "questions", str(SAMPLE), "--bank", "no-such-bank"),
    ],
    ids=lambda arguments: " ".join(arguments[:3])[:40],
)
def test_bad_input_is_answered_with_one_sentence_and_a_status(run: Run, arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code != 0
    assert result.output.strip()
    assert "Traceback" not in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)


@pytest.mark.parametrize(
    ("role", "scope"),
    [
        ("regulator", "339999"),
        ("regulator", "33"),
        ("institution", "PX-NONE"),
        ("exam_site", "KD-NONE"),
        ("enterprise", "91330100000000001C"),
        ("administrator", "330000"),
    ],
)
def test_a_user_for_a_scope_that_names_nothing_is_not_added(run: Run, role: str, scope: str) -> None:
    options = ("--name", "王示例", "--role", role, "--scope", scope)
    result = run("user", "add", "wang", *options, BIKAO_USER_PASSWORD="sample-password-1")
    assert result.exit_code == 1 and scope in result.output
    assert accounts.user_by_login("wang") is None


def test_users_are_added_for_bodies_that_are_registered(app: Flask, run: Run) -> None:
    scopes = {
        "regulator": "330102",
        "institution": sample.institution().code,
        "exam_site": sample.exam_site().code,
        "enterprise": sample.enterprise().credit_code,
    }
    db.session.commit()
    for role, scope in scopes.items():
        options = ("--name", "王示例", "--role", role, "--scope", scope)
        assert run("user", "add", role, *options, BIKAO_USER_PASSWORD="sample-password-1").exit_code == 0
