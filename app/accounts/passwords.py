"""Passwords: argon2id, at most as many at once as there are processors, so that sign-ins never starve exams."""

from __future__ import annotations

import os
from collections.abc import Iterable
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

from app.core.errors import ServiceError

MINIMUM_LENGTH = 10
FEWEST_CHARACTERS = 4  # different ones
FEWEST_OWN = 5  # characters besides a word that others know
RUNS = ("12345678901234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "1qaz2wsx3edc4rfv5tgb")
COMMON = ("password", "passw0rd", "iloveyou", "woaini1314", "5201314", "admin", "123456789", "12345678", "bikao")
_at_once = BoundedSemaphore(max(1, (os.cpu_count() or 1)))


def _hasher() -> PasswordHasher:
    hasher: PasswordHasher = current_app.extensions["password_hasher"]
    return hasher


def hashed(password: str, *, known: Iterable[str | None] = ()) -> str:
    """Return the argon2id hash of a new *password*. known: what others know of its owner, such as the login.

    Raises ServiceError "password_too_short" or "password_too_simple": length is asked for and what everybody tries
    first is refused, but no mixture of kinds of characters (NIST SP 800-63B section 5.1.1.2).
    """
    if len(password) < MINIMUM_LENGTH:
        raise ServiceError("password_too_short", field="password", minimum=MINIMUM_LENGTH)
    if _is_simple(password.casefold(), known):
        raise ServiceError("password_too_simple", field="password")
    return hashed_again(password)


def hashed_again(password: str) -> str:
    """Return the hash of a password that was accepted before, with the parameters of today."""
    with _at_once:
        return _hasher().hash(password)


def is_outdated(password_hash: str | None) -> bool:
    """Whether *password_hash* was made with other parameters than those of today."""
    return password_hash is not None and _hasher().check_needs_rehash(password_hash)


def _is_simple(password: str, known: Iterable[str | None]) -> bool:
    """A few characters over and over, a run of the keyboard or of the alphabet, or a known word with a few more."""
    if len(set(password)) < FEWEST_CHARACTERS:
        return True
    if any(password[:MINIMUM_LENGTH] in run or password[:MINIMUM_LENGTH] in run[::-1] for run in RUNS):
        return True
    words = (*COMMON, *(word.casefold() for word in known if word))
    return any(word in password and len(password) - len(word) < FEWEST_OWN for word in words)


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
