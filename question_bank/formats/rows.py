"""One row of a question table to a question and back, whatever file the row stands in."""

import re
import unicodedata
from collections.abc import Mapping

from question_bank.canonical import digest_of
from question_bank.errors import InvalidQuestionError, Problem
from question_bank.formats.columns import heading
from question_bank.formats.protocol import RowError
from question_bank.kinds import KINDS, QuestionKind
from question_bank.options import LETTERS, Option
from question_bank.questions import MEDIUM, Question, trimmed

_DIFFICULTIES = {
    1: ("1", "易", "简单", "容易", "较易", "低", "easy"),
    2: ("2", "中", "中等", "一般", "适中", "普通", "medium"),
    3: ("3", "难", "困难", "较难", "高", "hard"),
}
_DIFFICULTY_OF = {word: number for number, words in _DIFFICULTIES.items() for word in words}


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()


_KIND_OF = {
    _folded(name): kind for kind in KINDS.values() for name in (kind.code, kind.name_zh, kind.name_en, *kind.aliases)
}


def question_from(row: Mapping[str, str], bank: str) -> Question:
    """Return the question in *row*, field (see columns.FIELDS) -> text; fields left out are empty.

    bank: code of the bank that is filled; a row that names another is refused. Without a code the question gets one
    from its content, so that the same row read twice is recognised. Raises InvalidQuestionError.
    """
    values = {field: trimmed(text) for field, text in row.items()}
    problems: list[Problem] = []
    kind = _KIND_OF.get(_folded(values.get("kind", "")))
    if kind is None:
        raise InvalidQuestionError([Problem("kind", "unknown_kind", {"value": values.get("kind", "")[:80]})])
    if values.get("bank", bank) not in ("", bank):
        problems.append(Problem("bank", "other_bank", {"value": values["bank"][:80], "bank": bank}))
    version = _number(values, "version", {}, 1, problems)
    difficulty = _number(values, "difficulty", _DIFFICULTY_OF, MEDIUM, problems)
    offered = _options(values, problems)
    options, key = _answer(kind, offered, values.get("key", ""), problems)
    if problems:
        raise InvalidQuestionError(problems)
    return Question(
        code=values.get("code") or _code(bank, kind, values.get("stem", ""), options),
        version=version,
        bank=bank,
        kind=kind.code,
        stem=values.get("stem", ""),
        options=options,
        key=key,
        explanation=values.get("explanation", ""),
        knowledge_point=values.get("knowledge_point", ""),
        difficulty=difficulty,
        tags=tuple(sorted({tag for tag in re.split(r"[\s,;、，；]+", values.get("tags", "")) if tag})),
        source_document=values.get("source_document", ""),
        source_article=values.get("source_article", ""),
    )


def row_of(question: Question) -> dict[str, str]:
    """Return *question* as a row, every field of columns.FIELDS as text."""
    texts = {option.key: option.text for option in question.options}
    kind = question.rules
    return {
        "kind": kind.name_zh,
        "stem": question.stem,
        **{f"option_{letter}": "" if kind.fixed_options else texts.get(letter, "") for letter in LETTERS},
        "key": kind.key_to_text(question.key),
        "explanation": question.explanation,
        "difficulty": _DIFFICULTIES[question.difficulty][1],
        "knowledge_point": question.knowledge_point,
        "tags": " ".join(question.tags),
        "source_document": question.source_document,
        "source_article": question.source_article,
        "code": question.code,
        "version": str(question.version),
        "bank": question.bank,
    }


def row_errors(number: int, problems: tuple[Problem, ...], headings: Mapping[str, str]) -> list[RowError]:
    """Return *problems* of the row *number* as row errors; headings: field -> heading in this file."""
    errors = []
    for problem in problems:
        field = problem.field
        if field == "options":
            field = f"option_{problem.data.get('key', LETTERS[0])}"
        column = headings.get(field) or heading(field)
        errors.append(RowError(number, column, problem.code, problem.data))
    return errors


def _number(
    values: Mapping[str, str], field: str, words: Mapping[str, int], default: int, problems: list[Problem]
) -> int:
    text = _folded(values.get(field, ""))
    if not text:
        return default
    if text in words:
        return words[text]
    if not words and re.fullmatch(r"[0-9]{1,6}", text):
        return int(text)
    problems.append(Problem(field, "unreadable_value", {"value": text[:80]}))
    return default


def _options(values: Mapping[str, str], problems: list[Problem]) -> tuple[Option, ...]:
    offered = tuple(Option(letter, text) for letter in LETTERS if (text := values.get(f"option_{letter}")))
    for expected, option in zip(LETTERS, offered, strict=False):
        if option.key != expected:
            problems.append(Problem("options", "option_gap", {"key": expected}))
            break
    return offered


def _answer(
    kind: QuestionKind, offered: tuple[Option, ...], text: str, problems: list[Problem]
) -> tuple[tuple[Option, ...], tuple[str, ...]]:
    """Return options and key. Where the kind fixes the options, a row may spell them out, in any order."""
    if not text:
        problems.append(Problem("key", "missing_text"))
        return offered, ()
    try:
        if kind.fixed_options and offered:
            text = _own_words(kind, offered, text)
        return kind.fixed_options or offered, kind.key_from_text(text)
    except InvalidQuestionError as error:
        problems.extend(error.problems)
        return offered, ()


def _own_words(kind: QuestionKind, offered: tuple[Option, ...], text: str) -> str:
    """Return what the answer *text* says in words, if it is the letter of an option that the row spells out."""
    meanings = {option.key: _meaning(kind, option) for option in offered}
    if sorted(meanings.values()) != sorted((option.key,) for option in kind.fixed_options):
        raise InvalidQuestionError([Problem("options", "not_true_false_options", {"key": offered[-1].key})])
    letter = _folded(text).upper()
    return kind.key_to_text(meanings[letter]) if letter in meanings else text


def _meaning(kind: QuestionKind, option: Option) -> tuple[str, ...]:
    try:
        return kind.key_from_text(option.text)
    except InvalidQuestionError as error:
        data: dict[str, object] = {"key": option.key, "value": option.text[:80]}
        raise InvalidQuestionError([Problem("options", "not_true_false_options", data)]) from error


def _code(bank: str, kind: QuestionKind, stem: str, options: tuple[Option, ...]) -> str:
    return f"{bank[:40]}-{digest_of([kind.code, stem, [option.text for option in options]])[:12]}"
