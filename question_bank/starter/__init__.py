"""The starter bank: a file a sector, every question with its legal source, readable by the experts who review it.

A file names its bank at the top and lists questions:

    bank = "general"

    [[question]]
    code = "general-001"
    kind = "true_false"                # a code of KINDS
    knowledge_point = "主要负责人职责"
    difficulty = 1                     # 1 易, 2 中, 3 难
    stem = "..."
    options = ["...", "..."]           # only for single_choice and multiple_choice
    key = true                         # true or false; "B"; "ABD"; numeric "12.5±0.1"; short_answer "写法一|写法二"
    unit = "万元"                      # only for numeric; may be left out
    explanation = "..."
    source_document = "中华人民共和国安全生产法（2021年修正）"
    source_article = "第五条"
    tags = ["major_hazard_criteria"]   # may be left out

A case study has no options and no key of its own but parts, each with a key and an explanation:

    [[question.part]]
    kind = "numeric"                   # any but case_study
    stem = "..."
    key = "9"
    unit = "人"
    explanation = "..."

A line "# 待核：..." above a question says what its reviewer must compare with the original text.

The file in_force.toml says since when the documents are in force that the questions cite.
"""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TypeGuard

from question_bank.errors import InvalidQuestionError, QuestionBankError
from question_bank.kinds import KINDS
from question_bank.options import Option, lettered
from question_bank.questions import Question

_IN_FORCE = "in_force.toml"
_SOURCED = ("knowledge_point", "explanation", "source_document", "source_article")


class StarterError(QuestionBankError):
    """A starter file that cannot be used; data: file, question (its code), and the reason."""


@cache
def load_starter() -> tuple[Question, ...]:
    """Return every question of the starter bank, in order of file name and place in the file; read once a process.

    Raises StarterError for a file that is no TOML, a question that breaks a rule or lacks its source, or a code used
    twice.
    """
    questions: list[Question] = []
    since = sources_in_force()
    for entry in sorted(files(__name__).iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".toml") and entry.name != _IN_FORCE:
            questions += read_starter_file(entry.name, entry.read_text(encoding="utf-8"), since)
    codes: set[str] = set()
    for question in questions:
        if question.code in codes:
            raise StarterError("code_twice", question=question.code)
        codes.add(question.code)
    return tuple(questions)


def sources_in_force() -> dict[str, str]:
    """Return the first day in force, as "2026-01-31", of the documents for which it is certain."""
    days: dict[str, date] = tomllib.loads(files(__name__).joinpath(_IN_FORCE).read_text(encoding="utf-8"))
    return {document: day.isoformat() for document, day in days.items()}


def read_starter_file(name: str, text: str, since: Mapping[str, str] = MappingProxyType({})) -> list[Question]:
    """Return the questions in *text*, the content of the starter file *name*; raises StarterError.

    since: first day in force of documents; a question that cites one of them and names no day gets it.
    """
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise StarterError("not_toml", file=name, reason=str(error)) from error
    entries = content.get("question")
    if set(content) != {"bank", "question"} or not _is_tables(entries):
        raise StarterError("wrong_layout", file=name, keys=tuple(content))
    return [_question(name, {**_dated(entry, since), "bank": content["bank"], "version": 1}) for entry in entries]


def _dated(entry: Mapping[str, object], since: Mapping[str, str]) -> dict[str, object]:
    return {"source_from": since.get(str(entry.get("source_document")), ""), **entry}


def _is_tables(entries: object) -> TypeGuard[list[Mapping[str, object]]]:
    return isinstance(entries, list) and all(isinstance(entry, Mapping) for entry in entries)


def _question(file: str, entry: Mapping[str, object]) -> Question:
    code = str(entry.get("code", "?"))
    if missing := [field for field in _SOURCED if not entry.get(field)]:
        raise StarterError("missing_fields", file=file, question=code, fields=tuple(missing))
    try:
        return Question.from_payload(_with_parts(_with_answer(entry)))
    except InvalidQuestionError as error:
        raise StarterError("invalid_question", file=file, question=code, problems=error.problems) from error


def _with_answer(payload: Mapping[str, object]) -> dict[str, object]:
    """Return *payload* with options and key in the form of a question; what cannot be read is left to its check."""
    complete = {name: value.strip() if isinstance(value, str) else value for name, value in payload.items()}
    kind = KINDS.get(str(payload.get("kind")))
    options, key, tags = payload.get("options"), payload.get("key"), payload.get("tags")
    offered: tuple[Option, ...] = ()
    if isinstance(options, list):
        offered = lettered([text.strip() if isinstance(text, str) else "" for text in options])
        complete["options"] = [option.to_payload() for option in offered]
    if kind is not None and isinstance(key, (str, bool)):
        answers, letters = kind.read_answer(() if kind.fixed_options else offered, str(key))
        complete.setdefault("options", [option.to_payload() for option in answers])
        complete["key"] = list(letters)
    if isinstance(tags, list):
        complete["tags"] = sorted(tags)
    return complete


def _with_parts(payload: Mapping[str, object]) -> dict[str, object]:
    """Return *payload* with its tables [[question.part]], if it has any, as the parts of a case study."""
    complete = dict(payload)
    if "part" not in payload:
        return complete
    parts = complete.pop("part")
    complete["parts"] = [_with_answer(part) for part in parts] if _is_tables(parts) else parts
    return {"options": [], "key": []} | complete
