"""The words that a template may place: every fact as the paper writes it, and the official address."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

from certificates.address import split_address
from certificates.certificate import CertificateFacts

# The token is for the address only, and the document number is printed with its stars.
_UNPRINTED = {"token", "document_kind", "document_last4"}
_DATES = ("exam_on", "issued_on", "valid_until")
PLACEHOLDERS = frozenset(
    {field.name for field in fields(CertificateFacts)} - _UNPRINTED
    | {f"{name}_zh" for name in _DATES}
    | {"masked_document", "host", "origin"}
)


def words_of(facts: CertificateFacts, address: str) -> dict[str, str]:
    """Return text by placeholder.

    Dates as 2026-05-18, and as 2026年5月18日 under NAME_zh; scores without idle zeros; origin is scheme and host of
    *address* ('https://zs.example.gov.cn'), host the same without the scheme.
    """
    origin = split_address(address)[0].partition("/v/")[0]
    words = {name: str(value) for name, value in facts.to_payload().items() if name not in _UNPRINTED}
    words.update({f"{name}_zh": _chinese_date(getattr(facts, name)) for name in _DATES})
    return words | {
        "masked_document": facts.masked_document,
        "origin": origin,
        "host": origin.partition("://")[2],
    }


def _chinese_date(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
