"""What stands in the cells of a question table: words, numbers, days, and what they mean."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import TypeVar

from question_bank.errors import Problem
from question_bank.formats.markup.rich import sanitised_if_short
from question_bank.rich_text import HTML, PLAIN

_DIFFICULTIES = {
    1: ("1", "易", "简单", "容易", "较易", "低", "初级", "非常容易", "很容易", "非常简单", "easy"),
    2: ("2", "中", "中等", "一般", "适中", "普通", "中级", "medium", "normal"),
    3: ("3", "难", "困难", "较难", "高", "高级", "非常难", "很难", "非常困难", "hard"),
}
_DIFFICULTY_OF = {word: number for number, words in _DIFFICULTIES.items() for word in words}
_TRUTHS = {
    **dict.fromkeys(("是", "1", "true", "yes", "y", "√", "区分"), True),
    **dict.fromkeys(("否", "0", "false", "no", "n", "×", "不区分"), False),
}
_MARKUPS = {
    **dict.fromkeys(("html", "富文本", "xhtml"), HTML),
    **dict.fromkeys(("plain", "纯文本", "文本", "text"), PLAIN),
}
_DAY = re.compile(r"([0-9]{4})(?:[-/.年])([0-9]{1,2})(?:[-/.月])([0-9]{1,2})日?(?: 00:00:00)?")
Read = TypeVar("Read")
MARKS = {"sup": ("\ufdd0", "\ufdd1"), "sub": ("\ufdd2", "\ufdd3")}
"""Element of HTML -> signs before and behind a piece of a text that has no markup yet; no text has these signs."""
_TAG_OF = {ord(mark): f"<{'/' * end}{name}>" for name, marks in MARKS.items() for end, mark in enumerate(marks)}


@dataclass(frozen=True)
class Cell:
    """What stands in a cell. fault: the code of the reason why *text* is not what its author saw, or "".

    marked: the text with signs of MARKS around what is raised or lowered in it, "" if nothing is.
    """

    text: str
    fault: str = ""
    marked: str = ""


@dataclass(frozen=True)
class Row:
    """number: as a spreadsheet counts, from 1. line: as a text editor counts, 0 if the file has no lines."""

    number: int
    cells: Sequence[Cell]
    line: int = 0


def is_marked(text: str) -> bool:
    """Say whether *text* has signs of MARKS in it."""
    return any(sign in text for marks in MARKS.values() for sign in marks)


def in_html(text: str) -> str:
    """Return plain *text* with signs of MARKS as HTML."""
    return escape(text).replace("\n", "<br>").translate(_TAG_OF)


def unmarked(text: str) -> str:
    """Return *text* without signs of MARKS."""
    return text.translate(dict.fromkeys(_TAG_OF))


def folded(text: str) -> str:
    """Return *text* without regard to width, case and blanks around it."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def read(
    values: Mapping[str, str], field: str, reader: Callable[[str], Read | None], default: Read, problems: list[Problem]
) -> Read:
    """Return what *reader* makes of a cell, *default* if it is empty; what it can make nothing of is a problem."""
    text = values.get(field, "")
    if not text:
        return default
    found = reader(folded(text))
    if found is None:
        problems.append(Problem(field, "unreadable_value", {"value": text[:80]}))
        return default
    return found


def version_in(text: str) -> int | None:
    """Return the version that *text* states."""
    return int(text) if re.fullmatch(r"[0-9]{1,6}", text) else None


def difficulty_in(text: str) -> int | None:
    """Return the difficulty, 1..3, that *text* names."""
    return _DIFFICULTY_OF.get(text)


def difficulty_word(difficulty: int) -> str:
    """Return 易, 中 or 难."""
    return _DIFFICULTIES[difficulty][1]


def truth_in(text: str) -> bool | None:
    """Return whether *text* says yes."""
    return _TRUTHS.get(text)


def markup_in(text: str) -> str | None:
    """Return the markup that *text* names."""
    return _MARKUPS.get(text)


def day_in(text: str) -> str:
    """Return the day in *text* ("2021/9/1", "2021年9月1日") as "2021-09-01"; what is no day stays as it is."""
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", text))
    if found is None:
        return text
    try:
        return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    except ValueError:
        return text


def safe(text: str, markup: str) -> str:
    """Return *text* as a question may hold it: sanitised if it is HTML and not too long for any question."""
    return sanitised_if_short(text) if markup == HTML else text
