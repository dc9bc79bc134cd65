"""Search of code and stem: exactly what contains the words, on both databases, through the index and without it."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from app.banks import copies, finding, search, service
from app.banks.finding import Wish
from app.banks.models import Question
from app.core.clock import now
from app.core.db import db
from question_bank.search_text import folded, search_text, search_words, tokens, tokens_of_word
from tests.app.banks.at_scale import bank_of, content
from tests.app.banks.samples import WANG, drafts

# Few characters, so that words and stems meet; signs that a database might read in its own way among them.
CHARACTERS = "安全生产法第1２aＡÅé%_'\"\\*&|!()-: 　𰻝"
stems = st.text(CHARACTERS, min_size=1, max_size=12).map(lambda text: f"示{text}例")
asked = st.text(CHARACTERS, min_size=1, max_size=5).filter(lambda text: bool(text.split()))


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.lists(stems, min_size=1, max_size=8), st.lists(asked, min_size=1, max_size=6))
def test_tokens_of_a_word_stand_in_every_text_that_contains_it(texts: list[str], words: list[str]) -> None:
    for text in map(folded, texts):
        for word in (one for each in words for one in search_words(each)):
            if word in text:
                assert set(tokens_of_word(word)) <= set(tokens(text))
            if len(word) <= 2:
                assert (set(tokens_of_word(word)) <= set(tokens(text))) == (word in text)


def test_search_finds_exactly_the_questions_that_contain_the_words(app: Flask) -> None:
    """Every example enters new questions; what earlier ones brought is part of the test."""
    bank, other = bank_of(), bank_of("mines")
    stored: dict[str, str] = {}

    @settings(max_examples=40, deadline=None, derandomize=True)
    @given(st.lists(stems, min_size=1, max_size=6), st.lists(asked, min_size=1, max_size=6))
    def holds(texts: list[str], words: list[str]) -> None:
        new = [content(len(stored) + place, stem=f"{text}{len(stored) + place}") for place, text in enumerate(texts)]
        service.add_drafts(drafts(new), {bank.code: bank.id}, actor=WANG, now=now())
        stored.update((one.code, search_text(one.code, one.stem)) for one in new)
        for each in words:
            wanted = search_words(each)
            expected = sorted(code for code, text in stored.items() if all(word in text for word in wanted))
            assert found_by_index(wanted, bank.id) == expected
            assert found_on_pages(each, bank.id) == expected
            assert found_by_index(wanted, other.id) == []

    holds()


def found_by_index(words: tuple[str, ...], bank_id: int) -> list[str]:
    hits = search.candidates(words, bank_id)
    query = sa.select(Question.code).where(Question.id.in_(hits), *search.contains(Question.search_text, words))
    return sorted(db.session.scalars(query))


def found_on_pages(words: str, bank_id: int) -> list[str]:
    wish = Wish({"bank_id": bank_id}, words=search_words(words))
    first = finding.find(wish, 1, 25)
    pages = [finding.find(wish, number, 25) for number in range(1, finding.page_count(first.total, 25) + 1)]
    ids = [one for page in pages for one in page.ids]
    assert len(ids) == first.total
    return sorted(db.session.scalars(sa.select(Question.code).where(Question.id.in_(ids))))


def test_an_edited_question_is_found_by_its_new_words_only(app: Flask) -> None:
    bank = bank_of()
    question = service.create(bank, content(1, stem="旧的示例题干甲"), actor=WANG, now=now())
    seen = question.versions[0].digest
    service.edit(question, content(1, stem="新的示例题干乙"), seen=seen, actor=WANG, now=now())
    assert found_by_index(("旧的",), bank.id) == []
    assert found_by_index(("干乙",), bank.id) == ["general-0001"]


def test_a_deleted_question_leaves_nothing_in_index_and_bands(app: Flask) -> None:
    bank = bank_of()
    service.add_drafts(drafts([content(1), content(2)]), {bank.code: bank.id}, actor=WANG, now=now())
    first = db.session.scalars(sa.select(Question).order_by(Question.code)).first()
    assert first is not None
    gone = first.id
    db.session.delete(first)
    db.session.flush()
    name = "rowid" if db.engine.dialect.name == "sqlite" else "question_id"
    for table, column in (("question_search", name), ("question_band", "question_id"), ("question_tag", "question_id")):
        counted = sa.text(f"SELECT count(*) FROM {table} WHERE {column} = :gone")  # noqa: S608 - names of this test
        assert db.session.scalar(counted, {"gone": gone}) == 0, table
    assert found_by_index(("示例",), bank.id) == ["general-0002"]


def test_copies_say_what_the_current_version_says(app: Flask) -> None:
    bank = bank_of()
    question = service.create(bank, content(1), actor=WANG, now=now())
    changed = content(2, code="general-0001")
    service.edit(question, changed, seen=question.versions[0].digest, actor=WANG, now=now())
    db.session.expire(question)
    assert {name: getattr(question, name) for name in copies.columns(changed)} == copies.columns(changed)
