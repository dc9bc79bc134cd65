"""Words for legal documents and for what changed between two versions, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.banks.documents import marks_of
from app.banks.models_documents import LegalDocument, LegalDocumentMark
from app.banks.words import DIFFICULTIES, KIND_NAMES, tag_name
from app.core.clock import today
from app.core.i18n import listed
from question_bank.comparison import Row
from question_bank.kinds import KINDS
from question_bank.options import LETTERS
from question_bank.sources import Standing

STANDINGS: dict[Standing, LazyString] = {
    Standing.IN_FORCE: _l("现行有效"),
    Standing.CHANGED: _l("已修改"),
    Standing.REPEALED: _l("已废止"),
}
MARKS: dict[Standing, str] = {Standing.IN_FORCE: "ok", Standing.CHANGED: "warn", Standing.REPEALED: "stop"}
FIELDS: dict[str, LazyString] = {
    "kind": _l("题型"),
    "stem": _l("题干"),
    "options": _l("选项"),
    "key": _l("答案"),
    "parts": _l("小题"),
    "unit": _l("单位"),
    "is_case_sensitive": _l("区分大小写"),
    "explanation": _l("解析"),
    "source_document": _l("法规依据"),
    "source_article": _l("条文"),
    "source_from": _l("依据有效期起"),
    "source_to": _l("依据有效期止"),
    "knowledge_point": _l("知识点"),
    "difficulty": _l("难度"),
    "tags": _l("标签"),
    "markup": _l("书写格式"),
}
_OPTION_FIELDS: dict[str, LazyString] = {
    "text": _l("选项%(letter)s"),
    "weight": _l("选项%(letter)s的权重（%%）"),
    "feedback": _l("选项%(letter)s的反馈"),
}
_ACCEPTED_FIELDS: dict[str, LazyString] = {
    "options": _l("可接受答案"),
    "key": _l("得满分的可接受答案"),
    "text": _l("可接受答案%(number)s"),
    "weight": _l("可接受答案%(number)s的权重（%%）"),
    "feedback": _l("可接受答案%(number)s的反馈"),
}
"""The same where answers are written and nothing is offered: they have no letters on the screen."""

_MARKUPS: dict[str, LazyString] = {"plain": _l("纯文本"), "html": _l("带格式")}
PROSE = frozenset({"stem", "explanation", "text", "feedback", "source_document", "source_article", "knowledge_point"})
"""Fields of a comparison that are read word by word; the others are a single value each."""


def changed(names: Iterable[str], kind: str) -> str:
    """Return the names of changed fields of a question of *kind* as one phrase."""
    own = FIELDS if KINDS[kind].offers_options else {**FIELDS, **_ACCEPTED_FIELDS}
    return listed(own[name] for name in names)


def row_name(row: Row, kind: str) -> str:
    """Return what a line of a comparison is about. kind: of the question or part."""
    own = {**FIELDS, **_OPTION_FIELDS} if KINDS[kind].offers_options else {**FIELDS, **_ACCEPTED_FIELDS}
    name = str(own[row.field])
    if row.letter:
        name %= {"letter": row.letter, "number": _number(row.letter)}
    return str(_("第 %(number)s 小题：%(name)s", number=row.part, name=name)) if row.part else name


def row_value(field: str, value: str, kind: str) -> str:
    """Return one side of a comparison that holds a code, in words. kind: of the question or part."""
    if not value:
        return str(_("否")) if field == "is_case_sensitive" else ""
    if field == "key" and kind == "true_false":
        return str(_("正确") if value == "A" else _("错误"))
    if field == "key" and not KINDS[kind].offers_options:
        return listed(_number(letter) for letter in value)
    tables: dict[str, dict[str, LazyString]] = {
        "kind": KIND_NAMES,
        "difficulty": {str(number): word for number, word in DIFFICULTIES.items()},
        "markup": _MARKUPS,
        "is_case_sensitive": {"1": _l("是")},
    }
    if field == "tags":
        return listed(tag_name(tag) for tag in value.split())
    return str(tables.get(field, {}).get(value, value))


def mark_sentence(mark: LegalDocumentMark) -> str:
    """Return what a mark says, without what it was recorded for: 自 2026-05-01 起修改，涉及 第九条."""
    day, holds = mark.since.isoformat(), mark.is_in_effect(today())
    if mark.standing is Standing.REPEALED:
        words = _("自 %(day)s 起废止", day=day) if holds else _("将自 %(day)s 起废止", day=day)
        return str(words)
    words = _("自 %(day)s 起修改", day=day) if holds else _("将自 %(day)s 起修改", day=day)
    return str(words) + (str(_("，涉及 %(articles)s", articles=listed(mark.articles))) if mark.articles else "")


def standing_sentence(document: LegalDocument) -> str:
    """Return where a document stands: what each of its marks says, or that it is in force."""
    return marks_sentence(marks_of(document)) or str(STANDINGS[Standing.IN_FORCE])


def marks_sentence(marks: Iterable[LegalDocumentMark]) -> str:
    """Return what several marks of a document say, in the order of their days; "" for none."""
    ordered = sorted(marks, key=lambda mark: (mark.since, mark.id))
    return listed((mark_sentence(mark) for mark in ordered), clauses=True)


def ahead(document: LegalDocument) -> list[LegalDocumentMark]:
    """Return the marks of a document whose day is still to come."""
    return [mark for mark in marks_of(document) if not mark.is_in_effect(today())]


def replaced_by(document: LegalDocument) -> str:
    """Return what takes the place of a document, as last recorded; "" if nothing is."""
    return next((mark.replaced_by for mark in reversed(marks_of(document)) if mark.replaced_by), "")


def since(document: LegalDocument) -> str:
    """Return since when a document stands as it does, "" while it is in force."""
    return "" if document.changed_on is None else document.changed_on.isoformat()


def _number(letter: str) -> int:
    """Return which accepted answer a letter stands for, from 1."""
    return LETTERS.index(letter) + 1
