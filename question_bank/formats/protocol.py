"""What a file format has to offer. A format is one file or folder here and one line in FORMATS."""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from question_bank.pictures import Picture
from question_bank.questions import Question

Note = tuple[str, dict[str, object]]
"""A remark without its place: code and data."""

NO_PICTURES: Mapping[str, Picture] = {}


@dataclass(frozen=True)
class RowError:
    """One reason why one row was not read.

    row: number as the reader of the file sees it, from 1: the row of a table; where there are no rows, questions are
    counted from the top of the file, so that a number never stands for two of them.
    column: heading in the file, or the field's usual heading. code: stable. data: what the wording needs.
    line: line of a text or XML file, from 1; 0 where rows are all there is. part: file inside an archive, or "".
    """

    row: int
    column: str
    code: str
    data: dict[str, object] = dataclasses.field(default_factory=dict)
    line: int = 0
    part: str = ""


@dataclass(frozen=True)
class Remark:
    """Something about a row that was read which its author should know; row, line and part as in RowError."""

    row: int
    code: str
    data: dict[str, object] = dataclasses.field(default_factory=dict)
    line: int = 0
    part: str = ""


@dataclass(frozen=True)
class RowQuestion:
    """A question and the row that it stands in; row, line and part as in RowError."""

    row: int
    question: Question
    line: int = 0
    part: str = ""


@dataclass(frozen=True)
class Reading:
    """What a file holds: every row is either in rows or named in errors.

    ignored: headings of columns, names of sheets and names of files that were not read.
    remarks: what was read otherwise than it was written: markup left out, scoring that we cannot follow, defaults.
    pictures: the pictures that the questions show, by digest.
    """

    rows: tuple[RowQuestion, ...]
    errors: tuple[RowError, ...]
    ignored: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    pictures: Mapping[str, Picture] = dataclasses.field(default_factory=dict)

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

    @property
    def kinds(self) -> frozenset[str]:
        """Codes of the question kinds that the format can carry."""

    @property
    def fields(self) -> frozenset[str]:
        """What comes back as it was written: names of fields of a question, "weights", "feedback" and "pictures"."""

    def carries(self, question: Question) -> bool:
        """Say whether *question*, of one of ``kinds``, can be written; if not, write refuses it as "not_carried"."""

    def recognises(self, data: bytes) -> bool:
        """Say by content, not by name, whether *data* looks like this format."""

    def read(self, data: bytes, bank: str) -> Reading:
        """Return the questions in *data* for the bank with code *bank*. Raises FileRefusedError for the whole file."""

    def write(self, questions: Iterable[Question], *, pictures: Mapping[str, Picture] = NO_PICTURES) -> bytes:
        """Return a file that read gives back as equal questions, as far as ``fields`` goes.

        pictures: those that the questions show, by digest; only formats whose fields name "pictures" need them.
        Raises FileRefusedError: "too_many_rows", "file_too_large" for a file that would not be read again,
        "not_carried" naming the first question that cannot be written, "picture_missing" (question, digest).
        """

    def template(self) -> bytes:
        """Return a file with one sample question a kind, to be filled in."""
