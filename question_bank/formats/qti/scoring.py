"""What each choice of a QTI item earns: by match_correct or by map_response, as its response processing says."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from question_bank.formats.found import Note
from question_bank.formats.xml_elements import Element

_NUMBER = re.compile(r"[+-]?[0-9]{1,6}(?:\.[0-9]{0,12})?|[+-]?\.[0-9]{1,12}")


@dataclass(frozen=True)
class Score:
    """weights: one a choice, 1 for full marks. notes: where the item scores in a way that weights cannot say."""

    weights: tuple[Fraction, ...]
    notes: tuple[Note, ...] = ()


def scored(declared: Element, processing: Element | None, names: Sequence[str], is_one: bool) -> Score | str:
    """Return the score of the choices called *names*, or the code of what is wrong.

    declared: the responseDeclaration. processing: the responseProcessing, None if there is none.
    is_one: whether only one can be chosen: then the best counts as 1, else all positive ones together.
    """
    correct = _correct(declared)
    mapped = _mapped(declared, names)
    if isinstance(mapped, str):
        return mapped
    if correct and set(correct) - set(names):
        return "key_not_offered"
    if not correct and mapped is None:
        return "no_right_answer"
    way = _way(processing)
    notes: list[Note] = [] if way else [("scoring_not_followed", {})]
    if mapped is None or (correct and way != "map"):
        return Score(_shares([Fraction(name in correct) for name in names], is_one), tuple(notes))
    if correct and {name for name, weight in zip(names, mapped, strict=True) if weight > 0} != set(correct):
        notes.append(("key_and_mapping_differ", {"correct": ", ".join(correct)}))
    return Score(_shares(mapped, is_one), tuple(notes))


def _way(processing: Element | None) -> str:
    """Return "map" or "match", "" for rules that are neither."""
    if processing is None:
        return "match"
    template = f"{processing.attributes.get('template', '')} {processing.attributes.get('templateLocation', '')}"
    rules = {one.name for one in processing.every()}
    if "map_response" in template or "mapResponse" in rules:
        return "map"
    return (
        "match"
        if "match_correct" in template or {"match", "correct"} <= rules or not (rules or template.strip())
        else ""
    )


def _correct(declared: Element) -> list[str]:
    response = declared.first("correctResponse")
    return [value.text().strip() for value in response.elements("value")] if response else []


def _mapped(declared: Element, names: Sequence[str]) -> list[Fraction] | str | None:
    mapping = declared.first("mapping")
    if mapping is None:
        return None
    texts = {
        one.attributes.get("mapKey", ""): one.attributes.get("mappedValue", "") for one in mapping.elements("mapEntry")
    }
    default = mapping.attributes.get("defaultValue", "0")
    if not all(_NUMBER.fullmatch(text.strip()) for text in (default, *texts.values())):
        return "unreadable_weight"
    if set(texts) - set(names):
        return "key_not_offered"
    return [Fraction(texts.get(name, default).strip()) for name in names]


def _shares(weights: Sequence[Fraction], is_one: bool) -> tuple[Fraction, ...]:
    positive = [weight for weight in weights if weight > 0]
    whole = (max(positive) if is_one else sum(positive)) if positive else Fraction(1)
    return tuple(weight / whole for weight in weights)
