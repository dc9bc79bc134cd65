"""Answers in Moodle XML."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction

from question_bank.formats.found import MANY, NOTHING, NUMERIC, ONE, SHORT, TRUE_FALSE, Answer, Found, without_blanks
from question_bank.formats.markup.said import Said
from question_bank.formats.moodle_xml.texts import Texts, raw
from question_bank.formats.numbers import number, with_tolerance
from question_bank.formats.protocol import Note
from question_bank.formats.xml_elements import Element

# Programs write a third with sixteen places.
_FRACTION = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{0,40})?")
_NO = ("false", "0", "")
_FIXED = ("false", "0")
_GRADED = ("1", "2")
# What Moodle puts there if the author writes nothing; it says nothing about the question.
_STANDARD_FEEDBACK = frozenset({
    "Your answer is correct.", "Your answer is partially correct.", "Your answer is incorrect.",
    "您的回答正确", "您的回答部分正确", "您的回答不正确", "你的答案正确。", "你的答案部分正确。", "你的答案不正确。",
})  # fmt: skip
_COMBINED = {"correctfeedback": "答对时", "partiallycorrectfeedback": "部分答对时", "incorrectfeedback": "答错时"}
_LONGEST_UNIT = 20


class UnreadableError(Exception):
    """An answer that breaks the rules of the format. code: of a row error. text: what stands there."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(code, text)
        self.code, self.text = code, text


def _choice(element: Element, texts: Texts, found: Found) -> Found:
    single = element.first("single")
    is_one = single is None or single.text().strip().lower() not in _NO
    stated = [
        Answer(texts.said(one), _weight(one), texts.said(one.first("feedback"))) for one in element.elements("answer")
    ]
    answers, blank = without_blanks(stated, 2)
    told, notes = _combined(element, texts)
    order: tuple[Note, ...] = (("fixed_order_left_out", {}),) if _child(element, "shuffleanswers") in _FIXED else ()
    notes = (*found.notes, *blank, *order, *notes)
    return replace(found, form=ONE if is_one else MANY, answers=answers, feedback=told, notes=notes)


def _true_false(element: Element, texts: Texts, found: Found) -> Found:
    """Return the question with its answers as 正确 and 错误; where they say neither, the first one is "true".

    One answer alone says what the other one is.
    """
    answers = [
        Answer(Said(raw(one).strip().casefold()), _weight(one), texts.said(one.first("feedback")))
        for one in element.elements("answer")
    ]
    words = [answer.said.plain for answer in answers]
    if words in (["true"], ["false"]):
        answers.append(Answer(NOTHING, Fraction(answers[0].weight <= 0)))
    if words in (["false", "true"], ["false"]):
        answers = answers[::-1]
    if len(answers) == 2:
        answers = [replace(one, said=Said(word)) for one, word in zip(answers, ("正确", "错误"), strict=True)]
    return replace(found, form=TRUE_FALSE, answers=tuple(answers))


def _short(element: Element, texts: Texts, found: Found) -> Found:
    usecase = element.first("usecase")
    matters = usecase is not None and usecase.text().strip().lower() not in _NO
    stated = [
        Answer(Said(" ".join(raw(one).split("\n")).strip()), _weight(one), texts.said(one.first("feedback")))
        for one in element.elements("answer")
    ]
    answers, blank = without_blanks(stated, 1)
    fields = {**found.fields, **({"is_case_sensitive": "true"} if matters else {})}
    return replace(found, form=SHORT, answers=answers, fields=fields, notes=(*found.notes, *blank))


def _numeric(element: Element, texts: Texts, found: Found) -> Found:
    answers: list[Answer] = []
    for one in element.elements("answer"):
        text, feedback = raw(one).strip(), texts.said(one.first("feedback"))
        weight = _own_fraction(one) or _weight(one)
        if text in ("*", ""):
            lost: tuple[Note, ...] = (("any_number_left_out", {}),) if weight > 0 else ()
            found = replace(found, feedback=(*found.feedback, ("其他答案", feedback)), notes=found.notes + lost)
            continue
        tolerance = one.first("tolerance")
        accepted = with_tolerance(text, (tolerance.text().strip() if tolerance else "") or "0")
        if accepted is None:
            raise UnreadableError("not_a_number", text)
        answers.append(Answer(Said(accepted), weight, feedback))
    unit, notes = _unit(element)
    if _child(element, "unitgradingtype") in _GRADED:
        notes += (("unit_penalty_left_out", {"value": _child(element, "unitpenalty")[:20]}),)
    fields = {**found.fields, **({"unit": unit} if unit else {})}
    return replace(found, form=NUMERIC, answers=tuple(answers), fields=fields, notes=found.notes + notes)


READERS: Mapping[str, Callable[[Element, Texts, Found], Found]] = {
    "multichoice": _choice, "truefalse": _true_false, "shortanswer": _short, "numerical": _numeric,
}  # fmt: skip


def _weight(answer: Element) -> Fraction:
    """Return the share of the marks; an answer without any is worth nothing, as in Moodle."""
    text = answer.attributes.get("fraction", "0").strip()
    if not _FRACTION.fullmatch(text) or abs(weight := Fraction(text.rstrip(".")) / 100) > 1:
        raise UnreadableError("unreadable_weight", text)
    return weight


def _own_fraction(answer: Element) -> Fraction | None:
    """Return the share as files of old have it, in an element, from 0 to 1."""
    own = answer.first("fraction")
    text = own.text().strip() if own else ""
    return Fraction(text.rstrip(".")) if _FRACTION.fullmatch(text) and abs(Fraction(text.rstrip("."))) <= 1 else None


def _unit(element: Element) -> tuple[str, tuple[Note, ...]]:
    """Return the first unit in which the numbers are stated, and a note of the others."""
    units = [(_child(one, "unit_name"), number(_child(one, "multiplier") or "1")) for one in element.every("unit")]
    own = next((name for name, multiplier in units if name and multiplier == 1 and len(name) <= _LONGEST_UNIT), "")
    others = tuple(name for name, _ in units if name and name != own)
    return own, (("units_left_out", {"units": others}),) if others else ()


def _child(element: Element, name: str) -> str:
    child = element.first(name)
    return child.text().strip() if child else ""


def _combined(element: Element, texts: Texts) -> tuple[tuple[tuple[str, Said], ...], tuple[Note, ...]]:
    told: list[tuple[str, Said]] = []
    notes: tuple[Note, ...] = ()
    for name, about in _COMBINED.items():
        said = texts.said(element.first(name))
        if said.plain in _STANDARD_FEEDBACK:
            notes += (("standard_feedback_left_out", {"value": said.plain}),)
        elif said:
            told.append((about, said))
    return tuple(told), notes
