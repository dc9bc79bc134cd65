"""What a file format has to offer. A format is one file in this folder and one line in FORMATS."""

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from question_bank.questions import Question


@dataclass(frozen=True)
class RowError:
    """One reason why one row was not read.

    row: number as the reader of the file sees it, from 1. column: heading in the file, or the field's usual heading.
    code: stable. data: what the wording needs.
    """

    row: int
    column: str
    code: str
    data: dict[str, object] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class RowQuestion:
    """A question and the row that it stands in."""

    row: int
    question: Question


@dataclass(frozen=True)
class Reading:
    """What a file holds: every row is either in rows or named in errors.

    ignored: headings of columns and names of sheets that were not read.
    """

    rows: tuple[RowQuestion, ...]
    errors: tuple[RowError, ...]
    ignored: tuple[str, ...] = ()

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions, in the order of the file."""
        return tuple(row.question for row in self.rows)


class Format(Protocol):
    """One way to write questions to a file and to read them back."""

    @property
    def code(self) -> str:
        """Stable name, for example "xlsx"."""

    @property
    def suffix(self) -> str:
        """Ending of file names, with the dot."""

    @property
    def media_type(self) -> str:
        """Media type for downloads."""

    def recognises(self, data: bytes) -> bool:
        """Say by content, not by name, whether *data* looks like this format."""

    def read(self, data: bytes, bank: str) -> Reading:
        """Return the questions in *data* for the bank with code *bank*. Raises FileRefusedError for the whole file."""

    def write(self, questions: Iterable[Question]) -> bytes:
        """Return a file that read gives back as equal questions. Raises FileRefusedError if there are too many."""

    def template(self) -> bytes:
        """Return a file with headings and explanations, to be filled in."""
