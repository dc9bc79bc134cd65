"""The lists of legal documents, of the questions that rest on one, and of those whose source is about to end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.banks import queries, words
from app.banks.lists import STATE, QuestionTable
from app.banks.models import Bank, Question, QuestionState, QuestionVersion
from app.banks.models_documents import LegalDocument, LegalDocumentMark
from app.banks.words_sources import STANDINGS, since
from app.core.db import db
from app.core.i18n import localised
from app.core.tables import Column, Filter, Page, Table
from question_bank.sources import Standing

SOON_DAYS = 90
COUNTED_UP_TO = 10_000
COUNTED = (QuestionState.APPROVED, QuestionState.IN_REVIEW, QuestionState.DRAFT, QuestionState.SUSPENDED)
"""The states whose questions a list of documents counts, in this order behind the document in each row."""


def _count(state: QuestionState) -> sa.ScalarSelect[int]:
    resting = sa.select(sa.func.count()).where(Question.legal_document_id == LegalDocument.id, Question.state == state)
    return resting.correlate(LegalDocument).scalar_subquery()


def _counted(place: int) -> Callable[[Any], int]:
    return lambda row: int(row[place])


_COUNTS = {state: _count(state) for state in COUNTED}
DOCUMENTS = Table(
    "legal-documents",
    columns=(
        Column("name", _l("法规文件"), lambda row: row[0].name, LegalDocument.name),
        Column("standing", _l("状态"), lambda row: str(STANDINGS[row[0].standing]), LegalDocument.standing),
        Column("since", _l("自何日起"), lambda row: since(row[0]), LegalDocument.changed_on),
        *(
            Column(state.value, words.STATES[state], _counted(place), _COUNTS[state], is_number=True)
            for place, state in enumerate(COUNTED, start=1)
        ),
    ),
    search=(LegalDocument.name,),
    search_label=_l("文件名称"),
    filters=(
        Filter(
            "standing",
            _l("状态"),
            tuple((standing.value, word) for standing, word in STANDINGS.items()),
            lambda value: LegalDocument.standing == Standing(value),
        ),
    ),
    default_sort="name",
    tie_break=LegalDocument.id,
)
_CODE = Column("code", _l("编号"), lambda row: row.question.code, Question.code)
_STEM = Column("stem", _l("题干"), lambda row: row.stem)
_BANK = Column("bank", _l("所属题库"), lambda row: _bank_name(row.question.bank))
_STATE = Column("state", _l("状态"), lambda row: str(words.STATES[row.question.state]))
RESTING = QuestionTable(
    "questions-of-document",
    columns=(_CODE, _STEM, _BANK, Column("article", _l("条文"), lambda row: row.source_article), _STATE),
    search=(Question.search_text,),
    search_label=_l("题干或编号"),
    filters=(STATE,),
    default_sort="code",
)


def documents_page(args: Mapping[str, str]) -> Page:
    """Return the page of documents that the address asks for; rows: a document, then the counts of COUNTED.

    Questions are counted for the documents of the page only.
    """
    page = DOCUMENTS.page(sa.select(LegalDocument).where(_is_listed()), args)
    group = (Question.legal_document_id, Question.state)
    asked = Question.legal_document_id.in_([document.id for document in page.rows])
    counted = db.session.execute(sa.select(*group, sa.func.count()).where(asked).group_by(*group))
    counts = {(document_id, state): count for document_id, state, count in counted}
    rows = [(one, *(counts.get((one.id, state), 0) for state in COUNTED)) for one in page.rows]
    return replace(page, rows=rows)


def documents_query() -> sa.Select[Any]:
    """Select every document that questions rest on or that was marked, as the rows of `documents_page`."""
    columns: list[Any] = [LegalDocument, *_COUNTS.values()]
    return sa.select(*columns).where(_is_listed())


def _is_listed() -> sa.ColumnElement[bool]:
    rests = sa.exists().where(Question.legal_document_id == LegalDocument.id, Question.state.in_(COUNTED))
    mark_of = (LegalDocumentMark.legal_document_id == LegalDocument.id, LegalDocumentMark.withdrawn_at.is_(None))
    return sa.or_(sa.exists().where(*mark_of), rests)


def ending_table(day: date) -> Table:
    """Return the list of questions whose source ends within SOON_DAYS of *day* or has ended."""
    return Table(
        "questions-with-ending-source",
        columns=(
            Column("until", _l("依据有效期止"), lambda row: row.question.source_to.isoformat(), Question.source_to),
            *(_CODE, _STEM, _BANK),
            Column("source", _l("法规依据"), lambda row: f"{row.source_document} {row.source_article}"),
            _STATE,
        ),
        search=(Question.search_text,),
        search_label=_l("题干或编号"),
        filters=(
            Filter(
                "end",
                _l("有效期"),
                (("over", _l("已过")), ("soon", _l("90 天内到期"))),
                lambda value: Question.source_to < day if value == "over" else Question.source_to >= day,
            ),
        ),
        default_sort="until",
        tie_break=Question.id,
        count_limit=COUNTED_UP_TO,
    )


def ending_page(day: date, args: Mapping[str, str]) -> Page:
    """Return the page of that list that the address asks for; rows: current versions.

    Which ones they are is read from the questions alone, and only those of the page with what they say.
    """
    page = ending_table(day).page(sa.select(Question.id).where(*_ending(day)), args)
    return replace(page, rows=queries.versions_by_question(page.rows))


def ending_query(day: date) -> sa.Select[QuestionVersion]:
    """Select the current versions, retired ones left out, whose source ends within SOON_DAYS of *day* or has ended."""
    return queries.current_versions().where(*_ending(day))


def _ending(day: date) -> tuple[sa.ColumnElement[bool], ...]:
    return Question.source_to <= day + timedelta(days=SOON_DAYS), Question.state != QuestionState.RETIRED


def _bank_name(bank: Bank) -> str:
    return localised(bank.name_zh, bank.name_en)
