"""Articles, clauses and items of legal documents: which ones a citation names, in what order, what a change touches.

Three ways of numbering are read: articles of a law (第九条第二款, 第一百三十四条之一), clauses of a standard (5.2.1,
A.3, 第5章, 附录A) and items of a notice (一、（一）2). What has none of them (前言, 表1) is compared as it is written.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import lru_cache

Place = tuple[str | int | None, ...]
"""Where something stands: ARTICLE, CLAUSE or ITEM, then its numbers from the outermost. None: left open.

("article", 26, 0) is 第二十六条, ("article", 134, 1) 第一百三十四条之一, ("clause", 5, 2, 1) 5.2.1,
("clause", "A") 附录A, ("item", 1, 1, 2) 一、（一）2, ("item", None, 4) （四）, under whatever 一、二、三、.
"""

ARTICLE, CLAUSE, ITEM = "article", "clause", "item"
_BETWEEN, _UNTIL = "、,;.和及与", "至到—–~-"
_SIGNS = re.escape(_BETWEEN + _UNTIL)
_NUMERAL = "[〇零一二两三四五六七八九十百千0-9]{1,12}"
_ITEM_NUMERAL = "[〇零一二三四五六七八九十百]{1,6}"
_ARTICLE = re.compile(rf"第\s*({_NUMERAL})\s*条(?:之({_NUMERAL}))?")
_RANGE = re.compile(rf"第\s*({_NUMERAL})\s*条?\s*[{_UNTIL}]\s*第?\s*({_NUMERAL})\s*条")
_ROW = re.compile(rf"第\s*({_NUMERAL}(?:\s*[、,]\s*{_NUMERAL})+)\s*条")
_INNER = re.compile(rf"({_NUMERAL})\)?[款项目]")
_CLAUSE = re.compile(r"(?<![0-9A-Z.])[A-Z](?:\.[0-9]+)+|[0-9]+(?:\.[0-9]+)+|^[0-9]{1,3}(?=\s|$)")
_CLAUSES = re.compile(rf"((?:[0-9]+\.)+)([0-9]+)\s*[{_UNTIL}]\s*\1([0-9]+)")
_ANNEX = re.compile(r"附录\s*([A-Z])(?![A-Z.])")
_CHAPTER = re.compile(rf"第\s*({_NUMERAL})\s*章")
_LEVELS = (
    re.compile(rf"({_ITEM_NUMERAL})(?=[{_SIGNS}(\s]|$)"),
    re.compile(rf"\(({_ITEM_NUMERAL})\)"),
    re.compile(rf"([0-9]{{1,3}})(?=[{_SIGNS}(\s]|$)"),
    re.compile(r"\(([0-9]{1,3})\)"),
)
"""How an item is written, from the outermost level: 一、 （一） 1. （1）. Only the second may follow a word."""

_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_LONGEST_RANGE = 300


@lru_cache(maxsize=4096)
def places_in(text: str) -> frozenset[Place]:
    """Return the articles, clauses and items that *text* names; items only where it names neither of the others.

    Paragraphs and items of an article (款, 项) are left out: a change of the article concerns them all. A chapter
    counts where it stands for itself, as a clause: 第5章 动火作业 5.2.2 names the clause, not all of chapter 5.
    """
    plain = unicodedata.normalize("NFKC", text).upper().strip()
    articles, clauses = frozenset(_articles(plain)), frozenset(_clauses(plain))
    if not articles:
        clauses |= {one for one in _chapters(plain) if not any(one == other[:2] for other in clauses)}
    return articles | clauses or frozenset(_items(plain))


def article_order(text: str) -> tuple[list[tuple[bool, int, str]], list[int], str]:
    """Return what sorts articles as the document does: 第九条第二款 before 第九条第三款, what has no number last."""
    found = [[_rank(number) for number in place[1:]] for place in places_in(text)]
    inner = [_number(numeral) for numeral in _INNER.findall(unicodedata.normalize("NFKC", text))]
    return (min(found) if found else [(True, 1, "")], inner, text)


def touches(article: str, changed: Collection[str]) -> bool:
    """Say whether a question that rests on *article* is concerned when the articles *changed* are; none means all.

    Articles, clauses and items are compared by number, each with what it contains and with what contains it: 5.1 with
    5.1.1, not with 5.10; 一、（一） with 一、（一）2. What has no number is compared as it is written. A question that
    names no article may rest on any; one that leaves out the outer level, （四）, on that of any. Articles do not say
    which chapter they stand in: where a question or a change names a chapter only, any article may be meant.
    """
    return not changed or any(_concerns(other, article) for other in changed)


def _concerns(changed: str, article: str) -> bool:
    first, second = _bare(changed), _bare(article)
    if not first or not second or first == second:
        return True
    found, places = places_in(changed), places_in(article)
    if any(_overlap(one, other) for one in found for other in places):
        return True
    return (_is_chapter(places) and _has_article(found)) or (_is_chapter(found) and _has_article(places))


def _is_chapter(places: Collection[Place]) -> bool:
    """Whether nothing but whole chapters is named."""
    is_whole = all(place[0] == CLAUSE and len(place) == 2 and isinstance(place[1], int) for place in places)
    return bool(places) and is_whole


def _has_article(places: Collection[Place]) -> bool:
    return any(place[0] == ARTICLE for place in places)


def _overlap(one: Place, other: Place) -> bool:
    """Whether one of two places may hold the other."""
    return all(a is None or b is None or a == b for a, b in zip(one, other, strict=False))


def _bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _articles(plain: str) -> Iterator[Place]:
    for first, last in _RANGE.findall(plain):
        yield from ((ARTICLE, number, 0) for number in _counted(_number(first), _number(last)))
    for row in _ROW.findall(plain):
        yield from ((ARTICLE, _number(numeral), 0) for numeral in re.findall(_NUMERAL, row))
    for number, inserted in _ARTICLE.findall(plain):
        yield (ARTICLE, _number(number), _number(inserted) if inserted else 0)


def _clauses(plain: str) -> Iterator[Place]:
    """Yield the clauses of *plain*; 第5条 may be how somebody writes of clause 5 of a standard."""
    yield from ((CLAUSE, int(number)) for number, _inserted in _ARTICLE.findall(plain) if number.isdecimal())
    for head, first, last in _CLAUSES.findall(plain):
        outer = [int(part) for part in head.split(".") if part]
        for number in _counted(int(first), int(last)):
            yield (CLAUSE, *outer, number)
    for clause in [*_CLAUSE.findall(plain), *_ANNEX.findall(plain)]:
        numbers: list[str | int] = [int(part) if part.isdecimal() else part for part in clause.split(".")]
        yield (CLAUSE, *numbers)


def _chapters(plain: str) -> Iterator[Place]:
    return ((CLAUSE, _number(numeral)) for numeral in _CHAPTER.findall(plain))


def _items(plain: str) -> Iterator[Place]:
    """Yield the items of *plain*: a level that is named after a deeper or an equal one begins another item."""
    path: list[int | None] = []
    at, is_apart, is_range = 0, True, False
    while at < len(plain):
        found = _item_at(plain, at, is_apart, len(path))
        if found is None:
            is_range = plain[at] in _UNTIL
            is_apart = is_range or plain[at] in _BETWEEN or (is_apart and plain[at].isspace())
            at += 1
            continue
        level, number, at = found
        if path and level < len(path):
            yield (ITEM, *path)
        if is_range and level == len(path) - 1:
            yield from ((ITEM, *path[:-1], each) for each in _counted(path[-1] or 0, number))
        path = [*path[:level], *[None] * (level - len(path)), number]
        is_apart, is_range = True, False
    if path:
        yield (ITEM, *path)


def _item_at(plain: str, at: int, is_apart: bool, depth: int) -> tuple[int, int, int] | None:
    """Return level, number and end of the item that is named at *at*; is_apart: no word stands before it.

    depth: levels named so far. Arabic numbers count only after an item that they stand in or beside.
    """
    for level, pattern in enumerate(_LEVELS):
        if (is_apart or level == 1) and (depth or level < 2) and (match := pattern.match(plain, at)):
            return level, _number(match[1]), match.end()
    return None


def _counted(first: int, last: int) -> range:
    return range(first, min(last + 1, first + _LONGEST_RANGE))


def _rank(number: str | int | None) -> tuple[bool, int, str]:
    """Return what sorts one number of a place: numbers before letters, what is left open first."""
    return (
        isinstance(number, str),
        number if isinstance(number, int) else 0,
        number if isinstance(number, str) else "",
    )


def _number(numeral: str) -> int:
    """Return the value of a numeral, Chinese (一百三十四) or Arabic."""
    if numeral.isdecimal():
        return int(numeral)
    total = digit = 0
    for character in numeral:
        if character in _TENS:
            total += (digit or 1) * _TENS[character]
            digit = 0
        else:
            digit = digit * 10 + (int(character) if character.isdecimal() else _DIGITS[character])
    return total + digit
