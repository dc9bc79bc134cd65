"""Replay from what was frozen: sound attempts are equal, and every change by hand is named, whatever it left behind."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace as changed
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.banks import service as banks
from app.banks.models import Question, QuestionState, QuestionVersion
from app.banks.models_statistics import ItemStatistics
from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.sittings import running
from app.sittings.answers import Entry
from app.sittings.finishing import hand_in
from app.sittings.frozen import Difference
from app.sittings.models import Answer, Attempt, AttemptState, Candidate, Sitting
from app.sittings.replay import replay, replay_sitting
from question_bank.blueprint import Blueprint
from question_bank.fairness import candidate_seed, commit
from question_bank.papers import Paper, assemble
from question_bank.pool import Pool
from question_bank.questions import Question as Content
from tests.app.sittings.exam import OPERATOR, Exam, actor_of, identity_of, opened, requested, right_answers
from tests.app.sittings.sat import WRITER
from tests.queries import counted
from tests.tampering import tamper

OTHER_SEED = b"\1" * 32


def sat(exam: Exam, number: int = 0, *, right: int = 25) -> int:
    """Begin, answer the first *right* questions as the key says, hand in; return the id of the attempt."""
    attempt, candidate = exam.start(number), exam.candidates[number]
    key = right_answers(attempt)
    entries = [Entry(slot, slot, tuple(key[slot])) for slot in range(1, right + 1)]
    hand_in(attempt.id, entries, identity_of(candidate), actor=actor_of(candidate), now=now())
    db.session.commit()
    return attempt.id


def fields(differences: tuple[Difference, ...]) -> list[str]:
    """Return the names of what differs, each once, in order."""
    return list(dict.fromkeys(each.field for each in differences))


def change(model: Any, **values: Any) -> None:
    """Change every row of a table, its triggers switched off."""
    tamper(sa.update(model).values(**values))


@contextmanager
def changed_to(model: Any, *where: sa.ColumnElement[bool], **values: Any) -> Iterator[None]:
    """Change rows of a table as `change` does, and put back afterwards what they held."""
    columns = [getattr(model, name) for name in values]
    rows = db.session.execute(sa.select(model.id, *columns).where(*where)).all()
    tamper(sa.update(model).where(*where).values(**values))
    yield
    held = [dict(zip(values, row[1:], strict=True)) for row in rows]
    tamper(*(sa.update(model).where(model.id == row[0]).values(old) for row, old in zip(rows, held, strict=True)))


def paper_of(attempt_id: int) -> dict[str, Any]:
    paper = db.session.scalar(sa.select(Attempt.paper).where(Attempt.id == attempt_id))
    assert paper is not None
    return copy.deepcopy(paper)


def used_in_papers(*times: int) -> None:
    """Let the questions of the banks have stood in so many papers each, in turn."""
    for number, version in enumerate(db.session.scalars(sa.select(QuestionVersion).order_by(QuestionVersion.id)).all()):
        nothing = {"option_counts": {}, "best_counts": {}, "sums": {}, "best": 0, "n": 0, "computed_at": now()}
        used = times[number % len(times)]
        db.session.add(ItemStatistics(question_version_id=version.id, exposure=used, **nothing))
    db.session.commit()


def test_what_was_sat_is_replayed_equal(app: Flask) -> None:
    exam = opened(2)
    first, second = sat(exam, 0), sat(exam, 1, right=3)
    assert replay(first) == replay(second) == ()
    assert dict(replay_sitting(exam.sitting.code)) == {first: (), second: ()}


def test_what_was_sat_is_replayed_equal_after_its_questions_were_edited(app: Flask) -> None:
    attempt_id = sat(opened(), right=20)
    for slot in Paper.from_payload(paper_of(attempt_id)).slots:
        question = db.session.scalars(sa.select(Question).where(Question.code == slot.question.code)).one()
        newer = changed(slot.question, version=2, stem=f"改过的{slot.question.stem}")
        banks.edit(question, newer, seen=slot.question.digest, actor=WRITER, now=now())
    db.session.commit()
    assert replay(attempt_id) == ()


def test_an_exam_for_principals_draws_by_the_second_algorithm_and_is_replayed_equal(app: Flask) -> None:
    exam = opened()
    used_in_papers(0, 3, 5)
    attempt_id = sat(exam)
    assert paper_of(attempt_id)["algorithm"] == "bikao-draw-2"
    assert exam.sitting.exposure == {} and replay(attempt_id) == ()


def test_exposure_is_frozen_with_the_pool_and_used_by_draw_and_replay(app: Flask) -> None:
    exam = requested()
    used_in_papers(0, 7)
    question = db.session.get_one(Question, 1)
    question.state = QuestionState.SUSPENDED  # so that the pool is frozen anew
    db.session.commit()
    running.open_sitting(exam.sitting, actor=OPERATOR, now=now())
    db.session.commit()
    attempt_id = sat(exam)
    assert set(exam.sitting.exposure.values()) == {7}
    change(ItemStatistics, exposure=9)
    assert replay(attempt_id) == ()


def test_a_paper_of_the_first_algorithm_is_replayed_equal(app: Flask) -> None:
    """Sittings that were scheduled before there were shares and exposure."""
    exam = opened()
    payload = {name: value for name, value in exam.sitting.blueprint.items() if name != "minimum_shares"}
    change(Sitting, blueprint=payload)
    db.session.expire_all()
    attempt_id = sat(exam)
    assert paper_of(attempt_id)["algorithm"] == "bikao-draw-1" and replay(attempt_id) == ()


def test_of_an_open_attempt_the_paper_is_replayed(app: Flask) -> None:
    exam = opened()
    attempt = exam.start()
    assert replay(attempt.id) == ()
    change(Candidate, admission_number="000000000000")
    assert "question" in fields(replay(attempt.id))


def test_what_is_not_there_is_not_found(app: Flask) -> None:
    with pytest.raises(NotFound, match="replay_attempt_unknown"):
        replay(1)
    with pytest.raises(NotFound, match="replay_sitting_unknown"):
        list(replay_sitting("KS1"))


def test_a_changed_answer_is_named_by_its_mark(app: Flask) -> None:
    attempt_id = sat(opened())
    paper = Paper.from_payload(paper_of(attempt_id))
    wrong = next(label for label in "AB" if [label] != list(paper.slot(3).shown(paper.slot(3).question.key)))
    tamper(sa.update(Answer).where(Answer.slot == 3).values(response=[wrong]))
    found = replay(attempt_id)
    assert fields(found) == ["answers_digest", "score", "mark"]
    [mark] = [each for each in found if each.field == "mark"]
    assert mark.position == 3 and mark.recorded.endswith("correct") and ": 0.00 of" in mark.replayed


def test_a_removed_answer_is_named(app: Flask) -> None:
    attempt_id = sat(opened())
    tamper(sa.delete(Answer).where(Answer.slot == 3))
    assert [(each.position, each.replayed[:3]) for each in replay(attempt_id) if each.field == "mark"] == [(3, "-: ")]


CHANGED_RESULTS: tuple[tuple[dict[str, Any], list[str]], ...] = (
    ({"score": 99}, ["score", "audit_score"]),
    ({"passed": False}, ["passed", "audit_passed"]),
    ({"maximum": 120}, ["maximum"]),
    ({"answers_digest": "0" * 64}, ["answers_digest", "audit_answers_digest"]),
    ({"paper_digest": "0" * 64}, ["paper_digest", "audit_paper_digest"]),
    ({"marks": []}, ["mark"]),
    ({"marks": {"position": 1}}, ["mark"]),
    ({"marks": [1, "two", None]}, ["mark"]),
)


def test_a_changed_result_is_named(app: Flask) -> None:
    attempt_id = sat(opened())
    for values, expected in CHANGED_RESULTS:
        with changed_to(Attempt, **values):
            assert fields(replay(attempt_id)) == expected, values
    assert replay(attempt_id) == ()


def test_a_lowered_pass_mark_with_a_pass_that_follows_from_it_is_told_by_the_audit_chain(app: Flask) -> None:
    exam = opened()
    attempt_id = sat(exam, right=3)
    change(Sitting, rule={**exam.sitting.rule, "pass_percent": 1})
    change(Attempt, passed=True)
    assert fields(replay(attempt_id)) == ["audit_pass_percent", "audit_passed"]


def test_a_result_that_was_taken_back_is_told_by_the_audit_chain(app: Flask) -> None:
    attempt_id = sat(opened())
    gone = {"score": None, "passed": None, "marks": None, "answers_digest": None, "finished_at": None}
    change(Attempt, state=AttemptState.OPEN, finished_by=None, **gone)
    expected = ["audit_answers_digest", "audit_by", "audit_finished_at", "audit_passed", "audit_score"]
    assert fields(replay(attempt_id)) == expected


@pytest.mark.parametrize(("column", "field"), [("started_at", "started_at"), ("deadline_at", "deadline_at")])
def test_a_moved_moment_is_told_by_the_audit_chain(app: Flask, column: str, field: str) -> None:
    attempt_id = sat(opened())
    moment = db.session.get_one(Attempt, attempt_id).deadline_at - timedelta(minutes=1)
    change(Attempt, **{column: moment})
    assert fields(replay(attempt_id)) == [f"audit_{field}"]


def test_an_attempt_that_is_gone_since_the_sitting_was_closed_is_named(app: Flask) -> None:
    exam = opened(2)
    first, second = sat(exam, 0), sat(exam, 1)
    running.close_sitting(exam.sitting, actor=OPERATOR, now=now())
    db.session.commit()
    tamper(sa.delete(Answer).where(Answer.attempt_id == first), sa.delete(Attempt).where(Attempt.id == first))
    found = dict(replay_sitting(exam.sitting.code))
    assert [each.field for each in found[first]] == ["attempt"] and found[second] == ()


def test_a_change_inside_the_stored_paper_is_named_by_place_and_field(app: Flask) -> None:
    attempt_id = sat(opened())
    paper = paper_of(attempt_id)
    paper["slots"][4]["question"]["stem"] = "改过的题干"
    paper["slots"][6]["points"] = "40.00"
    change(Attempt, paper=paper)
    found = replay(attempt_id)
    assert fields(found) == ["paper", "question.stem", "points"]
    assert [(each.position, each.recorded) for each in found[1:]] == [(5, "改过的题干"), (7, "40.00")]


def test_a_paper_that_is_none_is_named(app: Flask) -> None:
    attempt_id = sat(opened())
    for paper in (sa.JSON.NULL, {}, [], "text", {"slots": 5}, {"slots": [1, {"question": "x"}]}):
        with changed_to(Attempt, paper=paper):
            assert fields(replay(attempt_id))[0] == "paper", paper
    assert replay(attempt_id) == ()


def test_another_paper_with_digests_of_its_own_is_told_from_the_one_that_was_drawn(app: Flask) -> None:
    exam = opened()
    attempt_id = sat(exam, right=0)
    blueprint = Blueprint.from_payload(exam.sitting.blueprint)
    versions = db.session.scalars(sa.select(QuestionVersion.payload)).all()
    other = assemble(blueprint, Pool(map(Content.from_payload, versions)), candidate_seed(OTHER_SEED, "1"))
    change(Attempt, paper=other.to_payload(), paper_digest=other.digest)
    found = fields(replay(attempt_id))
    assert {"question", "digest", "audit_paper_digest"} <= set(found) and "paper_digest" not in found


def test_an_unknown_algorithm_is_named(app: Flask) -> None:
    attempt_id = sat(opened())
    forged = changed(Paper.from_payload(paper_of(attempt_id)), algorithm="bikao-draw-9")
    change(Attempt, paper=forged.to_payload(), paper_digest=forged.digest)
    assert [each.replayed for each in replay(attempt_id) if each.field == "paper"] == [
        "cannot be drawn: unknown_algorithm {'algorithm': 'bikao-draw-9'}"
    ]


def test_another_seed_is_told_by_the_commitment_and_draws_another_paper(app: Flask) -> None:
    attempt_id = sat(opened())
    change(Sitting, seed=OTHER_SEED.hex())
    assert fields(replay(attempt_id))[0] == "seed_commitment" and "question" in fields(replay(attempt_id))


def test_another_seed_with_its_own_commitment_is_told_by_the_audit_chain(app: Flask) -> None:
    attempt_id = sat(opened())
    change(Sitting, seed=OTHER_SEED.hex(), seed_commitment=commit(OTHER_SEED))
    found = fields(replay(attempt_id))
    assert "audit_seed_commitment" in found and "question" in found and "seed_commitment" not in found


def test_a_seed_that_is_none_is_named(app: Flask) -> None:
    attempt_id = sat(opened())
    for seed in ("", "00", "no seed at all"):
        with changed_to(Sitting, seed=seed):
            assert fields(replay(attempt_id)) == ["seed"], seed


def test_a_seed_that_no_key_opens_is_named(app: Flask) -> None:
    attempt_id = sat(opened())
    tamper(sa.text("UPDATE sitting SET seed = :junk").bindparams(junk=b"junk"))
    assert fields(replay(attempt_id)) == ["seed"]


def test_an_edited_question_of_the_pool_is_named_with_the_places_where_it_stands(app: Flask) -> None:
    attempt_id = sat(opened())
    slot = Paper.from_payload(paper_of(attempt_id)).slot(2)
    edited = changed(slot.question, stem="改过的题干").to_payload()
    tamper(sa.update(QuestionVersion).where(QuestionVersion.digest == slot.question.digest).values(payload=edited))
    found = replay(attempt_id)
    assert fields(found) == ["question_version", "pool", "question", "digest"]
    assert slot.question.code in found[0].recorded
    assert [each.position for each in found if each.field == "question"] == [2]


def test_an_edited_question_with_a_digest_of_its_own_is_told_by_the_pool(app: Flask) -> None:
    attempt_id = sat(opened())
    slot = Paper.from_payload(paper_of(attempt_id)).slot(2)
    edited = changed(slot.question, key=tuple(letter for letter in "AB" if (letter,) != slot.question.key)[:1])
    was = QuestionVersion.digest == slot.question.digest
    tamper(sa.update(QuestionVersion).where(was).values(payload=edited.to_payload(), digest=edited.digest))
    assert fields(replay(attempt_id)) == ["pool", "question", "digest"]


def test_a_question_of_the_pool_that_is_none_is_named(app: Flask) -> None:
    attempt_id = sat(opened())
    for payload in ({}, [], 5, {"kind": "single_choice"}):
        with changed_to(QuestionVersion, QuestionVersion.id == 1, payload=payload):
            assert fields(replay(attempt_id))[:2] == ["question_version", "pool"], payload


def test_another_pool_is_named(app: Flask) -> None:
    attempt_id = sat(opened())
    for pool in ([], [1, 2], "pool", [999_999], [None], {}, [1, 1]):
        with changed_to(Sitting, pool=pool):
            assert "pool" in fields(replay(attempt_id)), pool
    assert replay(attempt_id) == ()


def test_another_exposure_is_named(app: Flask) -> None:
    attempt_id = sat(opened())
    code = db.session.scalar(sa.select(Question.code))
    for exposure in ({code: 3}, {"x": -1}, {"x": "y"}, [], "text"):
        with changed_to(Sitting, exposure=exposure):
            assert "pool" in fields(replay(attempt_id)), exposure


def test_another_pool_digest_is_told_by_the_audit_chain_too(app: Flask) -> None:
    attempt_id = sat(opened())
    for digest in ("0" * 64, ""):
        with changed_to(Sitting, pool_digest=digest):
            assert fields(replay(attempt_id)) == ["pool", "audit_pool_digest"]


def test_a_blueprint_that_is_none_is_named(app: Flask) -> None:
    attempt_id = sat(opened())
    for blueprint in ({}, [], "text", {"strata": [{"bank": "general"}]}):
        with changed_to(Sitting, blueprint=blueprint):
            assert fields(replay(attempt_id)) == ["blueprint"], blueprint


def test_another_blueprint_draws_another_paper(app: Flask) -> None:
    exam = opened()
    attempt_id = sat(exam)
    change(Sitting, blueprint={**exam.sitting.blueprint, "question_order": "mixed"})
    assert {"blueprint", "question", "digest"} <= set(fields(replay(attempt_id)))


def test_a_blueprint_that_the_pool_cannot_fill_is_named(app: Flask) -> None:
    exam = opened()
    attempt_id = sat(exam)
    strata = [{**each, "count": 80} for each in exam.sitting.blueprint["strata"][:1]]
    change(Sitting, blueprint={**exam.sitting.blueprint, "strata": strata})
    [found] = [each for each in replay(attempt_id) if each.field == "paper"]
    assert "cannot be drawn: not_feasible" in found.replayed


def test_a_rule_without_a_pass_mark_is_named(app: Flask) -> None:
    attempt_id = sat(opened())
    for rule in ({}, [], {"pass_percent": "80"}):
        with changed_to(Sitting, rule=rule):
            assert fields(replay(attempt_id)) == ["rule"], rule


def test_an_answer_that_is_none_is_named(app: Flask) -> None:
    attempt_id = sat(opened())
    for response in (5, {"A": 1}, [1, 2], sa.JSON.NULL, "text"):
        with changed_to(Answer, Answer.slot == 3, response=response):
            found = replay(attempt_id)
        assert found[0].field == "answer" and found[0].position == 3 and "answers_digest" in fields(found), response
    assert replay(attempt_id) == ()


@pytest.mark.parametrize(
    ("statement", "field"),
    [
        ("UPDATE attempt SET paper = '{\"slots\"'", "paper"),
        ("UPDATE attempt SET marks = 'marks'", "mark"),
        ("UPDATE answer SET response = '[' WHERE slot = 2", "answers_digest"),
        ("UPDATE sitting SET blueprint = 'x'", "blueprint"),
        ("UPDATE sitting SET pool = '[1,'", "pool"),
        ("UPDATE sitting SET exposure = 'x'", "pool"),
        ("UPDATE sitting SET rule = 'x'", "rule"),
        ("UPDATE sitting SET seed = 'a text'", "seed"),
        ("UPDATE question_version SET payload = 'x' WHERE id = 2", "question_version"),
        ("UPDATE attempt SET state = 'lost'", ""),
        ("UPDATE attempt SET score = 'abc'", "score"),
        ("UPDATE attempt SET paper = CAST(replace(CAST(paper AS BLOB), X'22', X'FF') AS TEXT)", "paper"),
        ("UPDATE attempt SET marks = CAST(X'5BFF5D' AS TEXT)", "mark"),
        ("UPDATE answer SET response = CAST(X'5B22FF225D' AS TEXT) WHERE slot = 2", "answers_digest"),
        ("UPDATE question_version SET payload = CAST(X'7BFF7D' AS TEXT) WHERE id = 2", "question_version"),
    ],
)
def test_what_cannot_even_be_read_is_named(app: Flask, statement: str, field: str) -> None:
    """SQLite takes any text for JSON, bytes and a state; PostgreSQL refuses it."""
    if db.engine.dialect.name == "postgresql":
        return
    attempt_id = sat(opened())
    off_and_on = [sa.text(f"PRAGMA ignore_check_constraints = {one}") for one in ("ON", "OFF")]
    tamper(off_and_on[0], sa.text(statement.replace(":", "\\:")), off_and_on[1])  # of one connection: others are kept
    assert field in ["", *fields(replay(attempt_id))]


def test_a_sitting_of_many_attempts_reads_its_pool_once(app: Flask) -> None:
    exam = opened(2)
    sat(exam, 0)
    with counted() as one:
        list(replay_sitting(exam.sitting.code))
    sat(exam, 1)
    with counted() as two:
        list(replay_sitting(exam.sitting.code))
    assert len(two) - len(one) <= 5
