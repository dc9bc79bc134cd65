"""Wording: which questions ask the same however they are written, and which do not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from question_bank.fingerprint import fingerprint
from question_bank.options import lettered
from question_bank.questions import Part, Question
from tests.question_bank.samples import (
    case_study,
    multiple_choice,
    numeric,
    questions,
    quick,
    short_answer,
    single_choice,
    true_false,
)

CRIME = "危险作业罪最高处（ ）有期徒刑。"
YEARS = ("1年", "3年", "5年", "7年")


def test_the_digests_of_a_question_never_change() -> None:
    """Databases hold them: other ones would let practised questions into exams."""
    assert [one.digest[:16] for one in single_choice().wordings.same] == ["9e1d496ef81fb740", "f9ec7d24f5351f8e"]
    assert [one.digest[:16] for one in case_study().wordings.own][:2] == ["be0b35e6d79ba9c2", "90679386860cc0e6"]


def asks_the_same(first: Question, second: Question) -> bool:
    """Whether one is known by what the other looks for; it must not matter who looks."""
    found = [
        bool({own.digest for own in one.wordings.own} & {same.digest for same in other.wordings.same})
        for one, other in ((first, second), (second, first))
    ]
    assert found[0] is found[1]
    return found[0]


def choice(stem: str = CRIME, *options: str, **changes: object) -> Question:
    return single_choice(stem=stem, options=lettered(options or YEARS), **changes)


@pytest.mark.parametrize(
    "stem",
    [
        "危险作业罪最高处（ ）有期徒刑？",
        "危险作业罪最高处____有期徒刑。",
        "危险作业罪最高处（　　）有期徒刑",
        "危险作业罪，最高处（）有期徒刑。",
        "危险作业罪最高处 [ ] 有期徒刑",
        "危险作业罪\u200b最高处……有期徒刑！",
        "12. 危险作业罪最高处（ ）有期徒刑。",
        "（3）危险作业罪最高处（ ）有期徒刑。",
        "③危险作业罪最高处（ ）有期徒刑。",
        "第5题：“危险作业罪”最高处（ ）有期徒刑。",
    ],
)
def test_signs_blanks_and_the_number_of_a_question_make_no_other_stem(stem: str) -> None:
    assert asks_the_same(choice(), choice(stem))


@pytest.mark.parametrize(
    "options",
    [
        ("7年", "5年", "3年", "1年"),
        ("1 年。", "３年", "5年；", "7年"),
        ("A. 1年", "B. 3年", "C. 5年", "D. 7年"),
        ("Ａ、1年", "Ｂ、3年", "Ｃ、5年", "Ｄ、7年"),
        ("(C) 5年", "(A) 1年", "(B) 3年", "(D) 7年"),
    ],
)
def test_order_signs_and_letters_of_options_make_no_other_question(options: tuple[str, ...]) -> None:
    assert asks_the_same(choice(), choice(CRIME, *options))


@pytest.mark.parametrize(
    "options",
    [("1）一年", "2）三年", "3）五年"), ("① 一年", "② 三年", "③ 五年"), ("(2)、三年", "(1)、一年", "(3)、五年")],
)
def test_numbers_of_options_make_no_other_question(options: tuple[str, ...]) -> None:
    assert asks_the_same(choice(CRIME, "一年", "三年", "五年"), choice(CRIME, *options))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("ＬＥＬ低于10％", "LEL低于 10%"),
        ("二○二四年", "二〇二四年"),
        ("储量1,000吨", "储量1000吨"),
        ("储量120,000吨", "储量120000吨"),
        ("①②③", "①、②、③"),
        ("①和③", "(1)和(3)"),
        ("3～5人", "3—5人"),
        ("一～三级", "一 — 三级"),
        ("A～C级", "A-C级"),
        ("–5℃", "-5℃"),
        ("½", "1/2"),
        ("安全——生产", "安全生产"),
        ("一、二级", "一，二级"),
        ("氧含量19.5%~21%", "氧含量 19.5%－21%"),
        ("１：２", "1:2"),
        ("面积100m²", "面积100㎡"),
        ("拨打110、119、120", "拨打110，119，120"),
    ],
)
def test_other_forms_of_numbers_and_signs_read_the_same(first: str, second: str) -> None:
    assert asks_the_same(true_false(stem=f"应当为{first}。"), true_false(stem=f"应当为{second}"))
    assert asks_the_same(choice(CRIME, "其他", first), choice(CRIME, second, "其他。"))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("净高3.5米", "净高35米"),
        ("3人", "5人"),
        ("三人", "五人"),
        ("应当", "不应当"),
        ("允许", "不允许"),
        ("-5℃", "5℃"),
        ("–5℃", "5℃"),
        ("一～三级", "一、三级"),
        ("A～C级", "A、C级"),
        ("Ⅰ～Ⅲ级", "Ⅰ、Ⅲ级"),
        ("3-5人", "35人"),
        ("1:2", "12"),
        ("1/2", "12"),
        ("1、2", "12"),
        ("①②", "①②③"),
        ("≥3米", "≤3米"),
        ("10³", "103"),
        ("10⁻³", "10³"),
        ("5%", "5‰"),
        ("±3", "3"),
        ("和/或", "和或"),
        ("√", "×"),
        ("1____5", "15"),
    ],
)
def test_what_changes_the_meaning_makes_another_question(first: str, second: str) -> None:
    assert not asks_the_same(true_false(stem=f"应当为{first}。"), true_false(stem=f"应当为{second}。"))
    assert not asks_the_same(choice(CRIME, "其他", first), choice(CRIME, "其他", second))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("①②", "②③", "③④"), ("②", "③", "④")),
        (("A、B", "B、C", "C、D"), ("B", "C", "D")),
        (("1.5米", "2.5米"), ("5米", "5.0米")),
        (("A级", "B级"), ("级", "C级")),
        (("1 小时", "2 天"), ("2 小时", "1 天")),
        (("3、4项", "1、2项"), ("4项", "2项")),
    ],
)
def test_a_letter_or_number_that_is_part_of_an_option_stays(first: tuple[str, ...], second: tuple[str, ...]) -> None:
    assert not asks_the_same(choice("示例", *first, key=("A",)), choice("示例", *second, key=("A",)))


def test_options_that_are_nothing_but_signs_stay_apart() -> None:
    assert not asks_the_same(choice("示例", "、", "，"), choice("示例", "、", "。"))


def test_a_number_that_a_stem_speaks_of_stays() -> None:
    assert not asks_the_same(choice("（1）和（3）正确吗"), choice("（2）和（3）正确吗"))
    assert not asks_the_same(choice("3.5米够吗"), choice("5米够吗"))


def test_another_option_or_one_more_makes_another_question() -> None:
    assert not asks_the_same(choice(), choice(CRIME, *YEARS[:3]))
    assert not asks_the_same(choice(), choice(CRIME, *YEARS, "9年"))


def test_key_kind_and_all_that_is_not_asked_make_no_other_question() -> None:
    one = multiple_choice()
    assert asks_the_same(one, replace(one, key=("A", "B")))
    assert asks_the_same(one, replace(one, kind="single_choice", key=("A",)))
    assert asks_the_same(one, replace(one, code="other", bank="mines", explanation="示例", source_document="示例法规"))


def test_what_is_typed_is_asked_by_its_stem_whatever_is_accepted() -> None:
    assert asks_the_same(numeric(), numeric(accepted="12.5±0.1"))
    assert asks_the_same(short_answer(), short_answer("s-2", "灭火器"))
    assert not asks_the_same(short_answer(stem="示例"), true_false(stem="示例"))


def rich(stem: str, **changes: object) -> Question:
    return choice(stem, markup="html", **changes)


def picture(sign: str, words: str = "示例") -> str:
    return f'<img src="picture:{sign * 64}" alt="{words}">'


def test_rich_text_reads_as_its_words() -> None:
    assert asks_the_same(choice(), rich("<p>危险作业罪最高处<b>（ ）</b>有期徒刑</p>"))
    assert asks_the_same(choice("浓度10³"), rich("<p>浓度10<sup>3</sup></p>"))
    assert not asks_the_same(choice("浓度103"), rich("<p>浓度10<sup>3</sup></p>"))


def test_the_picture_counts_and_what_is_said_of_it_does_not() -> None:
    shown = rich(f"<p>下图表示（）</p>{picture('a')}")
    assert asks_the_same(shown, rich(f"<p>下图表示（ ）。</p>{picture('a', '另一种说明')}"))
    assert asks_the_same(shown, replace(shown, explanation=f"<p>见图</p>{picture('c')}"))
    assert not asks_the_same(shown, rich(f"<p>下图表示（）</p>{picture('b')}"))
    assert not asks_the_same(shown, rich("<p>下图表示（）</p>"))


def case_of(stem: str, *parts: Part) -> Question:
    return case_study(stem=stem, parts=parts)


CRIME_PART = Part("single_choice", "（1）危险作业罪最高处____有期徒刑？", lettered(YEARS[::-1]), ("A",))
OTHER_PART = Part("numeric", "至少要有几人", lettered(["2"]), ("A",))
USUAL_PART = Part("single_choice", "本次事故属于（ ）", lettered(["一般事故", "较大事故"]), ("A",))


def test_a_part_of_a_case_study_asks_the_same_as_a_question_of_its_own() -> None:
    case = case_of("示例案例", OTHER_PART, CRIME_PART)
    assert asks_the_same(case, choice())
    assert asks_the_same(case, choice(f"示例案例。{CRIME}"))
    assert not asks_the_same(case, choice("别的题干"))
    assert not asks_the_same(case, short_answer(stem="示例案例"))
    assert {one.part for one in case.wordings.own} == {1, 2}


def test_parts_of_two_cases_ask_the_same_if_the_cases_do() -> None:
    first = case_of("某厂发生爆炸，死亡3人。", USUAL_PART, OTHER_PART)
    assert asks_the_same(first, case_of("某厂发生爆炸，死亡 3 人", CRIME_PART, replace(USUAL_PART, key=("B",))))
    assert not asks_the_same(first, case_of("某厂发生爆炸，死亡1人。", USUAL_PART, OTHER_PART))
    assert not asks_the_same(first, case_of("某厂发生爆炸，死亡3人。", CRIME_PART, CRIME_PART))


def test_a_case_that_reads_on_into_its_part_finds_the_part_that_says_all_of_it_and_not_the_reverse() -> None:
    first = case_of("案情", replace(USUAL_PART, stem="甲问"), OTHER_PART).wordings
    second = case_of("另一案情", replace(USUAL_PART, stem="案情甲问"), OTHER_PART).wordings
    assert {one.digest for one in first.same} & {one.digest for one in second.own}
    assert not {one.digest for one in second.same} & {one.digest for one in first.own}


@quick
@given(questions(), questions())
def test_whoever_looks_finds_the_same_and_a_question_finds_itself(first: Question, second: Question) -> None:
    assert asks_the_same(first, replace(first, code="other"))
    assert asks_the_same(first, second) or fingerprint(first) != fingerprint(second)
