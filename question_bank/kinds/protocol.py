"""What a question kind has to know. A kind is one file in this folder and one line in KINDS.

A response is a tuple of strings: option letters for the choice kinds, the one text that was typed for a numeric or
short answer, one entry a part for a case study. An empty response is an empty tuple.
"""

from collections.abc import Callable, Iterator, MutableSequence
from fractions import Fraction
from typing import Any, Protocol

from question_bank.errors import Problem
from question_bank.options import Option

Response = tuple[str, ...]
Shuffle = Callable[[MutableSequence[str]], None]
View = dict[str, Any]


class Answerable(Protocol):
    """The part of a question that a kind judges: a question, or one part of a case study."""

    @property
    def kind(self) -> str:
        """Code of the kind."""

    @property
    def stem(self) -> str:
        """What is asked."""

    @property
    def options(self) -> tuple[Option, ...]:
        """The answers that the question knows, in the order of the bank."""

    @property
    def key(self) -> tuple[str, ...]:
        """What is right: option letters in alphabetical order."""

    @property
    def unit(self) -> str:
        """Unit of a numeric answer, or ""."""

    @property
    def is_case_sensitive(self) -> bool:
        """Whether capital letters matter in a short answer."""

    @property
    def parts(self) -> "tuple[Answerable, ...]":
        """The questions of a case study."""


class QuestionKind(Protocol):
    """One kind of question: its rules, its marking, its way of writing an answer on one line."""

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
        """How the page asks: "one", "many" (choose), "number", "text" (type), "parts" (one input a part)."""

    @property
    def shuffles_options(self) -> bool:
        """Whether a paper may show the options in another order."""

    @property
    def offers_options(self) -> bool:
        """Whether the candidate sees the options; if not, they are what is accepted."""

    @property
    def fixed_options(self) -> tuple[Option, ...]:
        """The options that every question of this kind has; empty if each question brings its own."""

    def problems(self, question: Answerable) -> Iterator[Problem]:
        """Yield what is wrong with options, key and what else the kind has."""

    def lacking(self, question: Answerable) -> tuple[str, ...]:
        """Return what a sound question lacks to be asked in an exam, where an answer that knows nothing would pay:
        "wrong_option" if every option is right, "wording" if any text at all is accepted, "narrow_range" if almost any
        number is."""

    def parse_response(self, question: Answerable, raw: object) -> Response:
        """Return *raw* (a string, a list of strings or None, as a browser sends it) in normal form.

        Raises InvalidResponseError for what no page could have sent.
        """

    def share(self, question: Answerable, response: Response, rule: str) -> Fraction:
        """Return the exact share, 0..1, that *response* (in normal form) earns under the credit rule named *rule*."""

    def model_response(self, question: Answerable) -> Response:
        """Return a response, in letters of the bank, that earns full marks."""

    def read_answer(self, offered: tuple[Option, ...], text: str) -> tuple[tuple[Option, ...], tuple[str, ...]]:
        """Return options and key for the answer written as *text* beside the options *offered* (may be none).

        As a spreadsheet or text file has it. Raises InvalidQuestionError.
        """

    def key_to_text(self, question: Answerable) -> str:
        """Return the answer as one line, which read_answer takes back."""

    def order(self, question: Answerable, shuffle: Shuffle) -> tuple[str, ...]:
        """Return the order in which a paper shows the options (Slot.option_order); *shuffle* works in place."""

    def is_order(self, question: Answerable, order: tuple[str, ...]) -> bool:
        """Say whether *order* is one that `order` can give for *question*."""

    def original(self, question: Answerable, order: tuple[str, ...], shown: Response) -> Response:
        """Return a response given in shown labels as one in letters of the bank."""

    def shown(self, question: Answerable, order: tuple[str, ...], response: Response) -> Response:
        """Return a response in letters of the bank as one in shown labels."""

    def view(self, question: Answerable, order: tuple[str, ...]) -> View:
        """Return what the candidate's browser may know: input, options (label, text) as shown, unit, parts."""
