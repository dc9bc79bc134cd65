"""Question: one version of one question, frozen, checked when it is made."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, TypeGuard

from question_bank.canonical import digest_of
from question_bank.errors import InvalidQuestionError, Problem
from question_bank.kinds import KINDS, QuestionKind
from question_bank.options import Option

__all__ = ["DIFFICULTIES", "MAJOR_HAZARD_CRITERIA", "Option", "Question", "trimmed"]

EASY, MEDIUM, HARD = DIFFICULTIES = (1, 2, 3)
MAJOR_HAZARD_CRITERIA = "major_hazard_criteria"
"""Tag of questions on 重大事故隐患判定标准, of which a paper for principals needs a share."""

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_LONGEST = {
    "stem": 4000,
    "explanation": 4000,
    "knowledge_point": 80,
    "source_document": 200,
    "source_article": 100,
}
_LONGEST_OPTION = 1000
_LONGEST_TAG = 64
_NONCHARACTERS = frozenset("\ufffe\uffff")


@dataclass(frozen=True)
class Question:
    """One version of one question.

    code: stable in its bank across versions, 1..60 of letters, digits, ``.``, ``_``, ``-``.
    version: 1 or more; an edit of an approved question makes the next one.
    bank: bank code, "general" or a sector code, 1..60. kind: a code of KINDS.
    stem: what is asked, 1..4000 characters. options: as the kind demands, lettered from "A".
    key: what is right, in the form of the kind (option letters in order). explanation: may be empty.
    knowledge_point: may be empty in a draft. difficulty: 1 易, 2 中, 3 难.
    tags: sorted, each once. source_document, source_article: the legal source; may be empty in a draft.

    Longest: stem and explanation 4000 characters, option 1000, knowledge point 80, document 200, article 100, tag 64.
    Texts are trimmed and hold no control characters but line feed and tab.
    Raises InvalidQuestionError, which names every field that is wrong.
    """

    code: str
    version: int
    bank: str
    kind: str
    stem: str
    options: tuple[Option, ...]
    key: tuple[str, ...]
    explanation: str = ""
    knowledge_point: str = ""
    difficulty: int = MEDIUM
    tags: tuple[str, ...] = ()
    source_document: str = ""
    source_article: str = ""

    def __post_init__(self) -> None:
        """Refuse what breaks a rule."""
        if problems := tuple(_problems(self)):
            raise InvalidQuestionError(problems)

    @property
    def rules(self) -> QuestionKind:
        """The kind that checks and marks this question."""
        return KINDS[self.kind]

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical payload, 64 hexadecimal digits: equal questions, equal digests."""
        return digest_of(self.to_payload())

    def to_payload(self) -> dict[str, object]:
        """Return the question as JSON values; from_payload gives an equal question back."""
        return {
            "code": self.code,
            "version": self.version,
            "bank": self.bank,
            "kind": self.kind,
            "stem": self.stem,
            "options": [{"key": option.key, "text": option.text} for option in self.options],
            "key": list(self.key),
            "explanation": self.explanation,
            "knowledge_point": self.knowledge_point,
            "difficulty": self.difficulty,
            "tags": list(self.tags),
            "source_document": self.source_document,
            "source_article": self.source_article,
        }

    @classmethod
    def from_payload(cls, payload: Mapping[str, object]) -> "Question":
        """Return the question that *payload* describes; raises InvalidQuestionError naming the fields at fault.

        Nothing is repaired: an unknown field, a number written as text or an untrimmed stem is refused.
        """
        if problems := tuple(_shape_problems(payload)):
            raise InvalidQuestionError(problems)
        values: dict[str, Any] = dict(payload)
        values["options"] = tuple(Option(**option) for option in values["options"])
        values["key"] = tuple(values["key"])
        values["tags"] = tuple(values.get("tags", ()))
        return cls(**values)


def trimmed(text: str) -> str:
    """Return *text* as a question holds it: line ends as line feeds, no blanks around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


_TEXT_FIELDS = tuple(f.name for f in fields(Question) if f.type is str)
_WHOLE_FIELDS = ("version", "difficulty")
_REQUIRED = ("code", "version", "bank", "kind", "stem", "options", "key")


def _shape_problems(payload: Mapping[str, object]) -> Iterator[Problem]:
    """Yield the fields of *payload* that are missing, unknown or of the wrong JSON type."""
    known = {f.name for f in fields(Question)}
    yield from (Problem(name, "missing_field") for name in _REQUIRED if name not in payload)
    yield from (Problem(str(name), "unknown_field") for name in payload if name not in known)
    for name, value in payload.items():
        if (
            (name in _TEXT_FIELDS and not isinstance(value, str))
            or (name in _WHOLE_FIELDS and type(value) is not int)
            or (name in ("key", "tags") and not _is_strings(value))
            or (name == "options" and not _is_options(value))
        ):
            yield Problem(name, "wrong_type", {"type": type(value).__name__})


def _is_strings(value: object) -> TypeGuard[list[str]]:
    """Say whether *value* is a list of texts."""
    return isinstance(value, (list, tuple)) and all(isinstance(entry, str) for entry in value)


def _is_options(value: object) -> TypeGuard[list[Mapping[str, str]]]:
    """Say whether *value* is a list of {"key": text, "text": text}."""
    return isinstance(value, (list, tuple)) and all(
        isinstance(entry, Mapping)
        and set(entry) == {"key", "text"}
        and all(isinstance(part, str) for part in entry.values())
        for entry in value
    )


def _problems(question: Question) -> Iterator[Problem]:
    """Yield everything that is wrong with *question*."""
    if not _CODE.fullmatch(question.code):
        yield Problem("code", "bad_code", {"value": question.code[:80]})
    if question.version < 1:
        yield Problem("version", "out_of_range", {"value": question.version, "least": 1})
    if not _NAME.fullmatch(question.bank):
        yield Problem("bank", "bad_code", {"value": question.bank[:80]})
    if question.difficulty not in DIFFICULTIES:
        yield Problem("difficulty", "out_of_range", {"value": question.difficulty, "least": EASY, "most": HARD})
    if not question.stem:
        yield Problem("stem", "missing_text")
    for name, longest in _LONGEST.items():
        yield from _text_problems(name, getattr(question, name), longest)
    yield from _tag_problems(question.tags)
    yield from _option_text_problems(question.options)
    if question.kind in KINDS:
        yield from KINDS[question.kind].problems(question)
    else:
        yield Problem("kind", "unknown_kind", {"value": question.kind[:80]})


def _option_text_problems(options: tuple[Option, ...]) -> Iterator[Problem]:
    for option in options:
        if not option.text:
            yield Problem("options", "missing_text", {"key": option.key})
        yield from _text_problems("options", option.text, _LONGEST_OPTION)


def _tag_problems(tags: tuple[str, ...]) -> Iterator[Problem]:
    if tags != tuple(sorted(set(tags))):
        yield Problem("tags", "tags_not_sorted", {"tags": tags})
    for tag in tags:
        # Spreadsheets write tags on one line with separators between them.
        if not tag or re.search(r"[\s,;、，；]", tag):
            yield Problem("tags", "bad_tag", {"tag": tag[:80]})
        yield from _text_problems("tags", tag, _LONGEST_TAG)


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
