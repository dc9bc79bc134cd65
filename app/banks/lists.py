"""The lists of questions: their columns, filters and export."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any

import sqlalchemy as sa
from flask import Response, send_file
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.banks import exporting, finding, queries, words
from app.banks.finding import Trait, Wish
from app.banks.models import Bank, Question, QuestionState, QuestionVersion
from app.core.actors import Actor
from app.core.db import db
from app.core.errors import ServiceError
from app.core.forms import id_in
from app.core.imports import Import
from app.core.tables import EXPORT_LIMIT, Column, Page, Table
from question_bank.formats import FORMATS
from question_bank.formats.xlsx import MOST_ROWS
from question_bank.search_text import search_words

UNFINISHED = (QuestionState.DRAFT, QuestionState.IN_REVIEW)
OFFERED = 100  # values of a filter that stand in its list; others can be asked for in the address

KIND = Trait("kind", _l("题型"), tuple(words.KIND_NAMES.items()), attribute="kind")
_DIFFICULTY = Trait(
    "difficulty",
    _l("难度"),
    tuple((str(number), word) for number, word in words.DIFFICULTIES.items()),
    attribute="difficulty",
    parse=int,
)
STATE = Trait(
    "state",
    _l("状态"),
    tuple((state.value, word) for state, word in words.STATES.items()),
    attribute="state",
    parse=QuestionState,
)


class QuestionTable(Table):
    """A list of questions that is found as `finding` does it; its filters are Traits."""

    def wish(self, within: Mapping[str, Any], args: Mapping[str, str]) -> Wish:
        """Return what the address asks for. within: column -> value, where is looked at all."""
        known = self._known(args)
        chosen = [(one, known[one.key]) for one in self.filters if isinstance(one, Trait) and one.key in known]
        valid = [(one, value) for one, value in chosen if one.is_open or value in dict(one.options)]
        sort = known.get("sort", "")
        order = {column.key: column.sort.key for column in self.columns if column.sort is not None}
        return Wish(
            within,
            equal={one.attribute: one.parse(value) for one, value in valid if one.attribute},
            tag=next((value for one, value in valid if not one.attribute), ""),
            words=search_words(known.get("q", "")[:100]),
            order=order.get(sort.removeprefix("-"), self.default_sort),
            descending=sort.startswith("-"),
        )

    def page_within(self, within: Mapping[str, Any], args: Mapping[str, str]) -> Page:
        """Return the page that the address asks for, of the questions within *within*; rows: their current versions."""
        asked = args.get("page", "1")
        number = max(1, int(asked)) if asked.isdecimal() and len(asked) < 9 else 1
        found = finding.find(self.wish(within, args), number, self.per_page)
        pages = finding.page_count(found.total, self.per_page)
        is_cut = found.is_more or found.total > pages * self.per_page
        rows = queries.versions_by_question(found.ids)
        return Page(rows, found.total, found.number, pages, self._known(args), found.is_more, is_cut)

    def every(self, within: Mapping[str, Any], args: Mapping[str, str]) -> sa.Select[QuestionVersion]:
        """Select all that the address asks for, in its order, for an export."""
        wish = self.wish(within, args)
        return queries.current_versions().where(*finding.conditions(wish)).order_by(*wish.ordered(Question))


def author_trait(people: Sequence[tuple[int, str]], reader: Actor) -> Trait:
    """Return the filter by author; people: (id, name) of those that are offered."""
    options = tuple(
        (str(user_id), _("%(name)s（本人）", name=name) if user_id == reader.user_id else name)
        for user_id, name in people
    )
    return Trait("author", _l("编写人"), options, attribute="author_id", parse=int)


def questions_table(bank: Bank, args: Mapping[str, str], reader: Actor) -> QuestionTable:
    """Return the list of the questions of *bank*; it can be filtered by what the bank uses, and by what *args* ask.

    Of the authors those are offered who have questions on the way, in whichever bank.
    """
    points = _offered(queries.knowledge_points(bank, OFFERED), args.get("knowledge_point"))
    sources = _offered(queries.source_documents(bank, OFFERED), args.get("source"))
    tags = [(tag, words.tag_name(tag)) for tag, _same in _offered(queries.tags(bank, OFFERED), args.get("tag"))]
    return QuestionTable(
        "questions",
        columns=(
            Column("code", _l("编号"), lambda row: row.question.code, Question.code),
            Column("stem", _l("题干"), lambda row: row.stem),
            Column("kind", _l("题型"), lambda row: str(words.KIND_NAMES[row.kind]), Question.kind),
            Column("difficulty", _l("难度"), lambda row: str(words.DIFFICULTIES[row.difficulty]), Question.difficulty),
            Column("version", _l("版本"), lambda row: row.number, Question.current_version, is_number=True),
            Column("state", _l("状态"), lambda row: str(words.STATES[row.question.state]), Question.state),
        ),
        search=(Question.search_text,),
        search_label=_l("题干或编号"),
        filters=(
            *(STATE, KIND, _DIFFICULTY),
            Trait("knowledge_point", _l("知识点"), points, attribute="knowledge_point", is_open=True),
            Trait("source", _l("法规依据"), sources, attribute="source_document", is_open=True),
            Trait("tag", _l("标签"), tags, is_open=True),
            author_trait(queries.authors(UNFINISHED, also=id_in(args.get("author", ""))), reader),
            *_of_import(args, reader),
        ),
        default_sort="code",
    )


def _of_import(args: Mapping[str, str], reader: Actor) -> list[Trait]:
    """Return the filter by an import of the reader's own, once the address asks for one; none is offered."""
    own = sa.select(Import.filename).where(Import.created_by_id == reader.user_id)
    asked = id_in(args.get("import", ""))
    name = None if asked is None else db.session.scalar(own.where(Import.id == asked))
    return (
        [] if name is None else [Trait("import", _l("导入"), ((str(asked), name),), attribute="import_id", parse=int)]
    )


def with_boxes(table: QuestionTable) -> QuestionTable:
    """Return *table* with a column for tick boxes in front."""
    return replace(table, columns=(Column("pick", _l("选择"), lambda row: ""), *table.columns))


def exported(query: sa.Select[QuestionVersion], name: str) -> Response:
    """Return the questions that *query* selects as a workbook that can be imported again, key and source included.

    Raises ServiceError("question_export_too_large") above what one workbook takes.
    """
    rows = queries.versions_of(query.limit(min(MOST_ROWS, EXPORT_LIMIT) + 1))
    if len(rows) > MOST_ROWS:
        raise ServiceError("question_export_too_large", limit=MOST_ROWS)
    form = FORMATS["xlsx"]
    content = exporting.exported([queries.content_of(row) for row in rows], form.code).data
    return send_file(BytesIO(content), form.media_type, as_attachment=True, download_name=f"{name}{form.suffix}")


def _offered(values: Sequence[str], asked: str | None) -> tuple[tuple[str, str], ...]:
    chosen = [asked.strip()] if asked and asked.strip() and asked.strip() not in values else []
    return tuple((value, value) for value in [*values, *chosen])
