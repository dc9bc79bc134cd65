"""Who may sit an exam, who may be certified, and when a session may be closed (逢培必考): rules, no database.

The application fills the facts and words the refusals. Nothing here certifies without a passed exam.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from courses.errors import CourseError
from courses.sectors import is_within, sectors

OUTCOMES = frozenset({"open", "pending", "passed", "failed", "void"})
SCOPES = frozenset({"all_trades", "one_trade"})
BARRED_ROLES = frozenset({"principal", "fire_responsible", "mine_director"})
"""The offices that art. 94 closes: the principal, and the two that the law gives to the principal (消防法 第十六条)."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason against. code: stable name; data: what a message can name (figures, days, decision numbers)."""

    code: str
    data: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar from office (禁任).

    scope: "all_trades" (five years after punishment) or "one_trade" (for life, after a grave accident) with its sector;
    since: first day; until: first day on which it binds no more, None for life; decision_number: the document.
    Source: Work Safety Law art. 94. Raises CourseError(code="wrong_bar") if scope and sector do not fit.
    """

    scope: str
    sector: str | None
    since: date
    until: date | None
    decision_number: str

    def __post_init__(self) -> None:
        if self.scope not in SCOPES or (self.sector is None) != (self.scope == "all_trades"):
            raise CourseError("wrong_bar", scope=self.scope, sector=self.sector)

    def binds(self, sector: str, on: date) -> bool:
        """Say whether the bar holds for *sector* on *on*; a bar from a sector reaches the sectors inside it."""
        in_force = self.since <= on and (self.until is None or on < self.until)
        return in_force and (self.sector is None or is_within(sector, self.sector))

    def forbids(self, role: str, sector_codes: Collection[str], since: date, until: date | None) -> bool:
        """Say whether the bar forbids *role*, on any day of the half-open period, at an enterprise of *sector_codes*.

        A sector that the reference data no longer know is bound by nothing but a bar from all trades.
        """
        overlaps = (until is None or self.since < until) and (self.until is None or since < self.until)
        return role in BARRED_ROLES and overlaps and (self.sector is None or _reaches(self.sector, sector_codes))


@dataclass(frozen=True, slots=True)
class AttemptFacts:
    """One attempt of the same person in the same course cycle, under whatever enrolment or account.

    outcome: "open" (being sat), "pending" (handed in, not yet marked), "passed", "failed" (also caught
    cheating), "void" (annulled without fault of the candidate; never counts); on: day of the result or of the start.
    Absence is no attempt: whoever did not begin keeps the resit, and the session stays open until there is a result.
    Raises CourseError(code="unknown_outcome").
    """

    outcome: str
    on: date

    def __post_init__(self) -> None:
        if self.outcome not in OUTCOMES:
            raise CourseError("unknown_outcome", outcome=self.outcome)


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingFacts:
    """What is known of one person, one course cycle and one sitting.

    on: day of the sitting; required_hours, credited_hours: 学时; attempts: all of the cycle; resits: further attempts
    that the exam rule allows; pass_valid_months: how long a pass counts; institution_code, exam_site_code: credit codes
    of who taught and who examines; bars: those that bind the role.
    """

    on: date
    sector: str
    required_hours: float
    credited_hours: float
    is_training_finished: bool
    attempts: tuple[AttemptFacts, ...]
    resits: int
    pass_valid_months: int
    institution_code: str
    exam_site_code: str
    is_institution_suspended: bool = False
    bars: tuple[Bar, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificationFacts:
    """What is known when a certificate is asked for; the fields of SittingFacts, *on* being the day of issue.

    exam_site_code: of the sitting that was passed; is_certified: a live certificate stands on that attempt already.
    """

    on: date
    sector: str
    required_hours: float
    credited_hours: float
    is_training_finished: bool
    attempts: tuple[AttemptFacts, ...]
    resits: int
    pass_valid_months: int
    institution_code: str
    exam_site_code: str
    is_institution_suspended: bool = False
    is_certified: bool = False
    bars: tuple[Bar, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentFacts:
    """One enrolment of a session: has its person an exam result, or a recorded exemption with a reason?"""

    enrolment: str
    has_exam_result: bool
    exemption_reason: str | None = None
    is_withdrawn: bool = False


def _reaches(trade: str, codes: Collection[str]) -> bool:
    known = sectors()
    return trade in known and any(code in known and is_within(code, trade) for code in codes)


def bars_in_force(bars: Iterable[Bar], sector: str, on: date) -> tuple[Bar, ...]:
    """Return the bars that hold for *sector* on the day *on*."""
    return tuple(bar for bar in bars if bar.binds(sector, on))


def is_barred(bars: Iterable[Bar], sector: str, on: date) -> bool:
    """Say whether any bar holds for *sector* on the day *on*. Raises CourseDataError(code="unknown_sector")."""
    return bool(bars_in_force(bars, sector, on))


def may_sit(facts: SittingFacts) -> tuple[Refusal, ...]:
    """Return every reason why this person may not sit this exam; empty if none.

    Codes: "training_not_finished", "hours_short", "barred", "institution_suspended", "same_organisation",
    "attempt_open", "already_passed", "resit_used".
    Source: 教考分离; one resit a course cycle, which survives re-enrolment (exam rule).
    """
    return (*_common(facts), *_attempts_left(facts))


def may_be_certified(facts: CertificationFacts) -> tuple[Refusal, ...]:
    """Return every reason against a certificate; empty if none, which takes a passed exam that still counts.

    Codes: those of training and organisations as in `may_sit`, "resit_used" (passed after more failures than the rule
    allows), and "no_exam", "exam_pending", "failed", "pass_expired", "already_certified".
    An exemption closes a session but certifies nobody.
    """
    issued = (Refusal("already_certified"),) if facts.is_certified else ()
    return (*_common(facts), *_exam_result(facts), *_resits_kept(facts), *issued)


def may_close(enrolments: Iterable[EnrolmentFacts]) -> tuple[EnrolmentFacts, ...]:
    """Return the enrolments that keep a session open: neither an exam result nor an exemption with a reason.

    Empty if the session may be closed. The withdrawn were not trained and are left out.
    Source: 浙安委〔2024〕4号, 严格“逢培必考”.
    """
    return tuple(
        each
        for each in enrolments
        if not (each.is_withdrawn or each.has_exam_result or (each.exemption_reason or "").strip())
    )


def add_months(day: date, months: int) -> date:
    """Return the same day *months* later, or the last day of that month: 31 January and 1 month give 28 February."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _common(facts: SittingFacts | CertificationFacts) -> Iterator[Refusal]:
    if not facts.is_training_finished:
        yield Refusal("training_not_finished")
    # Written so that a figure that compares with nothing (NaN) counts as short.
    if not facts.credited_hours >= facts.required_hours:
        yield _refusal("hours_short", required=facts.required_hours, credited=facts.credited_hours)
    for bar in bars_in_force(facts.bars, facts.sector, facts.on):
        yield _refusal("barred", scope=bar.scope, sector=bar.sector, until=bar.until, decision=bar.decision_number)
    if facts.is_institution_suspended:
        yield _refusal("institution_suspended", institution=facts.institution_code)
    if _is_same(facts.institution_code, facts.exam_site_code):
        yield _refusal("same_organisation", institution=facts.institution_code)


