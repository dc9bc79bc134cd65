"""bikao db, user, audit, check."""

from __future__ import annotations

import click
import flask_migrate
import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from app.accounts import service as accounts
from app.audit.service import faults
from app.banks import reference as banks
from app.cli.context import in_application
from app.core.actors import SYSTEM, Role
from app.core.checks import run_checks
from app.core.clock import now
from app.core.db import db
from app.core.errors import ServiceError
from app.institutions.models import ExamSite, Institution
from app.registry.models import Enterprise
from app.training import reference as training
from courses import regions


@click.group("db")
def db_group() -> None:
    """Bring the database to this release. Example: bikao db upgrade"""


@db_group.command("upgrade")
@in_application
def upgrade() -> None:
    """Run every migration that is missing, then add the reference data that are new. Example: bikao db upgrade"""
    flask_migrate.upgrade()
    courses = training.load_reference(now=now())
    banks.load_banks(now())
    questions = banks.load_starter_questions(SYSTEM, now())
    click.echo("The database is at this release.")
    click.echo(f"New courses: {courses}. New starter questions, as drafts for approval: {questions}.")


@db_group.command("migrate")
@click.argument("message")
@in_application
def write_migration(message: str) -> None:
    """Write a migration for a changed model. Example: bikao db migrate 'institution phone'."""
    flask_migrate.migrate(message=message)


@click.group("user")
def user_group() -> None:
    """Users. Example: bikao user add LOGIN --name 王科长 --role regulator --scope 330000"""


@user_group.command("add")
@click.argument("login")
@click.option("--name", required=True, help="Name shown on screen.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role if role is not Role.TRAINEE]))
@click.option("--scope", default="", help="Region code, institution code, exam site code or credit code.")
@click.option("--password", envvar="BIKAO_USER_PASSWORD", help="Asked for where it is not given.")
@in_application
def add_user(login: str, name: str, role: str, scope: str, password: str | None) -> None:
    """Add a user with one role.

    \b
    Example: bikao user add wang --name 王科长 --role regulator --scope 330000
    """
    require_known_scope(Role(role), scope)
    if password is None:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    user = accounts.add_user(login, name, password, Role(role), scope, actor=SYSTEM, now=now())
    click.echo(f"Added {user.login} as {role} {scope}".rstrip() + ".")


def require_known_scope(role: Role, scope: str) -> None:
    """Raise ServiceError("scope_unknown") for a scope that names nothing, "scope_missing" where the role asks for one.

    A slip of one digit would hand somebody an account that sees nothing, or another's records once the code is taken.
    """
    if not scope and role in accounts.SCOPED:
        raise ServiceError("scope_missing", field="scope")
    if not scope:
        return
    known = {
        Role.REGULATOR: lambda: any(each.code == scope for each in regions.regions()),
        Role.INSTITUTION: lambda: _exists(Institution.code, scope),
        Role.EXAM_SITE: lambda: _exists(ExamSite.code, scope),
        Role.ENTERPRISE: lambda: _exists(Enterprise.credit_code, scope),
    }
    if role not in known or not known[role]():
        raise ServiceError("scope_unknown", field="scope", scope=scope)


def _exists(column: InstrumentedAttribute[str], value: str) -> bool:
    return db.session.scalar(sa.select(column).where(column == value)) is not None


@click.group("audit")
def audit_group() -> None:
    """The audit chain. Example: bikao audit verify"""


@audit_group.command("verify")
@in_application
def verify() -> None:
    """Walk the whole chain; exit status 1 if one byte was changed.

    \b
    Example: bikao audit verify
    """
    found = list(faults())
    for fault in found:
        click.echo(f"event {fault.position}: {fault.code}", err=True)
    if found:
        raise click.ClickException(f"The audit chain does not hold: {len(found)} faults.")
    click.echo("The audit chain holds.")


@click.command("check")
@in_application
def check() -> None:
    """Check database, migrations, keys, fonts and clock. Example: bikao check"""
    checks = run_checks()
    for one in checks:
        click.echo(f"{'ok  ' if one.is_right else 'WRONG'} {one.name}: {one.detail}")
    if not all(one.is_right for one in checks):
        raise click.exceptions.Exit(1)
