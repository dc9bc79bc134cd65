"""Tables without a column for the kind: what a row is follows from its options and its answer."""

import pytest

from question_bank.formats import FORMATS, Reading, recognise
from question_bank.options import LETTERS

CSV = FORMATS["csv"]
TRUTH = ["正确", "错误"]


def read(*rows: str, headings: str = "题干,选项A,选项B,选项C,答案,单位") -> Reading:
    data = "\n".join((headings, *rows)).encode()
    assert recognise(data) is CSV
    return CSV.read(data, "general")


@pytest.mark.parametrize(
    ("row", "kind", "key", "texts"),
    [
        ("问,甲,乙,丙,A,", "single_choice", ("A",), ["甲", "乙", "丙"]),
        ("问,A. 甲,B. 乙,,b,", "single_choice", ("B",), ["甲", "乙"]),
        ("问,甲,乙,丙,A、C,", "multiple_choice", ("A", "C"), ["甲", "乙", "丙"]),
        *((f"问,,,,{word},", "true_false", ("A",), TRUTH) for word in ("对", "正确", "√", "TRUE", "T")),
        *((f"问,,,,{word},", "true_false", ("B",), TRUTH) for word in ("错", "错误", "×", "false", "F")),
        ("问,正确,错误,,B,", "true_false", ("B",), TRUTH),
        ("问,错误,正确,,A,", "true_false", ("B",), TRUTH),
        ("问,正确,错误,,对,", "true_false", ("A",), TRUTH),
        ("问,,,,灭火器|手提灭火器,", "short_answer", ("A", "B"), ["灭火器", "手提灭火器"]),
        ("问,,,,12,", "short_answer", ("A",), ["12"]),
        ("问,,,,CO2,", "short_answer", ("A",), ["CO2"]),
        ("问,,,,12,米", "numeric", ("A",), ["12"]),
        ("问,,,,12.5±0.1,", "numeric", ("A",), ["12.5±0.1"]),
        ("问,,,,10～15|20,", "numeric", ("A", "B"), ["10..15", "20"]),
    ],
)
def test_the_kind_of_a_row_is_inferred_and_that_is_told(
    row: str, kind: str, key: tuple[str, ...], texts: list[str]
) -> None:
    reading = read(row)
    assert reading.errors == ()
    (question,) = reading.questions
    assert (question.kind, question.key, [option.text for option in question.options]) == (kind, key, texts)
    assert [(one.row, one.line) for one in reading.remarks if one.code == "kind_inferred"] == [(2, 2)]


def test_options_in_one_cell_are_options() -> None:
    reading = read("问,A.甲 B.乙,A", "问二,正确|错误,B", headings="题目,选项,答案")
    assert [one.kind for one in reading.questions] == ["single_choice", "true_false"]


@pytest.mark.parametrize(
    ("key", "kind", "letters"),
    [
        ("F", "single_choice", ("F",)),
        ("f", "single_choice", ("F",)),
        ("T", "single_choice", ("T",)),
        ("A、F", "multiple_choice", ("A", "F")),
        ("FT", "multiple_choice", ("F", "T")),
    ],
)
def test_t_and_f_are_letters_where_options_stand(key: str, kind: str, letters: tuple[str, ...]) -> None:
    texts = [f"第{number}项" for number in range(1, 21)]
    headings = ",".join(["题干", *(f"选项{letter}" for letter in LETTERS[:20]), "答案"])
    apart = read(",".join(["问", *texts, key]), headings=headings)
    joined = read(f"问,{'|'.join(texts)},{key}", headings="题目,选项,答案")
    for reading in (apart, joined):
        assert reading.errors == ()
        assert [(one.kind, one.key, len(one.options)) for one in reading.questions] == [(kind, letters, 20)]


def test_options_that_say_yes_and_no_are_true_and_false_where_the_answer_says_so() -> None:
    reading = read("问一,是,否,,对,", "问二,否,是,,F,", "问三,是,否,,A,")
    assert [(one.kind, one.key) for one in reading.questions] == [
        ("true_false", ("A",)),
        ("true_false", ("B",)),
        ("single_choice", ("A",)),
    ]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("问,甲,乙,,F,", "key_not_offered"),
        ("问,甲,乙,丙,对,", "unreadable_key"),
        ("问：A.一 B.二,,,,AB,", "wrong_option_count"),
        ("问,甲,乙,,戊,", "unreadable_key"),
        ("问,,,,,", "missing_text"),
        ("问,,,,甲||乙,", "several_blanks"),
    ],
)
def test_a_row_of_which_nothing_can_be_made_is_named(row: str, code: str) -> None:
    reading = read(row)
    assert (reading.rows, reading.errors[0].code, reading.errors[0].column) == ((), code, "答案")


@pytest.mark.parametrize("kind", ["0", "1", "2", ""])
def test_nothing_is_inferred_where_there_is_a_column(kind: str) -> None:
    reading = read(f"{kind},问,甲,乙,A", headings="题型,题干,选项A,选项B,答案")
    assert [(one.code, one.data) for one in reading.errors] == [("unknown_kind", {"value": kind})]
