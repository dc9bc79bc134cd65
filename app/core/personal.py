"""The one place for personal data: encryption at rest, the blind index for look-up, masks for the screen."""

from __future__ import annotations

import hashlib
import hmac
import os

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

NONCE_BYTES = 12


class PersonalDataError(Exception):
    """A stored value cannot be read with this installation's key."""


class PersonalData:
    """Encrypts and indexes with keys derived from one 32-byte root."""

    def __init__(self, root: bytes) -> None:
        self._cipher = AESGCM(self.derive(root, b"encryption"))
        self._index_key = self.derive(root, b"blind index")
        self.audit_key = self.derive(root, b"audit chain")

    @staticmethod
    def derive(root: bytes, purpose: bytes) -> bytes:
        """Return a 32-byte key for one *purpose*."""
        return HKDF(SHA256(), 32, None, b"bikao " + purpose).derive(root)

    def encrypt(self, text: str) -> bytes:
        """Return nonce + ciphertext (AES-256-GCM) of *text*."""
        return self.seal(text.encode())

    def decrypt(self, stored: bytes) -> str:
        """Return the text of *stored*. Raises PersonalDataError if the key or a byte is wrong."""
        return self.unseal(stored).decode()

    def seal(self, content: bytes, label: bytes | None = None) -> bytes:
        """Return nonce + ciphertext (AES-256-GCM) of *content*. label: what it belongs to; it opens nowhere else."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, content, label)

    def unseal(self, stored: bytes, label: bytes | None = None) -> bytes:
        """Return the bytes of *stored*. Raises PersonalDataError if the key, the label or a byte is wrong."""
        try:
            return self._cipher.decrypt(stored[:NONCE_BYTES], stored[NONCE_BYTES:], label)
        except (InvalidTag, ValueError) as error:
            raise PersonalDataError("the personal data key does not open this value") from error

    def blind_index(self, number: str) -> str:
        """Return 64 hex digits that are equal for equal document numbers and say nothing without the key.

        The kind of document is left out: numbers of different kinds have different shapes, and a sign-in asks
        for the number alone.
        """
        return hmac.new(self._index_key, number.strip().upper().encode(), hashlib.sha256).hexdigest()


def personal_data() -> PersonalData:
    """Return the running application's personal data keys."""
    keys: PersonalData = current_app.extensions["personal_data"]
    return keys


class EncryptedText(sa.TypeDecorator[str]):
    """A text column that the database only ever sees encrypted."""

    impl = sa.LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> bytes | None:
        return None if value is None else personal_data().encrypt(value)

    def process_result_value(self, value: bytes | None, dialect: sa.Dialect) -> str | None:
        return None if value is None else personal_data().decrypt(value)


def mask_phone(number: str) -> str:
    """Return a phone number with all but its first three and last four digits hidden."""
    return number[:3] + "*" * max(len(number) - 7, 0) + number[-4:] if len(number) >= 7 else "*" * len(number)
