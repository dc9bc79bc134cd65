"""True or false: the options are always A 正确 and B 错误, in this order."""

import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from question_bank.errors import InvalidQuestionError, Problem
from question_bank.kinds.choice import Choice, key_problems, parse_letters
from question_bank.kinds.protocol import Answerable, Response
from question_bank.options import Option

TRUE, FALSE = "A", "B"
_WORDS = {
    TRUE: frozenset(
        {"正确", "对", "是", "对的", "正确的", "√", "✓", "✔", "✅", "V", "A", "T", "Y", "TRUE", "YES", "RIGHT", "1"}
    ),
    FALSE: frozenset(
        {"错误", "错", "否", "错的", "错误的", "不对", "不正确", "×", "✗", "✘", "✕", "✖", "╳", "❌", "X",
         "B", "F", "N", "FALSE", "NO", "WRONG", "0"}
    ),
}  # fmt: skip


class TrueFalse(Choice):
    """判断题."""

    code = "true_false"
    name_zh = "判断题"
    name_en = "True or false"
    aliases: tuple[str, ...] = ("判断", "是非题", "对错题")
    shuffles_options = False
    fixed_options: tuple[Option, ...] = (Option(TRUE, "正确"), Option(FALSE, "错误"))

    def problems(self, question: Answerable) -> Iterator[Problem]:
        """Yield what is wrong with options and key; an option may bring feedback, never a weight."""
        if tuple(replace(option, feedback="") for option in question.options) != self.fixed_options:
            yield Problem("options", "not_true_false_options", {"texts": tuple(o.text for o in question.options)})
        yield from key_problems(question, 1, 1)

    def parse_response(self, question: Answerable, raw: object) -> Response:
        """Return ("A",), ("B",) or nothing; raises InvalidResponseError."""
        return parse_letters(question, raw, 1)

    def share(self, question: Answerable, response: Response, rule: str) -> Fraction:
        """Return 1 for the key and 0 otherwise, whatever the rule."""
        return Fraction(int(response == question.key))

    def read_answer(self, offered: tuple[Option, ...], text: str) -> tuple[tuple[Option, ...], tuple[str, ...]]:
        """Return the fixed options and the key; a row may spell the options out, in any order."""
        return self.fixed_options, self._key(self._own_words(offered, text) if offered else text)

    def key_to_text(self, question: Answerable) -> str:
        """Return 正确 or 错误."""
        return self._word(question.key)

    def _key(self, text: str) -> tuple[str, ...]:
        """Return the key for a word or sign such as 正确, 错, √, ×, T, false; raises InvalidQuestionError."""
        word = unicodedata.normalize("NFKC", text).strip().rstrip("。.").upper()
        for letter, words in _WORDS.items():
            if word in words:
                return (letter,)
        raise InvalidQuestionError([Problem("key", "unreadable_key", {"text": text[:80]})])

    def _word(self, key: tuple[str, ...]) -> str:
        return "正确" if key == (TRUE,) else "错误"

    def _own_words(self, offered: tuple[Option, ...], text: str) -> str:
        """Return what the answer *text* says in words, if it is the letter of an option that the row spells out."""
        meanings = {option.key: self._meaning(option) for option in offered}
        if sorted(meanings.values()) != [(TRUE,), (FALSE,)]:
            raise InvalidQuestionError([Problem("options", "not_true_false_options", {"key": offered[-1].key})])
        letter = unicodedata.normalize("NFKC", text).strip().upper()
        return self._word(meanings[letter]) if letter in meanings else text

    def _meaning(self, option: Option) -> tuple[str, ...]:
        try:
            return self._key(option.text)
        except InvalidQuestionError as error:
            data: dict[str, object] = {"key": option.key, "value": option.text[:80]}
            raise InvalidQuestionError([Problem("options", "not_true_false_options", data)]) from error
