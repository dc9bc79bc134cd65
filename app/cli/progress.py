"""How far a long command is, on standard error, where a person watches: not in a pipe and not for machines."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from app.core import jobs


class Progress:
    """Says what is done now, and draws a bar where it can be counted; is_wanted: False for output for machines."""

    def __init__(self, *, is_wanted: bool = True) -> None:
        self.is_shown = is_wanted and sys.stderr.isatty()

    def say(self, sentence: str) -> None:
        """Say what begins now."""
        if self.is_shown:
            click.echo(sentence, err=True)

    @contextmanager
    def bar(self, label: str, total: int) -> Iterator[None]:
        """Draw what `jobs.report` says of the work within; total: how much there is until something is reported."""
        if not self.is_shown:
            yield
            return
        with click.progressbar(length=max(total, 1), label=label, file=sys.stderr, show_pos=True) as drawn:

            def hear(done: int, total: int) -> None:
                drawn.length = max(total, 1)
                drawn.update(done - drawn.pos)

            with jobs.heard_by(hear):
                yield
            drawn.update((drawn.length or 0) - drawn.pos)
