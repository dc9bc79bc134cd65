"""One QTI item to what it states."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from question_bank.formats import extras
from question_bank.formats.accepted import put_back
from question_bank.formats.found import CASE, MANY, ONE, SHORT, TRUE_FALSE, Found, error_at, is_true_false
from question_bank.formats.markup.rich import FindPicture
from question_bank.formats.markup.said import Said
from question_bank.formats.protocol import Note, RowError
from question_bank.formats.qti.bodies import BLANK, FEEDBACK, Body, interactions_in, sections_of, standing
from question_bank.formats.qti.choices import order_of, read_choices
from question_bank.formats.qti.dialects import respelt
from question_bank.formats.qti.entries import read_entry
from question_bank.formats.qti.expressions import is_set
from question_bank.formats.qti.feedback import Told, feedback_of
from question_bank.formats.qti.parts import ALL_OR_NOTHING, ItemError, PartRead, marked_together
from question_bank.formats.qti.processing import Processing, Steps
from question_bank.formats.qti.templates import DECLARATION, are_used
from question_bank.formats.xml_elements import Element
from question_bank.kinds.case_study import FEWEST_PARTS, MOST_PARTS

ROOTS = ("assessmentItem", "qti-assessment-item")
# What makes an item more than its text: it cannot be shown as it stands.
_BEYOND = {
    "templateDeclaration": "template", "printedVariable": "template", "assessmentStimulusRef": "stimulus",
    "include": "stimulus",
}  # fmt: skip
_CHOICES = ("choiceInteraction", "inlineChoiceInteraction")
_READ = (*_CHOICES, "textEntryInteraction")
_AT_HAND = ("companionMaterialsInfo", "catalogInfo")
_SINGLE = ("kind", "is_case_sensitive")
_FORMS = {"extendedTextInteraction": "essay", "matchInteraction": "matching", "associateInteraction": "matching"}


def read_item(root: Element, found: Found, find: FindPicture, steps: Steps) -> Found | RowError:
    """Return what the item with the element *root* states.

    found: its place, and what its package says about it. find: how its texts find pictures.
    """
    root = respelt(root)
    found = replace(found, line=root.line)
    body = root.first("itemBody")
    if body is None:
        return error_at(found, "item_body_missing")
    interactions = interactions_in(body)
    named = ", ".join(one.name for one in interactions[:20]) or "itemBody"
    form = _form(root, interactions)
    if form not in ("one", "several"):
        return replace(found, form=form, named=named)
    fields = dict(found.fields)
    own = extras.placed(fields) | {name: fields.pop(name) for name in _SINGLE if name in fields}
    found = replace(found, form=CASE, named=named, fields=fields)
    processing = Processing(root, steps, form == "several")
    parts: list[PartRead] = []
    try:
        if len(interactions) > MOST_PARTS:
            raise ItemError("wrong_part_count", "case", count=len(interactions), least=FEWEST_PARTS, most=MOST_PARTS)
        parts.extend(_read_part(interaction, processing, Body(find, {})) for interaction in interactions)
        told = feedback_of(root, Body(find, {}), processing, parts)
        found = replace(found, notes=(*found.notes, *marked_together(processing, parts), *_beside(root)))
    except ItemError as error:
        data = {**({"part": len(parts) + 1} if form == "several" else {}), **error.data}
        return error_at(replace(found, line=error.line or found.line), error.code, error.column, **data)
    if form == "one":
        made = _part_found(found, parts[0], Body(find, {}).said(body), told[1], own.get("kind", ""))
        return put_back(replace(made, fields={**fields, **_case(parts[0], own.get("is_case_sensitive"))}), own)
    return _case_found(root, body, found, parts, told, own, find)


def _beside(root: Element) -> tuple[Note, ...]:
    """Return a note that names what candidates have at hand beside the text: formulas, rulers, glossaries."""
    names = tuple(sorted({one.name for one in root.every(*_AT_HAND) if one.elements()}))
    return (("markup_removed", {"elements": names}),) if names else ()


def _form(root: Element, interactions: list[Element]) -> str:
    """Return "one" or "several" for what is read, else what the item is."""
    beyond = {one.name for one in root.every(*_BEYOND)} - _printed_in_feedback(root)
    if not are_used(root):
        beyond.discard(DECLARATION)
    if is_set(root, "adaptive") or _asks_in_feedback(root):
        return "adaptive"
    if beyond:
        return _BEYOND[min(beyond)]
    if not interactions:
        return "description"
    if len(interactions) > 1:
        return "several" if all(one.name in _READ for one in interactions) else "composite"
    name = interactions[0].name
    return "one" if name in _READ else _FORMS.get(name, name)


def _asks_in_feedback(root: Element) -> bool:
    """Say whether something is asked only after an answer was given: where feedback holds an interaction."""
    waiting = [(one, False) for one in root.elements()]
    while waiting:
        one, is_told = waiting.pop()
        if is_told and one.name.endswith("Interaction") and one.name != "endAttemptInteraction":
            return True
        waiting += [(inner, is_told or one.name in FEEDBACK) for inner in one.elements()]
    return False


def _printed_in_feedback(root: Element) -> set[str]:
    """Return "printedVariable" if feedback is all that prints one: it tells points, and says no less without them."""
    outcomes = {one.attributes.get("identifier") for one in root.elements("outcomeDeclaration")}
    waiting = [(one, False) for one in root.elements()]
    while waiting:
        one, is_told = waiting.pop()
        if one.name == "printedVariable" and not (is_told and one.attributes.get("identifier") in outcomes):
            return set()
        waiting += [(inner, is_told or one.name in FEEDBACK) for inner in one.elements()]
    return {"printedVariable"}


def _read_part(interaction: Element, processing: Processing, body: Body) -> PartRead:
    if interaction.name in _CHOICES:
        return read_choices(interaction, processing, body)
    return read_entry(interaction, processing)


def _part_found(found: Found, part: PartRead, stem: Said, told: Told, kind: str) -> Found:
    answers = told.on(part.answers)
    form = part.form
    # QTI has no type for true and false, so two choices that say so are one, unless we wrote them as something else.
    if form == ONE and kind in ("", TRUE_FALSE) and is_true_false(answer.said.plain for answer in answers):
        form = TRUE_FALSE
    # What we wrote ourselves leaves it to the blueprint what some of the right choices earn.
    own = [note for note in part.notes if not (kind and note == ALL_OR_NOTHING)]
    notes = (*found.notes, *own, *(order_of(part.interaction) if form in (ONE, MANY) else ()))
    return replace(
        found, form=form, stem=stem, answers=answers, explanation=told.explanation(), feedback=tuple(told.labelled),
        notes=notes, fields={},
    )  # fmt: skip


def _case(part: PartRead, stated: str | None) -> dict[str, str]:
    """Return the field that says whether case matters: as we stated it, or as the rules have it."""
    if part.form != SHORT:
        return {}
    return {"is_case_sensitive": stated or ("true" if part.case_matters else "false")}


def _case_found(
    root: Element,
    body: Element,
    found: Found,
    parts: Sequence[PartRead],
    told: Sequence[Told],
    own: Mapping[str, str],
    find: FindPicture,
) -> Found:
    """Return an item with several interactions as a case study."""
    sections = sections_of(body, [part.interaction for part in parts])
    instead: dict[int, str] = {}
    stems: list[Said] = []
    for number, part in enumerate(parts, start=1):
        section = sections[id(part.interaction)]
        stem = Body(find, {}).said(standing(section))
        is_blank = stem.plain.strip() in ("", BLANK)
        mark = f"（{number}）"
        stems.append(Said(mark) if is_blank else stem)
        is_block = part.interaction.name == "choiceInteraction"
        instead[id(section)] = "" if not is_blank else f"<div>{mark}</div>" if is_block else f"{mark}{BLANK}"
    inner = []
    for number, (part, stem, one) in enumerate(zip(parts, stems, told[1:], strict=True), start=1):
        made = _part_found(replace(found, notes=()), part, stem, one, own.get(f"kind.{number}", ""))
        unit = {"unit": own[f"unit.{number}"]} if f"unit.{number}" in own else {}
        made = replace(made, fields={**unit, **_case(part, own.get(f"is_case_sensitive.{number}"))})
        inner.append(put_back(made, own, f"{number}."))
    stem = Body(find, instead).said(body) or Said(root.attributes.get("title", "").strip())
    return replace(
        found, stem=stem, parts=tuple(inner), explanation=told[0].explanation(), feedback=tuple(told[0].labelled)
    )
