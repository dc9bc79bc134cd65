"""bikao blueprint: is a blueprint in a file filled by the banks as they are."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
from flask_babel import force_locale

from app.banks.exam_blueprints.checking import Check, check
from app.banks.exam_blueprints.course_exam import course_in_catalogue, exam_of
from app.banks.exam_blueprints.naming import Misnamed
from app.banks.exam_blueprints.refusals import refusal
from app.banks.exam_blueprints.words import misnamed_words
from app.cli.context import in_application, in_english
from app.core.clock import today
from question_bank.blueprint import Blueprint, Stratum
from question_bank.errors import BlueprintError

FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
LARGEST_FILE = 1_000_000  # bytes


@click.group("blueprint")
def blueprint_group() -> None:
    """Blueprints of exams. Example: bikao blueprint check blueprint.toml"""


@blueprint_group.command("check")
@click.argument("file", type=FILE)
@click.option("--course", help="Code of a course; its exam rule is checked as well.")
@click.option("--report", type=click.Choice(["text", "json"]), default="text", show_default=True)
@in_application
def check_file(file: Path, course: str | None, report: str) -> None:
    """Whether every paper can be filled from the banks, what blocks, what papers will be like. Exit status 1 if not.

    FILE holds strata, marking_rule, question_order and minimum_shares, as JSON, or as TOML if its name ends with .toml;
    docs/blueprint-files.md explains each field.

    \b
    Example: bikao blueprint check blueprint.toml --course metal-smelting-principal-campaign
    """
    exam = None if course is None else exam_of(course_in_catalogue(course))
    try:
        blueprint = Blueprint.from_payload(read_payload(file))
    except BlueprintError as error:
        refused = refused_by(error)
        if report == "json":
            click.echo(json.dumps({"refused": refused}, ensure_ascii=False, indent=1))
            raise click.exceptions.Exit(1) from error
        raise click.ClickException(f"{refused['place']}: {refused['reason']}") from error
    found = check(blueprint, today())
    misfits = [] if exam is None else [in_english(each.code, each.data) for each in exam.misfits(blueprint)]
    if report == "json":
        click.echo(json.dumps({**as_json(blueprint, found), "misfits": misfits}, ensure_ascii=False, indent=1))
    else:
        for line in [*lines(blueprint, found), *misfits]:
            click.echo(line)
    if misfits or not found.report.is_feasible:
        raise click.exceptions.Exit(1)


def read_payload(file: Path) -> Any:
    """Return what *file* holds; numbers with a point are decimals. Raises ClickException for what is no such file."""
    if file.stat().st_size > LARGEST_FILE:
        raise click.ClickException(f"{file.name} is larger than {LARGEST_FILE:,} bytes: this is no blueprint.")
    try:
        text = file.read_text("utf-8-sig")
        if file.suffix.lower() == ".toml":
            return tomllib.loads(text, parse_float=Decimal)
        return json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        form = "TOML" if file.suffix.lower() == ".toml" else "JSON"
        raise click.ClickException(f"{file.name} cannot be read as {form}: {error}") from error


def refused_by(error: BlueprintError) -> dict[str, str]:
    """Return place ("stratum 2, count"), code and reason of what is wrong with a blueprint."""
    refused = refusal(error)
    field = refused.field or "blueprint"
    several = "share" if field in ("tag", "percent", "minimum_shares") else "stratum"
    place = field if error.number is None else f"{several} {error.number}, {field}"
    return {"place": place, "code": refused.code, "reason": in_english(refused.code, refused.data)}


def lines(blueprint: Blueprint, found: Check) -> list[str]:
    """Return the findings as sentences, one a line."""
    report = found.report
    said = [f"{blueprint.count} questions, {blueprint.points} points, digest {blueprint.digest}"]
    missing = {each.stratum: each for each in report.shortfalls}
    for number, (stratum, available) in enumerate(zip(blueprint.strata, found.found.by_stratum, strict=True)):
        short = missing.get(number)
        line = f"stratum {number + 1}\t{name(stratum)}\tneeds {stratum.count} of {available}"
        if short is not None:
            line += f"\tlacks {short.missing}"
        if short is not None and short.competitors:
            line += f"\tcompetes with {', '.join(str(other + 1) for other in short.competitors)}"
        if number in found.misnamed:
            line += f"\t{misnamed_in_english(found.misnamed[number])}"
        said.append(line)
    for share in report.share_shortfalls:
        beside = f" beside the share of {share.competitor}" if share.competitor else ""
        said.append(f"share\t{share.tag}\tneeds {share.needed}, a paper can hold {share.available}{beside}")
    if not report.is_feasible:
        return [*said, "Papers cannot be filled."]
    return [*said, "Every paper can be filled.", *_outlook(blueprint, found)]


def misnamed_in_english(what: Misnamed) -> str:
    """Return in words what a stratum names that is not there."""
    with force_locale("en"):
        return misnamed_words(what)


def _outlook(blueprint: Blueprint, found: Check) -> list[str]:
    report = found.report
    how = "of trial papers" if report.is_estimated else "computed"
    if found.is_sample:
        how += ", from a sample of the questions"
    return [
        f"Two papers share {report.expected_overlap:.1f} of {blueprint.count} questions on average ({how}).",
        f"Mean difficulty of a paper {report.mean_difficulty:.2f} (1 to 3), spread {report.difficulty_spread:.3f}.",
    ]


def name(stratum: Stratum) -> str:
    """Return bank, kind and conditions of *stratum* by their codes."""
    conditions: Mapping[str, tuple[object, ...]] = {
        "difficulty": stratum.difficulties,
        "knowledge point": stratum.knowledge_points,
        "tag": stratum.tags,
    }
    parts = [f"{word} {' or '.join(map(str, values))}" for word, values in conditions.items() if values]
    return ", ".join([f"{stratum.bank} {stratum.kind}", *parts])


def as_json(blueprint: Blueprint, found: Check) -> dict[str, Any]:
    """Return the findings for machines; figures of papers are null where papers cannot be filled.

    competitors: numbers of the strata that want the same questions.
    """
    report = found.report
    missing = {each.stratum: each for each in report.shortfalls}
    return {
        "feasible": report.is_feasible,
        "digest": blueprint.digest,
        "questions": blueprint.count,
        "points": str(blueprint.points),
        "strata": [
            {
                "number": number + 1,
                **stratum.to_payload(),
                "available": found.found.by_stratum[number],
                "missing": missing[number].missing if number in missing else 0,
                "misnamed": misnamed_in_english(found.misnamed[number]) if number in found.misnamed else "",
                "competitors": [each + 1 for each in missing[number].competitors] if number in missing else [],
            }
            for number, stratum in enumerate(blueprint.strata)
        ],
        "short_shares": [
            {"tag": each.tag, "needed": each.needed, "available": each.available, "competitor": each.competitor}
            for each in report.share_shortfalls
        ],
        "expected_overlap": report.expected_overlap,
        "mean_difficulty": report.mean_difficulty,
        "difficulty_spread": report.difficulty_spread,
        "is_estimated": report.is_estimated,
        "is_sample": found.is_sample,
    }
