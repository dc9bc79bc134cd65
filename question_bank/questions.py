"""Question: one version of one question, frozen, checked when it is made."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cached_property
from typing import Any

from question_bank.canonical import digest_of
from question_bank.errors import InvalidQuestionError
from question_bank.kinds import KINDS, QuestionKind
from question_bank.options import Option
from question_bank.payloads import shape_problems
from question_bank.rich_text import PLAIN, pictures_in, text_of
from question_bank.tags import MAJOR_HAZARD_CRITERIA
from question_bank.texts import DIFFICULTIES, MEDIUM, question_problems, trimmed
from question_bank.wording import Wordings, wordings

__all__ = ["DIFFICULTIES", "MAJOR_HAZARD_CRITERIA", "MEDIUM", "Option", "Part", "Question", "trimmed"]


@dataclass(frozen=True)
class Part:
    """One question of a case study; its fields are those of Question."""

    kind: str
    stem: str
    options: tuple[Option, ...]
    key: tuple[str, ...]
    explanation: str = ""
    unit: str = ""
    is_case_sensitive: bool = False

    @property
    def parts(self) -> "tuple[Part, ...]":
        """A part has no parts."""
        return ()

    @property
    def rules(self) -> QuestionKind:
        """The kind that checks and marks this part."""
        return KINDS[self.kind]

    def to_payload(self) -> dict[str, object]:
        """Return the part as JSON values."""
        return _payload_of(self, ("explanation", "unit", "is_case_sensitive"))

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any]) -> "Part":
        """Return the part that *payload*, of the right shape, describes."""
        return cls(**_values_of(payload))


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
    markup: "plain" or "html" (rich_text), for stem, options that are offered, feedback, explanation and parts alike.
    unit: of a numeric answer. is_case_sensitive: for a short answer. parts: of a case study, 2..20.
    source_from, source_to: first and last day on which the source is in force, as "2026-01-31"; "" where it is open.

    Longest: stem, explanation and feedback 4000 characters, option 1000, knowledge point 80, document 200, article 100,
    tag 64.
    Texts are trimmed and hold no control characters but line feed and tab.
    Fields from markup on were added later: to_payload leaves them out while they hold their defaults, so that what was
    digested before keeps its digest.
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
    markup: str = PLAIN
    unit: str = ""
    is_case_sensitive: bool = False
    parts: tuple[Part, ...] = ()
    source_from: str = ""
    source_to: str = ""

    def __post_init__(self) -> None:
        """Refuse what breaks a rule."""
        if problems := tuple(question_problems(self)):
            raise InvalidQuestionError(problems)

    @property
    def rules(self) -> QuestionKind:
        """The kind that checks and marks this question."""
        return KINDS[self.kind]

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical payload, 64 hexadecimal digits: equal questions, equal digests."""
        return digest_of(self.to_payload())

    @cached_property
    def plain_stem(self) -> str:
        """The stem as plain text, as lists and comparisons read it."""
        return text_of(self.stem, self.markup)

    @cached_property
    def pictures(self) -> tuple[str, ...]:
        """Digests of the pictures that the question shows, each once."""
        if self.markup == PLAIN:
            return ()
        written = [self.stem, self.explanation, *(text for one in self.options for text in (one.text, one.feedback))]
        for part in self.parts:
            written += [part.stem, part.explanation, *(t for one in part.options for t in (one.text, one.feedback))]
        return tuple(dict.fromkeys(digest for text in written for digest in pictures_in(text)))

    @cached_property
    def wordings(self) -> Wordings:
        """What the question is known by however it is written, and what it looks for."""
        return wordings(self)

    def to_payload(self) -> dict[str, object]:
        """Return the question as JSON values; from_payload gives an equal question back."""
        return _payload_of(self, _ADDED_LATER)

    @classmethod
    def from_payload(cls, payload: Mapping[str, object]) -> "Question":
        """Return the question that *payload* describes; raises InvalidQuestionError naming the fields at fault.

        Nothing is repaired: an unknown field, a number written as text or an untrimmed stem is refused.
        """
        if problems := tuple(shape_problems(payload, cls, Part)):
            raise InvalidQuestionError(problems)
        return cls(**_values_of(payload))


_ADDED_LATER = ("markup", "unit", "is_case_sensitive", "parts", "source_from", "source_to")


def _payload_of(one: "Question | Part", left_out_by_default: tuple[str, ...]) -> dict[str, object]:
    """Return the fields of *one* as JSON values, without those of *left_out_by_default* that hold their defaults."""
    payload: dict[str, object] = {}
    for field in fields(one):
        value = getattr(one, field.name)
        if field.name in left_out_by_default and field.default is not MISSING and value == field.default:
            continue
        if field.name in ("options", "parts"):
            value = [entry.to_payload() for entry in value]
        payload[field.name] = list(value) if isinstance(value, tuple) else value
    return payload


def _values_of(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return *payload*, of the right shape, as arguments: options, parts, and lists as tuples."""
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in payload.items()}
    values["options"] = tuple(Option(**option) for option in payload["options"])
    if "parts" in payload:
        values["parts"] = tuple(Part.from_payload(part) for part in payload["parts"])
    return values
