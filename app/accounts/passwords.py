"""Passwords: argon2id, at most as many at once as there are processors, so that sign-ins never starve exams."""

from __future__ import annotations

import os
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

from app.core.errors import ServiceError

MINIMUM_LENGTH = 10
_at_once = BoundedSemaphore(max(1, (os.cpu_count() or 1)))


def _hasher() -> PasswordHasher:
    hasher: PasswordHasher = current_app.extensions["password_hasher"]
    return hasher


def hashed(password: str) -> str:
    """Return the argon2id hash of *password*. Raises ServiceError if it is too short."""
    if len(password) < MINIMUM_LENGTH:
        raise ServiceError("password_too_short", field="password", minimum=MINIMUM_LENGTH)
    with _at_once:
        return _hasher().hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether *password* belongs to *password_hash*; takes as long where there is no such user."""
    with _at_once:
        if password_hash is None:
            _hasher().hash(password)
            return False
        try:
            return _hasher().verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False
