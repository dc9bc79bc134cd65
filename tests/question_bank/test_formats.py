"""What holds for every format: round trip, recognition by content, limits, and no fault but a refusal."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.errors import FileRefusedError
from question_bank.formats import FORMATS, Format, Reading, left_out, limits, recognise
from question_bank.questions import Option, Question
from tests.question_bank.samples import (
    multiple_choice,
    question_lists,
    quick,
    single_choice,
    thorough,
    true_false,
)

every_format = pytest.mark.parametrize("code", sorted(FORMATS))
BINARY = {"xlsx", "qti21", "qti22", "qti30"}
FULL = [
    true_false("s-1", key=("B",), explanation="示例解析", knowledge_point="法律/责任", difficulty=3),
    single_choice("s-2", stem="a < b & c {=~#:} \\n 50%", tags=("major_hazard_criteria", "x"), version=4),
    multiple_choice("s-3", source_document="《示例法》", source_article="第一条", difficulty=1),
]


def carried(form: Format, question: Question) -> dict[str, object]:
    """Return what *form* says that it brings back of *question*."""
    payload = question.to_payload()
    return {name: payload[name] for name in sorted(form.fields - {"bank"})}


def fit_for(form: Format, questions: list[Question]) -> list[Question]:
    """Return the questions of one bank that *form* can carry; for Aiken in single lines and each stem once."""
    own = [question for question in questions if question.bank == questions[0].bank and question.kind in form.kinds]
    if form.code != "aiken":
        return own
    return [
        replace(
            question,
            stem=f"示例{number} {' '.join(question.stem.split())}",
            options=tuple(Option(option.key, " ".join(option.text.split())) for option in question.options),
        )
        for number, question in enumerate(own)
    ]


def outcome(form: Format, data: bytes) -> Reading | FileRefusedError:
    """Return what reading *data* comes to; anything but a reading or a refusal is raised."""
    try:
        return form.read(data, "general")
    except FileRefusedError as refusal:
        return refusal


@every_format
@quick
@given(questions=question_lists())
def test_what_is_written_comes_back_equal(code: str, questions: list[Question]) -> None:
    form = FORMATS[code]
    own = fit_for(form, questions)
    if not own:
        return
    written = form.write(own)
    reading = form.read(written, own[0].bank)
    assert reading.errors == ()
    assert [carried(form, question) for question in reading.questions] == [carried(form, question) for question in own]
    assert recognise(written).code == code


@every_format
def test_a_question_of_every_kind_comes_back_with_all_that_the_format_carries(code: str) -> None:
    form = FORMATS[code]
    own = [question for question in FULL if question.kind in form.kinds]
    reading = form.read(form.write(own), "general")
    assert reading.errors == ()
    assert [carried(form, question) for question in reading.questions] == [carried(form, question) for question in own]


@every_format
def test_a_kind_that_the_format_cannot_carry_is_refused_by_name_and_never_dropped(code: str) -> None:
    form = FORMATS[code]
    for question in FULL:
        if question.kind in form.kinds:
            assert "kind" not in left_out(form, question)
            continue
        assert left_out(form, question) == ("kind",)
        with pytest.raises(FileRefusedError) as refusal:
            form.write([question])
        assert (refusal.value.code, refusal.value.data["question"]) == ("not_carried", question.code)


def test_fields_that_would_be_lost_are_told_unless_they_hold_their_default() -> None:
    assert left_out(FORMATS["aiken"], single_choice("s-9", explanation="示例", difficulty=3)) == (
        "code",
        "version",
        "explanation",
        "difficulty",
    )
    assert left_out(FORMATS["xlsx"], FULL[2]) == ()
    assert left_out(FORMATS["gift"], FULL[2]) == ()


@every_format
def test_the_template_is_recognised_and_reads_without_errors(code: str) -> None:
    form = FORMATS[code]
    template = form.template()
    assert recognise(template) is form
    reading = form.read(template, "general")
    assert reading.errors == ()
    assert {question.kind for question in reading.questions} == form.kinds
    assert all("示例" in question.stem and question.code.startswith("general-") for question in reading.questions)


@every_format
def test_a_file_beyond_the_limit_is_refused_by_its_size(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    form = FORMATS[code]
    template = form.template()
    monkeypatch.setattr(limits, "MOST_BYTES", len(template) - 1)
    monkeypatch.setattr("question_bank.formats.xlsx.MOST_BYTES", len(template) - 1)
    for reading in (lambda: form.read(template, "general"), lambda: recognise(template)):
        with pytest.raises(FileRefusedError) as refusal:
            reading()
        assert refusal.value.code == "file_too_large"


@every_format
def test_an_empty_file_is_refused(code: str) -> None:
    with pytest.raises(FileRefusedError) as refusal:
        FORMATS[code].read(b"", "general")
    assert refusal.value.code == "empty_file"


@every_format
def test_more_questions_than_allowed_are_not_written(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_ROWS", 2)
    monkeypatch.setattr("question_bank.formats.xlsx.MOST_ROWS", 2)
    with pytest.raises(FileRefusedError) as refusal:
        FORMATS[code].write([single_choice(f"s-{number}") for number in range(3)])
    assert refusal.value.code == "too_many_rows"


def mangled(data: bytes, seed: int) -> bytes:
    """Return *data* with up to eight pieces removed, doubled, changed or put elsewhere."""
    chance = random.Random(seed)
    made = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        start = chance.randrange(len(made) + 1)
        piece = made[start : start + chance.choice([1, 2, 5, 40])]
        action = chance.randrange(5)
        if action == 0:
            del made[start : start + len(piece)]
        elif action == 1:
            made[start:start] = piece * chance.choice([1, 3, 50])
        elif action == 2:
            made[start:start] = chance.choice(
                [b"\x00", b"{", b"}", b"<", b">", b'"', b"&#x0;", b"\xff", b"~%9%", b"\n"]
            )
        elif action == 3:
            made[start : start + len(piece)] = bytes(chance.randrange(256) for _ in piece)
        else:
            goal = chance.randrange(len(made) + 1)
            made[goal:goal] = piece
    return bytes(made)


@every_format
@thorough
@given(seed=st.integers(0, 2**32))
def test_a_mangled_file_is_read_or_refused_and_nothing_else(code: str, seed: int) -> None:
    form = FORMATS[code]
    data = mangled(form.write([question for question in FULL if question.kind in form.kinds]), seed)
    result = outcome(form, data)
    if code in BINARY:
        return
    if isinstance(result, FileRefusedError):
        assert result.data["line"] >= 1 or result.code == "file_too_large"  # type: ignore[operator]
    else:
        assert all(place.line >= 1 for place in (*result.errors, *result.rows, *result.remarks))


@every_format
@quick
@given(seed=st.integers(0, 2**32))
def test_a_mangled_file_is_recognised_as_something_or_refused(code: str, seed: int) -> None:
    form = FORMATS[code]
    data = mangled(form.template(), seed)
    assert any(one.recognises(data) for one in FORMATS.values()) == (recognised(data) != "unknown_format")


def recognised(data: bytes) -> str:
    """Return the code of the format that *data* is taken for, or of the refusal."""
    try:
        return recognise(data).code
    except FileRefusedError as refusal:
        return refusal.code


@every_format
@quick
@given(data=st.binary(max_size=400))
def test_bytes_of_any_kind_are_read_or_refused(code: str, data: bytes) -> None:
    result = outcome(FORMATS[code], data)
    assert isinstance(result, FileRefusedError) or result.rows or result.errors


TEXTS = [code for code in sorted(FORMATS) if code in ("csv", "gift", "aiken", "moodle_xml")]


@pytest.mark.parametrize("code", TEXTS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_encoding_and_line_end_gives_the_same_questions(code: str, encoding: str, line_end: str) -> None:
    form = FORMATS[code]
    text = form.template().decode("utf-8-sig").replace("\r\n", "\n")
    text = text.replace('encoding="UTF-8"', f'encoding="{encoding.removesuffix("-sig")}"')
    data = text.replace("\n", line_end).encode(encoding)
    assert recognise(data) is form
    assert form.read(data, "general").questions == form.read(form.template(), "general").questions


@pytest.mark.parametrize("code", TEXTS)
def test_a_character_that_no_text_holds_is_named_with_its_line(code: str) -> None:
    lines = FORMATS[code].template().decode("utf-8-sig").split("\n")
    for sign in ("\x00", "\ufdd0"):
        broken = "\n".join([*lines[:2], f"{sign}", *lines[2:]]).encode()
        with pytest.raises(FileRefusedError) as refusal:
            FORMATS[code].read(broken, "general")
        assert (refusal.value.code, refusal.value.data["line"]) == ("forbidden_character", 3)


@pytest.mark.parametrize("code", TEXTS)
def test_bytes_that_are_no_text_are_named_with_their_line(code: str) -> None:
    lines = FORMATS[code].template().removeprefix(b"\xef\xbb\xbf").split(b"\n")
    broken = b"\n".join([*lines[:2], b"\xff\xff\xff", *lines[2:]])
    with pytest.raises(FileRefusedError) as refusal:
        FORMATS[code].read(broken, "general")
    assert (refusal.value.code, refusal.value.data["line"]) == ("unreadable_text", 3)
