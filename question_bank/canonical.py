"""One way to turn a payload into bytes, so that a digest means the same on every machine and in every year."""

import hashlib
import json


def canonical_bytes(payload: object) -> bytes:
    """Return *payload* (JSON values without floats) as UTF-8 JSON: keys sorted, no spaces, no ASCII escapes."""
    return json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def digest_of(payload: object) -> str:
    """Return the SHA-256 of the canonical bytes of *payload*, 64 lower-case hexadecimal digits."""
    return hashlib.sha256(canonical_bytes(payload)).hexdigest()
