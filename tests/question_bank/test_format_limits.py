"""Files that are too large, and files that are made to keep a reader busy: bounded by counting, not by a clock."""

from collections.abc import Mapping

import pytest

from question_bank.errors import FileRefusedError
from question_bank.formats import FORMATS, aiken, csv, gift, limits, recognise, texts, xlsx, xml_elements
from question_bank.formats.markup.plain import follow
from tests.question_bank.recognising import recognised

EVERY = pytest.mark.parametrize("code", sorted(FORMATS))
TEXTS = pytest.mark.parametrize("code", ["aiken", "csv", "gift", "moodle_xml"])
PIECES = ["<", "<a", '<a "', "<a '", "<!--", "<?", "&", "&#x", "<p>", "</p>", "<b a=b>", "> <", "{", "="]


def test_a_file_is_refused_from_its_size_before_it_is_read() -> None:
    limits.refuse_size(limits.MOST_BYTES)
    with pytest.raises(FileRefusedError) as refusal:
        limits.refuse_size(200 * 1024 * 1024)
    assert refusal.value.code == "file_too_large"
    assert refusal.value.data == {"bytes": 200 * 1024 * 1024, "most": limits.MOST_BYTES}


@EVERY
def test_a_file_above_the_limit_is_neither_recognised_nor_read(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = FORMATS[code].template()
    for module in (limits, xlsx):
        monkeypatch.setattr(module, "MOST_BYTES", len(data) - 1)
    for attempt in (lambda: recognise(data), lambda: FORMATS[code].read(data, "general")):
        with pytest.raises(FileRefusedError) as refusal:
            attempt()
        assert refusal.value.code == "file_too_large"


@TEXTS
def test_a_text_format_is_recognised_by_its_beginning(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long a file is, what lies behind the first 64 KiB is not looked at."""
    seen: list[int] = []
    beginning = texts.beginning

    def counted(data: bytes) -> str:
        text = beginning(data)
        seen.append(len(text))
        return text

    for module in (aiken, csv, gift, xml_elements):
        monkeypatch.setattr(module, "beginning", counted)
    data = FORMATS[code].template() + b"\n" * (4 * 1024 * 1024)
    assert recognise(data) is FORMATS[code]
    assert seen
    assert max(seen) <= 64 * 1024


@pytest.mark.parametrize("piece", [*PIECES, "A. x\n", "ANSWER: ", "::", "PK\x03\x04", "PK\x01\x02", "\x00", ",", '"'])
def test_large_files_of_one_piece_are_recognised_as_something_or_refused(piece: str) -> None:
    data = piece.encode() * (limits.MOST_BYTES // len(piece))
    assert recognised(data) in (*FORMATS, "unknown_format", "broken_archive")


class Counted:
    """Counts the pieces of an HTML text and how many characters it was told of."""

    def __init__(self) -> None:
        self.pieces = self.characters = 0

    def text(self, source: str) -> None:
        self._count(len(source))

    def start(self, name: str, attributes: Mapping[str, str], tag: str) -> None:
        self._count(len(tag))

    def end(self, name: str) -> None:
        self._count(0)

    def _count(self, characters: int) -> None:
        self.pieces += 1
        self.characters += characters


@pytest.mark.parametrize("piece", PIECES)
def test_every_piece_of_html_is_told_once(piece: str) -> None:
    source = piece * 20_000
    counted = Counted()
    follow(source, counted)
    assert counted.pieces <= 2 * len(source)
    assert counted.characters <= len(source)
