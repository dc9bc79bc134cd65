"""Closing a session: refused while one trainee has neither an exam result nor an exemption (逢培必考)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask

from app.audit.service import timeline
from app.core.actors import SYSTEM
from app.core.clock import now
from app.core.errors import ServiceError
from app.sittings import closing
from app.sittings.models import Candidate, Sitting, SittingState
from app.sittings.queries import results
from app.training.models import Enrolment, EnrolmentState, Exemption, SessionState
from tests import sample


def test_a_session_with_a_trainee_without_result_stays_open_and_names_nobody(app: Flask) -> None:
    session = sample.training_session()
    sample.attempt(sample.enrolment(session, sample.person("甲示例")), 95)
    sample.enrolment(session, sample.person("乙示例"))
    with pytest.raises(ServiceError) as refused:
        closing.close(session, actor=SYSTEM, now=now())
    assert refused.value.code == "exam_missing"
    assert refused.value.data == {"count": 1}
    assert session.state is SessionState.SCHEDULED


def test_a_failed_exam_an_exemption_and_a_withdrawal_let_the_session_close(app: Flask) -> None:
    session = sample.training_session()
    sample.attempt(sample.enrolment(session), 40)
    exempt, left = sample.enrolment(session), sample.enrolment(session)
    sample.added(Exemption(enrolment_id=exempt.id, reason="免考", document_number="示例1号", by_name="甲", at=now()))
    left.state = EnrolmentState.WITHDRAWN
    assert closing.missing(session) == []
    closing.close(session, actor=SYSTEM, now=now())
    assert session.state is SessionState.CLOSED and session.closed_at == now()
    assert [event.data["trainees"] for event in timeline("training_session", session.id)] == [2]


def test_a_blank_exemption_reason_exempts_nobody(app: Flask) -> None:
    session = sample.training_session()
    enrolment = sample.enrolment(session)
    sample.added(Exemption(enrolment_id=enrolment.id, reason=" ", document_number="", by_name="甲", at=now()))
    assert closing.missing(session) == [enrolment]


def test_a_session_is_not_closed_twice_nor_while_a_sitting_is_to_come(app: Flask) -> None:
    session = sample.training_session()
    sample.attempt(sample.enrolment(session), 40)
    resit = sample.sitting(session, sample.exam_site("KD02"))
    resit.state = SittingState.SCHEDULED
    with pytest.raises(ServiceError, match="sitting_awaited"):
        closing.close(session, actor=SYSTEM, now=now())
    resit.state = SittingState.CANCELLED
    closing.close(session, actor=SYSTEM, now=now())
    with pytest.raises(ServiceError, match="closing_not_open"):
        closing.close(session, actor=SYSTEM, now=now())


def test_results_weigh_every_sitting_of_an_enrolment(app: Flask) -> None:
    session = sample.training_session()
    none, admitted, absent, failed, resat = (sample.enrolment(session) for _ in range(5))
    first = sample.sitting(session)
    to_come = sample.sitting(session, first.exam_site, starts_at=now() + timedelta(days=1))
    to_come.state = SittingState.SCHEDULED
    for number, (enrolment, sitting) in enumerate([(admitted, to_come), (absent, first), (failed, to_come)]):
        _admit(enrolment, sitting, number)
    sample.attempt(failed, 10, within=first)
    sample.attempt(resat, 50, within=first)
    best = sample.attempt(resat, 85, within=sample.sitting(session, first.exam_site), number=2)
    found = results(session.id)
    states = [found[each.id].state for each in (none, admitted, absent, failed, resat)]
    assert states == ["none", "admitted", "absent", "failed", "passed"]
    assert found[resat.id].score == Decimal(85) and found[resat.id].attempts == 2
    assert found[resat.id].attempt_id == best.id
    assert found[admitted.id].sitting_id == to_come.id


def _admit(enrolment: Enrolment, sitting: Sitting, number: int) -> None:
    sample.added(Candidate(sitting=sitting, enrolment=enrolment, admission_number=f"9{number:011d}", created_at=now()))
