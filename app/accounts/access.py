"""Who may open a route, declared on the route itself. A test walks the URL map and refuses a route without a rule.

    @bp.get("/sessions")
    @requires(Role.INSTITUTION, Role.REGULATOR)
    def sessions() -> str: ...

Whether a record lies in the actor's scope is asked with app.core.actors.require_region / require_body.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import g, redirect, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app.accounts.models import Grant, User
from app.core.actors import Actor, Role
from app.core.errors import Forbidden

P = ParamSpec("P")
R = TypeVar("R")
GRANT = "grant_id"  # which of the user's grants is in use
ADMITTED_TO = "admitted_to"  # sitting id, for somebody who signed in with an admission number only


@dataclass(frozen=True)
class AccessRule:
    """roles: who may come in; empty with is_public: anybody. admitted: also by admission number alone."""

    roles: frozenset[Role]
    is_public: bool = False
    admitted: bool = False


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Declare that anybody may open *view*, signed in or not."""
    view.access_rule = AccessRule(frozenset(), is_public=True)  # type: ignore[attr-defined]
    return view


def requires(*roles: Role, admitted: bool = False) -> Callable[[Callable[P, R]], Callable[P, R | Response]]:
    """Declare that only actors in *roles* may open the view.

    admitted: also somebody who signed in for one sitting with an admission number; the view then checks
    `admitted_sitting()` itself.
    """

    def declare(view: Callable[P, R]) -> Callable[P, R | Response]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
            if not current_user.is_authenticated:
                return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
            if actor().role not in roles or (admitted_sitting() is not None and not admitted):
                raise Forbidden("wrong_role")
            return view(*args, **kwargs)

        guarded.access_rule = AccessRule(frozenset(roles), admitted=admitted)  # type: ignore[attr-defined]
        return guarded

    return declare


def checked_by_statement(*roles: Role) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare that the one SQL statement of the view checks who is signed in; the view asks `signed_identity()`.

    For the exam's hot path: saving an answer loads no user. admitted is always true.
    """

    def declare(view: Callable[P, R]) -> Callable[P, R]:
        view.access_rule = AccessRule(frozenset(roles), admitted=True)  # type: ignore[attr-defined]
        return view

    return declare


@dataclass(frozen=True)
class Identity:
    """What the signed session says of its holder, not yet checked against the database.

    session_version: worthless once the user's is another; admitted_to: only for this sitting, None for all.
    """

    user_id: int
    session_version: int
    admitted_to: int | None


def signed_identity() -> Identity | None:
    """Return what the signed session names, None without one. Only the signature has been checked."""
    user_id, _, version = str(session.get("_user_id", "")).partition(":")
    if not (user_id.isdecimal() and version.isdecimal()):
        return None
    return Identity(int(user_id), int(version), admitted_sitting())


def actor() -> Actor:
    """Return who acts in this request. Raises Forbidden if the user holds no role."""
    if "actor" not in g:
        g.actor = _actor_of(current_user)
    acting: Actor = g.actor
    return acting


def admitted_sitting() -> int | None:
    """Return the id of the sitting somebody signed in for with an admission number, None for a full sign-in."""
    found: int | None = session.get(ADMITTED_TO)
    return found


def grant_in_use(user: User) -> Grant | None:
    """Return the grant the user works under: the chosen one, else the first."""
    chosen = session.get(GRANT)
    return next((one for one in user.grants if one.id == chosen), user.grants[0] if user.grants else None)


def _actor_of(user: User) -> Actor:
    grant = grant_in_use(user)
    if grant is None:
        raise Forbidden("wrong_role")
    return Actor(user_id=user.id, name=user.name, role=grant.role, scope=grant.scope)
