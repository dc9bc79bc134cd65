"""Who acts: one role with one scope. Services take an Actor; scopes are decided here and nowhere else."""

from __future__ import annotations

import enum
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from app.core.errors import Forbidden
from courses import regions


class Role(enum.StrEnum):
    ADMINISTRATOR = "administrator"
    REGULATOR = "regulator"
    INSTITUTION = "institution"
    EXAM_SITE = "exam_site"
    ENTERPRISE = "enterprise"
    TRAINEE = "trainee"


NATION = "000000"
COMMAND = "command"
"""Actor.via of whoever acts by the command line."""


@dataclass(frozen=True)
class Actor:
    """Somebody signed in, or the system itself.

    user_id: None for the system (worker, command line).
    scope: a region code for regulators, the code of the institution or exam site for their staff, a credit
    code for an enterprise, "" where the role has none.
    via: the way by which they came if that was not a page, such as COMMAND; the audit trail names it.
    """

    user_id: int | None
    name: str
    role: Role
    scope: str = ""
    via: str = ""

    @property
    def territory(self) -> str | None:
        """The region this actor oversees, or None if it oversees none."""
        if self.role is Role.ADMINISTRATOR:
            return NATION
        return self.scope if self.role is Role.REGULATOR else None

    def oversees(self, region_code: str) -> bool:
        """Whether the actor is a regulator (or administrator) whose territory contains *region_code*."""
        return self.territory is not None and regions.is_within(region_code, self.territory)

    def works_for(self, role: Role, code: str) -> bool:
        """Whether the actor is staff, in *role*, of the body with *code*."""
        return self.role is role and self.scope == code


SYSTEM = Actor(user_id=None, name="system", role=Role.ADMINISTRATOR)


def require_region(actor: Actor, region_code: str) -> None:
    """Raise Forbidden unless *actor* oversees *region_code*."""
    if not actor.oversees(region_code):
        raise Forbidden("outside_territory")


def require_body(actor: Actor, role: Role, code: str, region_code: str) -> None:
    """Raise Forbidden unless *actor* is staff of the body *code* or oversees the region where it sits."""
    if not (actor.works_for(role, code) or actor.oversees(region_code)):
        raise Forbidden("outside_scope")


def within_territory(column: InstrumentedAttribute[str], actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition that *column* (a region code) lies in the actor's territory; false without one."""
    if actor.territory is None:
        return sa.false()
    return within_region(column, actor.territory)


def within_region(column: InstrumentedAttribute[str], region_code: str) -> sa.ColumnElement[bool]:
    """Return the condition that *column* (a region code) lies in *region_code*."""
    return column.startswith(regions.prefix(region_code), autoescape=True)
