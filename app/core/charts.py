"""The one chart helper: heat map, horizontal bars and a small line, drawn by templates/macros/chart.html.

Every chart has a sentence that says what it shows, its figures as text in the page, and direct labels. Drawn on the
server as tables and SVG, so that it needs no script and no inline style; colours come from static/charts.css.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

BANDS = (60.0, 75.0, 90.0, 97.0)
"""Lower ends, in percent, of the bands 1 to 4; band 0 lies below the first."""
LINE_WIDTH, LINE_HEIGHT, LINE_MARGIN = 320, 96, 18


def band(percent: float | None) -> str:
    """Return the colour band of *percent* (0..100): "0" (worst) to "4", or "none" where there is no figure."""
    return "none" if percent is None else str(sum(percent >= lower for lower in BANDS))


def shown_percent(percent: float) -> str:
    """Return *percent* (0..100) with one decimal, halves up: two of three are 66.7%.

    The ends say what is complete: 100% is only everybody (99.97 is 99.9%), and 0.0% only nobody (0.04 is 0.1%).
    """
    if percent >= 100:
        return "100%"
    if percent <= 0:
        return "0.0%"
    tenths = math.floor(percent * 10 + 0.5 + 1e-9)
    return f"{min(max(tenths, 1), 999) / 10:.1f}%"


@dataclass(frozen=True)
class Cell:
    """One cell of a heat map.

    text: the figure in words ("96.2%", "无对象", "—"); band: as `band` gives it, or "open" for a figure that is not
    judged yet; note, source: a second, smaller line, of which a phone shows the note only;
    description: the whole cell in one sentence, for a screen reader and as the tooltip; is_framed: drawn with a frame.
    """

    text: str
    band: str = "none"
    note: str = ""
    source: str = ""
    description: str = ""
    address: str | None = None
    is_framed: bool = False


@dataclass(frozen=True)
class HeatRow:
    """One row: its name, its cells in the order of the columns, and facts in the order of the further headings."""

    name: str
    cells: tuple[Cell, ...]
    note: str = ""
    facts: tuple[tuple[str, bool], ...] = ()  # text, and whether it is a number


@dataclass(frozen=True)
class HeatMap:
    """A table whose cells carry a colour beside their figure.

    sentence: what the chart says; corner: heading of the names; columns: headings of the cells; headings: of the facts,
    each with whether it is a number; key: (band, words) of the colours that occur.
    """

    sentence: str
    corner: str
    columns: tuple[str, ...]
    rows: tuple[HeatRow, ...]
    headings: tuple[tuple[str, bool], ...] = ()
    key: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Bar:
    """One horizontal bar: share of the width from 0.0 to 1.0, the figure as text, and a quiet note after it."""

    label: str
    share: float
    text: str
    note: str = ""
    address: str | None = None

    @property
    def width(self) -> str:
        """Return the length as SVG understands it, e.g. "62.5%"; nothing reaches beyond the track."""
        return f"{100 * min(max(self.share, 0.0), 1.0):.1f}%"


@dataclass(frozen=True)
class Bars:
    """Horizontal bars on one scale. corner and heading name the two columns of the table that they are."""

    sentence: str
    corner: str
    heading: str
    rows: tuple[Bar, ...]


@dataclass(frozen=True)
class Point:
    """A labelled value of a line; None leaves a gap."""

    label: str
    value: float | None
    text: str


@dataclass(frozen=True)
class Line:
    """A small line over few points, each labelled directly. lowest and highest: the ends of the scale."""

    sentence: str
    points: tuple[Point, ...]
    lowest: float = 0.0
    highest: float = 100.0

    @property
    def marks(self) -> list[tuple[float, float, Point]]:
        """Return x, y (in the units of the drawing, y downwards) and the point, for every point with a value."""
        step = (LINE_WIDTH - 2 * LINE_MARGIN) / max(len(self.points) - 1, 1)
        height, span = LINE_HEIGHT - 3 * LINE_MARGIN, (self.highest - self.lowest) or 1.0
        return [
            (
                round(LINE_MARGIN + step * position, 1),
                round(LINE_MARGIN + height * (1 - (point.value - self.lowest) / span), 1),
                point,
            )
            for position, point in enumerate(self.points)
            if point.value is not None
        ]

    @property
    def runs(self) -> list[str]:
        """Return the SVG points of each unbroken stretch of at least two values."""
        runs: list[list[str]] = [[]]
        marks = iter(self.marks)
        for point in self.points:
            if point.value is None:
                runs.append([])
            else:
                x, y, _point = next(marks)
                runs[-1].append(f"{x},{y}")
        return [" ".join(run) for run in runs if len(run) > 1]