def _attempts_left(facts: SittingFacts) -> Iterator[Refusal]:
    if any(each.outcome in {"open", "pending"} for each in facts.attempts):
        yield Refusal("attempt_open")
    valid = _valid_passes(facts.attempts, facts.pass_valid_months, facts.on)
    if valid:
        yield _refusal("already_passed", passed_on=max(valid), valid_months=facts.pass_valid_months)
    yield from _resits_kept(facts)


def _resits_kept(facts: SittingFacts | CertificationFacts) -> Iterator[Refusal]:
    failed = sum(each.outcome == "failed" for each in facts.attempts)
    if failed > facts.resits:
        yield _refusal("resit_used", failed=failed, resits=facts.resits)


def _exam_result(facts: CertificationFacts) -> Iterator[Refusal]:
    if _valid_passes(facts.attempts, facts.pass_valid_months, facts.on):
        return
    outcomes = {each.outcome for each in facts.attempts}
    if "passed" in outcomes:
        passed_on = max(each.on for each in facts.attempts if each.outcome == "passed")
        yield _refusal("pass_expired", passed_on=passed_on, valid_months=facts.pass_valid_months)
    elif outcomes & {"open", "pending"}:
        yield Refusal("exam_pending")
    elif "failed" in outcomes:
        yield Refusal("failed")
    else:
        yield Refusal("no_exam")


def _valid_passes(attempts: Iterable[AttemptFacts], months: int, on: date) -> tuple[date, ...]:
    """Days of the passes that count on *on*; a pass dated after *on* proves nothing yet."""
    passes = (each.on for each in attempts if each.outcome == "passed")
    return tuple(day for day in passes if day <= on < add_months(day, months))


def _is_same(institution_code: str, exam_site_code: str) -> bool:
    return institution_code.strip().upper() == exam_site_code.strip().upper()


def _refusal(code: str, **data: object) -> Refusal:
    return Refusal(code, MappingProxyType(data))
