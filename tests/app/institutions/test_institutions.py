from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from openpyxl import load_workbook

from app.audit.models import AuditEvent
from app.core.actors import Actor, Role
from app.core.clock import now
from app.core.db import db
from app.core.errors import Forbidden, ServiceError
from app.institutions import service
from app.institutions.models import ExamSite, Institution, Standing
from tests import sample
from tests.page import Browser

HANGZHOU, NINGBO = "330100", "330200"
OFFICER = Actor(None, "示例科长", Role.REGULATOR, HANGZHOU)


def main_form(page: Any) -> Any:
    """Return the form that posts back to the page itself."""
    return next(form for form in page.forms.values() if form.method.lower() == "post" and form.action == "")


def browser(app: Flask, role: Role = Role.REGULATOR, scope: str = HANGZHOU) -> Browser:
    """Sign somebody new in; commits what the test prepared."""
    login = f"{role.value}-{scope}"
    sample.user(login, role, scope, name="示例科长")
    db.session.commit()
    opened = Browser(app)
    form = main_form(opened.open("/sign-in"))
    form["login"], form["password"] = login, sample.PASSWORD
    assert form.submit().status_int == 302
    return opened


def decide(institution: Institution, standing: Standing, actor: Actor = OFFICER, **changes: str) -> None:
    values = {"reason": "示例：未按大纲培训", "document_number": "示例应急〔2026〕1号", **changes}
    service.change_standing(institution, standing, **values, actor=actor, now=now())


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect the SELECT statements sent to the database."""
    seen: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *_rest: Any) -> None:
        seen.extend([statement] if statement.startswith("SELECT") else [])

    sa.event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(db.engine, "before_cursor_execute", note)


def test_only_an_active_institution_may_schedule(app: Flask) -> None:
    institution = sample.institution()
    service.require_active(institution)
    decide(institution, Standing.SUSPENDED)
    with pytest.raises(ServiceError) as refused:
        service.require_active(institution)
    assert (refused.value.code, refused.value.data) == ("institution_suspended", {"name": institution.name})
    decide(institution, Standing.ACTIVE)
    service.require_active(institution)
    decide(institution, Standing.REMOVED)
    with pytest.raises(ServiceError, match="institution_removed"):
        service.require_active(institution)


def test_each_decision_is_kept_with_reason_document_and_officer(app: Flask) -> None:
    institution = sample.institution()
    decide(institution, Standing.SUSPENDED)
    decide(institution, Standing.ACTIVE, reason="已整改")
    kept = [(each.standing, each.reason, each.document_number, each.by_name) for each in institution.standing_events]
    assert kept == [
        (Standing.SUSPENDED, "示例：未按大纲培训", "示例应急〔2026〕1号", "示例科长"),
        (Standing.ACTIVE, "已整改", "示例应急〔2026〕1号", "示例科长"),
    ]
    kinds = db.session.scalars(sa.select(AuditEvent.data).where(AuditEvent.kind == "InstitutionStatusChanged")).all()
    assert [each["status"] for each in kinds] == ["suspended", "active"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"reason": "  "}, "standing_reason_missing"), ({"document_number": ""}, "standing_document_missing")],
)
def test_a_decision_needs_reason_and_document(app: Flask, changes: dict[str, str], code: str) -> None:
    institution = sample.institution()
    with pytest.raises(ServiceError, match=code):
        decide(institution, Standing.SUSPENDED, **changes)
    assert institution.standing is Standing.ACTIVE


def test_a_removal_is_final_and_a_standing_changes_only_once(app: Flask) -> None:
    institution = sample.institution()
    with pytest.raises(ServiceError, match="standing_unchanged"):
        decide(institution, Standing.ACTIVE)
    decide(institution, Standing.REMOVED)
    for standing in Standing:
        with pytest.raises(ServiceError, match="standing_unchanged"):
            decide(institution, standing)


def test_a_regulator_of_elsewhere_decides_nothing(app: Flask) -> None:
    institution = sample.institution()
    elsewhere = Actor(None, "示例科长", Role.REGULATOR, NINGBO)
    with pytest.raises(Forbidden):
        decide(institution, Standing.SUSPENDED, elsewhere)
    with pytest.raises(Forbidden):
        service.add_institution("PX09", sample.credit_code(), "示例", HANGZHOU, actor=elsewhere, now=now())
    with pytest.raises(Forbidden):
        service.add_exam_site("KD09", sample.credit_code(), "示例", HANGZHOU, seats=1, actor=elsewhere, now=now())


def test_a_suspension_is_stated_confirmed_and_shown(app: Flask) -> None:
    institution = sample.institution()
    opened = browser(app)
    address = f"/institutions/{institution.id}/suspend"
    page = opened.open(address)
    assert "停训期间不能安排新的培训班" in page.text
    form = main_form(page)
    form["reason"], form["document_number"] = "示例：未按大纲培训", "示例应急〔2026〕1号"
    unconfirmed = opened.submit(form)
    assert "请勾选确认" in unconfirmed.text
    form = main_form(unconfirmed)
    form["is_confirmed"] = True
    record = opened.submit(form)
    assert "停训期间不能安排新的培训班" in record.text and "示例应急〔2026〕1号" in record.text
    assert "恢复培训" in record.text
    opened.open(address, status=404)
    assert institution.name in opened.open("/institutions?standing=suspended").text
    assert institution.name not in opened.open("/institutions?standing=active").text


@pytest.mark.parametrize("path", ["", "/suspend", "/remove"])
def test_strangers_and_other_territories_are_kept_out(app: Flask, path: str) -> None:
    address = f"/institutions/{sample.institution().id}{path}"
    for role, scope in ((Role.REGULATOR, NINGBO), (Role.INSTITUTION, "PX99"), (Role.ENTERPRISE, "91330100MA0000001X")):
        browser(app, role, scope).open(address, status=403)
    assert Browser(app).web.get(address).status_int == 302
    browser(app).open(address)


def test_an_institution_reads_its_own_record_and_decides_nothing(app: Flask) -> None:
    institution = sample.institution()
    opened = browser(app, Role.INSTITUTION, institution.code)
    page = opened.open(f"/institutions/{institution.id}")
    assert institution.name in page.text and "监管决定" not in page.text
    opened.open(f"/institutions/{institution.id}/suspend", status=403)
    opened.open("/institutions", status=403)


def test_an_administrator_reads_but_does_not_decide(app: Flask) -> None:
    institution = sample.institution()
    opened = browser(app, Role.ADMINISTRATOR, "")
    assert "监管决定" not in opened.open(f"/institutions/{institution.id}").text
    assert "添加培训机构" not in opened.open("/institutions").text
    opened.open(f"/institutions/{institution.id}/suspend", status=403)
    opened.open("/institutions/new", status=403)
    opened.open("/exam-sites/new", status=403)


def test_lists_hold_the_territory_only_and_are_exported(app: Flask) -> None:
    sample.institution("PX01")
    sample.institution("PX02", region=NINGBO)
    sample.exam_site("KD01")
    sample.exam_site("KD02", region=NINGBO)
    opened = browser(app)
    for address, inside, outside in (("/institutions", "PX01", "PX02"), ("/exam-sites", "KD01", "KD02")):
        page = opened.open(address)
        assert inside in page.text and outside not in page.text
        book = load_workbook(io.BytesIO(opened.web.get(f"{address}?format=xlsx").body))
        assert [cell.value for cell in book.active["B"]] == ["代码", inside]
        assert "没有符合条件的记录" in opened.open(address, params={"q": "没有这个"}).text


@pytest.mark.parametrize("address", ["/institutions", "/exam-sites"])
def test_a_long_list_asks_no_more_questions_than_a_short_one(app: Flask, address: str) -> None:
    opened = browser(app)
    sample.institution("PX00")
    sample.exam_site("KD00")
    db.session.commit()
    with counted() as short:
        opened.open(address)
    for number in range(1, 20):
        sample.institution(f"PX{number:02d}")
        sample.exam_site(f"KD{number:02d}")
    db.session.commit()
    with counted() as long:
        opened.open(address)
    assert len(long) == len(short)


def filled(opened: Browser, address: str, **changes: str) -> Any:
    form = main_form(opened.open(address))
    values = {"name": "示例安全培训中心", "code": "hz-01", "credit_code": sample.credit_code(), "region_code": "330106"}
    for name, value in {**values, **changes}.items():
        form[name] = value
    return form


def test_an_institution_and_an_exam_site_are_added_by_the_regulator(app: Flask) -> None:
    opened = browser(app)
    assert "可以安排培训班" in opened.submit(filled(opened, "/institutions/new")).text
    assert "HZ-01" in opened.submit(filled(opened, "/exam-sites/new", name="示例考试点", seats="40")).text
    institution, site = db.session.scalars(sa.select(Institution)).one(), db.session.scalars(sa.select(ExamSite)).one()
    assert (institution.code, institution.standing, site.seats) == ("HZ-01", Standing.ACTIVE, 40)
    added = db.session.execute(
        sa.select(AuditEvent.kind, AuditEvent.subject_type)
        .where(AuditEvent.kind.like("%Added"))
        .order_by(AuditEvent.id)
    ).all()
    assert [tuple(each) for each in added][1:] == [("BodyAdded", "institution"), ("ExamSiteAdded", "exam_site")]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"credit_code": "91330100000000018X"}, "校验位不对"),
        ({"code": "示例"}, "代码应为 2 至 20 位"),
        ({"code": "PX01"}, "代码 PX01 已被使用"),
        ({"name": ""}, "请填写此项"),
    ],
)
def test_a_wrong_institution_is_refused_beside_its_field(app: Flask, change: dict[str, str], said: str) -> None:
    sample.institution("PX01")
    opened = browser(app)
    assert said in opened.submit(filled(opened, "/institutions/new", **change)).text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Institution)) == 1


def test_an_organisation_is_one_institution_until_it_is_removed(app: Flask) -> None:
    institution = sample.institution()
    again = ("PX02", institution.credit_code, "示例", "330106")
    with pytest.raises(ServiceError, match="institution_known"):
        service.add_institution(*again, actor=OFFICER, now=now())
    decide(institution, Standing.REMOVED)
    assert service.add_institution(*again, actor=OFFICER, now=now()).standing is Standing.ACTIVE


def test_a_site_of_the_same_organisation_is_pointed_out(app: Flask) -> None:
    institution = sample.institution()
    sample.exam_site(operator=institution.credit_code)
    page = browser(app).open(f"/institutions/{institution.id}")
    assert "同一单位还举办考试点" in page.text
