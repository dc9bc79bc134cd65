"""What a filled-in form says as a question, and what a form shows for a question.

A question is judged by the library; what is wrong comes back as its problems, and is put beside the field at fault.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from app.banks.filling_answers import read_answer, said
from app.banks.forms import QuestionForm
from app.banks.importing import problem_code
from app.core.errors import ServiceError
from app.core.forms import Form
from question_bank.errors import InvalidQuestionError, Problem
from question_bank.options import LETTERS, Option
from question_bank.questions import DIFFICULTIES, MAJOR_HAZARD_CRITERIA, MEDIUM, Part, Question

_TAG_BREAK = re.compile(r"[\s,;、，；]+")
_UNNAMED = "unnamed"
_COUNTS = ("wrong_option_count", "wrong_key_count")
_OF_WEIGHT = ("bad_weight", "no_full_weight")
FACTS = ("explanation", "knowledge_point", "source_document", "source_article", "source_from", "source_to")


def filled_question(form: QuestionForm, kind: str, bank: str, code: str = "") -> Question | None:
    """Return the question as filled in; None after putting everything that is wrong beside its field."""
    try:
        return _question(form, kind, bank, code or said(form, "code"))
    except InvalidQuestionError as error:
        for problem in error.problems:
            _refuse(form, problem)
        return None


def filled_in(question: Question) -> dict[str, Any]:
    """Return what QuestionForm shows for *question*."""
    return {
        **_answer_fields(question),
        **{name: getattr(question, name) for name in (*FACTS, "markup", "code")},
        "difficulty": str(question.difficulty),
        "is_major_hazard": MAJOR_HAZARD_CRITERIA in question.tags,
        "tags": " ".join(tag for tag in question.tags if tag != MAJOR_HAZARD_CRITERIA),
        "parts": [{"kind": part.kind, **_answer_fields(part)} for part in question.parts],
        "seen": question.digest,
    }


def _question(form: QuestionForm, kind: str, bank: str, code: str) -> Question:
    """Return the question. Raises InvalidQuestionError with what cannot be read and what the library finds besides."""
    unread: list[Problem] = []
    options, key = _answer(form, 0, unread)
    parts = tuple(_part(number, part, unread) for number, part in enumerate(form.parts, start=1))
    tags = {tag for tag in _TAG_BREAK.split(said(form, "tags")) if tag}
    difficulty = str(form.difficulty.data)
    try:
        question = Question(
            code=code or _UNNAMED,
            version=1,
            bank=bank,
            kind=kind,
            stem=said(form, "stem"),
            options=options,
            key=key,
            difficulty=int(difficulty) if difficulty in map(str, DIFFICULTIES) else MEDIUM,
            tags=tuple(sorted(tags | ({MAJOR_HAZARD_CRITERIA} if form.is_major_hazard.data else set()))),
            markup=said(form, "markup"),
            unit=said(form, "unit"),
            is_case_sensitive=bool(form.is_case_sensitive and form.is_case_sensitive.data),
            parts=parts if kind == "case_study" else (),
            **{name: said(form, name) for name in FACTS},
        )
    except InvalidQuestionError as error:
        raise InvalidQuestionError([*unread, *_besides(unread, error.problems)]) from error
    if unread:
        raise InvalidQuestionError(unread)
    return question if code else replace(question, code=f"{bank[:40]}-{question.digest[:12]}")


def _answer(form: Form, number: int, unread: list[Problem]) -> tuple[tuple[Option, ...], tuple[str, ...]]:
    """Return options and key of the question (number 0) or of a part; add to *unread* what keeps them from being read.

    What could not be read is left out of what is returned.
    """
    options, key, problems = read_answer(form)
    if number:
        problems = [Problem("parts", one.code, {"part": number, "field": one.field, **one.data}) for one in problems]
    unread += problems
    return options, key


def _besides(unread: Sequence[Problem], found: Sequence[Problem]) -> Iterator[Problem]:
    """Yield those of *found* that do not merely follow from an answer that could not be read."""
    places = {_place(problem) for problem in unread}
    owners = {part for part, _field, _letter in places}
    for problem in found:
        part, field, letter = _place(problem)
        if (part, field, letter) not in places and not (part in owners and problem.code in _COUNTS):
            yield problem


def _place(problem: Problem) -> tuple[object, object, object]:
    """Return what *problem* is about: the number of a part, 0 for the question itself; the field; of an option, its
    letter."""
    is_of_part = problem.field == "parts" and "part" in problem.data
    part, field = (problem.data["part"], problem.data["field"]) if is_of_part else (0, problem.field)
    return part, field, problem.data.get("key") if field == "options" else None


def _part(number: int, form: Form, unread: list[Problem]) -> Part:
    options, key = _answer(form, number, unread)
    sensitive = bool(form.is_case_sensitive and form.is_case_sensitive.data)
    texts = {name: said(form, name) for name in ("stem", "explanation", "unit")}
    return Part(form.answer_kind, options=options, key=key, is_case_sensitive=sensitive, **texts)


def _answer_fields(question: Question | Part) -> dict[str, Any]:
    """Return the fields of forms.AnswerFields for a question or a part of one."""
    data: dict[str, Any] = {
        "stem": question.stem,
        "explanation": question.explanation,
        "key": list(question.key),
        "truth": question.key[0] if question.key else "",
        "unit": question.unit,
        "is_case_sensitive": question.is_case_sensitive,
        "rows": str(len(question.options)),
    }
    for option in question.options:
        text, tolerance = option.text, ""
        if question.kind == "numeric":
            text, _sign, tolerance = text.partition("±")
        data |= {f"option_{option.key}": text, f"tolerance_{option.key}": tolerance}
        data |= {f"weight_{option.key}": option.weight, f"feedback_{option.key}": option.feedback}
    return data


def _refuse(form: QuestionForm, problem: Problem) -> None:
    """Put *problem* beside its field: of the part it names, or of the question.

    A text that is too long for its field has been refused by the form already.
    """
    own, owner = problem, form
    if "part" in problem.data and problem.field == "parts":
        owner = form.parts[int(str(problem.data["part"])) - 1]
        own = Problem(str(problem.data["field"]), problem.code, problem.data)
    name = _field(owner, own)
    if own.code == "too_long" and name in owner and owner[name].errors:
        return
    data = {name: value for name, value in own.data.items() if name not in ("field", "part")}
    owner.refuse(ServiceError(problem_code(own.code), field=name, **data))


def _field(form: Form, problem: Problem) -> str:
    """Return the name of the field of *form* that *problem* is about."""
    letter = problem.data.get("key", LETTERS[0])
    if problem.code in _OF_WEIGHT:
        return f"weight_{letter}"
    if problem.field == "options" or (problem.field == "key" and "option_A" in form and "key" not in form):
        return f"option_{letter}" if isinstance(letter, str) else f"option_{LETTERS[0]}"
    if problem.field == "key":
        return "truth" if "truth" in form else "key"
    return problem.field
