"""How often each option of a question was taken: one table, or for a case study one for the whole and each part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.banks.models_statistics import ItemStatistics
from app.banks.words import KIND_NAMES
from app.core.charts import shown_percent
from question_bank.kinds.true_false import TRUE
from question_bank.questions import Part
from question_bank.questions import Question as Content
from question_bank.statistics.answered import BLANK, PARTLY, RIGHT, WRONG
from question_bank.statistics.items import MINIMUM_ANSWERS, fewest_best
from question_bank.statistics.items import ItemStatistics as Figures
from question_bank.statistics.parts import Counted, counted

OUTCOMES: dict[str, LazyString] = {
    RIGHT: _l("答对"),
    PARTLY: _l("部分得分"),
    WRONG: _l("答错"),
    BLANK: _l("未作答"),
}


@dataclass(frozen=True)
class OptionRow:
    """How often one option was taken: by all, and by the best; shares in words."""

    name: str
    is_right: bool
    count: int
    share: str
    best_count: int
    best_share: str


@dataclass(frozen=True)
class OptionTable:
    """title: of a part, or of a case study as a whole; "" for a question without parts. kind: its name, or "".

    has_options: whether the rows are options, with a mark at the right ones; if not they are outcomes.
    best: how many the best are; 0 if too few to show.
    """

    title: str
    kind: str
    has_options: bool
    best: int
    rows: tuple[OptionRow, ...]


def option_tables(row: ItemStatistics, content: Content) -> list[OptionTable]:
    """Return what was taken, options in the order of the bank; the outcomes where nothing is offered.

    row: of a version with the minimum of answers. Parts that fewer people had are left out.
    """
    figures = Figures(row.n, counts=row.option_counts, best=row.best, best_counts=row.best_counts)
    tables = [_table(one) for one in counted(content, figures)]
    return [_whole(figures), *tables] if content.parts else tables


def lacks_parts(tables: list[OptionTable], content: Content) -> bool:
    """Say whether the figures of some part are not shown yet."""
    return bool(content.parts) and len(tables) <= len(content.parts)


def option_name(kind: str, letter: str) -> str:
    """Return the letter; of true or false, where nobody thinks of letters, the word."""
    if kind != "true_false":
        return letter
    return str(_("正确") if letter == TRUE else _("错误"))


def _whole(figures: Figures) -> OptionTable:
    best = figures.best if figures.best >= fewest_best(MINIMUM_ANSWERS) else 0
    rows = _outcomes(figures.n, figures.counts, best, figures.best_counts)
    return OptionTable(str(_("整道案例题")), "", False, best, rows)


def _table(one: Counted) -> OptionTable:
    title = str(_("第 %(number)s 小题", number=one.number)) if one.number else ""
    kind = str(KIND_NAMES[one.asked.kind]) if one.number else ""
    has_options = one.asked.rules.offers_options
    rows = _options(one) if has_options else _outcomes(one.n, one.counts, one.best, one.best_counts)
    return OptionTable(title, kind, has_options, one.best, rows)


def _options(one: Counted) -> tuple[OptionRow, ...]:
    asked: Content | Part = one.asked
    names = [
        *((option.key, option_name(asked.kind, option.key), option.key in asked.key) for option in asked.options),
        (BLANK, str(OUTCOMES[BLANK]), False),
    ]
    return tuple(
        _row(name, is_right, one.counts.get(code, 0), one.n, one.best_counts.get(code, 0), one.best)
        for code, name, is_right in names
    )


def _outcomes(n: int, counts: Mapping[str, int], best: int, best_counts: Mapping[str, int]) -> tuple[OptionRow, ...]:
    return tuple(
        _row(str(name), code == RIGHT, counts.get(code, 0), n, best_counts.get(code, 0), best)
        for code, name in OUTCOMES.items()
    )


def _row(name: str, is_right: bool, count: int, n: int, best_count: int, best: int) -> OptionRow:
    best_share = shown_percent(100 * best_count / best) if best else ""
    return OptionRow(name, is_right, count, shown_percent(100 * count / n), best_count, best_share)
