"""Multiple choice: two to eight options, at least two right, all of them allowed to be."""

from collections.abc import Iterator
from fractions import Fraction

from question_bank.credit import RULES
from question_bank.errors import Problem
from question_bank.kinds.choice import key_from_letters, key_problems, option_problems, parse_letters
from question_bank.kinds.protocol import Answerable, Response
from question_bank.options import LETTERS, Option


class MultipleChoice:
    """多项选择题: the page promises two or more right options, so a key of one letter is refused."""

    code = "multiple_choice"
    name_zh = "多选题"
    name_en = "Multiple choice"
    aliases: tuple[str, ...] = ("多选", "多项选择题", "多项选择")
    response_input = "many"
    shuffles_options = True
    fixed_options: tuple[Option, ...] = ()

    def problems(self, question: Answerable) -> Iterator[Problem]:
        """Yield what is wrong with options and key."""
        yield from option_problems(question.options)
        yield from key_problems(question, 2, len(LETTERS))

    def parse_response(self, question: Answerable, raw: object) -> Response:
        """Return the chosen letters, sorted; raises InvalidResponseError."""
        return parse_letters(question, raw, len(LETTERS))

    def share(self, question: Answerable, response: Response, rule: str) -> Fraction:
        """Return the share that the rule named *rule* in RULES gives."""
        offered = frozenset(option.key for option in question.options)
        return RULES[rule](frozenset(question.key), offered, frozenset(response))

    def key_from_text(self, text: str) -> tuple[str, ...]:
        """Return the letters in *text*; raises InvalidQuestionError."""
        return key_from_letters(text)

    def key_to_text(self, key: tuple[str, ...]) -> str:
        """Return the letters without separators."""
        return "".join(key)
