"""Replaying an attempt from what was frozen: paper, answer log and rule must give the stored result again."""

from __future__ import annotations

from dataclasses import dataclass

from app.sittings.answers import log_of
from app.sittings.finishing import is_passed, log_digest, mark_log
from app.sittings.models import Attempt, AttemptState
from question_bank.errors import PaperError
from question_bank.papers import Paper


@dataclass(frozen=True)
class Difference:
    """One place where the record disagrees with what follows from the frozen paper and the log.

    field: "paper", "paper_digest", "answers_digest", "score", "maximum", "passed" or "marks".
    """

    field: str
    recorded: str
    replayed: str


def replay(attempt: Attempt) -> tuple[Difference, ...]:
    """Return every place where *attempt* disagrees with its own frozen paper and log; empty if it is sound.

    An open attempt has no result yet: only its paper is checked.
    """
    try:
        paper = Paper.from_payload(attempt.paper)
    except PaperError as error:
        return (Difference("paper", attempt.paper_digest, str(error)),)
    rows: list[tuple[str, object, object]] = [("paper_digest", attempt.paper_digest, paper.digest)]
    if attempt.state is AttemptState.FINISHED:
        rows += _result_rows(attempt, paper)
    return tuple(Difference(field, str(old), str(new)) for field, old, new in rows if old != new)


def _result_rows(attempt: Attempt, paper: Paper) -> list[tuple[str, object, object]]:
    log = log_of(attempt.id)
    result = mark_log(paper, log)
    return [
        ("answers_digest", attempt.answers_digest, log_digest(log)),
        ("score", attempt.score, result.score),
        ("maximum", attempt.maximum, result.maximum),
        ("passed", attempt.passed, is_passed(result, attempt.candidate.sitting.rule)),
        ("marks", attempt.marks, result.to_payload()["marks"]),
    ]
