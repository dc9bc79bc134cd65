"""What the written kinds share: one text is typed, and the options are the answers that are accepted."""

import re
from collections.abc import Iterator
from fractions import Fraction

from question_bank.errors import InvalidResponseError, Problem
from question_bank.kinds.choice import key_by_weight_problems, key_from_letters, key_problems, option_problems
from question_bank.kinds.protocol import Answerable, Response, Shuffle, View
from question_bank.options import LETTERS, Option, lettered, weighted

LONGEST_RESPONSE = 200
_BREAK = re.compile(r"\s*[|｜\n]\s*")


class Written:
    """A kind whose answer is typed. Subclasses say which text an accepted answer matches."""

    response_input = "text"
    shuffles_options = False
    offers_options = False
    fixed_options: tuple[Option, ...] = ()

    def matches(self, question: Answerable, accepted: str, typed: str) -> bool:
        """Say whether what was *typed* is what *accepted*, an option's text, asks for."""
        raise NotImplementedError

    def problems(self, question: Answerable) -> Iterator[Problem]:
        """Yield what is wrong with the accepted answers and the key."""
        yield from option_problems(question.options, least=1, case_matters=question.is_case_sensitive)
        yield from key_problems(question, 1, len(LETTERS))
        if weighted(question.options):
            yield from key_by_weight_problems(question, "100")
        elif question.key != tuple(option.key for option in question.options):
            yield Problem("key", "key_against_weights", {"key": question.key})

    def lacking(self, question: Answerable) -> tuple[str, ...]:
        """Return nothing: something must be known."""
        return ()

    def parse_response(self, question: Answerable, raw: object) -> Response:
        """Return what was typed, trimmed, or nothing; raises InvalidResponseError for what no page sends."""
        entries = [raw] if isinstance(raw, str) else [] if raw is None else raw
        if not isinstance(entries, (list, tuple)) or len(entries) > 1:
            raise InvalidResponseError("unreadable_response")
        text = entries[0].strip() if entries and isinstance(entries[0], str) else ""
        if len(text) > LONGEST_RESPONSE:
            raise InvalidResponseError("response_too_long", length=len(text), most=LONGEST_RESPONSE)
        return (text,) if text else ()

    def share(self, question: Answerable, response: Response, rule: str) -> Fraction:
        """Return the best share among the accepted answers that match; under "all_or_nothing" only the key counts."""
        typed = "".join(response)
        worths = [
            Fraction(1) if option.key in question.key else option.worth
            for option in question.options
            if typed and self.matches(question, option.text, typed)
        ]
        best = max(worths, default=Fraction(0))
        return max(Fraction(0), best) if best == 1 or rule != "all_or_nothing" else Fraction(0)

    def read_answer(self, offered: tuple[Option, ...], text: str) -> tuple[tuple[Option, ...], tuple[str, ...]]:
        """Return accepted answers and key: *text* lists them with "|" between, or names letters of those *offered*."""
        if offered:
            return offered, key_from_letters(text)
        options = lettered([part for part in _BREAK.split(text.strip()) if part])
        return options, tuple(option.key for option in options)

    def key_to_text(self, question: Answerable) -> str:
        """Return the accepted answers that earn full marks, with "|" between."""
        return "|".join(option.text for option in question.options if option.key in question.key)

    def order(self, question: Answerable, shuffle: Shuffle) -> tuple[str, ...]:
        """Return nothing: nothing is offered."""
        return ()

    def is_order(self, question: Answerable, order: tuple[str, ...]) -> bool:
        """Say whether *order* is empty."""
        return order == ()

    def original(self, question: Answerable, order: tuple[str, ...], shown: Response) -> Response:
        """Return what was typed."""
        return shown

    def shown(self, question: Answerable, order: tuple[str, ...], response: Response) -> Response:
        """Return what was typed."""
        return response

    def view(self, question: Answerable, order: tuple[str, ...]) -> View:
        """Return the input and the unit, never what is accepted."""
        return {"input": self.response_input, "options": [], "unit": question.unit}
