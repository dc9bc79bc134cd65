"""Numbers that name a person or an organisation: read, normalised and checked before anything is stored."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from stdnum.cn import ric, uscc
from stdnum.exceptions import InvalidComponent

from app.core.errors import ServiceError
from app.registry.models import DocumentKind
from certificates.certificate import normalise_name

FIELD = "document_number"
NAME_LIMIT = 100
EARLIEST_BIRTH_YEAR = 1900

_EIGHTEEN = re.compile(r"\d{17}[\dX]")
_OLD_IDENTITY = re.compile(r"\d{15}")
_OLD_FOREIGN_PERMIT = re.compile(r"[A-Z]{3}\d{12}")
_PASSPORT = re.compile(r"[A-Z0-9]{5,15}")
_USUAL_PASSPORT = re.compile(r"[A-Z0-9]{6,9}")  # ICAO 9303: at most nine characters
_RESIDENCE_PREFIXES = ("810000", "820000", "830000")
_UNSEEN = ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp")


def checked(kind: DocumentKind | None, text: str, *, on: date | None = None) -> tuple[DocumentKind, str]:
    """Return the kind of document and its number in the one spelling that is stored and indexed.

    kind: what the reader says it is, or None to tell it from the number; text: as typed, with full-width digits,
    spaces and a lower-case x allowed; on: no birth date may lie after this day.
    Raises ServiceError with field "document_number": "document_missing", "document_shape", "document_old" (the
    15-digit identity number withdrawn in 2013), "document_birth_date", "document_checksum",
    "document_rounded" (a spreadsheet cut the number), "document_kind_differs".
    Source: GB 11643-1999 (number, ISO 7064 MOD 11-2); 港澳台居民居住证申领发放办法 第八条 (810000, 820000, 830000);
    the permanent residence card of foreigners: 18 characters from 9 since 2023, three letters and 12 digits before.
    """
    number = _compact(text)
    if not number:
        raise ServiceError("document_missing", field=FIELD)
    found = _kind_of(number, kind)
    if kind is not None and found is not kind:
        raise ServiceError("document_kind_differs", field=FIELD)
    if len(number) == 18:
        _check_eighteen(number, on)
    return found, number


def checked_credit_code(text: str) -> str:
    """Return the unified social credit code in *text*, 18 characters in capitals.

    Raises ServiceError with field "credit_code": "credit_code_shape" or "credit_code_checksum". Source: GB 32100-2015.
    """
    code = _compact(text)
    if len(code) != 18 or not code[:8].isdigit() or not set(code) <= set("0123456789ABCDEFGHJKLMNPQRTUWXY"):
        raise ServiceError("credit_code_shape", field="credit_code")
    if code[-1] != uscc.calc_check_digit(code):
        raise ServiceError("credit_code_checksum", field="credit_code")
    return code


def checked_name(text: str) -> str:
    """Return a person's name in one spelling: trimmed, single spaces, the middle dot as U+00B7.

    Raises ServiceError("person_name_shape", field="name") for an empty name, one of more than 100 characters, or one
    with characters that nobody sees (controls, line breaks, direction marks).
    """
    name = normalise_name(text)
    unseen = any(unicodedata.category(character) in _UNSEEN for character in text.strip())
    if not name or len(name) > NAME_LIMIT or unseen:
        raise ServiceError("person_name_shape", field="name")
    return name


def _compact(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def _kind_of(number: str, said: DocumentKind | None) -> DocumentKind:
    if not number.isascii():
        raise ServiceError("document_shape", field=FIELD)
    if _EIGHTEEN.fullmatch(number):
        return _kind_of_eighteen(number)
    if _OLD_FOREIGN_PERMIT.fullmatch(number):
        return DocumentKind.FOREIGN_PERMIT
    if _OLD_IDENTITY.fullmatch(number) and said is not DocumentKind.PASSPORT:
        raise ServiceError("document_old", field=FIELD)
    # Without a word from the reader only the usual length is taken for a passport: a 17-digit number is a slip.
    passport = _PASSPORT if said is DocumentKind.PASSPORT else _USUAL_PASSPORT
    if said not in (None, DocumentKind.PASSPORT) or not passport.fullmatch(number):
        raise ServiceError("document_shape", field=FIELD)
    return DocumentKind.PASSPORT


def _kind_of_eighteen(number: str) -> DocumentKind:
    if number.startswith(_RESIDENCE_PREFIXES):
        return DocumentKind.RESIDENCE_PERMIT
    if number.startswith("9"):
        return DocumentKind.FOREIGN_PERMIT
    if number.startswith("0"):
        raise ServiceError("document_shape", field=FIELD)  # no region code of GB/T 2260 begins with 0
    return DocumentKind.IDENTITY_CARD


def _check_eighteen(number: str, on: date | None) -> None:
    """Check digit and birth date only: stdnum's table of birth places refuses real people born before 1980."""
    if number[-1] != ric.calc_check_digit(number):
        # A spreadsheet keeps 15 digits of a number and turns the last three into 0.
        raise ServiceError("document_rounded" if number.endswith("000") else "document_checksum", field=FIELD)
    try:
        born = ric.get_birth_date(number)
    except InvalidComponent as error:
        raise ServiceError("document_birth_date", field=FIELD) from error
    if born.year < EARLIEST_BIRTH_YEAR or (on is not None and born > on):
        raise ServiceError("document_birth_date", field=FIELD)
