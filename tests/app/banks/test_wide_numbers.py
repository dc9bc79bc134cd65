"""A number that almost anything hits is no question: it stays a draft, and the pages say why."""

from __future__ import annotations

import pytest
from flask import Flask

from app.banks import queries, service, submitting
from app.banks.models import Bank, Question, QuestionState
from app.core.actors import Role
from app.core.clock import now
from app.core.db import db
from tests.app.banks.samples import LI, SOURCED, WANG, entered
from tests.app.banks.test_lifecycle import edit, move, refusal
from tests.question_bank import samples

WIDE = "0±999999999999999"


def number(bank: Bank, accepted: str) -> Question:
    return service.create(bank, samples.numeric(accepted=accepted, **SOURCED), actor=WANG, now=now())


def test_a_number_within_almost_any_range_is_not_reviewed(app: Flask, bank: Bank) -> None:
    question = number(bank, WIDE)
    with refusal("question_needs_narrow_range"):
        move(question, QuestionState.IN_REVIEW, WANG)
    (held,) = submitting.looked_at(Question.id == question.id).held
    assert held.lacks == ("narrow_range",)
    assert service.approve_where_possible([question], actor=LI, now=now()) == 0
    edit(question, WANG, options=samples.numeric(accepted="12.5±0.5").options)
    assert move(question, QuestionState.IN_REVIEW, WANG).state is QuestionState.IN_REVIEW


@pytest.mark.parametrize("accepted", ["0±1", "1..5", "-10..-1", "20±15"])
def test_a_number_within_a_range_that_must_be_known_is(app: Flask, bank: Bank, accepted: str) -> None:
    assert move(number(bank, accepted), QuestionState.IN_REVIEW, WANG).state is QuestionState.IN_REVIEW


def test_the_pages_say_what_is_lacking_and_how_narrow_a_range_must_be(app: Flask, bank: Bank) -> None:
    question = number(bank, WIDE)
    db.session.commit()
    browser = entered(app, "author", Role.REGULATOR, "330102")
    assert "现在的范围太宽，随便填也能得分" in browser.open(f"/questions/{question.id}")
    assert "范围要窄才能送审" in browser.open(f"/questions/{question.id}/edit")
    assert queries.current_of(question).payload["options"][0]["text"] == WIDE
