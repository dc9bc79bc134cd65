"""One row of a question table to a question and back, whatever file the row stands in."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from question_bank.canonical import digest_of
from question_bank.errors import InvalidQuestionError, Problem
from question_bank.formats import cells
from question_bank.formats.answers import answered
from question_bank.formats.columns import FIELDS, heading
from question_bank.formats.option_cells import guarded
from question_bank.formats.protocol import RowError
from question_bank.kinds import KINDS, QuestionKind
from question_bank.kinds.choice import letters_in
from question_bank.options import LETTERS, Option
from question_bank.questions import MEDIUM, Part, Question, trimmed
from question_bank.rich_text import HTML, PLAIN
from question_bank.tags import tags_in, tags_text

Row = Mapping[str, str]
"""Field (columns.FIELDS) -> text; fields left out are empty."""

_KIND_OF = {
    cells.folded(name): kind
    for kind in KINDS.values()
    for name in (kind.code, kind.name_zh, kind.name_en, *kind.aliases)
}
# What other programs write into tables that they make.
_CODES = {
    "single": "single_choice", "multiple": "multiple_choice", "judge": "true_false", "judgment": "true_false",
    "judgement": "true_false", "blank": "short_answer",
}  # fmt: skip
_KIND_OF |= {word: KINDS[code] for word, code in _CODES.items()}


# 不定项 has one right option or more, which the candidate is not told: its key says which kind of ours it is.
_BY_KEY = frozenset({"选择题", "选择", "choice", "不定项选择题", "不定项选择", "不定项"})
_AROUND_KIND = re.compile(r"^(?:[0-9一二三四五六七八九十]+[、.\s]\s*)?|\s*[(\[].*[)\]]$")


def kind_in(row: Row) -> QuestionKind | None:
    """Return the kind that *row* names, None if it names none."""
    named = kind_named(row.get("kind", ""))
    if named in _BY_KEY:
        letters = letters_in(row.get("key", "")) or ()
        return KINDS["multiple_choice" if len(letters) > 1 else "single_choice"]
    return _KIND_OF.get(named)


def kind_named(text: str) -> str:
    """Return the name of a kind that *text* is, "" if it is none: "一、单选题（每题 1 分）" is 单选题."""
    named = cells.folded(text)
    bare = _AROUND_KIND.sub("", named).strip("【】[]()")
    return next((name for name in (named, bare, "".join(bare.split())) if name in _KIND_OF or name in _BY_KEY), "")


def question_from(row: Row, bank: str, parts: Sequence[Part] | None = None) -> Question:
    """Return the question in *row*.

    bank: code of the bank that is filled; a row that names another is refused. parts: of a case study; None for those
    that row_of put into the row. Without a code the question gets one from its content, so that the same row read twice
    is recognised. HTML is sanitised. Raises InvalidQuestionError.
    """
    problems: list[Problem] = []
    kind, values = _kind_and_values(row)
    if values.get("bank", bank) not in ("", bank):
        problems.append(Problem("bank", "other_bank", {"value": values["bank"][:80], "bank": bank}))
    markup = cells.read(values, "markup", cells.markup_in, PLAIN, problems)
    version = cells.read(values, "version", cells.version_in, 1, problems)
    difficulty = cells.read(values, "difficulty", cells.difficulty_in, MEDIUM, problems)
    texts = _texts(kind, values, markup, problems)
    own = _parts_in(row, problems) if parts is None else tuple(parts)
    if problems:
        raise InvalidQuestionError(problems)
    return Question(
        code=values.get("code") or _code(bank, kind, texts, own),
        version=version,
        bank=bank,
        knowledge_point=values.get("knowledge_point", ""),
        difficulty=difficulty,
        tags=tags_in(values.get("tags", "")),
        source_document=values.get("source_document", ""),
        source_article=values.get("source_article", ""),
        markup=markup,
        parts=own,
        source_from=cells.day_in(values.get("source_from", "")),
        source_to=cells.day_in(values.get("source_to", "")),
        **texts,
    )


def part_from(row: Row, markup: str = PLAIN) -> Part:
    """Return the part of a case study in *row*, written in *markup*. Raises InvalidQuestionError."""
    problems: list[Problem] = []
    kind, values = _kind_and_values(row)
    texts = _texts(kind, values, markup, problems)
    if problems:
        raise InvalidQuestionError(problems)
    return Part(**texts)


def row_of(question: Question) -> dict[str, str]:
    """Return *question* as a row: every field of columns.FIELDS as text, and "parts" as JSON if it has any."""
    row = dict.fromkeys(FIELDS, "") | _said(question) | {
        "difficulty": cells.difficulty_word(question.difficulty),
        "knowledge_point": question.knowledge_point,
        "tags": tags_text(question.tags),
        "source_document": question.source_document,
        "source_article": question.source_article,
        "code": question.code,
        "version": str(question.version),
        "bank": question.bank,
        "source_from": question.source_from,
        "source_to": question.source_to,
        "markup": HTML if question.markup == HTML else "",
    }  # fmt: skip
    if question.parts:
        row["parts"] = json.dumps([part.to_payload() for part in question.parts], ensure_ascii=False)
    return row


def rows_of(question: Question) -> list[dict[str, str]]:
    """Return the rows of a table that *question* fills: its own, and one for each part, which names its code."""
    row = row_of(question)
    row.pop("parts", None)
    parts = [dict.fromkeys(FIELDS, "") | _said(part) | {"case": question.code} for part in question.parts]
    said: list[Question | Part] = [question, *question.parts]
    return [guarded(row) if one.rules.offers_options else row for row, one in zip([row, *parts], said, strict=True)]


def row_errors(number: int, problems: Sequence[Problem], headings: Mapping[str, str]) -> list[RowError]:
    """Return *problems* of the row *number* as row errors; headings: field -> heading in this file."""
    errors = []
    for problem in problems:
        field = problem.field
        if field == "parts":
            field = str(problem.data.get("field", "case"))
        if field == "options":
            field = f"option_{problem.data.get('key', LETTERS[0])}"
        field = field if field in FIELDS else "stem"
        errors.append(RowError(number, headings.get(field) or heading(field), problem.code, problem.data))
    return errors


def _kind_and_values(row: Row) -> tuple[QuestionKind, dict[str, str]]:
    kind = kind_in(row)
    if kind is None:
        raise InvalidQuestionError([Problem("kind", "unknown_kind", {"value": row.get("kind", "").strip()[:80]})])
    return kind, {field: trimmed(text) for field, text in row.items()}


def _texts(kind: QuestionKind, values: Row, markup: str, problems: list[Problem]) -> dict[str, Any]:
    """Return the arguments that a question and a part have in common."""
    options, key = answered(kind, values, markup, problems)
    return {
        "kind": kind.code,
        "stem": cells.safe(values.get("stem", ""), markup),
        "options": options,
        "key": key,
        "explanation": cells.safe(values.get("explanation", ""), markup),
        "unit": values.get("unit", "") if kind.response_input == "number" else "",
        "is_case_sensitive": kind.response_input == "text"
        and cells.read(values, "is_case_sensitive", cells.truth_in, False, problems),
    }


def _parts_in(row: Row, problems: list[Problem]) -> tuple[Part, ...]:
    try:
        return tuple(Part.from_payload(payload) for payload in json.loads(row.get("parts") or "[]"))
    except (ValueError, TypeError, KeyError, AttributeError):
        problems.append(Problem("parts", "unreadable_value", {"value": row["parts"][:80]}))
        return ()


def _said(said: Question | Part) -> dict[str, str]:
    """Return the fields of a row that a question and a part have in common."""
    kind = said.rules
    stands_in_key = kind.fixed_options or _is_readable(kind, said)
    return {
        "kind": kind.name_zh,
        "stem": said.stem,
        **{f"option_{option.key}": "" if stands_in_key else option.text for option in said.options},
        **{f"weight_{option.key}": option.weight for option in said.options},
        **{f"feedback_{option.key}": option.feedback for option in said.options},
        "key": kind.key_to_text(said) if stands_in_key or kind.offers_options else "".join(said.key),
        "explanation": said.explanation,
        "unit": said.unit,
        "is_case_sensitive": "是" if said.is_case_sensitive else "",
    }


def _is_readable(kind: QuestionKind, said: Question | Part) -> bool:
    """Say whether the answer as one line is all that is needed to read the accepted answers back."""
    if kind.offers_options:
        return False
    try:
        options, key = kind.read_answer((), kind.key_to_text(said))
    except InvalidQuestionError:
        return False
    return key == said.key and [one.text for one in options] == [one.text for one in said.options]


def _code(bank: str, kind: QuestionKind, texts: Mapping[str, Any], parts: Sequence[Part]) -> str:
    options: tuple[Option, ...] = texts["options"]
    content: list[object] = [kind.code, texts["stem"], [option.text for option in options]]
    if parts:
        content.append([part.to_payload() for part in parts])
    return f"{bank[:40]}-{digest_of(content)[:12]}"
