"""Two versions of a question side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, request

from app.accounts.access import requires
from app.banks import queries
from app.banks.blueprint import bp
from app.banks.models import Question, QuestionVersion
from app.banks.permissions import READERS
from app.banks.words_sources import PROSE, row_name, row_value
from app.core.errors import NotFound
from question_bank.comparison import Fate, Piece, Row, changed_fields, compare
from question_bank.questions import Question as Content

MOST_MATCHED = 60  # rows whose texts are matched word by word; what lies beyond is shown whole


@dataclass(frozen=True)
class Line:
    """One row of the page: what it is about, and what stands on either side."""

    name: str
    is_changed: bool
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]


@bp.get("/questions/<int:question_id>/compare")
@requires(*READERS)
def compare_question(question_id: int) -> str:
    """Show ?from= and ?to=, by default the last approved version before the current one, and the current one."""
    question = queries.question_by_id(question_id)
    current = queries.current_of(question)
    first = _asked(question, "from") or queries.approved_before(question) or _before(question, current)
    second = _asked(question, "to") or current
    before, after = queries.content_of(first), queries.content_of(second)
    rows = compare(before, after)
    lines = _lines(rows, before, after)
    return render_template(
        "banks/compare.html",
        question=question,
        first=first,
        second=second,
        before=before,
        after=after,
        changed=[line for line in lines if line.is_changed],
        unchanged=[line for line in lines if not line.is_changed],
        only_markup=_only_markup(rows, before, after),
    )


def _asked(question: Question, name: str) -> QuestionVersion | None:
    """Return the version that the address names, None if it names none. Raises NotFound for one that is not there."""
    number = request.args.get(name, "")
    if not number:
        return None
    found = next((version for version in question.versions if str(version.number) == number), None)
    if found is None:
        raise NotFound("not_found")
    return found


def _before(question: Question, current: QuestionVersion) -> QuestionVersion:
    """Return the version before *current*, or itself if it is the first."""
    earlier = [version for version in question.versions if version.number < current.number]
    return earlier[-1] if earlier else current


def _lines(rows: Sequence[Row], before: Content, after: Content) -> list[Line]:
    matched = [row for row in rows if row.is_changed and row.field in PROSE][:MOST_MATCHED]
    return [_line(row, before, after, is_matched=row in matched) for row in rows]


def _line(row: Row, before: Content, after: Content, *, is_matched: bool) -> Line:
    name = row_name(row, _kind_of(after, row.part) or _kind_of(before, row.part))
    if is_matched:
        found = row.pieces
        return Line(name, True, _without(found, Fate.ADDED), _without(found, Fate.REMOVED))
    left, right = row.before, row.after
    if row.field not in PROSE:
        left = row_value(row.field, left, _kind_of(before, row.part))
        right = row_value(row.field, right, _kind_of(after, row.part))
    fates = (Fate.REMOVED, Fate.ADDED) if row.is_changed else (Fate.KEPT, Fate.KEPT)
    return Line(name, row.is_changed, _whole(fates[0], left), _whole(fates[1], right))


def _without(found: Sequence[Piece], fate: Fate) -> tuple[Piece, ...]:
    return tuple(piece for piece in found if piece.fate is not fate)


def _whole(fate: Fate, text: str) -> tuple[Piece, ...]:
    return (Piece(fate, text),) if text else ()


def _kind_of(content: Content, part: int) -> str:
    """Return the kind of the question, or of one of its parts; "" for a part that this version does not have."""
    if part == 0:
        return content.kind
    return content.parts[part - 1].kind if part <= len(content.parts) else ""


def _only_markup(rows: Sequence[Row], before: Content, after: Content) -> list[str]:
    """Return the fields that differ though they read alike: bold text, a table's cells, a picture's bytes."""
    read = {"parts" if row.part else "options" if row.letter else row.field for row in rows if row.is_changed}
    return [name for name in changed_fields(before, after) if name not in read]
