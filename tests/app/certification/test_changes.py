"""Suspending, reinstating, revoking, replacing: by the regulators of the territory, with a reason and a document."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError

from app.audit.models import AuditEvent
from app.certification import keys, queries, service
from app.certification.addresses import is_authentic
from app.certification.models import Certificate, CertificateEvent, CertificateState
from app.core.actors import SYSTEM, Actor, Role
from app.core.clock import now
from app.core.db import db
from app.core.errors import Forbidden, ServiceError
from app.registry.models import Bar, BarScope
from tests.app.certification.samples import changed, form_with, issued, signed_in
from tests.conftest import Clock
from tests.page import Browser

CITY = Actor(None, "王示例", Role.REGULATOR, "330100")
OTHER_CITY = Actor(None, "李示例", Role.REGULATOR, "330200")


def refusal(certificate: Certificate, change: str, actor: Actor = CITY, **values: str) -> str:
    given = {"reason": "示例理由", "document_number": "示例〔2026〕1号", **values}
    with pytest.raises(ServiceError) as refused:
        service.change_state(certificate, change, **given, actor=actor, now=now())
    db.session.rollback()
    return refused.value.code


def test_a_change_is_kept_with_reason_document_officer_and_moment(app: Flask) -> None:
    certificate = issued()
    service.change_state(certificate, "suspend", " 被举报替考 ", "示例〔2026〕7号", actor=CITY, now=now())
    db.session.commit()
    event = db.session.scalars(sa.select(CertificateEvent)).one()
    assert (event.state, event.reason, event.document_number) == (
        CertificateState.SUSPENDED,
        "被举报替考",
        "示例〔2026〕7号",
    )
    assert (event.by_name, event.at, certificate.state_at) == ("王示例", now(), now())
    last = db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
    assert (last.kind, last.subject_id, last.data["status"]) == (
        "CertificateStatusChanged",
        certificate.id,
        "suspended",
    )


@pytest.mark.parametrize(
    ("before", "change", "code"),
    [
        ((), "reinstate", "certificate_is_valid"),
        (("suspend",), "suspend", "certificate_is_suspended"),
        (("suspend",), "replace", "certificate_is_suspended"),
        (("revoke",), "reinstate", "certificate_is_revoked"),
        (("revoke",), "suspend", "certificate_is_revoked"),
        (("revoke",), "revoke", "certificate_is_revoked"),
        (("revoke",), "replace", "certificate_is_revoked"),
        (("replace",), "revoke", "certificate_is_replaced"),
        (("replace",), "replace", "certificate_is_replaced"),
    ],
)
def test_a_change_that_the_state_forbids_is_refused(
    app: Flask, before: tuple[str, ...], change: str, code: str
) -> None:
    certificate = issued()
    for each in before:
        changed(certificate, each)
    assert refusal(certificate, change) == code


@pytest.mark.parametrize("change", list(service.CHANGES))
def test_every_change_wants_a_reason_and_a_document(app: Flask, change: str) -> None:
    certificate = issued()
    assert refusal(certificate, change, reason="  ") == "certificate_reason_missing"
    assert refusal(certificate, change, document_number=" ") == "certificate_document_missing"
    assert db.session.scalar(sa.select(sa.func.count(CertificateEvent.id))) == 0


def test_regulators_of_another_city_and_institutions_change_nothing(app: Flask) -> None:
    certificate = issued()
    for actor in (OTHER_CITY, Actor(None, "示例", Role.INSTITUTION, "PX01"), Actor(None, "示例", Role.TRAINEE)):
        with pytest.raises(Forbidden):
            service.change_state(certificate, "revoke", "理由", "文书", actor=actor, now=now())
    assert certificate.state is CertificateState.VALID


def test_the_database_keeps_a_revoked_certificate_revoked(app: Flask) -> None:
    certificate = changed(issued(), "revoke")
    with pytest.raises(DBAPIError):
        db.session.execute(sa.update(Certificate).where(Certificate.id == certificate.id).values(state="valid"))


def test_the_database_keeps_every_event_as_it_was(app: Flask) -> None:
    changed(issued(), "suspend")
    with pytest.raises(DBAPIError):
        db.session.execute(sa.update(CertificateEvent).values(reason="另一个理由"))


def test_what_was_revoked_is_not_issued_again(app: Flask) -> None:
    certificate = changed(issued(), "revoke")
    with pytest.raises(ServiceError) as refused:
        service.issue(certificate.attempt, actor=SYSTEM, now=now())
    assert (refused.value.code, refused.value.data["number"]) == ("certificate_was_revoked", certificate.number)


def test_a_suspended_certificate_is_not_issued_a_second_time(app: Flask) -> None:
    certificate = changed(issued(), "suspend")
    assert service.issue(certificate.attempt, actor=SYSTEM, now=now()).id == certificate.id


def test_a_replacement_bears_the_corrected_name_a_new_number_and_the_old_last_day(app: Flask, clock: Clock) -> None:
    old = issued("张示列")
    old.person.name = "张示例"
    db.session.commit()
    clock.advance(days=500)
    new = changed(old, "replace")
    assert (old.state, new.state) == (CertificateState.REPLACED, CertificateState.VALID)
    assert (old.holder_name, new.holder_name) == ("张示列", "张示例")
    assert (new.valid_until, new.issued_on) == (old.valid_until, date(2027, 7, 15))
    assert new.number.startswith("ZJ-2027-0000001-") and new.token != old.token
    assert new.facts["score"] == old.facts["score"] and new.facts["exam_on"] == old.facts["exam_on"]
    assert is_authentic(new, keys.records()) and is_authentic(old, keys.records())
    assert queries.successor_of(old) == new


def test_a_replacement_is_refused_to_somebody_barred_meanwhile_and_leaves_the_old_one_valid(app: Flask) -> None:
    certificate = issued()
    bar = Bar(
        person_id=certificate.person_id,
        scope=BarScope.ALL_TRADES,
        valid_from=date(2026, 1, 1),
        valid_to=date(2031, 1, 1),
        decision_number="示例禁〔2026〕2号",
        created_at=now(),
    )
    db.session.add(bar)
    db.session.commit()
    assert refusal(certificate, "replace") == "certify_barred"
    assert certificate.state is CertificateState.VALID


def test_an_expired_certificate_is_not_replaced(app: Flask, clock: Clock) -> None:
    certificate = issued()
    clock.advance(days=1200)
    assert refusal(certificate, "replace") == "certificate_expired"


def act(browser: Browser, certificate: Certificate, change: str, reason: str, document: str) -> str:
    form = form_with(browser.open(f"/certificates/{certificate.id}/{change}"), "reason")
    form["reason"], form["document_number"] = reason, document
    return browser.submit(form).text


def test_a_regulator_suspends_on_the_page_and_reads_it_in_the_record(app: Flask) -> None:
    certificate = issued()
    browser = signed_in(app, Role.REGULATOR, "330000")
    text = act(browser, certificate, "suspend", "被举报替考", "示例〔2026〕7号")
    assert "证明已暂停" in text and "被举报替考" in text and "示例〔2026〕7号" in text and "恢复证明" in text


def test_a_change_without_a_document_keeps_what_was_written(app: Flask) -> None:
    certificate = issued()
    browser = signed_in(app, Role.REGULATOR, "330000")
    text = act(browser, certificate, "revoke", "查实替考", "")
    assert "请填写此项" in text and "查实替考" in text
    db.session.refresh(certificate)
    assert certificate.state is CertificateState.VALID


def test_replacing_on_the_page_leads_to_the_new_certificate(app: Flask) -> None:
    certificate = issued()
    browser = signed_in(app, Role.REGULATOR, "330000")
    text = act(browser, certificate, "replace", "姓名更正", "示例〔2026〕8号")
    new = queries.by_attempt([certificate.attempt_id])[certificate.attempt_id]
    assert new.number in text and "这就是新的一张" in text
    assert new.number in browser.open(f"/certificates/{certificate.id}").text


def test_the_second_of_two_officers_is_told_in_words(app: Flask) -> None:
    certificate = issued()
    browser = signed_in(app, Role.REGULATOR, "330000")
    form = form_with(browser.open(f"/certificates/{certificate.id}/suspend"), "reason")
    changed(certificate, "revoke")
    form["reason"], form["document_number"] = "示例理由", "示例〔2026〕9号"
    assert "撤销是最终状态" in browser.submit(form, status=200).text


@pytest.mark.parametrize(
    ("role", "scope"),
    [(Role.REGULATOR, "330200"), (Role.INSTITUTION, "PX01"), (Role.EXAM_SITE, "KD01")],
)
def test_the_pages_of_change_open_for_nobody_else(app: Flask, role: Role, scope: str) -> None:
    certificate = issued()
    browser = signed_in(app, role, scope)
    for change in service.CHANGES:
        browser.open(f"/certificates/{certificate.id}/{change}", status=403)
