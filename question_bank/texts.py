"""What a question's texts and fields may hold, whatever its kind."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from question_bank.errors import Problem
from question_bank.kinds import KINDS, Answerable
from question_bank.options import Option
from question_bank.rich_text import HTML, MARKUPS, PLAIN, sanitised, text_of

if TYPE_CHECKING:
    from question_bank.questions import Question

EASY, MEDIUM, HARD = DIFFICULTIES = (1, 2, 3)
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_LONGEST = {"knowledge_point": 80, "source_document": 200, "source_article": 100, "unit": 20}
_LONGEST_TEXT = 4000
_LONGEST_OPTION = 1000
_LONGEST_TAG = 64
_HTML_FACTOR = 5  # tags may take four times as much room as the text between them
_NONCHARACTERS = frozenset("\ufffe\uffff")


def trimmed(text: str) -> str:
    """Return *text* as a question holds it: line ends as line feeds, no blanks around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def question_problems(question: "Question") -> Iterator[Problem]:
    """Yield everything that is wrong with *question*."""
    yield from _field_problems(question)
    yield from _said_problems(question, question.explanation, question.markup)
    yield from _tag_problems(question.tags)
    for number, part in enumerate(question.parts, start=1):
        for problem in _said_problems(part, part.explanation, question.markup):
            yield Problem("parts", problem.code, {"part": number, "field": problem.field, **problem.data})
    if question.kind not in KINDS:
        yield Problem("kind", "unknown_kind", {"value": question.kind[:80]})
        return
    yield from KINDS[question.kind].problems(question)
    if question.parts and question.kind != "case_study":
        yield Problem("parts", "parts_without_case", {"count": len(question.parts)})


def _field_problems(question: "Question") -> Iterator[Problem]:
    if not _CODE.fullmatch(question.code):
        yield Problem("code", "bad_code", {"value": question.code[:80]})
    if question.version < 1:
        yield Problem("version", "out_of_range", {"value": question.version, "least": 1})
    if not _NAME.fullmatch(question.bank):
        yield Problem("bank", "bad_code", {"value": question.bank[:80]})
    if question.difficulty not in DIFFICULTIES:
        yield Problem("difficulty", "out_of_range", {"value": question.difficulty, "least": EASY, "most": HARD})
    if question.markup not in MARKUPS:
        yield Problem("markup", "unknown_markup", {"value": question.markup[:40]})
    for name, longest in _LONGEST.items():
        yield from _text_problems(name, getattr(question, name), longest)
    yield from _day_problems(question)


def _day_problems(question: "Question") -> Iterator[Problem]:
    days = {}
    for name in ("source_from", "source_to"):
        text = getattr(question, name)
        try:
            if text:
                days[name] = date.fromisoformat(text)
                if text != days[name].isoformat():
                    raise ValueError(text)
        except ValueError:
            yield Problem(name, "bad_day", {"value": text[:40]})
    if len(days) == 2 and days["source_from"] > days["source_to"]:
        yield Problem("source_to", "days_in_wrong_order", {"value": question.source_to[:40]})


def _said_problems(said: Answerable, explanation: str, markup: str) -> Iterator[Problem]:
    """Yield what is wrong with stem, options and explanation of a question or part."""
    if not text_of(said.stem, markup if markup in MARKUPS else PLAIN).strip():
        yield Problem("stem", "missing_text")
    yield from _rich_problems("stem", said.stem, _LONGEST_TEXT, markup)
    yield from _rich_problems("explanation", explanation, _LONGEST_TEXT, markup)
    offers = said.kind in KINDS and KINDS[said.kind].offers_options
    for option in said.options:
        if not option.text:
            yield Problem("options", "missing_text", {"key": option.key})
        own = markup if offers else PLAIN
        yield from _of_option(option, _rich_problems("options", option.text, _LONGEST_OPTION, own))
        yield from _of_option(option, _rich_problems("options", option.feedback, _LONGEST_TEXT, markup))


def _of_option(option: Option, problems: Iterator[Problem]) -> Iterator[Problem]:
    return (Problem(problem.field, problem.code, {"key": option.key, **problem.data}) for problem in problems)


def _tag_problems(tags: tuple[str, ...]) -> Iterator[Problem]:
    if tags != tuple(sorted(set(tags))):
        yield Problem("tags", "tags_not_sorted", {"tags": tags})
    for tag in tags:
        # Spreadsheets write tags on one line with separators between them.
        if not tag or re.search(r"[\s,;、，；]", tag):
            yield Problem("tags", "bad_tag", {"tag": tag[:80]})
        yield from _text_problems("tags", tag, _LONGEST_TAG)


def _rich_problems(field: str, text: str, longest: int, markup: str) -> Iterator[Problem]:
    if markup != HTML:
        yield from _text_problems(field, text, longest)
        return
    yield from _text_problems(field, text, longest * _HTML_FACTOR)
    if len(text) > longest * _HTML_FACTOR:
        return  # to take it apart takes long
    if len(plain := text_of(text, HTML)) > longest:
        yield Problem(field, "too_long", {"length": len(plain), "most": longest})
    if text != sanitised(text):
        yield Problem(field, "unsafe_markup")


def _text_problems(field: str, text: str, longest: int) -> Iterator[Problem]:
    """Yield what makes *text* impossible to store, show or write to a spreadsheet unchanged."""
    if len(text) > longest:
        yield Problem(field, "too_long", {"length": len(text), "most": longest})
    if text != trimmed(text):
        yield Problem(field, "untrimmed_text")
    if not text.isprintable() and any(_is_forbidden(character) for character in text):
        yield Problem(field, "control_character")


def _is_forbidden(character: str) -> bool:
    """Say whether *character* is a control, a lone surrogate or no character at all."""
    return character not in "\n\t" and (unicodedata.category(character) in ("Cc", "Cs") or character in _NONCHARACTERS)
