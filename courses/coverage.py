"""Coverage (覆盖率): whom a mandate binds, and who of them is trained, examined, passed, certified and covered.

Everything is computed from the duties held at the cut-off and the outcomes of enrolments, both given by the caller.
All days are days of Asia/Shanghai, all windows and cut-offs include their last day.
The name list and the figures come from the same standings, so that every figure can be recounted from its list.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from courses.mandates import Mandate
from courses.standing import STATUSES, Achievement, Duty, Rule, Standing
from courses.windows import Window, windows

__all__ = [
    "STATUSES",
    "Achievement",
    "Count",
    "Duty",
    "Standing",
    "Window",
    "binds",
    "count",
    "standing",
    "standings",
    "tally",
    "windows",
]


@dataclass(frozen=True, slots=True)
class Count:
    """Persons (人数) at each stage, and attendances (人次).

    A person who holds several duties is counted once, and at a stage only if every one of the duties is there.
    covered <= trained <= due, certified <= passed <= examined <= due; where the mandate requires an exam,
    covered <= passed, where it requires a certificate, covered <= certified.
    """

    due: int
    trained: int
    examined: int
    passed: int
    certified: int
    covered: int
    attendances: int

    @property
    def percent(self) -> float | None:
        """Covered persons in percent of those due, 0.0 to 100.0; None where nobody is due (无对象), never 100."""
        return None if self.due == 0 else 100 * self.covered / self.due


def binds(mandate: Mandate, duty: Duty) -> bool:
    """Say whether the mandate's roles, sectors and region take in the duty, whatever the date.

    Raises CourseDataError(code="unknown_sector") for a sector of the duty that is not in the data.
    """
    return Rule(mandate).binds(duty)


def standing(mandate: Mandate, year: int, duty: Duty, achievements: Iterable[Achievement], cut_off: date) -> Standing:
    """Return where *duty* stands by itself, from the achievements of its person (others' are passed over).

    Where one holder of the role is enough (coverage_of "any"), only `standings` can tell who is represented.
    Raises CourseError(code="reported_not_counted") for a mandate that is measured by report.
    """
    return Rule(mandate, year, cut_off).standing(
        duty, [each for each in achievements if each.person_id == duty.person_id]
    )


def standings(
    mandate: Mandate, year: int, duties: Iterable[Duty], achievements: Iterable[Achievement], cut_off: date
) -> list[Standing]:
    """Return one standing for each distinct duty, in the order given.

    duties: appointments held on *cut_off*; achievements: of any persons, in any order. Linear in both.
    Raises CourseError(code="reported_not_counted") for a mandate that is measured by report, and
    CourseDataError(code="unknown_sector").
    """
    rule = Rule(mandate, year, cut_off)
    of_person: defaultdict[int, list[Achievement]] = defaultdict(list)
    for each in achievements:
        of_person[each.person_id].append(each)
    found = [rule.standing(duty, of_person.get(duty.person_id, ())) for duty in dict.fromkeys(duties)]
    return _represented(found) if mandate.coverage_of == "any" else found


def tally(found: Iterable[Standing]) -> Count:
    """Count the persons of the standings that are due, each person once."""
    of_person: defaultdict[int, list[Standing]] = defaultdict(list)
    for each in found:
        if each.is_due:
            of_person[each.duty.person_id].append(each)
    persons = list(of_person.values())
    reached = [all(stage) for own in persons for stage in zip(*(each.stages for each in own), strict=True)]
    return Count(
        due=len(persons),
        trained=sum(reached[0::5]),
        examined=sum(reached[1::5]),
        passed=sum(reached[2::5]),
        certified=sum(reached[3::5]),
        covered=sum(reached[4::5]),
        # by identity: two enrolments may be equal in every field, and one may serve several duties
        attendances=sum(len({id(attended) for each in own for attended in each.attended}) for own in persons),
    )


def count(
    mandate: Mandate, year: int, duties: Iterable[Duty], achievements: Iterable[Achievement], cut_off: date
) -> Count:
    """Return the persons at each stage of *mandate* in *year* as seen on *cut_off*, the last day included.

    Takes and raises what `standings` does.
    """
    return tally(standings(mandate, year, duties, achievements, cut_off))


def _represented(found: list[Standing]) -> list[Standing]:
    """Keep in each enterprise and role the one who came furthest; the others are represented by that person."""
    best: dict[tuple[int, str], Standing] = {}
    for each in found:
        key = (each.duty.enterprise_id, each.duty.role)
        if each.is_due and (key not in best or _rank(each) < _rank(best[key])):
            best[key] = each
    chosen = {each.duty for each in best.values()}
    return [each if not each.is_due or each.duty in chosen else replace(each, status="represented") for each in found]


def _rank(each: Standing) -> tuple[bool, int, date, int]:
    """Order standings: the covered first, then who came furthest, then the longest in office and the lower number."""
    return (not each.stages.covered, -sum(each.stages), each.duty.appointed_on, each.duty.person_id)
