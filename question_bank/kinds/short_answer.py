"""Short answer: a few words, compared with the wordings that are accepted."""

import re
import unicodedata
from collections.abc import Sequence

from question_bank.kinds.protocol import Answerable, Response
from question_bank.kinds.written import Written

_PIECES = re.compile(r"\\\*|\*|[^*\\]+|\\")
_END = "。．.!！;；"


class ShortAnswer(Written):
    """填空题: a wording may hold "*" for anything at all; a star itself is written "\\*"."""

    code = "short_answer"
    name_zh = "填空题"
    name_en = "Short answer"
    aliases: tuple[str, ...] = ("填空", "短答题", "简短回答")

    def matches(self, question: Answerable, accepted: str, typed: str) -> bool:
        """Say whether *typed* is *accepted*, whatever the width, blanks, a full stop, and case unless it matters."""
        literals = [_plain(piece, question.is_case_sensitive) for piece in literals_of(accepted)]
        return fits(literals, _plain(typed, question.is_case_sensitive))

    def lacking(self, question: Answerable) -> tuple[str, ...]:
        """Return "wording" if a wording of wild cards alone earns something."""
        paid = [option.text for option in question.options if option.key in question.key or option.worth > 0]
        return () if all(_plain("".join(literals_of(text)), False) for text in paid) else ("wording",)

    def model_response(self, question: Answerable) -> Response:
        """Return the first wording that earns full marks, its wild cards filled with nothing."""
        option = next(option for option in question.options if option.key in question.key)
        return ("".join(literals_of(option.text)) or "—",)


def literals_of(accepted: str) -> list[str]:
    """Return the texts between the wild cards of a wording: "a*b" gives ["a", "b"], "a" gives ["a"]."""
    literals = [""]
    for piece in _PIECES.findall(accepted):
        if piece == "*":
            literals.append("")
        else:
            literals[-1] += "*" if piece == "\\*" else piece
    return literals


def _plain(text: str, is_case_sensitive: bool) -> str:
    folded = unicodedata.normalize("NFKC", text)
    folded = "".join(folded.split()).rstrip(_END)
    return folded if is_case_sensitive else folded.casefold()


def fits(literals: Sequence[str], text: str) -> bool:
    """Say whether *text* is the literals in their order with anything between; in time linear in the text."""
    if len(literals) == 1:
        return text == literals[0]
    first, *middle, last = literals
    if len(text) < len(first) + len(last) or not text.startswith(first) or not text.endswith(last):
        return False
    place, end = len(first), len(text) - len(last)
    for literal in middle:
        found = text.find(literal, place, end)
        if found < 0:
            return False
        place = found + len(literal)
    return True
