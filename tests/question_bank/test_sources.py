"""Legal sources: spellings of a name, and what may be approved when a document has changed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.errors import LifecycleError
from question_bank.sources import (
    LONGEST_KEY,
    Comparison,
    Mark,
    Standing,
    check_source,
    compared_to,
    core_name,
    is_in_doubt,
    is_in_force,
    last_day,
    source_key,
)
from question_bank.starter import load_starter
from tests.question_bank.samples import quick, single_choice

names = st.text(st.characters(codec="utf-8"), max_size=40)
articles = st.builds("第{}条".format, st.integers(1, 300))
days = st.dates(date(2000, 1, 1), date(2040, 1, 1))
CHANGES = (Standing.CHANGED, Standing.REPEALED)
RECORDED = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
moments = st.timedeltas(timedelta(days=-1000), timedelta(days=1000)).map(lambda after: RECORDED + after)
compared = st.builds(Comparison, moments, days)
changes = st.builds(Mark, st.just(Standing.CHANGED), days, st.just(RECORDED))


@pytest.mark.parametrize(
    "spelled",
    [
        "《示例安全法》（2021年修正）",
        "示例安全法(2021年修正)",
        "示例　安全法（2021年修正）",
        "示例安全法〔2021年修正〕",
    ],
)
def test_width_blanks_and_brackets_do_not_make_another_document(spelled: str) -> None:
    assert source_key(spelled) == source_key("示例安全法（2021年修正）")


def test_another_edition_has_another_key_but_the_same_core() -> None:
    new, old = "中华人民共和国示例法（2021年修正）", "《示例法》（2014年修正）"
    assert source_key(new) != source_key(old)
    assert core_name(new) == core_name(old) == "示例法"


def test_no_two_documents_of_the_starter_bank_are_taken_for_one() -> None:
    cited = {question.source_document for question in load_starter()}
    assert len({source_key(name) for name in cited}) == len(cited)


@quick
@given(names)
def test_a_key_is_its_own_key_and_fits_its_column(name: str) -> None:
    key = source_key(name)
    assert source_key(f"《{key}》") == key or len(key) == 64
    assert len(source_key(name * 20)) <= LONGEST_KEY


@pytest.mark.parametrize(
    ("first", "last", "is_drawn"),
    [
        (None, None, True),
        (date(2026, 3, 2), None, True),
        (date(2026, 3, 3), None, False),
        (None, date(2026, 3, 2), True),
        (None, date(2026, 3, 1), False),
        (date(2026, 3, 2), date(2026, 3, 2), True),
    ],
)
def test_a_source_is_in_force_from_its_first_to_its_last_day(
    first: date | None, last: date | None, is_drawn: bool
) -> None:
    assert is_in_force(date(2026, 3, 2), first, last) is is_drawn


@quick
@given(days, st.lists(compared, max_size=2), articles)
def test_a_repeal_puts_everything_in_doubt_and_lets_nothing_pass(
    day: date, done: list[Comparison], article: str
) -> None:
    question, mark = single_choice(source_article=article), Mark(Standing.REPEALED, day, RECORDED)
    assert is_in_doubt(question, mark, done)
    with pytest.raises(LifecycleError, match="source_repealed"):
        check_source(question, [mark])


@quick
@given(days, st.none() | days, st.lists(articles, max_size=3), articles, st.lists(compared, max_size=2))
def test_a_change_puts_in_doubt_what_it_touches_unless_it_is_newer_or_was_compared_since(
    day: date, begun: date | None, changed: list[str], article: str, done: list[Comparison]
) -> None:
    question = single_choice(source_article=article, source_from=begun.isoformat() if begun else "")
    is_touched = not changed or article in changed
    is_settled = (begun is not None and begun >= day) or any(one.at > RECORDED and one.to >= day for one in done)
    mark = Mark(Standing.CHANGED, day, RECORDED, tuple(changed))
    assert is_in_doubt(question, mark, done) is (is_touched and not is_settled)


def test_what_is_in_doubt_by_a_change_passes_once_it_is_checked() -> None:
    mark = Mark(Standing.CHANGED, date(2026, 3, 2), RECORDED)
    check_source(single_choice(), [])
    with pytest.raises(LifecycleError, match="source_changed"):
        check_source(single_choice(), [mark])


@quick
@given(days, st.lists(compared, max_size=2), st.lists(changes, max_size=3), st.lists(changes, max_size=3))
def test_who_compares_settles_the_changes_that_were_shown_up_to_the_first_that_is_left(
    today: date, known: list[Comparison], done: list[Mark], left: list[Mark]
) -> None:
    ahead = [mark for mark in left if mark.since > today]
    made = Comparison(RECORDED + timedelta(hours=1), compared_to(today, known, done, ahead))
    assert made.to >= today
    assert not any(made.settles(mark) for mark in ahead)
    first = min((mark.since for mark in ahead), default=date.max)
    assert all(made.settles(mark) for mark in done if mark.since < first)


@quick
@given(st.none() | days, st.lists(st.builds(Mark, st.sampled_from(CHANGES), days, st.just(RECORDED)), max_size=3))
def test_the_last_day_is_the_one_before_the_first_mark_or_that_of_the_source(
    stated: date | None, marks: list[Mark]
) -> None:
    question = single_choice(source_to=stated.isoformat() if stated else "")
    days_before = [mark.since - timedelta(days=1) for mark in marks]
    assert last_day(question, marks) == min([*days_before, *([stated] if stated else [])], default=None)
