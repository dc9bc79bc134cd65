"""Multiple choice: two options or more, at least two right, all of them allowed to be."""

from collections.abc import Iterator
from fractions import Fraction

from question_bank.credit import RULES, worth_of
from question_bank.errors import Problem
from question_bank.kinds.choice import Choice, key_by_weight_problems, key_problems, option_problems, parse_letters
from question_bank.kinds.protocol import Answerable, Response
from question_bank.options import LETTERS

_SOMETHING = "0.00001"


class MultipleChoice(Choice):
    """多项选择题: the page promises two or more right options, so a key of one letter is refused."""

    code = "multiple_choice"
    name_zh = "多选题"
    name_en = "Multiple choice"
    aliases: tuple[str, ...] = ("多选", "多项选择题", "多项选择")
    response_input = "many"

    def problems(self, question: Answerable) -> Iterator[Problem]:
        """Yield what is wrong with options and key."""
        yield from option_problems(question.options)
        yield from key_problems(question, 2, len(LETTERS))
        yield from key_by_weight_problems(question, _SOMETHING)

    def parse_response(self, question: Answerable, raw: object) -> Response:
        """Return the chosen letters, sorted; raises InvalidResponseError."""
        return parse_letters(question, raw, len(LETTERS))

    def share(self, question: Answerable, response: Response, rule: str) -> Fraction:
        """Return the share that the rule named *rule* in RULES gives."""
        return RULES[rule](worth_of(question.options, question.key), frozenset(response))
