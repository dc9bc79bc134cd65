"""Words for what an import or export found: places, errors, remarks, losses.

form: code of the format of the file, "" where it is not known: rows of a table are counted otherwise than questions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from app.banks import across, words
from app.banks.models import Question
from app.core.errors import sentence
from app.core.i18n import listed
from question_bank.questions import Question as Content

TABLES = ("xlsx", "csv")


def place(found: Mapping[str, Any], form: str = "") -> str:
    """Return where in its file something was found: row, or question and line, and the sheet or the file in an archive.

    found: an error or remark as JSON values; line and file_part stand in it or in its data.
    """
    data = {**found.get("data", {}), **found}
    row, line, part = data.get("row", 0), data.get("line", 0), data.get("file_part", "")
    said = [part] if part else []
    if form in TABLES:
        said += [_row_words(line if part else row, 0 if part else line)]
    elif row and not line and not part:
        said += [_row_words(row, 0)]
    else:
        said += [_("第 %(row)s 题", row=row)] if row else []
        said += [_("文件第 %(line)s 行", line=line)] if line else []
    return listed(one for one in said if one)


def _row_words(row: int, line: int) -> str:
    """Say a row as its reader counts, and its line in the text where line breaks in cells made that another one."""
    if line and line != row:
        return str(_("第 %(row)s 行（文本第 %(line)s 行）", row=row, line=line))
    return str(_("第 %(row)s 行", row=row)) if row else ""


def errors(found: Sequence[Mapping[str, Any]], form: str = "") -> list[dict[str, Any]]:
    """Return the errors of a dry run with place, beginning of the stem ("" where it was not read) and sentence; one
    about a part begins with its number."""
    return [
        {
            **one,
            "name": "",
            "place": place(one, form),
            "stem": one["data"].get("stem", ""),
            "sentence": error(one["code"], one["data"], form),
        }
        for one in found
    ]


def error(code: str, data: Mapping[str, Any], form: str = "") -> str:
    """Return the sentence of one error. What a reader leaves unsaid of it is shown as a dash."""
    plain = Said({name: listed(value) if isinstance(value, (list, tuple)) else value for name, value in data.items()})
    plain.update(across.with_bank(plain))
    if "first_row" in data:
        plain["first"] = place(data["first"], form) if "first" in data else _first(data, form)
    told = sentence(code, plain)
    return (
        _("第 %(number)s 小题：%(told)s", number=data["part"], told=told) if isinstance(data.get("part"), int) else told
    )


def _first(data: Mapping[str, Any], form: str) -> str:
    """Return the place of the question that came first, as the library names it: its number, its line in a text, or
    "sheet!row" in a workbook of several sheets."""
    part, _mark, row = str(data["first_row"]).rpartition("!")
    line = int(row) if part else data.get("first_line", 0)
    return place({"row": int(row), "line": line, "file_part": part}, form)


class Said(dict[str, Any]):
    """Values for a sentence, with a dash for those that are missing."""

    def __missing__(self, name: str) -> str:
        return "—"


def remarks(found: Sequence[Mapping[str, Any]], form: str = "") -> list[dict[str, str]]:
    """Return place and sentence of each remark of a reading."""
    return [{"place": place(one, form), "sentence": remark(one["code"], one["data"])} for one in found]


def usual(counted: Mapping[str, int]) -> list[str]:
    """Return one phrase a remark that most questions of the file have. counted: code -> questions."""
    return [_("%(told)s（%(count)s 题）", told=remark(code, {}), count=count) for code, count in counted.items()]


def remark(code: str, data: Mapping[str, Any]) -> str:
    """Return the sentence of one remark."""
    if code == "picture_left_out" and "reason" in data:
        data = {**data, "reason": sentence(f"question_picture_left_out_{data['reason']}")}
    return error(f"question_remark_{code}", data)


def doubtful_names(told: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what the names of documents and knowledge points ask a person to look at: (sentence, the names).

    told: of importing_findings.findings; also of an import that was checked before names were told.
    """
    sentences = {
        "new_documents": _("下列法规依据第一次出现，请核对名称："),
        "repealed_documents": _("下列法规依据已废止，依据它的试题不能送审："),
        "points_outside": _("下列知识点不在本行业的课程大纲里，不计入大纲覆盖："),
    }
    return [(sentences[kind], _names(told[kind], told["names_total"][kind])) for kind in sentences if told.get(kind)]


def _names(counted: Mapping[str, int], total: int) -> str:
    said = listed(_("%(name)s（%(count)s 题）", name=name, count=count) for name, count in counted.items())
    return said if total <= len(counted) else str(_("%(names)s 等 %(total)s 个", names=said, total=total))


def similar(found: Sequence[Mapping[str, Any]], stored: Mapping[str, Question], form: str = "") -> list[dict[str, Any]]:
    """Return the pairs that read alike with their places in words; stored: code -> question of the banks, of which a
    pair with one of them has its own. found: importing_findings.findings."""
    return [
        {
            **one,
            "place": place(one, form),
            "other_place": place(one["other_place"], form) if one.get("other_place") else "",
            "stored": stored.get(one["other"]),
        }
        for one in found
    ]


def shown(found: Sequence[Mapping[str, Any]], form: str = "") -> list[tuple[str, Content]]:
    """Return place and content of the questions that a dry run keeps to be seen; found: importing_findings.shown."""
    return [(place(one, form), Content.from_payload(one["question"])) for one in found]


def losses(lost: Mapping[str, int]) -> list[str]:
    """Return one phrase a field that an export could not carry. lost: field -> questions."""
    return [
        _("%(field)s：%(count)s 道试题", field=words.FIELDS.get(name, name), count=count)
        for name, count in lost.items()
    ]
