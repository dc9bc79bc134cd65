"""bikao paper: papers drawn and marked again from what was frozen."""

from __future__ import annotations

from collections.abc import Iterable

import click

from app.cli.context import in_application
from app.sittings.frozen import Difference
from app.sittings.replay import replay, replay_sitting


@click.group("paper")
def paper_group() -> None:
    """Papers of candidates. Example: bikao paper replay 12"""


@paper_group.command("replay")
@click.argument("attempt", type=click.IntRange(1, 2**63 - 1), required=False)
@click.option("--sitting", help="Code of a sitting, such as KS20260302-1A2B3C4D: replay all its attempts.")
@in_application
def replay_papers(attempt: int | None, sitting: str | None) -> None:
    """Draw the paper of an attempt again and mark its answers again: equal, or every difference. Exit status 1 if any.

    ATTEMPT is its number, as in the address of its page. A line names attempt, field, question, what is on record and
    what the replay gives. Nobody's name is printed.

    \b
    Example: bikao paper replay 12
    Example: bikao paper replay --sitting KS20260302-1A2B3C4D
    """
    if (attempt is None) == (sitting is None):
        raise click.UsageError("Give the number of an attempt, or --sitting with the code of a sitting.")
    replayed = [(attempt, replay(attempt))] if attempt is not None else replay_sitting(sitting or "")
    differing = _print(replayed)
    if differing:
        raise click.exceptions.Exit(1)


def _print(replayed: Iterable[tuple[int, tuple[Difference, ...]]]) -> int:
    """Print what was found; return how many attempts differ."""
    count = differing = 0
    for attempt_id, differences in replayed:
        count += 1
        differing += bool(differences)
        if not differences:
            click.echo(f"attempt {attempt_id}: equal")
        for each in differences:
            place = "" if each.position is None else f"question {each.position}"
            values = f"recorded {each.recorded}\treplayed {each.replayed}"
            click.echo(f"attempt {attempt_id}\t{each.field}\t{place}\t{values}")
    if count != 1:
        click.echo(f"{count} attempts, {differing} of them differ.")
    return differing
