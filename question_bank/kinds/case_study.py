"""Case study: one stem, several questions about it, drawn together and marked together."""

from collections.abc import Iterator
from fractions import Fraction

from question_bank.errors import InvalidQuestionError, InvalidResponseError, Problem
from question_bank.kinds.multiple_choice import MultipleChoice
from question_bank.kinds.numeric import Numeric
from question_bank.kinds.protocol import Answerable, QuestionKind, Response, Shuffle, View
from question_bank.kinds.short_answer import ShortAnswer
from question_bank.kinds.single_choice import SingleChoice
from question_bank.kinds.true_false import TrueFalse
from question_bank.options import Option

FEWEST_PARTS, MOST_PARTS = 2, 20
# In the order in which Chinese papers print them.
_SIMPLE: tuple[QuestionKind, ...] = (TrueFalse(), SingleChoice(), MultipleChoice(), Numeric(), ShortAnswer())
SIMPLE_KINDS = {kind.code: kind for kind in _SIMPLE}


class CaseStudy:
    """案例题. It stands on one place of a paper; its parts are worth the same."""

    code = "case_study"
    name_zh = "案例题"
    name_en = "Case study"
    aliases: tuple[str, ...] = ("案例", "案例分析题", "案例分析", "材料题")
    response_input = "parts"
    shuffles_options = True
    offers_options = False
    fixed_options: tuple[Option, ...] = ()

    def problems(self, question: Answerable) -> Iterator[Problem]:
        """Yield what is wrong with the parts; a problem of a part names it as data["part"], from 1."""
        if question.options or question.key:
            yield Problem("key", "case_without_key")
        if not FEWEST_PARTS <= len(question.parts) <= MOST_PARTS:
            data: dict[str, object] = {"count": len(question.parts), "least": FEWEST_PARTS, "most": MOST_PARTS}
            yield Problem("parts", "wrong_part_count", data)
        for number, part in enumerate(question.parts, start=1):
            yield from _part_problems(number, part)

    def lacking(self, question: Answerable) -> tuple[str, ...]:
        """Return what any of the parts lacks, each once."""
        return tuple(sorted({name for part in question.parts for name in _rules(part).lacking(part)}))

    def parse_response(self, question: Answerable, raw: object) -> Response:
        """Return one entry a part, () if all are empty; an entry of a choice is its letters, joined.

        Raises InvalidResponseError for more entries than parts, or an entry that its part could not have.
        """
        entries = [] if raw is None or raw == "" else raw
        if not isinstance(entries, (list, tuple)) or len(entries) > len(question.parts):
            raise InvalidResponseError("unreadable_response")
        given = [*entries, *[""] * (len(question.parts) - len(entries))]
        parsed = tuple(_joined(part, one) for part, one in zip(question.parts, given, strict=True))
        return parsed if any(parsed) else ()

    def share(self, question: Answerable, response: Response, rule: str) -> Fraction:
        """Return the mean of what the parts earn."""
        given = response or ("",) * len(question.parts)
        shares = [
            _rules(part).share(part, _rules(part).parse_response(part, one), rule)
            for part, one in zip(question.parts, given, strict=True)
        ]
        return sum(shares, Fraction(0)) / len(shares)

    def model_response(self, question: Answerable) -> Response:
        """Return what earns full marks in every part."""
        return tuple("".join(_rules(part).model_response(part)) for part in question.parts)

    def read_answer(self, offered: tuple[Option, ...], text: str) -> tuple[tuple[Option, ...], tuple[str, ...]]:
        """Return nothing: the answers stand with the parts. Raises InvalidQuestionError for an answer of its own."""
        if offered or text.strip():
            raise InvalidQuestionError([Problem("key", "case_without_key")])
        return (), ()

    def key_to_text(self, question: Answerable) -> str:
        """Return nothing: the answers stand with the parts."""
        return ""

    def order(self, question: Answerable, shuffle: Shuffle) -> tuple[str, ...]:
        """Return one entry a part: its letters as shown, joined. The parts keep their order."""
        return tuple("".join(_rules(part).order(part, shuffle)) for part in question.parts)

    def is_order(self, question: Answerable, order: tuple[str, ...]) -> bool:
        """Say whether *order* has an order for every part."""
        return len(order) == len(question.parts) and all(
            _rules(part).is_order(part, tuple(own)) for part, own in zip(question.parts, order, strict=True)
        )

    def original(self, question: Answerable, order: tuple[str, ...], shown: Response) -> Response:
        """Return the response with every part in letters of the bank."""
        return self._each(question, order, shown, "original")

    def shown(self, question: Answerable, order: tuple[str, ...], response: Response) -> Response:
        """Return the response with every part in shown labels."""
        return self._each(question, order, response, "shown")

    def _each(self, question: Answerable, order: tuple[str, ...], response: Response, way: str) -> Response:
        if not response:
            return ()
        rows = zip(question.parts, order, response, strict=True)
        return tuple(_turned(part, tuple(own), one, way) for part, own, one in rows)

    def view(self, question: Answerable, order: tuple[str, ...]) -> View:
        """Return the parts: kind, stem, and what their kinds show."""
        parts = [
            {"kind": part.kind, "stem": part.stem, **_rules(part).view(part, tuple(own))}
            for part, own in zip(question.parts, order, strict=True)
        ]
        return {"input": self.response_input, "options": [], "parts": parts}


def _rules(part: Answerable) -> QuestionKind:
    return SIMPLE_KINDS[part.kind]


def _joined(part: Answerable, entry: object) -> str:
    return "".join(_rules(part).parse_response(part, entry))


def _turned(part: Answerable, order: tuple[str, ...], entry: str, way: str) -> str:
    rules = _rules(part)
    response = rules.parse_response(part, entry)
    turned = rules.original(part, order, response) if way == "original" else rules.shown(part, order, response)
    return "".join(turned)


def _part_problems(number: int, part: Answerable) -> Iterator[Problem]:
    if part.kind not in SIMPLE_KINDS:
        yield Problem("parts", "unknown_kind", {"part": number, "field": "kind", "value": part.kind[:80]})
        return
    for problem in _rules(part).problems(part):
        yield Problem("parts", problem.code, {"part": number, "field": problem.field, **problem.data})
