"""What commands put out: JSON for machines; files whole or not at all, refused before the work where they cannot be
written."""

from __future__ import annotations

import errno
import json
import os
import tempfile
from pathlib import Path

from app.core.errors import ServiceError


def as_json(value: object) -> str:
    """Return *value* as JSON for machines; what JSON has no type for as its text."""
    return json.dumps(value, ensure_ascii=False, indent=1, default=str)


def require_writable(path: Path) -> None:
    """Raise ServiceError("output_not_writable") if no file can be put at *path*; asked before the work begins."""
    if not path.parent.is_dir():
        raise _refusal(path, os.strerror(errno.ENOENT))
    if path.is_dir():
        raise _refusal(path, os.strerror(errno.EISDIR))
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise _refusal(path, os.strerror(errno.EACCES))


def write(path: Path, content: bytes) -> None:
    """Put *content* at *path*, whole or not at all. Raises ServiceError("output_not_writable")."""
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".bikao-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise _refusal(path, error.strerror or str(error)) from error


def _refusal(path: Path, reason: str) -> ServiceError:
    return ServiceError("output_not_writable", path=str(path), reason=reason)
