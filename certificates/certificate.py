"""The frozen snapshot that is certified: every fact that the paper, the page and the signature speak of."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from certificates.errors import CertificateError
from certificates.numbering import normalise_number, require_token

# The order of the facts on the paper and on the verification page: a reader compares line by line.
FACE_ORDER = ("number", "holder", "document", "enterprise", "category", "course", "exam", "issue", "validity")

# Stars stand for the characters that are not printed. The identity card (GB 11643) and the residence permit of Hong
# Kong, Macao and Taiwan have 18; of the other documents the length is not known here.
_HIDDEN_CHARACTERS = {"identity_card": 14, "residence_permit": 14}
_LAST4 = re.compile(r"[0-9A-Z]{1,4}")
_MIDDLE_DOTS = str.maketrans(dict.fromkeys("•‧∙⋅・･", "·"))
_SCORES = ("score", "pass_score", "maximum")
_DATES = ("exam_on", "issued_on", "valid_until")


@dataclass(frozen=True, kw_only=True)
class CertificateFacts:
    """All that one certificate says, as it was on the day of issue; a later rename changes nothing here.

    Texts are one line without control characters; document_last4 is 1-4 of 0-9 and A-Z; hours are class hours (学时),
    1-999; scores are points, 0 <= score <= maximum, at most two decimals; dates are days in Asia/Shanghai, in the
    order exam_on <= issued_on <= valid_until (the last valid day).
    Raises CertificateError fact_invalid with the field's name, or a number_* or token_* code.
    """

    number: str
    token: str
    holder_name: str
    document_kind: str
    document_last4: str
    enterprise_name: str
    role_code: str
    role_zh: str
    role_en: str
    sector_code: str
    sector_zh: str
    sector_en: str
    course_code: str
    course_title_zh: str
    course_title_en: str
    course_version: str
    hours: int
    exam_on: date
    score: Decimal
    pass_score: Decimal
    maximum: Decimal
    institution_name: str
    exam_site_name: str
    issuer_name: str
    issued_on: date
    valid_until: date
    region_name: str

    def __post_init__(self) -> None:
        if normalise_number(self.number) != self.number:
            raise CertificateError("fact_invalid", field="number")
        require_token(self.token)
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, str) and not _is_one_line(value):
                raise CertificateError("fact_invalid", field=field.name)
        if not _LAST4.fullmatch(self.document_last4):
            raise CertificateError("fact_invalid", field="document_last4")
        self._check_quantities()

    def _check_quantities(self) -> None:
        if not 1 <= self.hours <= 999:
            raise CertificateError("fact_invalid", field="hours")
        for name in _SCORES:
            value = getattr(self, name)
            if not value.is_finite() or not 0 <= value <= self.maximum or value != round(value, 2):
                raise CertificateError("fact_invalid", field=name)
        if self.exam_on > self.issued_on:
            raise CertificateError("fact_invalid", field="exam_on")
        if self.valid_until < self.issued_on:
            raise CertificateError("fact_invalid", field="valid_until")

    @property
    def masked_name(self) -> str:
        """The holder's name as the public page shows it."""
        return masked_name(self.holder_name)

    @property
    def masked_document(self) -> str:
        """The document's number as paper and page show it."""
        return masked_document(self.document_kind, self.document_last4)

    def to_payload(self) -> dict[str, object]:
        """Return JSON values by field name: dates as YYYY-MM-DD, scores as decimal text."""
        payload = {field.name: getattr(self, field.name) for field in fields(self)}
        payload.update({name: payload[name].isoformat() for name in _DATES})
        payload.update({name: score_text(payload[name]) for name in _SCORES})
        return payload

    @classmethod
    def from_payload(cls, payload: Mapping[str, object]) -> CertificateFacts:
        """Rebuild the snapshot; a missing, unknown or misshapen field raises CertificateError fact_invalid."""
        names = {field.name for field in fields(cls)}
        strange = sorted(names.symmetric_difference(payload))
        if strange:
            raise CertificateError("fact_invalid", field=strange[0])
        values: dict[str, Any] = {name: _from_json(name, payload[name]) for name in names}
        return cls(**values)


def score_text(points: Decimal) -> str:
    """Return points as people write them: 86, 86.5, never 86.00 or 8E+1."""
    text = f"{points:f}"
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


def masked_name(name: str) -> str:
    """Keep the first and the last character: 章*远; two characters keep the first: 章*; one is hidden whole.

    Dots and spaces between the parts of a name stay. A character outside the basic plane and a base with its
    combining marks or variation selector count as one.
    """
    clusters = _clusters(name.strip())
    shown = {0, len(clusters) - 1} if len(clusters) > 2 else {0} if len(clusters) == 2 else set()
    return "".join(text if n in shown or text in " ·" else "*" for n, text in enumerate(clusters))


def masked_document(kind: str, last4: str) -> str:
    """Return stars and the last characters: 14 stars for identity_card and residence_permit, else four."""
    return "*" * _HIDDEN_CHARACTERS.get(kind, 4) + last4


def normalise_name(name: str) -> str:
    """Return one spelling for the same name: composed characters, single spaces, the middle dot as U+00B7."""
    return " ".join(unicodedata.normalize("NFKC", name.translate(_MIDDLE_DOTS)).translate(_MIDDLE_DOTS).split())


def _clusters(text: str) -> list[str]:
    clusters: list[str] = []
    for character in text.translate(_MIDDLE_DOTS):
        if clusters and _joins_previous(character):
            clusters[-1] += character
        else:
            clusters.append(character)
    return clusters


def _joins_previous(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Me", "Mc") or character == "\u200d"


def _is_one_line(text: str) -> bool:
    printable = all(unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp") for character in text)
    return bool(text.strip()) and text == text.strip() and printable


def _from_json(name: str, value: object) -> object:
    try:
        if name in _DATES:
            return date.fromisoformat(str(value))
        if name in _SCORES:
            return Decimal(str(value))
    except (ValueError, InvalidOperation) as error:
        raise CertificateError("fact_invalid", field=name) from error
    if not isinstance(value, int if name == "hours" else str) or isinstance(value, bool):
        raise CertificateError("fact_invalid", field=name)
    return value
