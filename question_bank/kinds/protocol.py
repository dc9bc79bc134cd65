"""What a question kind has to know. A kind is one file in this folder and one line in KINDS.

The protocol speaks of a response as a tuple of strings: option letters for the choice kinds, the one text that was
typed for a numeric or short answer, one entry a part for a case study. A kind without options leaves them empty.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Protocol

from question_bank.errors import Problem
from question_bank.options import Option

Response = tuple[str, ...]


class Answerable(Protocol):
    """The part of a question that a kind judges."""

    @property
    def options(self) -> tuple[Option, ...]:
        """The offered answers, in the order of the bank."""

    @property
    def key(self) -> tuple[str, ...]:
        """What is right: option letters in alphabetical order for the choice kinds."""


class QuestionKind(Protocol):
    """One kind of question: its rules, its marking, its way of writing a key on one line."""

    @property
    def code(self) -> str:
        """Stable name in payloads and tables, for example "single_choice"."""

    @property
    def name_zh(self) -> str:
        """Chinese name, as spreadsheets and papers write it."""

    @property
    def name_en(self) -> str:
        """English name."""

    @property
    def aliases(self) -> tuple[str, ...]:
        """Other Chinese names that spreadsheets use."""

    @property
    def response_input(self) -> str:
        """How the page asks: "one" (choose one), "many" (choose any number); later kinds add their own."""

    @property
    def shuffles_options(self) -> bool:
        """Whether a paper may show the options in another order."""

    @property
    def fixed_options(self) -> tuple[Option, ...]:
        """The options that every question of this kind has; empty if each question brings its own."""

    def problems(self, question: Answerable) -> Iterator[Problem]:
        """Yield what is wrong with options and key."""

    def parse_response(self, question: Answerable, raw: object) -> Response:
        """Return *raw* (a string, a list of strings or None, as a browser sends it) in normal form.

        An empty response is an empty tuple. Raises InvalidResponseError.
        """

    def share(self, question: Answerable, response: Response, rule: str) -> Fraction:
        """Return the exact share, 0..1, that *response* (in normal form) earns under the credit rule named *rule*."""

    def key_from_text(self, text: str) -> tuple[str, ...]:
        """Return the key written as *text* in a spreadsheet or text file; raises InvalidQuestionError."""

    def key_to_text(self, key: tuple[str, ...]) -> str:
        """Return *key* as one line that key_from_text reads back."""
