"""What to choose from while a question is written: knowledge points of syllabus and bank, legal documents."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from app.banks import queries, syllabus
from app.banks.models import Bank, Question
from app.banks.models_documents import LegalDocument
from app.banks.words_sources import STANDINGS, since
from app.core.db import db
from app.core.i18n import localised
from courses.knowledge_points import KnowledgePoint
from question_bank.sources import Standing, source_key

MOST = 300


@dataclass(frozen=True)
class Suggestion:
    """A knowledge point or document as a question carries it, and what to say of it beside, if anything."""

    value: str
    label: str = ""


def knowledge_points(bank: Bank) -> list[Suggestion]:
    """Return knowledge points for questions of *bank*, each once, MOST at most.

    Those of the syllabus come first, module by module, then those that the bank uses besides, by name.
    """
    of_syllabus = {each.name_zh: Suggestion(each.name_zh, _label(each)) for each in syllabus.points_of(bank)}
    in_use = [Suggestion(value) for value in queries.knowledge_points(bank, MOST) if value not in of_syllabus]
    return [*of_syllabus.values(), *in_use][:MOST]


def source_documents(bank: Bank) -> list[Suggestion]:
    """Return legal documents that questions may rest on, each once, MOST at most: those of *bank* first, then by name.

    Those that are repealed, or that no question rests on any more, are left out.
    """
    own = LegalDocument.key.in_(sorted({source_key(name) for name in queries.source_documents(bank, MOST)}))
    in_use = sa.exists().where(Question.legal_document_id == LegalDocument.id)
    query = sa.select(LegalDocument).where(LegalDocument.standing != Standing.REPEALED, in_use)
    order = (sa.case((own, 0), else_=1), LegalDocument.name, LegalDocument.id)
    found = db.session.scalars(query.order_by(*order).limit(MOST))
    return [Suggestion(one.name, _standing(one)) for one in found]


def _standing(document: LegalDocument) -> str:
    """Say of a document that was changed since when."""
    if document.standing is not Standing.CHANGED:
        return ""
    return f"{document.name} · {STANDINGS[document.standing]} {since(document)}"


def _label(point: KnowledgePoint) -> str:
    """Say point and module: some browsers show the label in place of the value."""
    return localised(f"{point.name_zh} · {point.module.title_zh}", f"{point.name_en} · {point.module.title_en}")
