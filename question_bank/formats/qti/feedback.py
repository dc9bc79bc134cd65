"""Feedback of an item: for which answer it is shown, found out by giving each answer."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from question_bank.formats.found import MANY, ONE, Answer
from question_bank.formats.markup.said import Said, joined
from question_bank.formats.qti.bodies import FEEDBACK, Body
from question_bank.formats.qti.expressions import Value
from question_bank.formats.qti.parts import ItemError, PartRead
from question_bank.formats.qti.processing import RULES, Processing
from question_bank.formats.xml_elements import Element

RIGHT, WRONG = "答对时", "答错时"
SOLUTION = "SOLUTION"
"""Outcome that nothing sets, which what we write always shows; with "_2" behind it, for part 2."""
_ABOUT = {"correct": RIGHT, "right": RIGHT, "incorrect": WRONG, "wrong": WRONG}
_MOST = 500
_OF_PART = re.compile(rf"{SOLUTION}_([0-9]{{1,2}})")


@dataclass
class Told:
    """What feedback says about a question or part: on its answers, on right and wrong, and in general."""

    answers: dict[int, list[Said]] = field(default_factory=dict)
    labelled: list[tuple[str, Said]] = field(default_factory=list)
    general: list[Said] = field(default_factory=list)

    def explanation(self) -> Said:
        """Return what is said in general."""
        return joined([("", said) for said in self.general])

    def on(self, answers: Iterable[Answer]) -> tuple[Answer, ...]:
        """Return *answers* with their feedback."""
        return tuple(
            replace(answer, feedback=joined([("", said) for said in self.answers.get(place, [])]))
            for place, answer in enumerate(answers)
        )


@dataclass(frozen=True)
class _Tried:
    """A part, and the outcomes of every answer to it, of one that is right, of one that is none, of no answer.

    The other parts of the item are answered right meanwhile: so what is shown depends on this part alone.
    """

    part: PartRead
    answers: Sequence[dict[str, Value]]
    right: dict[str, Value]
    wrong: dict[str, Value] | None
    empty: dict[str, Value]

    def shown(self, element: Element) -> "_Shown | None":
        """Return when *element* is shown; None if that does not depend on this part, or cannot be told."""
        outcome = element.attributes.get("outcomeIdentifier", "")
        every = [*self.answers, self.right, self.empty, *([self.wrong] if self.wrong is not None else [])]
        if any(outcome not in outcomes for outcomes in every):
            return None
        shown = [_is_shown(element, outcomes[outcome]) for outcomes in every]
        if len(set(shown)) == 1:
            return None
        count = len(self.answers)
        places = {place for place in range(count) if shown[place]}
        return _Shown(places, shown[count], len(shown) > count + 2 and shown[-1], shown[count + 1])


@dataclass(frozen=True)
class _Shown:
    """When feedback is shown: after which answers, one that is right, one that is none of the answers, no answer."""

    places: set[int]
    is_right: bool
    is_wrong: bool
    is_empty: bool


def feedback_of(root: Element, body: Body, processing: Processing, parts: Sequence[PartRead]) -> list[Told]:
    """Return what feedback tells about the item as a whole, then about each of *parts*. Raises ItemError."""
    told = [Told() for _ in range(len(parts) + 1)]
    listed = list(root.every(*FEEDBACK))
    if len(listed) > _MOST:
        raise ItemError("element_too_large", "explanation")
    tried = []
    if listed and processing.way == RULES:
        right = _right_responses(parts)
        tried = [_try(processing, part, right) for part in parts]
    inside = _inside_choices(parts)
    for element in listed:
        if said := body.said(element):
            if id(element) in inside:
                place, number = inside[id(element)]
                told[place].answers.setdefault(number, []).append(said)
            else:
                _tell(element, said, told, parts, tried, is_only=len(listed) == 1)
    return told


def _inside_choices(parts: Sequence[PartRead]) -> dict[int, tuple[int, int]]:
    """Return, by id of the feedback that stands in a choice, the number of the part, from 1, and of the choice."""
    return {
        id(element): (place, number)
        for place, part in enumerate(parts, start=1)
        for number, choice in enumerate(part.interaction.elements("simpleChoice", "inlineChoice"))
        for element in choice.every(*FEEDBACK)
    }


def _right_responses(parts: Sequence[PartRead]) -> dict[str, Value]:
    """Return a right response to every part, if possible another for each: rules may reward a text but once."""
    found: dict[str, Value] = {}
    for part in parts:
        best = [probe for place, probe in enumerate(part.probes) if place in _right_places(part)]
        free = [probe for probe in best if probe not in found.values()]
        found[part.identifier] = free[0] if free and part.form not in (ONE, MANY) else part.right
    return found


def _try(processing: Processing, part: PartRead, right: Mapping[str, Value]) -> _Tried:
    def given(response: Value) -> dict[str, Value]:
        return processing.outcomes({**right, part.identifier: response})

    wrong = given(part.wrong) if part.wrong is not None else None
    return _Tried(part, [given(one) for one in part.probes], given(right[part.identifier]), wrong, given(None))


def _tell(
    element: Element, said: Said, told: list[Told], parts: Sequence[PartRead], tried: Sequence[_Tried], is_only: bool
) -> None:
    """Put *said* where it belongs."""
    solution = _OF_PART.fullmatch(element.attributes.get("outcomeIdentifier", ""))
    if solution and 1 <= int(solution[1]) <= len(parts):
        told[int(solution[1])].general.append(said)
        return
    found = [(place, shown) for place, one in enumerate(tried, start=1) if (shown := one.shown(element))]
    if len(found) == 1:
        place, shown = found[0]
        _sort(said, parts[place - 1], shown, told[place], element.attributes.get("identifier", ""))
    elif found:
        told[0].labelled.append((RIGHT if found[0][1].is_right else WRONG, said))
    else:
        _by_name(element, said, told, parts, is_only)


def _sort(said: Said, part: PartRead, shown: _Shown, told: Told, name: str) -> None:
    """Put *said* with one answer, with right or wrong, or with what is said in general."""
    every, places = set(range(len(part.answers))), shown.places
    right = _right_places(part)
    named = [place for place in places if part.names[place] == name]
    first = min(named or places, default=0)
    is_choice = part.form in (ONE, MANY)
    is_about_one = len(places) == 1 and not shown.is_right and not shown.is_wrong
    is_about_wrong = is_choice and places == every - right and (part.form != MANY or shown.is_empty)
    missing = every - places if part.form == MANY else set()
    if named or (is_about_one and not is_about_wrong):
        told.answers.setdefault(first, []).append(said)
    elif len(missing) == 1 and shown.is_empty and missing != right:
        told.labelled.append((_not_chosen(part, missing), said))
    elif shown.is_right and not shown.is_wrong and places in (right, set()):
        told.labelled.append((RIGHT, said))
    elif not shown.is_right and (not places & right or (part.form == MANY and places == every)):
        told.labelled.append((WRONG, said))
    elif places == every:
        told.general.append(said)
    elif len(missing) == 1:
        told.labelled.append((_not_chosen(part, missing), said))
    else:
        for place in sorted(places):
            told.answers.setdefault(place, []).append(said)


def _not_chosen(part: PartRead, missing: set[int]) -> str:
    (place,) = missing
    return f"未选“{part.answers[place].said.plain}”时"


def _right_places(part: PartRead) -> set[int]:
    if part.form == MANY:
        return {place for place, one in enumerate(part.answers) if one.weight > 0}
    full = max(answer.weight for answer in part.answers)
    return {place for place, answer in enumerate(part.answers) if answer.weight == full}


def _is_shown(element: Element, value: Value) -> bool:
    name = element.attributes.get("identifier", "")
    holds = value is not None and name in [str(one).lower() if isinstance(one, bool) else str(one) for one in value]
    return holds == (element.attributes.get("showHide", "show") != "hide")


def _by_name(element: Element, said: Said, told: list[Told], parts: Sequence[PartRead], is_only: bool) -> None:
    """Put *said* by its identifier, where no rule says when it is shown."""
    name, is_hidden = element.attributes.get("identifier", ""), element.attributes.get("showHide") == "hide"
    for place, part in enumerate(parts, start=1):
        if name in part.names and not is_hidden:
            told[place].answers.setdefault(list(part.names).index(name), []).append(said)
            return
    whole = told[1] if len(parts) == 1 else told[0]
    if is_hidden or is_only or name.lower() not in _ABOUT:
        whole.general.append(said)
    else:
        whole.labelled.append((_ABOUT[name.lower()], said))
