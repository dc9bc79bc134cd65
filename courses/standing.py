"""Where one duty stands under one mandate: which windows bind it, which enrolments serve it, how far they came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from courses.errors import CourseError
from courses.mandates import Mandate
from courses.plans import territory
from courses.sectors import GENERAL, is_within, lineage, sector
from courses.windows import Window, windows

STATUSES = ("covered", "not_trained", "not_examined", "failed", "not_certified", "represented", "not_due")


@dataclass(frozen=True, slots=True)
class Duty:
    """One appointment that is held at the cut-off; sectors are the enterprise's memberships at the cut-off.

    region: six digits of GB/T 2260, where the enterprise is supervised.
    """

    person_id: int
    enterprise_id: int
    role: str
    sectors: frozenset[str]
    region: str
    appointed_on: date


@dataclass(frozen=True, slots=True)
class Achievement:
    """How far one enrolment came; a day is None where that stage was not reached.

    trained_on: the day on which the course's hours were complete; hours: credited hours, at least 0;
    mandate: the mandate for which the class was held, for the record. It neither widens nor narrows what the pass
    serves: that follows from role, sector and day alone.
    """

    person_id: int
    role: str
    sector: str
    trained_on: date | None
    examined_on: date | None
    passed_on: date | None
    certified_on: date | None
    mandate: str | None
    hours: float


class Stages(NamedTuple):
    """How far an enrolment or a person came within a window.

    Training that was complete before the window counts in it where its exam falls into it.
    """

    trained: bool
    examined: bool
    passed: bool
    certified: bool
    covered: bool


NOTHING = Stages(False, False, False, False, False)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one duty stands under one mandate.

    status: one of STATUSES; "represented" means that another holder of the role answers for the enterprise;
    stages: what was reached in every window that binds the duty; attended: enrolments trained in those windows.
    """

    duty: Duty
    status: str
    stages: Stages
    attended: tuple[Achievement, ...] = ()

    @property
    def is_due(self) -> bool:
        """True where the person must be covered for this duty."""
        return self.status not in {"not_due", "represented"}


class Rule:
    """A mandate made ready for many duties of one year and cut-off; without a year it only tells whom it binds.

    Raises CourseError(code="reported_not_counted") when a year is given for a mandate that is measured by report.
    """

    def __init__(self, mandate: Mandate, year: int | None = None, cut_off: date = date.max) -> None:
        self._mandate = mandate
        self._territory = territory(mandate.region)
        self._cut_off = cut_off
        self._serving: dict[frozenset[str], frozenset[str] | None] = {}
        self._windows: tuple[Window, ...] = ()
        if year is not None:
            if not mandate.is_counted:
                raise CourseError("reported_not_counted", mandate=mandate.code)
            self._windows = tuple(
                Window(each.start, min(each.end, cut_off))
                for each in windows(mandate.period, year)
                if each.start <= cut_off
            )

    def binds(self, duty: Duty) -> bool:
        """Say whether the mandate's roles, sectors and region take in the duty, whatever the date."""
        return (
            duty.role in self._mandate.roles
            and duty.region.startswith(self._territory)
            and self._courses(duty.sectors) is not None
        )

    def standing(self, duty: Duty, achievements: Sequence[Achievement]) -> Standing:
        """Return where *duty* stands by the *achievements* of its person."""
        binding = self._binding_windows(duty) if self.binds(duty) else ()
        if not binding:
            return Standing(duty, "not_due", NOTHING)
        serving = self._courses(duty.sectors) or frozenset()
        matching = [each for each in achievements if each.role == duty.role and each.sector in serving]
        if not matching:
            return Standing(duty, "not_trained", NOTHING)
        reached = [[self._stages(each, window) for each in matching] for window in binding]
        totals = [self._total(stages) for stages in reached]
        first_unmet = next((each for each in totals if not each.covered), None)
        return Standing(
            duty,
            "covered" if first_unmet is None else self._status(first_unmet),
            Stages(*map(all, zip(*totals, strict=True))),
            tuple(
                each
                for each, of_windows in zip(matching, zip(*reached, strict=True), strict=True)
                if any(stages.trained for stages in of_windows)
            ),
        )

    def _binding_windows(self, duty: Duty) -> tuple[Window, ...]:
        """Windows that have begun by the cut-off and in which the person held the duty.

        A window that was over before the appointment bound the predecessor, not the incumbent.
        """
        if self._mandate.newly_appointed_only:
            return tuple(each for each in self._windows if each.contains(duty.appointed_on))
        return tuple(each for each in self._windows if duty.appointed_on <= each.end)

    def _courses(self, sectors: frozenset[str]) -> frozenset[str] | None:
        """Sectors whose courses serve an enterprise of *sectors* under the mandate, None where it does not bind."""
        if sectors not in self._serving:
            self._serving[sectors] = self._find_courses(sectors)
        return self._serving[sectors]

    def _find_courses(self, sectors: frozenset[str]) -> frozenset[str] | None:
        named, also = self._mandate.sectors, self._mandate.also_in
        if also and not any(is_within(each, outer) for each in sectors for outer in also):
            return None
        if not named:
            return frozenset({GENERAL}).union(*(_serving(each) for each in sectors))
        bound = [each for each in sectors if any(is_within(each, outer) for outer in named)]
        return frozenset().union(*(_serving(each) for each in bound)) if bound else None

    def _stages(self, achievement: Achievement, window: Window) -> Stages:
        passed = window.contains(achievement.passed_on)
        examined = passed or window.contains(achievement.examined_on)
        trained = window.contains(achievement.trained_on) or (examined and self._is_done(achievement.trained_on))
        certified = passed and self._is_done(achievement.certified_on)
        proof = {"training": True, "exam": passed, "certificate": certified}[self._mandate.requires]
        return Stages(trained, examined, passed, certified, trained and proof)

    def _is_done(self, day: date | None) -> bool:
        return day is not None and day <= self._cut_off

    def _total(self, stages: Sequence[Stages]) -> Stages:
        times = self._mandate.period.times
        return Stages(*(sum(stage) >= times for stage in zip(*stages, strict=True)))

    def _status(self, total: Stages) -> str:
        if self._mandate.requires == "training" or not total.trained:
            return "not_trained"
        if not total.examined:
            return "not_examined"
        if not total.passed:
            return "failed"
        if self._mandate.requires == "certificate" and not total.certified:
            return "not_certified"
        # passed in one enrolment, trained in another: the pass is without its training
        return "not_trained"


def _serving(enterprise_sector: str) -> frozenset[str]:
    """Sectors whose courses serve an enterprise in *enterprise_sector*: its own and those that contain it.

    A course for mines serves a coal mine. A course for coal mines does not serve what is registered as a mine only:
    nothing shows that its hazards are those of coal. A wider sector serves only under the same hours rule, so a
    course for industry and trade (32 hours) does not serve a smelter (48 hours, 总局令第3号).
    """
    is_high_risk = sector(enterprise_sector).is_high_risk
    return frozenset(each for each in lineage(enterprise_sector) if sector(each).is_high_risk == is_high_risk)
