"""What the dry run of a file of questions tells beside errors: how it was read, and what a person should look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import asdict
from functools import cache
from typing import Any

from app.banks import documents, duplicates, queries, remarks
from app.banks.importing import STEM_BEGINS, QuestionRow, place_of, questions_in
from app.core import storage
from app.core.imports import NumberedRow
from courses.sectors import GENERAL
from question_bank.formats import FORMATS, Reading
from question_bank.sources import Standing

SHOWN = 20
LISTED_REMARKS = 500
LISTED_SIMILAR = 200
LISTED_NAMES = 50
USUAL_REMARKS = ("default_difficulty", "no_source")
Numbered = Sequence[tuple[int, QuestionRow]]


def findings(
    reading: Reading, rows: Sequence[NumberedRow], bank_code: str, most: int | None = LISTED_REMARKS
) -> dict[str, Any]:
    """Return what the reader of a dry run should know beside errors, as JSON values; rows: of `importing.as_rows`.

    remarks: what was read otherwise than it was written, [{"row", "line", "file_part", "code", "data"}], at most *most*
    (None: all) and remarks_total of them; usual: code -> count of those that most files give for every question, which
    are not listed. similar: [{place, "code", "stem", "other", "other_stem", "percent", "other_place"}], at most
    LISTED_SIMILAR, in the order of the file; place: "row", "line", "file_part"; other_place: the same of one of this
    file, None of one of the banks. new_documents, repealed_documents, points_outside: name -> questions, the most
    frequent LISTED_NAMES, with names_total of each. ignored: names of columns, sheets and files that were not read, but
    for the instructions that the template itself brings.
    """
    read = questions_in(rows)
    said = [
        {"row": one.row, "line": one.line, "file_part": one.part, "code": one.code, "data": dict(one.data)}
        for one in reading.remarks
        if one.code not in USUAL_REMARKS
    ]
    return {
        "remarks": said[:most],
        "remarks_total": len(said),
        "usual": _usual(reading, read),
        "similar": _similar(read),
        **_names(read, bank_code),
        "ignored": [title for title in reading.ignored if title not in _instructions()],
    }


def shown(rows: Sequence[NumberedRow]) -> dict[str, Any]:
    """Return the first questions as they were read, for the page of the dry run.

    shown: [{place, "question": payload}], at most SHOWN; read_total: how many were read. shown_pictures: digest ->
    media type of the pictures in them, which are kept with the uploaded file, not among the questions' own.
    """
    read = questions_in(rows)
    brought = {picture.digest: picture for _number, row in read[:SHOWN] for picture in row.pictures}
    for picture in brought.values():
        storage.keep(picture.data)
    return {
        "shown": [{**place_of(number, row), "question": row.content.to_payload()} for number, row in read[:SHOWN]],
        "shown_pictures": {digest: picture.media_type for digest, picture in brought.items()},
        "read_total": len(read),
    }


def _usual(reading: Reading, read: Numbered) -> dict[str, int]:
    """Count what most files leave unsaid. Tables say nothing of a missing source, so it is counted here for all."""
    counted = Counter(one.code for one in reading.remarks if one.code in USUAL_REMARKS)
    counted["no_source"] = sum(not row.content.source_document for _number, row in read)
    return {code: counted[code] for code in USUAL_REMARKS if counted[code]}


def _similar(read: Numbered) -> list[dict[str, Any]]:
    """Return the questions that read like one of the banks or like another of the file, as in `findings`."""
    places = {row.content.code: place_of(number, row) for number, row in read}
    stems = {row.content.code: row.content.plain_stem[:STEM_BEGINS] for _number, row in read}
    known = duplicates.same_as_any([row.fingerprint for _number, row in read])
    new = [row.content for _number, row in read if row.fingerprint not in known]
    found = [
        {**places[pair.code], **asdict(pair), "stem": stems[pair.code], "other_place": places.get(pair.other)}
        for pair in duplicates.alike_among(new, LISTED_SIMILAR)
    ]
    return sorted(found, key=lambda one: (one["row"], -one["percent"], one["other"]))


def _names(read: Numbered, bank_code: str) -> dict[str, Any]:
    """Return the documents and knowledge points of the questions that a person should look at, as in `findings`."""
    documents_named = Counter(row.content.source_document for _number, row in read)
    points_named = Counter(row.content.knowledge_point for _number, row in read)
    standings = documents.standings(documents_named)
    repealed = {name for name, standing in standings.items() if standing is Standing.REPEALED}
    found = {
        "new_documents": _among(documents_named, remarks.new_documents(documents_named)),
        "repealed_documents": _among(documents_named, repealed),
        "points_outside": _among(points_named, remarks.points_outside(points_named, queries.bank_by_code(bank_code))),
    }
    listed = {kind: dict(names.most_common(LISTED_NAMES)) for kind, names in found.items()}
    return {**listed, "names_total": {kind: len(names) for kind, names in found.items()}}


def _among(named: Counter[str], doubtful: Collection[str]) -> Counter[str]:
    return Counter({name: count for name, count in named.items() if name in doubtful})


@cache
def _instructions() -> tuple[str, ...]:
    """Return the titles in the template that no question stands under."""
    form = FORMATS["xlsx"]
    return form.read(form.template(), GENERAL).ignored
