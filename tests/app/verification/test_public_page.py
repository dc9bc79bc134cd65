"""The page behind the QR code: every verdict, the frozen facts, masked, uncached, limited."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask

from app.certification.models import Certificate
from app.core.db import db
from certificates.certificate import CertificateFacts
from tests.app.certification.samples import changed, issued
from tests.conftest import Clock
from tests.page import Browser
from tests.queries import counted
from tests.tampering import tamper


def page_of(app: Flask, certificate: Certificate) -> BeautifulSoup:
    return BeautifulSoup(Browser(app).open(f"/v/{certificate.token}").text, "html.parser")


def verdict_of(app: Flask, certificate: Certificate) -> str:
    heading = page_of(app, certificate).h1
    assert heading is not None
    return heading.get_text(strip=True)


def test_a_valid_certificate_is_genuine_and_valid_for_anybody_without_signing_in(app: Flask) -> None:
    assert verdict_of(app, issued()) == "真实且有效"


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        (("suspend",), "已暂停使用"),
        (("suspend", "reinstate"), "真实且有效"),
        (("revoke",), "已撤销，无效"),
        (("suspend", "revoke"), "已撤销，无效"),
        (("replace",), "已换发，请看新证"),
    ],
)
def test_each_state_has_its_verdict_and_revoked_stays_verifiable(
    app: Flask, changes: tuple[str, ...], verdict: str
) -> None:
    certificate = issued()
    for change in changes:
        changed(certificate, change)
    assert verdict_of(app, certificate) == verdict
    assert certificate.number in page_of(app, certificate).get_text()


def test_a_replacement_is_valid_while_the_replaced_is_not(app: Flask) -> None:
    old = issued()
    new = changed(old, "replace")
    assert verdict_of(app, new) == "真实且有效"
    assert new.number not in page_of(app, old).get_text(), "the old paper must not lead a finder to the new one"


def test_a_certificate_expires_at_midnight_in_shanghai_after_its_last_day(app: Flask, clock: Clock) -> None:
    certificate = issued()
    clock.set(datetime(2029, 3, 1, 15, 59, 59, tzinfo=UTC))
    assert verdict_of(app, certificate) == "真实且有效"
    clock.advance(seconds=1)
    assert verdict_of(app, certificate) == "已过期"


def test_a_revoked_certificate_stays_revoked_after_its_last_day(app: Flask, clock: Clock) -> None:
    certificate = changed(issued(), "revoke")
    clock.advance(days=2000)
    assert verdict_of(app, certificate) == "已撤销，无效"


def test_the_page_shows_the_nine_facts_in_the_order_of_the_paper(app: Flask) -> None:
    certificate = issued()
    rows = page_of(app, certificate).find_all(["dt", "dd"])
    labels = [row.get_text(strip=True) for row in rows[::2]]
    values = [row.get_text(strip=True) for row in rows[1::2]]
    assert labels == ["编号", "姓名", "证件号码", "任职单位", "类别", "课程与学时", "考试", "签发", "有效期至"]
    assert values[0] == certificate.number
    assert values[1] == "章*例"
    assert values[2] == "*" * 14 + certificate.person.document_last4
    assert values[4] == "主要负责人 · 金属冶炼"
    assert values[6].startswith("2026-03-02 · 92 分（80 分合格）")
    assert values[8] == "2029-03-01"


def test_the_page_holds_neither_the_name_nor_the_document_nor_their_index(app: Flask) -> None:
    certificate = issued("章示例")
    text = Browser(app).open(f"/v/{certificate.token}").text
    person = certificate.person
    for secret in ("章示例", person.document_number, person.document_number[:14], person.document_index):
        assert secret not in text
    assert certificate.signed not in text, "the signed text holds the full name"


def test_what_is_renamed_later_does_not_appear(app: Flask) -> None:
    certificate = issued()
    certificate.attempt.enrolment.enterprise.name = "改名后的企业"
    certificate.person.name = "王改名"
    db.session.commit()
    text = page_of(app, certificate).get_text()
    assert "示例金属制品有限公司" in text
    assert "改名后的企业" not in text and "王*名" not in text


@pytest.mark.parametrize(("fact", "value"), [("score", "99"), ("holder_name", "章冒名"), ("valid_until", "2039-03-01")])
def test_a_record_changed_behind_the_applications_back_is_not_called_valid(app: Flask, fact: str, value: str) -> None:
    certificate = issued()
    facts = {**certificate.facts, fact: value}
    tamper(sa.update(Certificate).where(Certificate.id == certificate.id).values(facts=facts))
    assert verdict_of(app, certificate) == "暂时无法确认"


def test_a_last_day_moved_in_the_table_alone_is_not_called_valid(app: Flask, clock: Clock) -> None:
    certificate = issued()
    tamper(sa.update(Certificate).values(valid_until=datetime(2040, 1, 1, tzinfo=UTC).date()))
    assert verdict_of(app, certificate) == "暂时无法确认"


def test_a_certificate_signed_under_a_former_address_is_still_genuine(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = issued()
    monkeypatch.setattr("app.certification.addresses.official_url", lambda: "https://zs.example.gov.cn")
    assert verdict_of(app, certificate) == "真实且有效"


def test_an_unknown_address_is_no_certificate_and_says_what_to_do(app: Flask) -> None:
    for token in ("a" * 26, "x", "a" * 300, "ZJ-2026-0000001"):
        page = Browser(app).open(f"/v/{token}", status=404)
        assert "没有这份证书" in page.text and "用编号和姓名核验" in page.text


def test_the_number_opens_nothing(app: Flask) -> None:
    certificate = issued()
    assert Browser(app).open(f"/v/{certificate.number}", status=404)


def test_the_page_is_kept_by_no_cache_and_no_search_engine(app: Flask) -> None:
    page = Browser(app).open(f"/v/{issued().token}")
    assert page.headers["Cache-Control"] == "no-store"
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert "noindex" in page.text


def test_thirty_one_views_a_minute_are_too_many_and_the_page_says_so(app: Flask) -> None:
    address, browser = f"/v/{issued().token}", Browser(app)
    for _view in range(30):
        browser.web.get(address)
    assert "操作过于频繁" in browser.open(address, status=429).text


def test_misses_are_limited_more_strictly_than_hits(app: Flask) -> None:
    browser = Browser(app)
    for attempt in range(10):
        browser.web.get(f"/v/{'a' * 25}{'bcdefghijk'[attempt]}", status=404)
    assert "操作过于频繁" in browser.open(f"/v/{'b' * 26}", status=429).text


def test_the_page_asks_little_of_the_database(app: Flask) -> None:
    address, browser = f"/v/{issued().token}", Browser(app)
    with counted() as statements:
        browser.open(address)
    assert len([one for one in statements if one.startswith("SELECT")]) <= 3


def test_the_reader_of_english_gets_english_names_of_role_and_course(app: Flask) -> None:
    certificate = issued()
    browser = Browser(app)
    browser.web.set_cookie("language", "en")
    facts = CertificateFacts.from_payload(certificate.facts)
    assert facts.course_title_en in browser.open(f"/v/{certificate.token}").text
