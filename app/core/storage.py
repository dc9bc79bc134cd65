"""Files of the application (uploads, certificate PDFs): stored once, by digest, encrypted, in the instance folder.

They hold identity numbers and names, so the disk and its backups see them as little as the database does.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from flask import current_app

from app.core.personal import personal_data


def root() -> Path:
    """Return the folder that holds the stored files."""
    folder: Path = current_app.config["SETTINGS"].instance / "files"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def path_of(digest: str) -> Path:
    """Return where the file with *digest* (64 hex digits) lies."""
    if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        raise ValueError("not a digest")
    return root() / digest[:2] / digest


def keep(content: bytes) -> str:
    """Store *content* encrypted and return its SHA-256 in hex. Storing the same bytes twice stores them once."""
    digest = hashlib.sha256(content).hexdigest()
    path = path_of(digest)
    if path.exists():
        return digest
    path.parent.mkdir(exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(personal_data().seal(content, digest.encode()))
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(path)  # a reader sees the whole file or none
    return digest


def read(digest: str) -> bytes:
    """Return the bytes that were stored.

    Raises FileNotFoundError if there are none, PersonalDataError for a file that was changed or exchanged.
    """
    return personal_data().unseal(path_of(digest).read_bytes(), digest.encode())
