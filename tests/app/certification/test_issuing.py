"""Issuing: who gets a certificate, what it freezes, how it is numbered, and what the database itself refuses."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from app.audit.models import AuditEvent
from app.audit.service import faults
from app.certification import keys, queries, service
from app.certification.addresses import is_authentic, qr_text
from app.certification.jobs import ISSUE_JOB
from app.certification.models import Certificate, CertificateState, NumberSeries, SigningKey
from app.core import jobs
from app.core.actors import SYSTEM
from app.core.clock import now
from app.core.db import db
from app.core.errors import ServiceError
from app.institutions.models import Standing
from app.registry.models import Bar, BarScope
from app.worker import run_all
from certificates.certificate import CertificateFacts
from certificates.verify import Verdict, check
from tests import sample
from tests.app.certification.samples import issued, passed_attempt
from tests.conftest import Clock


def refusal(attempt: sample.Attempt) -> ServiceError:
    with pytest.raises(ServiceError) as refused:
        service.issue(attempt, actor=SYSTEM, now=now())
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(Certificate.id))) == 0
    assert db.session.scalar(sa.select(sa.func.count(NumberSeries.id))) == 0
    return refused.value


def test_a_passed_attempt_gets_a_certificate_whose_signature_holds(app: Flask) -> None:
    certificate = issued()
    assert certificate.number == "ZJ-2026-0000001-" + certificate.number[-1]
    assert (certificate.issued_on, certificate.valid_until) == (date(2026, 3, 2), date(2029, 3, 1))
    text = qr_text(certificate, keys.records())
    found = check(text, app.config["SETTINGS"].base_url, keys.records(), date(2026, 3, 2))
    assert found.verdict is Verdict.GENUINE_OFFLINE
    assert is_authentic(certificate, keys.records())


def test_the_facts_are_those_of_the_moment_and_stay_so_after_a_rename(app: Flask) -> None:
    certificate = issued("章示例")
    certificate.person.name = "章改名"
    certificate.attempt.enrolment.enterprise.name = "改名后的企业"
    db.session.commit()
    facts = CertificateFacts.from_payload(certificate.facts)
    assert (facts.holder_name, facts.enterprise_name) == ("章示例", "示例金属制品有限公司")
    assert (facts.score, facts.pass_score, facts.exam_on) == (92, 80, date(2026, 3, 2))
    assert (facts.institution_name, facts.exam_site_name) == ("示例安全培训中心PX01", "示例考试点KD01")
    assert facts.issuer_name == "示例签发机关"
    assert facts.region_name == "浙江省杭州市上城区"


def test_issuing_twice_gives_the_same_certificate(app: Flask) -> None:
    attempt = passed_attempt()
    first = service.issue(attempt, actor=SYSTEM, now=now())
    assert service.issue(attempt, actor=SYSTEM, now=now()).id == first.id
    assert db.session.scalars(sa.select(NumberSeries.last)).all() == [1]


def test_numbers_run_on_within_province_and_year(app: Flask, clock: Clock) -> None:
    numbers = [issued(name).number[:15] for name in ("甲示例", "乙示例")]
    numbers.append(issued("丙示例", region="370406").number[:15])
    clock.advance(days=365)
    numbers.append(issued("丁示例").number[:15])
    assert numbers == ["ZJ-2026-0000001", "ZJ-2026-0000002", "SD-2026-0000001", "ZJ-2027-0000001"]


def test_a_number_taken_by_a_transaction_that_failed_is_given_again(app: Flask) -> None:
    service.issue(passed_attempt("甲示例"), actor=SYSTEM, now=now())
    db.session.rollback()
    assert issued("乙示例").number.startswith("ZJ-2026-0000001-")


def test_the_first_certificate_makes_the_key_and_writes_it_down_without_its_private_half(app: Flask) -> None:
    issued("甲示例")
    issued("乙示例")
    made = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.kind == "SigningKeyMade")).all()
    assert [event.data["kid"] for event in made] == [record.kid for record in keys.records()]
    stored = db.session.execute(sa.text("SELECT private_key FROM signing_key")).scalar_one()
    assert b"PRIVATE KEY" not in bytes(stored)
    assert list(faults()) == []


def test_a_retired_key_still_confirms_what_it_signed_and_a_new_one_signs(app: Flask, clock: Clock) -> None:
    old = issued("甲示例")
    db.session.scalars(sa.select(SigningKey)).one().retired_at = now()
    db.session.commit()
    clock.advance(days=1)
    new = issued("乙示例")
    assert new.signing_key_id != old.signing_key_id
    assert is_authentic(old, keys.records()) and is_authentic(new, keys.records())


def test_nobody_who_failed_is_certified(app: Flask) -> None:
    assert refusal(passed_attempt(score=79)).code == "certify_failed"


def test_missing_hours_are_named(app: Flask) -> None:
    attempt = passed_attempt()
    attempt.enrolment.credited_hours -= 2
    db.session.commit()
    refused = refusal(attempt)
    assert refused.code == "certify_hours_short"
    assert float(refused.data["required"]) - float(refused.data["credited"]) == 2


def test_a_suspended_institution_certifies_nobody(app: Flask) -> None:
    attempt = passed_attempt()
    attempt.enrolment.training_session.institution.standing = Standing.SUSPENDED
    db.session.commit()
    assert refusal(attempt).code == "certify_institution_suspended"


def test_who_taught_may_not_have_examined(app: Flask) -> None:
    attempt = passed_attempt()
    site = attempt.candidate.sitting.exam_site
    site.credit_code = attempt.enrolment.training_session.institution.credit_code
    db.session.commit()
    assert refusal(attempt).code == "certify_same_organisation"


@pytest.mark.parametrize(("scope", "sector"), [(BarScope.ALL_TRADES, None), (BarScope.ONE_TRADE, "metal_smelting")])
def test_a_bar_is_named_by_its_decision_and_a_withdrawn_one_binds_nobody(
    app: Flask, scope: BarScope, sector: str | None
) -> None:
    attempt = passed_attempt()
    bar = Bar(
        person_id=attempt.enrolment.person_id,
        scope=scope,
        sector_code=sector,
        valid_from=date(2025, 1, 1),
        valid_to=None if sector else date(2030, 1, 1),
        decision_number="示例禁〔2025〕1号",
        created_at=now(),
    )
    db.session.add(bar)
    db.session.commit()
    refused = refusal(attempt)
    assert (refused.code, refused.data["decision"]) == ("certify_barred", "示例禁〔2025〕1号")
    bar.withdrawn_at = now()
    db.session.commit()
    assert service.issue(attempt, actor=SYSTEM, now=now()).state is CertificateState.VALID


def test_a_pass_older_than_a_year_certifies_no_more(app: Flask, clock: Clock) -> None:
    attempt = passed_attempt()
    clock.advance(days=366)
    refused = refusal(attempt)
    assert (refused.code, refused.data["passed_on"]) == ("certify_pass_expired", "2026-03-02")


@pytest.mark.parametrize("character", ["\U00020000", "\U0002a6a5"])
def test_a_character_that_cannot_be_printed_is_named_before_anything_is_written(app: Flask, character: str) -> None:
    refused = refusal(passed_attempt(f"章{character}"))
    assert refused.code == "character_not_available"
    assert refused.data == {"character": character, "fact": "姓名"}
    assert db.session.scalar(sa.select(sa.func.count(SigningKey.id))) == 0


def test_a_name_with_a_middle_dot_is_written_with_one_kind_of_dot(app: Flask) -> None:
    assert issued("示例・买买提").holder_name == "示例·买买提"


def test_the_longest_names_that_the_registry_holds_still_fit_the_paper(app: Flask) -> None:
    attempt = passed_attempt()
    attempt.enrolment.enterprise.name = "长" * 200
    attempt.enrolment.training_session.institution.name = "长" * 200
    attempt.candidate.sitting.exam_site.name = "长" * 200
    db.session.commit()
    certificate = service.issue(attempt, actor=SYSTEM, now=now())
    assert service.draw(certificate).startswith(b"%PDF-")


def test_the_database_refuses_a_certificate_on_a_failed_attempt(app: Flask) -> None:
    certificate, failed = issued("甲示例"), passed_attempt("乙示例", score=50)
    with pytest.raises(IntegrityError):
        _copy(certificate, attempt_id=failed.id, attempt_passed=True)


def test_the_database_refuses_a_certificate_that_claims_no_pass(app: Flask) -> None:
    certificate, failed = issued("甲示例"), passed_attempt("乙示例", score=50)
    with pytest.raises(IntegrityError):
        _copy(certificate, attempt_id=failed.id, attempt_passed=False)


def test_the_database_refuses_a_certificate_on_no_attempt(app: Flask) -> None:
    with pytest.raises(IntegrityError):
        _copy(issued(), attempt_id=999_999, attempt_passed=True)


def test_the_database_refuses_a_second_live_certificate_on_one_attempt(app: Flask) -> None:
    certificate = issued()
    with pytest.raises(IntegrityError):
        _copy(certificate, attempt_id=certificate.attempt_id, attempt_passed=True)


def _copy(certificate: Certificate, **changes: object) -> None:
    """Write a row beside the service, as somebody with access to the database would."""
    table = Certificate.__table__
    row = dict(db.session.execute(sa.select(table).where(table.c.id == certificate.id)).mappings().one())
    row.update(id=certificate.id + 100, number="ZJ-2026-0000099-X", token="a" * 26, **changes)
    db.session.execute(sa.insert(table).values(**row))
    db.session.commit()


def test_the_job_issues_and_then_has_the_paper_drawn(app: Flask) -> None:
    attempt = passed_attempt()
    jobs.enqueue(ISSUE_JOB, {"attempt_id": attempt.id}, actor=SYSTEM, now=now())
    db.session.commit()
    assert run_all() == 2
    certificate = queries.by_attempt([attempt.id])[attempt.id]
    assert certificate.pdf_digest is not None
    assert {job.state for job in db.session.scalars(sa.select(jobs.Job))} == {jobs.JobState.DONE}


def test_a_refused_job_says_why(app: Flask) -> None:
    attempt = passed_attempt()
    attempt.enrolment.credited_hours = 0
    jobs.enqueue(ISSUE_JOB, {"attempt_id": attempt.id}, actor=SYSTEM, now=now())
    db.session.commit()
    run_all()
    job = db.session.scalars(sa.select(jobs.Job)).one()
    assert (job.state, job.error_code) == (jobs.JobState.FAILED, "certify_hours_short")


def test_by_attempt_prefers_the_live_certificate_and_leaves_out_attempts_without(app: Flask) -> None:
    certificate, bare = issued("甲示例"), passed_attempt("乙示例")
    new = service.change_state(certificate, "replace", "姓名更正", "示例〔2026〕1号", actor=SYSTEM, now=now())
    db.session.commit()
    assert queries.by_attempt([certificate.attempt_id, bare.id]) == {certificate.attempt_id: new}
    assert [one.id for one in queries.of_person(certificate.person_id)] == [new.id, certificate.id]


def test_a_certificate_issued_one_minute_before_midnight_in_shanghai_is_of_that_day(app: Flask, clock: Clock) -> None:
    clock.set(clock.moment.replace(hour=15, minute=59))
    assert issued("甲示例").issued_on == date(2026, 3, 2)
    clock.advance(minutes=1)
    assert issued("乙示例").issued_on == date(2026, 3, 2) + timedelta(days=1)
