"""Certificate rules (证明规则): how long a certificate holds, its template, and what its number begins with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType

from courses.eligibility import add_months
from courses.errors import CourseDataError
from courses.tables import Entry, entries

FILE = "certificate_rules.toml"


@dataclass(frozen=True, slots=True)
class CertificateRule:
    """One version of the rule.

    valid_months: 1..120; template: name of the certificate's template; valid_from: first day of issue it governs;
    source: the text or practice that the figures rest on.
    """

    code: str
    valid_months: int
    template: str
    valid_from: date
    source: str

    def valid_until(self, issued_on: date) -> date:
        """Return the last valid day: issued on 2026-05-20 for 36 months, 2029-05-19."""
        return add_months(issued_on, self.valid_months) - timedelta(days=1)


def certificate_rule(on: date) -> CertificateRule:
    """Return the rule in force on the day of issue *on*.

    Raises CourseDataError: "certificate_rule_not_valid" (none in force yet), "versions_out_of_order" (data file).
    """
    in_force = [each for each in _rules() if each.valid_from <= on]
    if not in_force:
        raise CourseDataError("certificate_rule_not_valid", on=on)
    return in_force[-1]


def number_prefix(region_code: str) -> str:
    """Return what the numbers of a region begin with: "ZJ" for 330102.

    Source: GB/T 2260-2007, letter codes of provinces. Raises CourseDataError(code="no_number_prefix").
    """
    try:
        return _prefixes()[region_code[:2]]
    except KeyError:
        raise CourseDataError("no_number_prefix", region=region_code) from None


@cache
def _rules() -> tuple[CertificateRule, ...]:
    rules = tuple(_rule(entry) for entry in entries(FILE, "rule"))
    if list(rules) != sorted(rules, key=lambda each: each.valid_from):
        raise CourseDataError("versions_out_of_order", file=FILE)
    return rules


def _rule(entry: Entry) -> CertificateRule:
    rule = CertificateRule(
        code=entry.text("code"),
        valid_months=entry.within("valid_months", 1, 120),
        template=entry.text("template"),
        valid_from=entry.day("valid_from"),
        source=entry.text("source"),
    )
    entry.finish()
    return rule


@cache
def _prefixes() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for entry in entries(FILE, "prefix"):
        prefix = entry.text("prefix")
        if prefix in found.values():
            raise entry.fail("duplicate_code", "prefix")
        found[entry.text("code")] = prefix
        entry.finish()
    return MappingProxyType(found)
