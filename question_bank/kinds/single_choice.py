"""Single choice: two options or more, one right."""

from collections.abc import Iterator
from fractions import Fraction

from question_bank.errors import Problem
from question_bank.kinds.choice import Choice, key_by_weight_problems, key_problems, option_problems, parse_letters
from question_bank.kinds.protocol import Answerable, Response
from question_bank.options import LETTERS, weighted


class SingleChoice(Choice):
    """单项选择题. Several options can be right, any one of them, only where weights say 100 for each."""

    code = "single_choice"
    name_zh = "单选题"
    name_en = "Single choice"
    aliases: tuple[str, ...] = ("单选", "单项选择题", "单项选择")

    def problems(self, question: Answerable) -> Iterator[Problem]:
        """Yield what is wrong with options and key."""
        yield from option_problems(question.options)
        yield from key_problems(question, 1, len(LETTERS) if weighted(question.options) else 1)
        yield from key_by_weight_problems(question, "100")

    def parse_response(self, question: Answerable, raw: object) -> Response:
        """Return one letter or nothing; raises InvalidResponseError."""
        return parse_letters(question, raw, 1)

    def share(self, question: Answerable, response: Response, rule: str) -> Fraction:
        """Return 1 for a letter of the key; under "plus_minus" what the chosen option weighs, never below 0."""
        if len(response) == 1 and response[0] in question.key:
            return Fraction(1)
        chosen = next((option for option in question.options if response == (option.key,)), None)
        return max(Fraction(0), chosen.worth) if chosen and rule == "plus_minus" else Fraction(0)

    def model_response(self, question: Answerable) -> Response:
        """Return the first letter of the key."""
        return question.key[:1]
