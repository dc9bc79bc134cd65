"""Single choice: two to eight options, exactly one right."""

from collections.abc import Iterator
from fractions import Fraction

from question_bank.errors import Problem
from question_bank.kinds.choice import key_from_letters, key_problems, option_problems, parse_letters
from question_bank.kinds.protocol import Answerable, Response
from question_bank.options import Option


class SingleChoice:
    """单项选择题."""

    code = "single_choice"
    name_zh = "单选题"
    name_en = "Single choice"
    aliases: tuple[str, ...] = ("单选", "单项选择题", "单项选择")
    response_input = "one"
    shuffles_options = True
    fixed_options: tuple[Option, ...] = ()

    def problems(self, question: Answerable) -> Iterator[Problem]:
        """Yield what is wrong with options and key."""
        yield from option_problems(question.options)
        yield from key_problems(question, 1, 1)

    def parse_response(self, question: Answerable, raw: object) -> Response:
        """Return one letter or nothing; raises InvalidResponseError."""
        return parse_letters(question, raw, 1)

    def share(self, question: Answerable, response: Response, rule: str) -> Fraction:
        """Return 1 for the key and 0 otherwise: with one right option no rule gives a part."""
        return Fraction(int(response == question.key))

    def key_from_text(self, text: str) -> tuple[str, ...]:
        """Return the letter in *text*; raises InvalidQuestionError."""
        return key_from_letters(text)

    def key_to_text(self, key: tuple[str, ...]) -> str:
        """Return the letter."""
        return "".join(key)
