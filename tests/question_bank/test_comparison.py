"""Comparison of versions: every field that differs is named, and no letter of a text is lost."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from question_bank.comparison import FIELDS, Fate, Piece, changed_fields, compare, pieces
from question_bank.options import Option, lettered
from question_bank.questions import Question
from tests.question_bank.samples import case_study, multiple_choice, questions, quick, short_answer, single_choice

near = st.text(st.sampled_from("不得少于三3人5 a\n"), max_size=30)


def kept_and(fate: Fate, found: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in found if piece.fate in (Fate.KEPT, fate))


@quick
@given(near | st.text(max_size=40), near | st.text(max_size=40))
def test_pieces_give_both_texts_back(before: str, after: str) -> None:
    found = pieces(before, after)
    assert kept_and(Fate.REMOVED, found) == before
    assert kept_and(Fate.ADDED, found) == after
    assert all(piece.text for piece in found)


@quick
@given(near)
def test_equal_texts_are_all_kept(text: str) -> None:
    assert {piece.fate for piece in pieces(text, text)} <= {Fate.KEPT}


def test_a_number_is_replaced_as_a_whole_and_the_rest_kept() -> None:
    assert pieces("不得少于12学时", "不得少于16学时") == (
        Piece(Fate.KEPT, "不得少于"),
        Piece(Fate.REMOVED, "12"),
        Piece(Fate.ADDED, "16"),
        Piece(Fate.KEPT, "学时"),
    )


def test_texts_without_much_in_common_are_shown_one_after_the_other() -> None:
    assert [piece.fate for piece in pieces("甲乙丙丁戊己庚辛", "子丑寅卯辰巳午辛酉")] == [Fate.REMOVED, Fate.ADDED]


def test_long_texts_are_not_matched_word_by_word_but_keep_what_they_share_at_both_ends() -> None:
    before, after = "头" + "甲乙" * 2000 + "尾", "头" + "乙丙" * 2000 + "尾"
    fates = [piece.fate for piece in pieces(before, after)]
    assert fates == [Fate.KEPT, Fate.REMOVED, Fate.ADDED, Fate.KEPT]


@quick
@given(questions())
def test_a_question_does_not_differ_from_itself(question: Question) -> None:
    assert changed_fields(question, question) == ()
    assert not any(row.is_changed for row in compare(question, replace(question, version=question.version + 1)))


@quick
@given(questions(), questions())
def test_every_field_that_differs_has_a_changed_row(before: Question, after: Question) -> None:
    """In plain text nothing can differ without being read."""
    seen = {
        "parts" if row.part else "options" if row.letter else row.field
        for row in compare(before, after)
        if row.is_changed
    }
    fixed = {"options"} if before.rules.fixed_options or after.rules.fixed_options else set()
    assert set(changed_fields(before, after)) - fixed <= seen
    assert seen <= set(FIELDS)


def test_options_are_compared_letter_by_letter_with_weight_and_feedback() -> None:
    before = multiple_choice(key="AB", options=3)
    after = replace(
        before,
        options=(Option("A", "示例选项0", "50"), Option("B", "改过", "50"), Option("C", "示例选项2", "-100", "不对")),
    )
    changed = {(row.letter, row.field) for row in compare(before, after) if row.is_changed}
    assert changed == {("A", "weight"), ("B", "text"), ("B", "weight"), ("C", "weight"), ("C", "feedback")}
    assert changed_fields(before, after) == ("options",)


def test_an_option_more_and_a_part_less_stand_against_nothing() -> None:
    before = single_choice()
    after = replace(before, options=lettered(["示例甲", "示例乙", "示例丙", "示例丁", "示例戊"]))
    assert [(row.letter, row.before, row.after) for row in compare(before, after) if row.is_changed] == [
        ("E", "", "示例戊")
    ]
    case = case_study()
    shorter = replace(case, parts=case.parts[:2])
    gone = [row for row in compare(case, shorter) if row.is_changed]
    assert {row.part for row in gone} == {3} and not any(row.after for row in gone)


def test_rich_text_is_compared_as_it_reads() -> None:
    before = single_choice(stem="<p>示例<b>题干</b></p>", markup="html")
    after = replace(before, stem="<p>示例题干</p>")
    assert changed_fields(before, after) == ("stem",)
    assert not any(row.is_changed for row in compare(before, after))


def test_what_is_accepted_in_writing_is_plain_text_whatever_the_markup() -> None:
    question = short_answer("s-1", "<b>", "甲", markup="html")
    assert [row.after for row in compare(question, question) if row.letter] == ["<b>", "甲"]
