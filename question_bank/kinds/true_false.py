"""True or false: the options are always A 正确 and B 错误, in this order."""

import unicodedata
from collections.abc import Iterator
from fractions import Fraction

from question_bank.errors import InvalidQuestionError, Problem
from question_bank.kinds.choice import key_problems, parse_letters
from question_bank.kinds.protocol import Answerable, Response
from question_bank.options import Option

TRUE, FALSE = "A", "B"
_WORDS = {
    TRUE: frozenset({"正确", "对", "是", "√", "✓", "✔", "A", "T", "Y", "TRUE", "YES", "RIGHT", "1"}),
    FALSE: frozenset({"错误", "错", "否", "×", "✗", "✘", "X", "B", "F", "N", "FALSE", "NO", "WRONG", "0"}),
}


class TrueFalse:
    """判断题."""

    code = "true_false"
    name_zh = "判断题"
    name_en = "True or false"
    aliases: tuple[str, ...] = ("判断", "是非题", "对错题")
    response_input = "one"
    shuffles_options = False
    fixed_options: tuple[Option, ...] = (Option(TRUE, "正确"), Option(FALSE, "错误"))

    def problems(self, question: Answerable) -> Iterator[Problem]:
        """Yield what is wrong with options and key."""
        if question.options != self.fixed_options:
            yield Problem("options", "not_true_false_options", {"texts": tuple(o.text for o in question.options)})
        yield from key_problems(question, 1, 1)

    def parse_response(self, question: Answerable, raw: object) -> Response:
        """Return ("A",), ("B",) or nothing; raises InvalidResponseError."""
        return parse_letters(question, raw, 1)

    def share(self, question: Answerable, response: Response, rule: str) -> Fraction:
        """Return 1 for the key and 0 otherwise, whatever the rule."""
        return Fraction(int(response == question.key))

    def key_from_text(self, text: str) -> tuple[str, ...]:
        """Return the key for a word or sign such as 正确, 错, √, ×, T, false; raises InvalidQuestionError."""
        word = unicodedata.normalize("NFKC", text).strip().upper()
        for letter, words in _WORDS.items():
            if word in words:
                return (letter,)
        raise InvalidQuestionError([Problem("key", "unreadable_key", {"text": text})])

    def key_to_text(self, key: tuple[str, ...]) -> str:
        """Return 正确 or 错误."""
        return "正确" if key == (TRUE,) else "错误"
