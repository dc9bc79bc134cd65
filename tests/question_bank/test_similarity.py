"""Similar stems: found exactly, whatever their punctuation and width."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.options import lettered
from question_bank.similarity import find_duplicates, normalised, similarity
from tests.question_bank.samples import quick, single_choice

stems = st.text("安全生产法第一二三条", min_size=1, max_size=10)


def test_case_width_blanks_and_punctuation_do_not_count() -> None:
    assert normalised("  依据《安全生产法》，Ａ企业（　　）。") == "依据安全生产法a企业"
    assert similarity("从业人员ABC。", "从业人员 ａｂｃ（ ）") == 1.0


def test_similarity_by_hand() -> None:
    # 安全 全生 生产 against 安全 全管 管理: one of five.
    assert similarity("安全生产", "安全管理") == pytest.approx(1 / 5)
    assert similarity("安全", "矿山") == 0.0
    assert similarity("？", "？") == 1.0
    assert similarity("？", "！") == 0.0


@quick
@given(texts=st.lists(stems, max_size=12), threshold=st.sampled_from([0.2, 0.5, 0.75, 1.0]))
def test_every_pair_over_the_threshold_is_found_and_no_other(texts: list[str], threshold: float) -> None:
    questions = [single_choice(f"s-{number}", stem=text) for number, text in enumerate(texts)]
    expected = {
        (f"s-{first}", f"s-{second}")
        for second in range(len(texts))
        for first in range(second)
        if similarity(texts[first], texts[second]) >= threshold
    }
    found = find_duplicates(questions, threshold)
    assert {(pair.first, pair.second) for pair in found} == expected
    assert len(found) == len(expected)
    assert [pair.similarity for pair in found] == sorted((pair.similarity for pair in found), reverse=True)


def test_options_tell_questions_apart_that_ask_in_the_same_words() -> None:
    stem = "下列说法正确的是（　　）。"
    questions = [
        single_choice("s-1", stem=stem, options=lettered(["动火作业须办理审批", "受限空间作业无须检测"])),
        single_choice("s-2", stem=stem, options=lettered(["粉尘清扫可以使用压缩空气", "除尘系统应当设置泄爆装置"])),
    ]
    assert len(find_duplicates(questions)) == 1
    assert find_duplicates(questions, with_options=True) == ()


def test_a_threshold_out_of_range_is_refused() -> None:
    with pytest.raises(ValueError, match="threshold"):
        find_duplicates([], 0)
