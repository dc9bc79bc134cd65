"""The statistics of a sitting: asked for when it closes, computed once or twice alike, equal to a table by hand."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from math import sqrt
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
import sqlalchemy as sa
from flask import Flask

from app import worker
from app.banks import service as banks
from app.banks.models import Question, QuestionState
from app.banks.models_statistics import AttentionReason, ItemStatistics
from app.banks.statistics import exposures, figures_of
from app.core.clock import now
from app.core.db import db
from app.core.jobs import Job
from app.sittings import running
from app.sittings.models import Sitting
from app.sittings.models_statistics import SittingItem, SittingStatistics
from app.sittings.statistics import STATISTICS_JOB, compute_statistics, statistics_of
from question_bank.statistics.sums import ItemSums
from tests import sample
from tests.app.sittings.exam import OPERATOR
from tests.app.sittings.sat import REVIEWER, WRITER, banked, content, join, sat
from tests.app.sittings.test_races import WAIT
from tests.conftest import Clock, make_app

QUESTIONS = [content("q1"), content("q2"), content("q3")]
# Forty people, three questions with key B:
#
#   people   q1  q2  q3   total
#   10       B   B   B    3
#   10       B   B   A    2
#   10       B   C   A    1
#   10       D   C   A    0
TABLE = [
    {"q1": first, "q2": second, "q3": third}
    for first, second, third in ("BBB", "BBA", "BCA", "DCA")
    for _person in range(10)
]


def computed(sitting: Sitting) -> None:
    compute_statistics({"sitting_id": sitting.id}, now())
    db.session.commit()


def item(code: str, version: int = 1) -> ItemStatistics | None:
    question = db.session.scalars(sa.select(Question).where(Question.code == code)).one()
    found = next(one for one in question.versions if one.number == version)
    return figures_of(found.id)


def rows(*models: type[Any]) -> list[Any]:
    """Return everything that these tables hold."""
    return [
        [tuple(row) for row in db.session.execute(sa.select(*model.__table__.c).order_by(*model.__table__.primary_key))]
        for model in models
    ]


EVERYTHING = (SittingItem, SittingStatistics, ItemStatistics, AttentionReason)


def test_the_figures_of_questions_by_hand(app: Flask) -> None:
    banked(*QUESTIONS)
    computed(sat(QUESTIONS, TABLE))
    q1, q2, q3 = (item(code) for code in ("q1", "q2", "q3"))
    assert q1 and q2 and q3
    assert [(one.n, one.exposure, one.facility) for one in (q1, q2, q3)] == [
        (40, 40, 0.75),
        (40, 40, 0.5),
        (40, 40, 0.25),
    ]
    # The rest of q2, (q1 + q3) / 2, is 1, .5, .5, 0: products 10 * (.25 + .25) = 5, squares 40 * .25 = 10 and 5.
    assert q2.discrimination == pytest.approx(5 / sqrt(50))
    assert q2.option_counts == {"B": 20, "C": 20}
    # The best are 27 % of 40, so 10.8: the ten with a rest of 1. The twenty behind them share places 11 to 30.
    assert (q2.best, q2.best_counts) == (10, {"B": 10})
    # Answers arrived after 10, 30 and 70 seconds: 10, 20 and 40 seconds, in the middle of their classes.
    assert [one.median_seconds for one in (q1, q2, q3)] == [12.5, 22.5, 45.0]
    assert [[each.code for each in one.reasons] for one in (q1, q2, q3)] == [["distractor_unused"]] * 3
    assert q2.reasons[0].figures == {"options": "AD", "most": 0, "n": 40}


def test_the_figures_of_a_sitting_by_hand(app: Flask) -> None:
    banked(*QUESTIONS)
    sitting = sat(QUESTIONS, TABLE)
    computed(sitting)
    found = statistics_of(sitting)
    assert found is not None
    assert (found.n, found.mean) == (40, 1.5)
    # Totals 3, 2, 1, 0: squares 10 * 5 = 50. Within people 0, 2/3, 2/3, 0: 40/3 over 80 degrees, times 3 questions.
    assert found.deviation == pytest.approx(sqrt(50 / 39))
    assert found.standard_error == pytest.approx(sqrt(0.5))
    assert found.reliability == pytest.approx(1 - 0.5 / (50 / 39))


def test_closing_a_sitting_asks_for_its_statistics(app: Flask) -> None:
    banked(*QUESTIONS)
    sitting = sat(QUESTIONS, TABLE)
    assert statistics_of(sitting) is None
    running.close_sitting(sitting, actor=OPERATOR, now=now())
    db.session.commit()
    jobs = db.session.scalars(sa.select(Job).where(Job.kind == STATISTICS_JOB)).all()
    assert [job.arguments for job in jobs] == [{"sitting_id": sitting.id}]
    worker.run_all()
    db.session.expire_all()
    assert jobs[0].result == {"papers": 40, "questions": 3}
    assert statistics_of(sitting) is not None


def test_the_job_run_twice_says_the_same(app: Flask) -> None:
    banked(*QUESTIONS)
    first, second = sat(QUESTIONS, TABLE), sat(QUESTIONS, TABLE[5:])
    computed(first)
    computed(second)
    once = rows(*EVERYTHING)
    computed(first)
    computed(second)
    computed(first)
    assert rows(*EVERYTHING) == once


def test_sittings_add_up_to_what_everybody_together_gives(app: Flask) -> None:
    """No sitting alone has thirty people; what both add is what the kept sums hold."""
    banked(*QUESTIONS)
    halves = sat(QUESTIONS, TABLE[::2]), sat(QUESTIONS, TABLE[1::2])
    computed(halves[0])
    alone = item("q2")
    assert alone is not None
    assert (alone.n, alone.exposure, alone.facility, alone.option_counts, alone.reasons) == (20, 20, None, {}, [])
    computed(halves[1])
    db.session.expire_all()
    both = item("q2")
    assert both is not None
    assert (both.n, both.facility, both.option_counts) == (40, 0.5, {"B": 20, "C": 20})
    assert both.discrimination == pytest.approx(5 / sqrt(50))
    kept = db.session.scalars(
        sa.select(SittingItem.sums).where(SittingItem.question_version_id == both.question_version_id)
    )
    assert sum((ItemSums.from_payload(sums) for sums in kept), ItemSums()) == ItemSums.from_payload(both.sums)


def test_what_was_counted_before_is_replaced(app: Flask) -> None:
    """Ten more people come in after the job has run: nothing is counted twice."""
    banked(*QUESTIONS)
    sitting = sat(QUESTIONS, TABLE[:30])
    computed(sitting)
    join(sitting, QUESTIONS, TABLE[30:])
    computed(sitting)
    db.session.expire_all()
    q3 = item("q3")
    assert q3 is not None
    assert (q3.n, q3.exposure, q3.facility) == (40, 40, 0.25)


def test_under_thirty_answers_nothing_but_their_number_is_kept(app: Flask) -> None:
    banked(*QUESTIONS)
    sitting = sat(QUESTIONS, TABLE[:29])
    computed(sitting)
    for code in ("q1", "q2", "q3"):
        one = item(code)
        assert one is not None
        assert (one.n, one.exposure) == (29, 29)
        shown = (one.facility, one.discrimination, one.median_seconds, one.option_counts, one.best_counts, one.drift)
        assert shown == (None, None, None, {}, {}, None)
        assert one.reasons == []
    found = statistics_of(sitting)
    assert found is not None
    assert (found.n, found.mean, found.deviation, found.reliability, found.standard_error) == (29, *[None] * 4)


def test_a_paper_without_an_answer_is_exposure_only(app: Flask) -> None:
    banked(*QUESTIONS)
    sitting = sat(QUESTIONS, [*TABLE, {}])
    computed(sitting)
    q1 = item("q1")
    assert q1 is not None and (q1.n, q1.exposure) == (40, 41)
    assert db.session.get_one(SittingStatistics, sitting.id).n == 40


def test_a_sitting_that_nobody_sat_has_statistics_of_nobody(app: Flask) -> None:
    sitting = sat(QUESTIONS, [])
    computed(sitting)
    found = statistics_of(sitting)
    assert found is not None and (found.n, found.mean) == (0, None)
    assert rows(SittingItem, ItemStatistics) == [[], []]


def test_a_paper_that_was_tampered_with_is_reported_and_left_out(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    banked(*QUESTIONS)
    sitting = sat(QUESTIONS, TABLE)
    damaged = sample.attempt(sample.enrolment(sitting.training_session), within=sitting)
    db.session.commit()
    computed(sitting)
    assert db.session.get_one(SittingStatistics, sitting.id).n == 40
    assert f"attempt {damaged.id} cannot be counted" in caplog.text


def revised(code: str, version: int = 2) -> None:
    """Make an approved further version of a question."""
    question = db.session.scalars(sa.select(Question).where(Question.code == code)).one()
    seen = question.versions[-1].digest
    banks.edit(question, content(code, version), seen=seen, actor=WRITER, now=now())
    for state, who in ((QuestionState.IN_REVIEW, WRITER), (QuestionState.APPROVED, REVIEWER)):
        banks.move(question, state, seen=question.versions[-1].digest, actor=who, now=now())
    db.session.commit()


def test_versions_are_counted_apart_and_compared(app: Flask) -> None:
    """q3 was right for 10 of 40; its second version is for 30 of 40."""
    banked(*QUESTIONS)
    before = sat(QUESTIONS, TABLE)
    revised("q3")
    newer = [*QUESTIONS[:2], content("q3", 2)]
    after = sat(newer, [{**row, "q3": "B" if number < 30 else "A"} for number, row in enumerate(TABLE)])
    computed(after)  # in whatever order the jobs come
    computed(before)
    old, new = item("q3"), item("q3", 2)
    assert old and new
    assert (old.n, old.facility, old.drift) == (40, 0.25, None)
    assert (new.n, new.facility) == (40, 0.75)
    assert new.drift is not None
    assert new.drift["difference"] == pytest.approx(0.5)
    assert new.drift["standard_error"] == pytest.approx(sqrt(2 * 0.1875 / 39))
    assert new.drift["is_significant"]
    assert "drifted" in [each.code for each in new.reasons]
    assert item("q1") is not None and item("q1").n == 80  # type: ignore[union-attr]


def test_a_version_is_compared_with_the_last_one_that_enough_people_answered(app: Flask) -> None:
    banked(*QUESTIONS)
    computed(sat(QUESTIONS, TABLE))
    revised("q3")
    computed(sat([*QUESTIONS[:2], content("q3", 2)], TABLE[:5]))
    revised("q3", 3)
    computed(sat([*QUESTIONS[:2], content("q3", 3)], TABLE))
    new = item("q3", 3)
    assert new is not None and new.drift is not None
    assert new.drift["difference"] == pytest.approx(0)


def test_exposure_counts_the_papers_of_all_versions(app: Flask) -> None:
    banked(*QUESTIONS, content("q4"))
    computed(sat(QUESTIONS, TABLE[:4]))
    revised("q3")
    computed(sat([*QUESTIONS[:2], content("q3", 2)], TABLE[:3]))
    every = [version.id for question in db.session.scalars(sa.select(Question)) for version in question.versions]
    assert exposures(every) == {"q1": 7, "q2": 7, "q3": 7}
    current = db.session.scalars(sa.select(Question).where(Question.code == "q3")).one().versions[-1]
    assert exposures([current.id]) == {"q3": 7}
    assert exposures([]) == {}


@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_of_two_sittings_computed_at_once_the_second_adds_to_the_first(app: Flask) -> None:
    """It waits for the questions that the first holds until its commit. SQLite has one writer at a time."""
    banked(*QUESTIONS)
    first, second = sat(QUESTIONS, TABLE), sat(QUESTIONS, TABLE)

    def compute_second(sitting_id: int = second.id) -> None:
        with app.app_context():
            compute_statistics({"sitting_id": sitting_id}, now())
            db.session.commit()
            db.session.remove()

    compute_statistics({"sitting_id": first.id}, now())  # flushed, its commit still to come
    thread = threading.Thread(target=compute_second)
    thread.start()
    while thread.is_alive() and not somebody_waits():
        thread.join(0.01)
    assert thread.is_alive()
    db.session.commit()
    thread.join(WAIT)
    for code in ("q1", "q2", "q3"):
        one = item(code)
        assert one is not None and (one.n, one.exposure) == (80, 80)


def somebody_waits() -> bool:
    query = sa.text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with db.engine.connect() as connection:
        return bool(connection.execute(query).scalar())


@contextmanager
def sittings_before_statistics(folder: Path) -> Iterator[Path]:
    """A database with two closed sittings and an open one that was brought to 0005, in the application's context."""
    path = folder / "old.sqlite3"
    app = make_app(f"sqlite:///{path}", folder, Clock())
    with app.app_context():
        flask_migrate.upgrade(revision="0004")
        with closing(sqlite3.connect(path)) as old:
            old.executemany(OLD_SITTING, [(1, "KS-1", "closed"), (2, "KS-2", "open"), (3, "KS-3", "closed")])
            old.commit()
        flask_migrate.upgrade(revision="0005")
        yield path
        db.session.remove()
        db.engine.dispose()


def test_sittings_that_closed_before_there_were_statistics_get_theirs_from_the_worker(tmp_path: Path) -> None:
    with sittings_before_statistics(tmp_path):
        jobs = db.session.execute(sa.text("SELECT kind, arguments, state FROM job ORDER BY id")).all()
    assert jobs == [(STATISTICS_JOB, f'{{"sitting_id": {number}}}', "queued") for number in (1, 3)]


OLD_SITTING = """
INSERT INTO sitting (id, code, state, training_session_id, exam_site_id, is_resit, starts_at, entry_until,
duration_minutes, rule, blueprint, pool, pool_digest, seed_commitment, seed, created_at)
VALUES (?, ?, ?, 1, 1, 0, '2026-03-02 01:00', '2026-03-02 01:30', 60, '{}', '{}', '[]', '', '', '', '2026-03-01 01:00')
"""
