"""What the registry, the classes and the exams hold, as plain rows, and how it looks on a cut-off day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from courses.coverage import Achievement, Duty, Standing

VALID = "valid"
REVOKED = "revoked"
SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True)
class Post:
    """One appointment with the days of its enterprise; every period ends on the first day that no longer counts."""

    person_id: int
    enterprise_id: int
    role: str
    region: str
    valid_from: date
    valid_to: date | None
    opened_on: date | None
    closed_on: date | None

    def is_held_on(self, day: date) -> bool:
        """Say whether the person answers for the enterprise on *day* and the enterprise is there."""
        return _holds(self.valid_from, self.valid_to, day) and _holds(self.opened_on, self.closed_on, day)


@dataclass(frozen=True, slots=True)
class Membership:
    """An enterprise in a sector, or with a risk trait, from a day until the first day that no longer counts."""

    enterprise_id: int
    sector: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Paper:
    """One certificate of an attempt.

    region: where it was issued, which decides who may open it; valid_until: the last valid day; state: as it is now;
    changes: (day, state) of every suspension and of every return to force, in the order in which they happened.
    """

    certificate_id: int
    number: str
    region: str
    issued_on: date
    valid_until: date
    state: str
    changes: tuple[tuple[date, str], ...] = ()

    def counts_on(self, day: date) -> bool:
        """Say whether the certificate certifies on *day*.

        Revoked never counts, also not for days before the revocation: it should not have been issued. Suspended does
        not count while the suspension lasts, so it counts again for a cut-off before or after it. Replaced goes on
        through its successor, expired has ended.
        """
        if self.state == REVOKED or not self.issued_on <= day <= self.valid_until:
            return False
        past = [state for changed_on, state in self.changes if changed_on <= day]
        return not past or past[-1] != SUSPENDED


@dataclass(frozen=True, slots=True)
class Voided(Achievement):
    """An achievement whose pass fell with its certificate: examined, and no longer passed (passed_on is None)."""


def is_revoked(papers: Sequence[Paper]) -> bool:
    """Say whether the certificate of an attempt is revoked; *papers* in the order of issue, the last one decides."""
    return bool(papers) and papers[-1].state == REVOKED


def shown_status(standing: Standing) -> str:
    """Return the status that is shown: "revoked" where the pass fell with its certificate, else the standing's own."""
    fell = standing.status == "failed" and any(isinstance(each, Voided) for each in standing.attended)
    return "revoked" if fell else standing.status


@dataclass(frozen=True, slots=True)
class Outcome:
    """One enrolment, how far it came, and the records that prove it.

    required_hours, credited_hours: 学时; attempt_id, score, result_on: of the attempt that passed, else of one that had
    passed until its certificate was revoked, else of the last one; papers: the certificates of that attempt.
    """

    enrolment_id: int
    session_title: str
    required_hours: float
    credited_hours: float
    attempt_id: int | None
    score: float | None
    result_on: date | None
    papers: tuple[Paper, ...]
    achievement: Achievement

    def seen_on(self, cut_off: date) -> Outcome:
        """Return the outcome with the day of certification that holds on *cut_off*."""
        # Papers follow one another by reissue, so the last one issued by then speaks for the attempt; and where the
        # very last was revoked, what it replaced falls with it.
        issued = [paper for paper in self.papers if paper.issued_on <= cut_off]
        if not issued or is_revoked(self.papers) or not issued[-1].counts_on(cut_off):
            return self
        # A reissue keeps the day of the first certificate: the person was certified all along.
        first = min(paper.issued_on for paper in issued if paper.state != REVOKED)
        return replace(self, achievement=replace(self.achievement, certified_on=first))

    @property
    def paper(self) -> Paper | None:
        """The certificate that stands, else the last that was issued, or None."""
        standing = [each for each in self.papers if each.state == VALID]
        return (standing or list(self.papers) or [None])[-1]  # type: ignore[list-item]


@dataclass(frozen=True)
class Records:
    """Everything read at once for one territory; seen from any cut-off in the span that was read."""

    posts: tuple[Post, ...]
    memberships: tuple[Membership, ...]
    entries: tuple[Outcome, ...]

    def duties(self, cut_off: date) -> list[Duty]:
        """Return the duties held at the end of *cut_off*, one a person, enterprise and role.

        Somebody who holds the role twice (法定代表人 and 经理 at once) holds one duty, since the earlier day.
        """
        sectors = self._sectors(cut_off)
        first: dict[tuple[int, int, str], Duty] = {}
        for post in self.posts:
            if not post.is_held_on(cut_off):
                continue
            key = (post.person_id, post.enterprise_id, post.role)
            if key not in first or post.valid_from < first[key].appointed_on:
                own = sectors.get(post.enterprise_id, frozenset())
                first[key] = Duty(*key, own, post.region, post.valid_from)
        return list(first.values())

    def outcomes(self, cut_off: date) -> dict[int, list[Outcome]]:
        """Return the outcomes of each person, by person."""
        found: defaultdict[int, list[Outcome]] = defaultdict(list)
        for entry in self.entries:
            found[entry.achievement.person_id].append(entry.seen_on(cut_off) if entry.papers else entry)
        return found

    @cached_property
    def _by_enterprise(self) -> Mapping[int, list[Membership]]:
        found: defaultdict[int, list[Membership]] = defaultdict(list)
        for each in self.memberships:
            found[each.enterprise_id].append(each)
        return found

    def _sectors(self, day: date) -> dict[int, frozenset[str]]:
        """Sectors of each enterprise on *day*; equal sets are one object, which makes grouping cheap."""
        kept: dict[frozenset[str], frozenset[str]] = {}
        found = {}
        for enterprise_id, own in self._by_enterprise.items():
            codes = _standing_on(own, day)
            found[enterprise_id] = kept.setdefault(codes, codes)
        return found


def _standing_on(memberships: Iterable[Membership], day: date) -> frozenset[str]:
    return frozenset(each.sector for each in memberships if _holds(each.valid_from, each.valid_to, day))


def _holds(since: date | None, until: date | None, day: date) -> bool:
    return (since is None or since <= day) and (until is None or day < until)
