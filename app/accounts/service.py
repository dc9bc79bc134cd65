"""Users: adding them, signing in, passwords."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.accounts import passwords
from app.accounts.models import Grant, User
from app.audit import events
from app.audit.service import record
from app.core.actors import SYSTEM, Actor, Role
from app.core.db import db
from app.core.errors import Forbidden, NotFound, ServiceError
from app.core.personal import personal_data

LOCK_AFTER = 10
LOCK_FOR = timedelta(minutes=15)
_NUMBER = re.compile(r"[\dXx -]{9,}|[A-Za-z]{1,3}\d{7,12}")
SCOPED = {Role.REGULATOR, Role.INSTITUTION, Role.EXAM_SITE, Role.ENTERPRISE}


def add_user(
    login: str | None, name: str, password: str | None, role: Role, scope: str, *, actor: Actor, now: datetime
) -> User:
    """Add a user with one role.

    Raises ServiceError: "scope_missing", "login_is_number" (a login in the clear that could be an identity number, and
    would stand before the trainee who signs in with it), "login_taken", "password_too_short", "password_too_simple".
    """
    if role in SCOPED and not scope:
        raise ServiceError("scope_missing", field="scope")
    if login and _NUMBER.fullmatch(login):
        raise ServiceError("login_is_number", field="login")
    if login and db.session.scalar(sa.select(User.id).where(User.login == login)):
        raise ServiceError("login_taken", field="login", login=login)
    password_hash = None if password is None else passwords.hashed(password, known=(login, name))
    user = User(login=login, name=name, password_hash=password_hash, created_at=now)
    user.grants.append(Grant(role=role, scope=scope))
    db.session.add(user)
    db.session.flush()
    record(events.UserAdded(user.id, role=role.value, scope=scope), actor=actor, now=now)
    return user


def asked_again(asked_by: Mapping[str, Any]) -> Actor:
    """Return who asked for a job (jobs.asked_by), asked again now: whoever was shut out meanwhile changes nothing.

    Raises Forbidden("wrong_role").
    """
    if asked_by["user_id"] is None:
        return SYSTEM
    user, role, scope = db.session.get(User, asked_by["user_id"]), Role(asked_by["role"]), asked_by["scope"]
    if user is None or not user.is_active or (role, scope) not in {(one.role, one.scope) for one in user.grants}:
        raise Forbidden("wrong_role")
    return Actor(user.id, user.name, role, scope)


def acting(login: str, roles: Collection[Role], fits: Callable[[Actor], bool] = lambda _actor: True) -> Actor:
    """Return the account *login* as who acts, under a grant that is one of *roles* and fits what is asked: an
    administrator's where it holds one, else the oldest.

    For commands, where nobody signs in and picks a grant. fits: whether what is asked may be done under a grant.
    Raises NotFound("login_unknown"), Forbidden("login_may_not") for an account that was shut out or has no such grant.
    """
    user = db.session.scalar(sa.select(User).where(User.login == login))
    if user is None:
        raise NotFound("login_unknown", login=login)
    grants = sorted(user.grants, key=lambda one: one.role is not Role.ADMINISTRATOR)
    could = [Actor(user.id, user.name, one.role, one.scope) for one in grants if one.role in roles]
    found = next(filter(fits, could), None)
    if found is None or not user.is_active:
        raise Forbidden("login_may_not", login=login)
    return found


def set_password(user: User, password: str, *, actor: Actor, now: datetime) -> None:
    """Give *user* a new password and end every session of theirs.

    Raises ServiceError "password_too_short" or "password_too_simple" (the own document number is, too).
    """
    if user.document_index == personal_data().blind_index(password):
        raise ServiceError("password_too_simple", field="password")
    user.password_hash = passwords.hashed(password, known=(user.login, user.name))
    user.session_version += 1
    user.failed_sign_ins, user.locked_until = 0, None
    record(events.PasswordSet(user.id), actor=actor, now=now)


def check_password(user: User | None, password: str, *, now: datetime) -> bool:
    """Whether *user* may come in with *password*; counts failures and locks after LOCK_AFTER of them.

    Nobody learns which accounts there are: unknown, locked and wrong take the same work and get the same answer.
    The caller commits in either case.
    """
    is_right = passwords.matches(user.password_hash if user and user.is_active else None, password)
    if user is None or (user.locked_until is not None and user.locked_until > now):
        return False
    _count(user, is_right, now)
    if is_right and passwords.is_outdated(user.password_hash):
        user.password_hash = passwords.hashed_again(password)
    return is_right


def _count(user: User, is_right: bool, now: datetime) -> None:
    if is_right:
        user.failed_sign_ins, user.locked_until = 0, None
        return
    user.failed_sign_ins += 1
    if user.failed_sign_ins % LOCK_AFTER == 0:
        user.locked_until = now + LOCK_FOR


def trainee_account(document_index: str, name: str, *, now: datetime) -> User:
    """Return the account of the person with this document, made without a password at the first call."""
    user = db.session.scalar(sa.select(User).where(User.document_index == document_index))
    if user is None:
        user = User(document_index=document_index, name=name, created_at=now)
        user.grants.append(Grant(role=Role.TRAINEE, scope=""))
        db.session.add(user)
        db.session.flush()
    return user


def user_by_login(login: str) -> User | None:
    """Return the user with this login name or, for trainees, this identity document number of any kind."""
    by_login = sa.select(User).where(User.login == login)
    by_document = sa.select(User).where(User.document_index == personal_data().blind_index(login))
    found: User | None = db.session.scalar(by_login) or db.session.scalar(by_document)
    return found


def user_by_session(session_id: str) -> User | None:
    """Return the user a signed session names, unless the session was ended or the user may not sign in."""
    identity, _, version = session_id.partition(":")
    user = db.session.get(User, int(identity)) if identity.isdecimal() else None
    if user is None or not user.is_active or str(user.session_version) != version:
        return None
    return user
