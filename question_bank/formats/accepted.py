"""Answers that another format writes otherwise, kept beside it as they are written here.

A format with number and tolerance says "1..5" as 3 ± 2. The tag "bikao:accepted.A=1..5" brings the range back, as long
as it still accepts the same: what was edited elsewhere goes before it. So does "bikao:weight.A=60" a weight where those
of all right answers come to more than the whole, which another system takes for the whole.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from question_bank.formats.found import MANY, NUMERIC, SHORT, Answer, Found
from question_bank.formats.markup.said import Said
from question_bank.formats.numbers import are_alike
from question_bank.options import LETTERS, Option, is_weight


def kept(options: Sequence[Option], written: Sequence[str], place: str = "") -> Iterator[tuple[str, str]]:
    """Yield name and text for every option that would come back otherwise: as *written*.

    place: "", or "2." for part 2.
    """
    for option, text in zip(options, written, strict=True):
        if option.text != text:
            yield f"accepted.{place}{option.key}", option.text


def put_back(found: Found, fields: Mapping[str, str], place: str = "") -> Found:
    """Return *found* with its answers as *fields* (extras.placed) have them, where they accept the same."""
    if found.form == MANY:
        return _scaled_back(found, fields, place)
    if found.form not in (NUMERIC, SHORT) or len(found.answers) > len(LETTERS):
        return found
    pairs = zip(LETTERS, found.answers, strict=False)
    return replace(
        found, answers=tuple(_put_back(found.form, one, fields, f"{place}{letter}") for letter, one in pairs)
    )


def _scaled_back(found: Found, fields: Mapping[str, str], place: str) -> Found:
    """Return *found* with the weights in *fields*, if its own are the same in proportion to their sum."""
    stated = [fields.get(f"weight.{place}{letter}", "") for letter, _ in zip(LETTERS, found.answers, strict=False)]
    if len(stated) < len(found.answers) or not all(map(is_weight, stated)):
        return found
    weights = [Fraction(text) / 100 for text in stated]
    whole = sum((one for one in weights if one > 0), Fraction(0))
    pairs = list(zip(found.answers, weights, strict=True))
    if any(answer.weight * whole != weight for answer, weight in pairs):
        return found
    return replace(found, answers=tuple(replace(answer, weight=weight) for answer, weight in pairs))


def _put_back(form: str, answer: Answer, fields: Mapping[str, str], place: str) -> Answer:
    text, weight = fields.get(f"accepted.{place}", ""), fields.get(f"weight.{place}", "")
    if text and form == NUMERIC and are_alike(text, answer.said.plain):
        answer = replace(answer, said=Said(text))
    return replace(answer, weight=Fraction(weight) / 100) if is_weight(weight) else answer
