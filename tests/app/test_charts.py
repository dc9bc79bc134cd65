"""Charts: bands, figures that are rounded but never to an end, and pages that carry every figure as text."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from flask import Flask, render_template_string

from app.core.charts import Bar, Bars, Cell, HeatMap, HeatRow, Line, Point, band, shown_percent

MACROS = '{% from "macros/chart.html" import heat_map, bar_chart, line_chart %}'


def drawn(call: str, chart: object) -> BeautifulSoup:
    return BeautifulSoup(render_template_string(MACROS + "{{" + call + "}}", chart=chart), "html.parser")


@pytest.mark.parametrize(
    ("percent", "expected"),
    [(None, "none"), (0.0, "0"), (59.99, "0"), (60.0, "1"), (75.0, "2"), (90.0, "3"), (97.0, "4"), (100.0, "4")],
)
def test_a_band_begins_at_its_lower_end(percent: float | None, expected: str) -> None:
    assert band(percent) == expected


@pytest.mark.parametrize(
    ("percent", "expected"),
    [
        (100.0, "100%"),
        (99.99, "99.9%"),
        (99.95, "99.9%"),
        (100 * 2 / 3, "66.7%"),
        (100 / 3, "33.3%"),
        (100 * 1 / 16, "6.3%"),
        (12.34, "12.3%"),
        (0.04, "0.1%"),
        (0.0, "0.0%"),
    ],
)
def test_a_rounded_percentage_reaches_a_hundred_for_everybody_and_nought_for_nobody(
    percent: float, expected: str
) -> None:
    assert shown_percent(percent) == expected


@pytest.mark.parametrize(("share", "width"), [(-0.2, "0.0%"), (0.625, "62.5%"), (1.4, "100.0%")])
def test_no_bar_reaches_beyond_its_track(share: float, width: str) -> None:
    assert Bar("杭州市", share, "").width == width


def test_a_line_breaks_where_a_year_has_no_figure() -> None:
    values = (50.0, 60.0, None, 70.0, 80.0, None, 90.0)
    line = Line("示例", tuple(Point(str(number), value, "") for number, value in enumerate(values)))
    assert [len(run.split()) for run in line.runs] == [2, 2]
    assert [point.label for _x, _y, point in line.marks] == ["0", "1", "3", "4", "6"]


def test_a_higher_value_stands_higher_and_inside_the_drawing() -> None:
    line = Line("示例", (Point("2024", 0.0, "0%"), Point("2025", 100.0, "100%")))
    (left, low, _first), (right, high, _last) = line.marks
    assert 0 < left < right < 320
    assert 0 < high < low < 96


def test_a_heat_map_says_its_figures_in_words_and_leads_further(app: Flask) -> None:
    cell = Cell("47.2%", "0", "差 290", "Z5-1", "应训 550 人，覆盖 260 人。", "/further", is_framed=True)
    chart = HeatMap(
        "每格是覆盖率。", "行业", ("2026",), (HeatRow("商业", (cell,), "责任人"),), (), (("0", "60% 以下"),)
    )
    with app.test_request_context():
        page = drawn("heat_map(chart, '覆盖率')", chart)
    link = page.find("a", href="/further")
    assert link is not None
    assert "47.2%" in link.get_text() and "覆盖 260 人" in link.get_text() and "差 290 · Z5-1" in link.get_text()
    assert "framed" in link["class"]
    assert page.p is not None and page.p.get_text() == "每格是覆盖率。"
    assert page.caption is not None and page.caption.get_text() == "覆盖率"
    assert page.find("th", scope="row") is not None
    assert not page.find_all(style=True)


def test_bars_are_a_table_whose_drawing_is_hidden_from_screen_readers(app: Flask) -> None:
    chart = Bars("各地覆盖率。", "地区", "覆盖率", (Bar("杭州市", 0.5, "50.0%", "5 / 10 人", "/hangzhou"),))
    with app.test_request_context():
        page = drawn("bar_chart(chart)", chart)
    row = page.tbody.tr if page.tbody else None
    assert row is not None and list(row.stripped_strings) == ["杭州市", "50.0%", "5 / 10 人"]
    assert page.svg is not None and page.svg["aria-hidden"] == "true"
    assert not page.find_all(style=True)


def test_a_line_names_every_point_for_those_who_do_not_see_it(app: Flask) -> None:
    chart = Line("各年覆盖率。", (Point("2024", 50.0, "50.0%"), Point("2025", 75.0, "75.0%")))
    with app.test_request_context():
        page = drawn("line_chart(chart)", chart)
    assert page.svg is not None
    assert page.svg["aria-label"] == "各年覆盖率。 2024 50.0%, 2025 75.0%"
    assert page.svg["role"] == "img"
