"""Articles, clauses and items: what a citation names, in which order, and which change of a document touches it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.articles import Place, article_order, places_in, touches
from question_bank.starter import load_starter
from tests.question_bank.samples import quick

NUMERALS = "一二三四五六七八九十"
articles = st.builds("第{}条".format, st.integers(1, 300))
paths = st.lists(st.integers(1, 30), min_size=1, max_size=4).map(tuple)


def chinese(number: int) -> str:
    """Return a number up to 99 as a Chinese numeral."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{NUMERALS[tens - 1]}十"
    return head + (NUMERALS[ones - 1] if ones else "")


def as_item(path: tuple[int, ...]) -> str:
    """Return how a notice numbers an item: 一、（一）2（3）."""
    written = (f"{chinese(path[0])}、", *(f"（{chinese(one)}）" for one in path[1:2]))
    return "".join((*written, *(str(one) for one in path[2:3]), *(f"（{one}）" for one in path[3:4])))


def as_clause(path: tuple[int, ...]) -> str:
    return ".".join(map(str, path)) if len(path) > 1 else f"第{path[0]}章"


def law(*numbers: int) -> set[Place]:
    return {("article", number, 0) for number in numbers}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("第二十六条第一款", law(26)),
        ("第26条", {*law(26), ("clause", 26)}),
        ("第一百三十四条之一", {("article", 134, 1)}),
        ("第一百零五条", law(105)),
        ("第五条至第八条", law(5, 6, 7, 8)),
        ("第五至七条", law(5, 6, 7)),
        ("第五、七条", law(5, 7)),
        ("第十一条、第二十条", law(11, 20)),
        ("第九条第（二）项", law(9)),
        ("第二章 第九条", law(9)),
        ("5.2.1", {("clause", 5, 2, 1)}),
        ("5.2.1、5.2.5", {("clause", 5, 2, 1), ("clause", 5, 2, 5)}),
        ("5.1～5.3", {("clause", 5, 1), ("clause", 5, 2), ("clause", 5, 3)}),
        ("5 一般要求", {("clause", 5)}),
        ("第5章 动火作业", {("clause", 5)}),
        ("第5章 动火作业 5.2.2", {("clause", 5, 2, 2)}),
        ("第5章、第6章", {("clause", 5), ("clause", 6)}),
        ("附录A", {("clause", "A")}),
        ("附录Ａ A.2", {("clause", "A"), ("clause", "A", 2)}),
        ("一、（一）2", {("item", 1, 1, 2)}),
        ("一、(一)2.", {("item", 1, 1, 2)}),
        ("一、（二十二）4、5", {("item", 1, 22, 4), ("item", 1, 22, 5)}),
        ("二、（三）（四）（十三）", {("item", 2, 3), ("item", 2, 4), ("item", 2, 13)}),
        ("一、（三）至（五）", {("item", 1, 3), ("item", 1, 4), ("item", 1, 5)}),
        ("一、（一）2；三、（二）", {("item", 1, 1, 2), ("item", 3, 2)}),
        ("二、（二）科学评定安全风险等级", {("item", 2, 2)}),
        ("（四）", {("item", None, 4)}),
        ("二十、", {("item", 20)}),
        ("表1", set()),
        ("前言", set()),
        ("第一类场所", set()),
        ("", set()),
    ],
)
def test_articles_clauses_and_items_are_read_from_what_people_write(text: str, found: set[Place]) -> None:
    assert places_in(text) == found


@quick
@given(st.text(st.sampled_from("第条之至一二十百千零0123456789.-、；（） 章附录A"), max_size=60))
def test_no_text_upsets_the_reading_of_articles(text: str) -> None:
    assert touches(text, [text])
    article_order(text)


def test_articles_sort_as_in_the_document() -> None:
    ordered = [
        "第九条",
        "第九条第二款",
        "第九条第三款第（二）项",
        "第九条第三款第（三）项",
        "第十条",
        "第一百条",
        "第一百条之一",
        "前言",
    ]
    assert sorted(sorted(ordered), key=article_order) == ordered
    items = ["一、（一）", "一、（一）2", "一、（二）1", "一、（十）", "二、（一）"]
    assert sorted(sorted(items), key=article_order) == items
    clauses = ["5.1", "5.1.2", "5.2", "5.10", "附录A"]
    assert sorted(sorted(clauses), key=article_order) == clauses


@pytest.mark.parametrize(
    ("article", "changed", "is_touched"),
    [
        ("第九条第一款", ["第九条"], True),
        ("第九条", ["第十条", "第九条第二款"], True),
        ("第八条、第九条", ["第九条"], True),
        ("第九条", ["第十条"], False),
        ("第一百三十四条", ["第一百三十四条之一"], False),
        ("第九条", [], True),
        ("5.2.1", ["5.2"], True),
        ("5.2", ["5.2.1"], True),
        ("5.21", ["5.2"], False),
        ("5.1.1", ["5.1"], True),
        ("5.10", ["5.1"], False),
        ("15.1", ["5.1"], False),
        ("第5章 动火作业", ["5.2.1"], True),
        ("第5章 动火作业 5.2.2", ["第5章"], True),
        ("第5章 动火作业 5.2.2", ["5.2.1"], False),
        ("附录A", ["附录Ａ"], True),
        ("附录A", ["A.2"], True),
        ("附录A", ["第九条"], False),
        ("一、（一）2", ["一、（一）"], True),
        ("一、（一）", ["一、（一）2"], True),
        ("一、（一）2", ["一、（一）3"], False),
        ("一、（一）2", ["一、（十一）"], False),
        ("一、（一）2", ["十一、（一）"], False),
        ("一、（一）2", ["一、"], True),
        ("二、（三）（四）（十三）", ["二、（四）1"], True),
        ("（四）", ["二、（四）"], True),
        ("一、（一）", ["第九条"], False),
        ("前言", ["封面、前言"], False),
        ("", ["第九条"], True),
        ("第二章 安全责任", ["第九条"], True),
        ("第九条", ["第二章 安全责任"], True),
        ("第九条", ["第三章"], True),
        ("第九条", ["第三章第十条"], False),
        ("第三章", ["附录A"], False),
    ],
)
def test_a_change_touches_the_articles_it_names(article: str, changed: list[str], is_touched: bool) -> None:
    assert touches(article, changed) is is_touched


@quick
@given(articles, st.lists(articles, min_size=1))
def test_by_number_an_article_is_touched_exactly_if_it_is_named(article: str, changed: list[str]) -> None:
    assert touches(article, changed) is (article in changed)


@quick
@given(paths, paths)
def test_items_and_clauses_touch_exactly_what_holds_them_and_what_they_hold(
    one: tuple[int, ...], other: tuple[int, ...]
) -> None:
    shares = all(a == b for a, b in zip(one, other, strict=False))
    for write in (as_item, as_clause):
        assert touches(write(one), [write(other)]) is shares
        assert touches(write(one), [write(one[:-1] or one)])


@quick
@given(st.lists(paths, min_size=1, max_size=4), paths)
def test_of_several_items_each_is_touched(cited: list[tuple[int, ...]], changed: tuple[int, ...]) -> None:
    one_by_one = any(touches(as_item(one), [as_item(changed)]) for one in cited)
    assert touches("；".join(map(as_item, cited)), [as_item(changed)]) is one_by_one


def test_every_number_that_the_starter_bank_cites_is_read() -> None:
    without = {one.source_article for one in load_starter() if not places_in(one.source_article)}
    assert not [text for text in without if any(sign in text for sign in "条（(.")], without
