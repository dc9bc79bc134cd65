"""Certificate numbers for people to read aloud, and tokens for addresses that nobody can guess.

A number is PREFIX-YEAR-SERIAL-CHECK, for example ZJ-2026-0004821-M. The check character is ISO 7064 MOD 37,36
over prefix, year and serial: it finds every single wrong character and every swap of neighbours but one kind,
letters included, which the digits-only MOD 11,10 cannot do for the prefix.
A token is separate from the number, and neither holds anything of the identity document.
"""

from __future__ import annotations

import base64
import re
import unicodedata
from dataclasses import dataclass

from stdnum.iso7064 import mod_37_36

from certificates.errors import CertificateError

SERIAL_DIGITS = 7
TOKEN_BYTES = 16
_TAIL = 4 + SERIAL_DIGITS + 1
_PREFIX = re.compile(r"[A-Z][A-Z0-9]{1,7}")
_TOKEN = re.compile(r"[a-z2-7]{26,64}")
# Phones offer many dashes and spaces; a number typed with any of them is the same number.
_SEPARATORS = re.compile(r"[\s\-‐‑‒–—―−_·./ー－]+")
_LOOKALIKE_DIGITS = str.maketrans({"O": "0", "I": "1", "L": "1"})


@dataclass(frozen=True)
class CertificateNumber:
    """The parts of a certificate number: prefix of 2-8 letters or digits, year 2000-2099, serial 1-9999999."""

    prefix: str
    year: int
    serial: int

    def __str__(self) -> str:
        return format_number(self.prefix, self.year, self.serial)


def format_number(prefix: str, year: int, serial: int) -> str:
    """Return the printed number with its check character.

    prefix: 2-8 of A-Z and 0-9, a letter first (set by the region's configuration); year 2000-2099;
    serial 1-9999999, gapless within prefix and year by the caller's care.
    Raises CertificateError number_prefix, number_year or number_serial.
    """
    if not _PREFIX.fullmatch(prefix):
        raise CertificateError("number_prefix", prefix=prefix)
    if not 2000 <= year <= 2099:
        raise CertificateError("number_year", year=year)
    if not 1 <= serial < 10**SERIAL_DIGITS:
        raise CertificateError("number_serial", serial=serial)
    digits = f"{serial:0{SERIAL_DIGITS}d}"
    return f"{prefix}-{year}-{digits}-{mod_37_36.calc_check_digit(f'{prefix}{year}{digits}')}"


def parse_number(text: str) -> CertificateNumber:
    """Read a number as a person typed it: full-width, lower case, any dashes or none, spaces, O for 0 in the digits.

    Raises CertificateError number_empty, number_shape, number_prefix, number_year, number_serial or number_check.
    """
    compact = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
    if not compact:
        raise CertificateError("number_empty")
    if len(compact) < _TAIL + 2 or len(compact) > _TAIL + 8 or not compact.isascii():
        raise CertificateError("number_shape", text=text)
    prefix, digits, check = compact[:-_TAIL], compact[-_TAIL:-1].translate(_LOOKALIKE_DIGITS), compact[-1]
    if not digits.isdigit():
        raise CertificateError("number_shape", text=text)
    number = CertificateNumber(prefix, int(digits[:4]), int(digits[4:]))
    if str(number)[-1] != check:
        raise CertificateError("number_check", text=text)
    return number


def normalise_number(text: str) -> str:
    """Return the one spelling of a number that is stored, looked up and printed; errors as parse_number."""
    return str(parse_number(text))


def token_from_bytes(random_bytes: bytes) -> str:
    """Return the address token for at least 16 random bytes: base32, lower case, no padding, 26 characters for 16.

    Lower-case base32 survives mail programs, case-folding logs and dictation, where base64url does not.
    Raises CertificateError token_bytes when there is too little randomness or more than 40 bytes.
    """
    if not TOKEN_BYTES <= len(random_bytes) <= 40:
        raise CertificateError("token_bytes", length=len(random_bytes))
    return base64.b32encode(random_bytes).decode("ascii").rstrip("=").lower()


def require_token(text: str) -> str:
    """Return *text* if it has the shape of a token, else raise CertificateError token_shape."""
    if not _TOKEN.fullmatch(text):
        raise CertificateError("token_shape", text=text)
    return text
