"""Choices of an item: choiceInteraction, and inlineChoiceInteraction, which offers them in a line of text."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from question_bank.formats.found import MANY, ONE, Answer
from question_bank.formats.protocol import Note
from question_bank.formats.qti.bodies import Body
from question_bank.formats.qti.declarations import Declared
from question_bank.formats.qti.expressions import Value, is_set
from question_bank.formats.qti.parts import (
    ALL_OR_NOTHING,
    NOT_FOLLOWED,
    ItemError,
    PartRead,
    declaration_of,
    points,
    with_penalties,
)
from question_bank.formats.qti.processing import MAP, NONE, RULES, Processing
from question_bank.formats.xml_elements import Element
from question_bank.options import LETTERS, weight_text

_MOST_CHOICES = 100


def read_choices(interaction: Element, processing: Processing, body: Body) -> PartRead:
    """Return what the choices of *interaction* are and what each is worth. Raises ItemError."""
    identifier, declared = declaration_of(processing, interaction)
    if declared.correct != declared.texts:
        # What is chosen is an identifier, whatever the declaration calls it: "true" is no truth value here.
        declared = processing.declared[identifier] = replace(declared, base_type="identifier", correct=declared.texts)
    if declared.cardinality == "ordered":
        raise ItemError("cardinality_not_read", line=declared.line, value=declared.cardinality)
    choices = interaction.elements("simpleChoice", "inlineChoice")
    names = [choice.attributes.get("identifier", "") for choice in choices]
    if len(set(names)) != len(names):
        raise ItemError("choice_identifier_twice", "options", interaction.line)
    if len(names) > _MOST_CHOICES:
        raise ItemError("wrong_option_count", "options", interaction.line, count=len(names), least=2, most=len(LETTERS))
    _refuse_others(declared, names)
    if declared.cardinality == "single" and len(declared.texts) > 1:
        raise ItemError("several_right_answers", line=declared.line, letters=", ".join(declared.texts)[:80])
    is_one = declared.cardinality == "single" or interaction.attributes.get("maxChoices") == "1"
    weights, right, notes = _weights(processing, identifier, declared, names, is_one)
    answers = [Answer(body.said(one), weight) for one, weight in zip(choices, weights, strict=True)]
    probes: list[Value] = [(name,) for name in names]
    return PartRead(interaction, identifier, ONE if is_one else MANY, answers, probes, names, right, notes=notes)


def order_of(interaction: Element) -> tuple[Note, ...]:
    """Return a note if *interaction* says that its choices, or some of them, keep their places."""
    stays = not is_set(interaction, "shuffle", True)
    pinned = any(is_set(one, "fixed") for one in interaction.elements("simpleChoice", "inlineChoice"))
    return (("fixed_order_left_out", {}),) if stays or pinned else ()


def _refuse_others(declared: Declared, names: Sequence[str]) -> None:
    """Refuse an item whose right choices are not all offered; what a choice that nobody sees would cost is nothing."""
    keys = [key for key, weight, _ in declared.mapping.entries if weight > 0] if declared.mapping else []
    if set(declared.texts) - set(names) or set(keys) - set(names):
        raise ItemError("key_not_offered", line=declared.line)


Weighed = tuple[list[Fraction], Value, list[Note]]


def _weights(
    processing: Processing, identifier: str, declared: Declared, names: Sequence[str], is_one: bool
) -> Weighed:
    """Return shares, a response that is right, and notes."""
    found = points(processing, identifier, [(name,) for name in names], declared)
    notes: list[Note] = []
    if not is_one and found is not None:
        if any(one > 0 for one in found):
            found = _with_costs(processing, identifier, declared, names, found, notes)
        else:
            found = _of_best_set(processing, identifier, declared, names, found, notes)
    if found is None or not any(one > 0 for one in found):
        return _stated(processing, declared, names, is_one)
    if is_one:
        found, cut = with_penalties(processing, identifier, declared, [(name,) for name in names], found)
        notes += cut
    best, together = max(found), sum((one for one in found if one > 0), Fraction(0))
    whole = _whole(processing, identifier, declared, best if is_one else together)
    if is_one:
        notes += [("weights_scaled", {"best": weight_text(best / whole)})] if whole and best < whole else []
        right: Value = (names[found.index(best)],)
    else:
        notes += _bounds(processing, declared, found)
        right = tuple(name for name, one in zip(names, found, strict=True) if one > 0)
        whole = None if NOT_FOLLOWED in notes else whole
    notes += _differing(declared, names, found, is_one)
    return _shares(found, whole, is_one), right, notes


def _stated(processing: Processing, declared: Declared, names: Sequence[str], is_one: bool) -> Weighed:
    """Return what the declaration says, where the rules say nothing that can be followed."""
    if declared.correct:
        found = [Fraction(name in declared.correct) for name in names]
    elif declared.mapping:
        found = [Fraction(declared.added((name,))) for name in names]
    else:
        raise ItemError("no_right_answer", line=declared.line)
    if not any(one > 0 for one in found):
        raise ItemError("no_right_answer", line=declared.line)
    right = tuple(name for name, one in zip(names, found, strict=True) if one > 0)
    notes = [] if processing.way == NONE else [NOT_FOLLOWED]
    return _shares(found, None, is_one), right, notes


def _with_costs(
    processing: Processing,
    identifier: str,
    declared: Declared,
    names: Sequence[str],
    found: Sequence[Fraction],
    notes: list[Note],
) -> list[Fraction]:
    """Return *found* with what a wrong choice costs beside all right ones: alone, rules may keep a total from being
    below 0. Rules under which choices do not simply add up are noted: there a wrong one is tried beside the best, but
    every one beside the correct ones where less comes together, as rules reward what is rightly not chosen as well.
    Where one choice is right, the question becomes one that asks for one: there a wrong one never stands beside it."""
    right = tuple(name for name, one in zip(names, found, strict=True) if one > 0)
    if processing.way != RULES or len(right) == 1:
        return list(found)
    together, added = processing.earned(identifier, right), sum((one for one in found if one > 0), Fraction(0))
    if together is None or together != added:
        notes.append(NOT_FOLLOWED)
        beside = _beside_correct(processing, identifier, declared, names, max(together or Fraction(0), *found))
        if beside and together is not None and together < added:
            return beside
        together = max(found)
        right = (names[found.index(together)],)
    return [
        min(one, (processing.earned(identifier, (*right, name)) or Fraction(0)) - together) if one <= 0 else one
        for name, one in zip(names, found, strict=True)
    ]


def _beside_correct(
    processing: Processing, identifier: str, declared: Declared, names: Sequence[str], least: Fraction
) -> list[Fraction]:
    """Return what each choice adds to the correct ones, nothing if these earn less than *least* or one adds nothing."""
    correct = set(declared.texts)

    def earned(chosen: set[str]) -> Fraction:
        return processing.earned(identifier, tuple(name for name in names if name in chosen)) or Fraction(0)

    whole = earned(correct)
    found = [
        whole - earned(correct - {name}) if name in correct else earned(correct | {name}) - whole for name in names
    ]
    is_right = [one > 0 for one in found] == [name in correct for name in names]
    return found if correct and whole >= least and is_right else []


def _of_best_set(
    processing: Processing,
    identifier: str,
    declared: Declared,
    names: Sequence[str],
    found: Sequence[Fraction],
    notes: list[Note],
) -> list[Fraction]:
    """Return what each choice of the best set of choices earns, where single ones earn nothing: the same for each.

    That only the whole set earns anything is noted, but where nothing but the correct response is said.
    """
    sets = [declared.correct] if declared.correct else _compared_sets(processing, identifier)
    worths = [(processing.earned(identifier, one) or Fraction(0), one) for one in sets]
    best, chosen = max(worths, key=lambda pair: pair[0], default=(Fraction(0), ()))
    if sum(worth == best for worth, _ in worths) > 1:
        notes.append(NOT_FOLLOWED)
    elif processing.way != NONE and len(chosen) > 1:
        notes.append(ALL_OR_NOTHING)
    each = best / max(1, len(chosen))
    return [each if name in chosen else one for name, one in zip(names, found, strict=True)]


def _compared_sets(processing: Processing, identifier: str) -> list[tuple[str, ...]]:
    """Return the sets of choices that rules compare the response with."""
    found = []
    for match in processing.rules.every("match") if processing.rules else ():
        sets = match.elements("multiple")
        if len(sets) == 1 and identifier in [one.attributes.get("identifier") for one in match.elements("variable")]:
            found.append(tuple(one.text().strip() for one in sets[0].elements("baseValue")))
    return found[:_MOST_CHOICES]


def _whole(processing: Processing, identifier: str, declared: Declared, reached: Fraction) -> Fraction | None:
    """Return the points that are all of the marks, as far as the item says; the template of a match always gives 1.

    reached: what right choices earn. A maximum below that says nothing: unlike a bound, it cuts nothing off.
    """
    if not (processing.way in (MAP, RULES) or processing.maps(declared)):
        return None
    stated = processing.maximum(identifier)
    if stated is not None and stated >= reached:
        return Fraction(stated)
    upper = declared.mapping.upper if declared.mapping and processing.maps(declared) else None
    return Fraction(upper) if upper and upper > 0 else None


def _shares(found: Sequence[Fraction], whole: Fraction | None, is_one: bool) -> list[Fraction]:
    """Return *found* as shares: of the best choice where one is made, else of *whole* or of all positive ones."""
    positive = [one for one in found if one > 0]
    if is_one:
        whole = max(positive)
    elif whole is None or whole < max(positive):
        whole = sum(positive, Fraction(0))
    return [one / whole for one in found]


def _bounds(processing: Processing, declared: Declared, found: Sequence[Fraction]) -> list[Note]:
    """Return a note where bounds of the mapping make more of a difference than that no total is below 0."""
    if not processing.maps(declared) or declared.mapping is None:
        return []
    lower, upper = declared.mapping.lower, declared.mapping.upper
    most = sum((one for one in found if one > 0), Fraction(0))
    cuts = upper is not None and Fraction(upper) < most
    reaches_below = any(one < 0 for one in found) and (lower is None or lower < 0)
    lifts = lower is not None and lower > 0
    told = {"lower": "" if lower is None else str(lower), "upper": "" if upper is None else str(upper)}
    return [("bounds_not_followed", dict[str, object](told))] if cuts or reaches_below or lifts else []


def _differing(declared: Declared, names: Sequence[str], found: Sequence[Fraction], is_one: bool) -> list[Note]:
    """Return a note where the item rewards other choices than it calls correct."""
    rewarded = {name for name, one in zip(names, found, strict=True) if one > 0}
    best = {name for name, one in zip(names, found, strict=True) if one == max(found)}
    correct = set(declared.texts)
    if not correct or (correct <= best if is_one else rewarded == correct):
        return []
    return [("key_and_mapping_differ", {"correct": ", ".join(declared.texts)})]
