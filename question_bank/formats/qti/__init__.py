"""QTI 2.1, 2.2 and 3.0 (1EdTech Question and Test Interoperability): items, and content packages of items."""

from collections.abc import Iterable, Mapping

from question_bank.errors import FileRefusedError
from question_bank.formats.archives import Archive
from question_bank.formats.limits import MOST_BYTES
from question_bank.formats.protocol import NO_PICTURES, Reading
from question_bank.formats.qti.dialects import DIALECTS, Dialect, dialect_of
from question_bank.formats.qti.items import ROOTS
from question_bank.formats.qti.packages import read_package, read_single
from question_bank.formats.qti.resources import MANIFEST, manifest_name
from question_bank.formats.qti.writing import written
from question_bank.formats.samples import sample_questions
from question_bank.formats.texts import beginning
from question_bank.formats.xml_elements import root_name
from question_bank.kinds import KINDS
from question_bank.pictures import Picture
from question_bank.questions import Question

__all__ = ["QTI_FORMATS", "Qti"]
# What other files of QTI begin with: recognised, so that their refusal says what they are.
_OTHER_ROOTS = (
    "assessmentTest", "qti-assessment-test", "assessmentSection", "qti-assessment-section", "assessmentStimulus",
    "qti-assessment-stimulus", "assessmentResult", "manifest", "questestinterop",
)  # fmt: skip
_ZIP = b"PK\x03\x04"


class Qti:
    """One version of QTI. Reading takes items and packages of every version; writing gives packages of this one."""

    suffix = ".zip"
    media_type = "application/zip"
    kinds = frozenset(KINDS)
    fields = frozenset(
        {"code", "version", "kind", "stem", "options", "key", "explanation", "knowledge_point", "difficulty", "tags",
         "source_document", "source_article", "source_from", "source_to", "markup", "unit", "is_case_sensitive",
         "parts", "weights", "feedback", "pictures"}
    )  # fmt: skip

    def __init__(self, dialect: Dialect) -> None:
        """Take the version that is written, and whose files are recognised."""
        self.code = dialect.code
        self._dialect = dialect

    def recognises(self, data: bytes) -> bool:
        """Say whether *data* is an item or a package with a manifest, of this version."""
        if data.startswith(_ZIP):
            return _dialect_of_package(data) == self.code
        return root_name(data) in (*ROOTS, *_OTHER_ROOTS) and dialect_of(beginning(data)) == self.code

    def read(self, data: bytes, bank: str) -> Reading:
        """Return the questions in *data*, a package or a single item.

        Refused as a whole: archives that mean harm (archives.Archive) or lack a manifest, a malformed manifest, a
        malformed single item, and documents of another sort.
        """
        return read_package(data, bank) if data.startswith(_ZIP) else read_single(data, bank)

    def carries(self, question: Question) -> bool:
        """Say that nothing but its kind keeps a question from being written."""
        return question.kind in self.kinds

    def write(self, questions: Iterable[Question], *, pictures: Mapping[str, Picture] = NO_PICTURES) -> bytes:
        """Return a package with one item a question, and with the pictures that they show."""
        return written(questions, self._dialect, pictures)

    def template(self) -> bytes:
        """Return a package with one sample question a kind."""
        return written(sample_questions(), self._dialect, NO_PICTURES, with_metadata=False)


def _dialect_of_package(data: bytes) -> str:
    if MANIFEST.encode() not in data:
        return ""
    try:
        archive = Archive(data)
        return dialect_of(beginning(archive.read(manifest_name(archive), MOST_BYTES)))
    except FileRefusedError:
        # Not to be opened; where its directory names a manifest, read says why.
        return DIALECTS[0].code


QTI_FORMATS = tuple(Qti(dialect) for dialect in DIALECTS)
