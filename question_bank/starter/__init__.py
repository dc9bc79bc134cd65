"""The starter bank: a file a sector, every question with its legal source, readable by the experts who review it.

A file names its bank at the top and lists questions:

    bank = "general"

    [[question]]
    code = "general-001"
    kind = "true_false"                # true_false, single_choice, multiple_choice
    knowledge_point = "主要负责人职责"
    difficulty = 1                     # 1 易, 2 中, 3 难
    stem = "..."
    options = ["...", "..."]           # not for true_false
    key = true                         # true or false; "B"; "ABD"
    explanation = "..."
    source_document = "中华人民共和国安全生产法（2021年修正）"
    source_article = "第五条"
    tags = ["major_hazard_criteria"]   # may be left out
"""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import TypeGuard

from question_bank.errors import InvalidQuestionError, QuestionBankError
from question_bank.kinds import KINDS
from question_bank.options import lettered
from question_bank.questions import Question

_SOURCED = ("knowledge_point", "explanation", "source_document", "source_article")


class StarterError(QuestionBankError):
    """A starter file that cannot be used; data: file, question (its code), and the reason."""


def load_starter() -> tuple[Question, ...]:
    """Return every question of the starter bank, in order of file name and place in the file.

    Raises StarterError for a file that is no TOML, a question that breaks a rule or lacks its source, or a code used
    twice.
    """
    questions: list[Question] = []
    for entry in sorted(files(__name__).iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".toml"):
            questions += read_starter_file(entry.name, entry.read_text(encoding="utf-8"))
    codes: set[str] = set()
    for question in questions:
        if question.code in codes:
            raise StarterError("code_twice", question=question.code)
        codes.add(question.code)
    return tuple(questions)


def read_starter_file(name: str, text: str) -> list[Question]:
    """Return the questions in *text*, the content of the starter file *name*; raises StarterError."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise StarterError("not_toml", file=name, reason=str(error)) from error
    entries = content.get("question")
    if set(content) != {"bank", "question"} or not _is_tables(entries):
        raise StarterError("wrong_layout", file=name, keys=tuple(content))
    return [_question(name, content["bank"], entry) for entry in entries]


def _is_tables(entries: object) -> TypeGuard[list[Mapping[str, object]]]:
    return isinstance(entries, list) and all(isinstance(entry, Mapping) for entry in entries)


def _question(file: str, bank: object, entry: Mapping[str, object]) -> Question:
    code = str(entry.get("code", "?"))
    if missing := [field for field in _SOURCED if not entry.get(field)]:
        raise StarterError("missing_fields", file=file, question=code, fields=tuple(missing))
    payload = {**entry, "bank": bank, "version": 1}
    try:
        return Question.from_payload(_with_answer(payload))
    except InvalidQuestionError as error:
        raise StarterError("invalid_question", file=file, question=code, problems=error.problems) from error


def _with_answer(payload: Mapping[str, object]) -> dict[str, object]:
    """Return *payload* with options and key in the form of a question; what cannot be read is left to its check."""
    complete = dict(payload)
    kind = KINDS.get(str(payload.get("kind")))
    options, key, tags = payload.get("options"), payload.get("key"), payload.get("tags", [])
    if kind is not None and kind.fixed_options and options is None:
        complete["options"] = [{"key": option.key, "text": option.text} for option in kind.fixed_options]
    elif isinstance(options, list):
        texts = [text.strip() if isinstance(text, str) else "" for text in options]
        complete["options"] = [{"key": option.key, "text": option.text} for option in lettered(texts)]
    if kind is not None and isinstance(key, (str, bool)):
        complete["key"] = list(kind.key_from_text(str(key)))
    if isinstance(tags, list):
        complete["tags"] = sorted(tags)
    return complete | {name: value.strip() for name, value in complete.items() if isinstance(value, str)}
