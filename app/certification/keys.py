"""The issuer's signing keys: made at first use, the private half encrypted like personal data."""

from __future__ import annotations

import secrets
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.audit import events
from app.audit.service import record
from app.certification.models import SigningKey
from app.core.actors import SYSTEM
from app.core.db import db
from certificates import keys
from certificates.keys import KEY_SEED_BYTES, KeyRecord


def active_key(*, now: datetime) -> SigningKey:
    """Return the key that signs today; the first certificate of an installation makes one and writes it down."""
    query = sa.select(SigningKey).where(SigningKey.retired_at.is_(None)).order_by(SigningKey.id).limit(1)
    found = db.session.scalar(query)
    if found is not None:
        return found
    try:
        with db.session.begin_nested():
            made = _made(now)
    except IntegrityError:  # another worker made one at this moment: the database keeps one
        return db.session.scalars(query).one()
    record(events.SigningKeyMade(made.id, kid=made.kid), actor=SYSTEM, now=now)
    return made


def records() -> tuple[KeyRecord, ...]:
    """Return the public record of every key that ever signed, for verifiers; retired keys verify what they signed."""
    return tuple(record_of(row) for row in db.session.scalars(sa.select(SigningKey).order_by(SigningKey.id)))


def record_of(row: SigningKey) -> KeyRecord:
    """Return the public record of one key."""
    return KeyRecord(row.kid, row.algorithm, row.public_key, row.created_at, row.retired_at)


def opened(row: SigningKey) -> keys.SigningKey:
    """Return the key with its private half, ready to sign."""
    return keys.load_signing_key(record_of(row), row.private_key)


def _made(now: datetime) -> SigningKey:
    made, private_pem = keys.generate(secrets.token_bytes(KEY_SEED_BYTES), now)
    row = SigningKey(
        kid=made.kid,
        algorithm=made.algorithm,
        public_key=made.public_key_pem,
        private_key=private_pem,
        created_at=now,
    )
    db.session.add(row)
    db.session.flush()
    return row
