"""bikao coverage."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import click

from app.cli.context import in_application
from app.cli.output import require_writable, write
from app.core.charts import shown_percent
from app.core.clock import today
from app.coverage import report
from app.coverage.figures import Survey, survey
from app.coverage.permissions import known_region, known_year
from app.coverage.words import _, region_words, title
from courses.coverage import Count

FORMATS = ("table", "json", "xlsx")
NOBODY = Count(0, 0, 0, 0, 0, 0, 0)


def year_given(ctx: click.Context, parameter: click.Parameter, value: str) -> int:
    """Return the year as a number. Raises ClickException (exit status 1) for anything but four digits."""
    if len(value) != 4 or not (value.isascii() and value.isdigit()):
        raise click.ClickException(f"--year takes a year of four digits, for example 2024, not {value!r}.")
    return int(value)


def region_given(ctx: click.Context, parameter: click.Parameter, value: str) -> str:
    """Return the code with six digits: 33 is 330000. Raises ClickException for any other shape."""
    if len(value) not in (2, 4, 6) or not (value.isascii() and value.isdigit()):
        raise click.ClickException(f"--region takes 2, 4 or 6 digits, such as 33, 3301 or 330102, not {value!r}.")
    return value.ljust(6, "0")


def format_given(ctx: click.Context, parameter: click.Parameter, value: str) -> str:
    """Return the format. Raises ClickException for one that is not offered."""
    if value not in FORMATS:
        raise click.ClickException(f"--format is one of {', '.join(FORMATS)}, not {value!r}.")
    return value


@click.command("coverage")
@click.option("--year", required=True, callback=year_given, metavar="YEAR", help="Year of the plans, e.g. 2024.")
@click.option("--region", required=True, callback=region_given, metavar="CODE", help="GB/T 2260, 2, 4 or 6 digits.")
@click.option("--format", "shape", default="table", show_default=True, callback=format_given, metavar="table|json|xlsx")
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Write there, not to the screen.")
@in_application
def coverage(year: int, region: str, shape: str, output: Path | None) -> None:
    """Count every mandate that binds a region in a year, one row a mandate and region.

    \b
    Example: bikao coverage --year 2024 --region 33 --format table
             bikao coverage --year 2025 --region 3301 --format json --output hangzhou.json
    xlsx without --output writes coverage-YEAR-REGION.xlsx here.

    \b
    JSON: {"year", "region", "region_name", "cut_off", "total": COUNT, "rows": [ROW, ...]}
    ROW:   "mandate", "register", "title", "plan", "document_number", "source_file", "clause", "quotation",
           "roles", "sectors", "also_in", "binds" (region of the plan), "period", "starts", "ends",
           "target_percent" (or null), "requires", "measured_by", "conflicts", "region", "region_name",
           "count": COUNT, or null where the clause is measured by report
    COUNT: "due", "trained", "examined", "passed", "certified", "covered" (persons), "attendances",
           "percent" (covered of due, two decimals; null where nobody is due)
    total: persons bound by at least one clause with a date or a target, at a stage only if under all of them.
    """
    if output is not None:
        require_writable(output)
    surveyed = survey(known_region(region), [known_year(year)], today())
    if shape == "xlsx":
        content = report.workbook(surveyed, year)
        output = output or Path(f"coverage-{year}-{region}.xlsx")
    else:
        text = table(surveyed, year) if shape == "table" else _json(surveyed, year)
        content = (text + "\n").encode()
    if output is None:
        click.echo(content.decode(), nl=False)
    else:
        write(output, content)
        click.echo(f"{output}: {region_words(region)} {year}", err=True)


def _json(surveyed: Survey, year: int) -> str:
    return json.dumps(report.document(surveyed, year), ensure_ascii=False, indent=2)


def table(surveyed: Survey, year: int) -> str:
    """Return the rows that somebody is due in as a text table, and how many have none or are measured by report."""
    found = report.rows(surveyed, year)
    shown = [row for row in found if row.count and row.count.due]
    header = [
        _("条款"),
        _("地区"),
        _("应训"),
        _("已训"),
        _("已考"),
        _("合格"),
        _("发证"),
        _("覆盖"),
        _("覆盖率"),
        _("任务"),
    ]
    cells = [header, *(_cells(row) for row in shown)]
    widths = [max(_width(cell) for cell in column) for column in zip(*cells, strict=True)]
    lines = ["  ".join(_padded(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    reported = sum(row.count is None for row in found)
    idle = sum(row.count is not None and not row.count.due for row in found)
    day = surveyed.cut_off(year).isoformat()
    head = _("%(region)s %(year)s 年，截至 %(day)s", region=region_words(surveyed.region), year=year, day=day)
    foot = _("另有 %(idle)s 行无对象，%(reported)s 行由报告得出，不逐人计算。", idle=idle, reported=reported)
    return "\n".join([head, "", *lines, "", foot])


def _cells(row: report.Row) -> list[str]:
    count = row.count or NOBODY
    percent = _("无对象") if count.percent is None else shown_percent(count.percent)
    stages = (count.due, count.trained, count.examined, count.passed, count.certified, count.covered)
    return [row.mandate.code, region_words(row.region), *map(str, stages), percent, title(row.mandate)]


def _width(text: str) -> int:
    """Columns on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
