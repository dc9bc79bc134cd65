"""The list, the record, the trainee's own and the PDF: who sees what, and what it says."""

from __future__ import annotations

import io

import pypdfium2
import pytest
import zxingcpp
from flask import Flask
from openpyxl import load_workbook

from app.certification import keys, service
from app.certification.addresses import qr_text
from app.certification.models import Certificate
from app.core import storage
from app.core.actors import Role
from app.core.db import db
from app.worker import run_all
from certificates.qr import svg, symbol
from tests import sample
from tests.app.certification.samples import changed, entered, issued, signed_in
from tests.conftest import Clock
from tests.page import Browser
from tests.queries import counted


def trainee(app: Flask, certificate: Certificate) -> Browser:
    """A browser in which the holder is signed in."""
    account = certificate.person.user
    assert account is not None
    account.password_hash = app.extensions["password_hasher"].hash(sample.PASSWORD)
    db.session.commit()
    return entered(app, certificate.person.document_number)


def read_pdf(content: bytes) -> tuple[str, str]:
    """The text of the only page, and what another program reads from its QR code."""
    document = pypdfium2.PdfDocument(content)
    try:
        assert len(document) == 1
        page = document[0]
        text = page.get_textpage().get_text_range()
        picture = page.render(scale=200 / 72).to_pil()
    finally:
        document.close()
    codes = zxingcpp.read_barcodes(picture)
    assert len(codes) == 1
    return text, codes[0].text


def test_the_paper_holds_the_facts_and_a_code_that_another_program_reads(app: Flask) -> None:
    certificate = issued("欧阳示例")
    run_all()
    answer = signed_in(app, Role.REGULATOR, "330000").web.get(f"/certificates/{certificate.id}/pdf")
    text, code = read_pdf(answer.body)
    assert code == qr_text(certificate, keys.records())
    assert code.startswith(f"http://127.0.0.1:8000/v/{certificate.token}#")
    wanted = (
        certificate.number,
        "欧阳示例",
        "示例金属制品有限公司",
        "92 分",
        "2026-03-02",
        "2029-03-01",
        "示例签发机关",
    )
    assert [fact for fact in wanted if fact not in text] == []
    assert certificate.person.document_number not in text


def test_the_file_is_named_by_the_number_alone(app: Flask) -> None:
    certificate = issued("章示例")
    answer = signed_in(app, Role.REGULATOR, "330000").web.get(f"/certificates/{certificate.id}/pdf")
    assert answer.headers["Content-Disposition"] == f"attachment; filename={certificate.number}.pdf"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_download_before_the_worker_gives_the_very_bytes_that_the_worker_keeps(app: Flask) -> None:
    certificate = issued()
    browser = signed_in(app, Role.REGULATOR, "330000")
    early = browser.web.get(f"/certificates/{certificate.id}/pdf").body
    run_all()
    db.session.refresh(certificate)
    assert certificate.pdf_digest is not None
    assert storage.read(certificate.pdf_digest) == early
    assert browser.web.get(f"/certificates/{certificate.id}/pdf").body == early


def test_a_stored_file_that_was_lost_is_drawn_again(app: Flask) -> None:
    certificate = issued()
    digest = service.keep_drawn(certificate)
    db.session.commit()
    storage.path_of(digest).unlink()
    answer = signed_in(app, Role.REGULATOR, "330000").web.get(f"/certificates/{certificate.id}/pdf")
    assert answer.body.startswith(b"%PDF-")


def test_a_regulator_lists_its_territory_only(app: Flask) -> None:
    here, there = issued("甲示例"), issued("乙示例", region="370406")
    text = signed_in(app, Role.REGULATOR, "330100").open("/certificates").text
    assert here.number in text and there.number not in text


def test_an_institution_lists_its_own_sessions_only(app: Flask) -> None:
    certificate = issued()
    assert certificate.number in signed_in(app, Role.INSTITUTION, "PX01", "own").open("/certificates").text
    sample.institution("PX02")
    assert certificate.number not in signed_in(app, Role.INSTITUTION, "PX02", "other").open("/certificates").text


def test_the_list_is_searched_by_number_and_name(app: Flask) -> None:
    first, second = issued("甲示例"), issued("乙示例")
    browser = signed_in(app, Role.REGULATOR, "330000")
    for words in ("甲示例", first.number):
        text = browser.open("/certificates", params={"q": words}).text
        assert first.number in text and second.number not in text


def test_the_list_is_filtered_by_state_sector_and_year(app: Flask, clock: Clock) -> None:
    expired, suspended = issued("甲示例"), changed(issued("乙示例"), "suspend")
    clock.advance(days=1200)
    valid = issued("丙示例")
    browser = signed_in(app, Role.REGULATOR, "330000")

    def listed(**filters: str) -> set[str]:
        text = browser.open("/certificates", params=filters).text
        return {one.holder_name for one in (expired, suspended, valid) if f"{one.number}</a>" in text}

    assert listed() == {"甲示例", "乙示例", "丙示例"}
    assert listed(state="expired") == {"甲示例"}
    assert listed(state="suspended") == {"乙示例"}
    assert listed(state="valid") == {"丙示例"}
    assert listed(state="revoked") == set()
    assert listed(year="2026") == {"甲示例", "乙示例"}
    assert listed(year="2029") == {"丙示例"}
    assert listed(sector="metal_smelting") == {"甲示例", "乙示例", "丙示例"}
    assert listed(sector="fisheries") == set()


def test_the_list_is_exported_as_it_is_filtered(app: Flask) -> None:
    certificate = changed(issued("甲示例"), "revoke")
    issued("乙示例")
    browser = signed_in(app, Role.REGULATOR, "330000")
    answer = browser.web.get("/certificates", params={"format": "xlsx", "state": "revoked"})
    rows = list(load_workbook(io.BytesIO(answer.body)).active.values)
    assert rows[0] == ("编号", "姓名", "任职单位", "类别", "签发日期", "有效期至", "状态")
    assert [row[0] for row in rows[1:]] == [certificate.number]
    assert rows[1][6] == "已撤销"


def test_the_list_asks_as_little_for_many_as_for_one(app: Flask) -> None:
    issued("甲示例")
    browser = signed_in(app, Role.REGULATOR, "330000")

    def asked() -> int:
        with counted() as statements:
            browser.open("/certificates")
        return len(statements)

    few = asked()
    for name in ("乙示例", "丙示例", "丁示例"):
        issued(name)
    assert asked() == few


def test_the_list_without_certificates_says_where_they_come_from(app: Flask) -> None:
    assert "考试合格后" in signed_in(app, Role.REGULATOR, "330000").open("/certificates").text


def test_the_record_leads_back_to_the_exam(app: Flask) -> None:
    certificate = issued("章示例")
    attempt = certificate.attempt
    text = signed_in(app, Role.INSTITUTION, "PX01").open(f"/certificates/{certificate.id}").text
    for wanted in (
        "章示例的证明有效",
        attempt.candidate.sitting.code,
        attempt.enrolment.training_session.code,
        attempt.paper_digest[:16],
        "92 分，满分 100 分",
    ):
        assert wanted in text
    assert "撤销证明" not in text, "an institution changes no state"


def test_the_record_shows_what_happened_by_whom(app: Flask) -> None:
    certificate = changed(issued(), "suspend")
    changed(certificate, "reinstate")
    page = signed_in(app, Role.REGULATOR, "330000").open(f"/certificates/{certificate.id}")
    rows = [row.get_text(" ", strip=True) for row in page.html.select(".timeline li")]
    assert len(rows) == 3
    assert "签发" in rows[0] and "暂停：示例理由（文书 示例〔2026〕1号）" in rows[1] and "恢复有效" in rows[2]


@pytest.mark.parametrize(("role", "scope"), [(Role.REGULATOR, "370000"), (Role.EXAM_SITE, "KD01")])
def test_record_and_paper_stay_closed_outside_the_scope(app: Flask, role: Role, scope: str) -> None:
    certificate = issued()
    browser = signed_in(app, role, scope)
    browser.open(f"/certificates/{certificate.id}", status=403)
    browser.open(f"/certificates/{certificate.id}/pdf", status=403)


def test_another_institution_sees_neither_record_nor_paper(app: Flask) -> None:
    certificate = issued()
    sample.institution("PX02")
    browser = signed_in(app, Role.INSTITUTION, "PX02")
    browser.open(f"/certificates/{certificate.id}", status=403)
    browser.open(f"/certificates/{certificate.id}/pdf", status=403)


def test_somebody_signed_out_is_sent_to_sign_in(app: Flask) -> None:
    certificate = issued()
    for address in ("/certificates", f"/certificates/{certificate.id}", f"/certificates/{certificate.id}/pdf"):
        assert "/sign-in" in Browser(app).web.get(address, status=302).location


def test_a_record_that_does_not_exist_is_not_found(app: Flask) -> None:
    signed_in(app, Role.REGULATOR, "330000").open("/certificates/12345", status=404)


def test_a_trainee_sees_own_certificates_shows_the_code_and_downloads(app: Flask) -> None:
    certificate, other = issued("甲示例"), issued("乙示例")
    browser = trainee(app, certificate)
    page = browser.open("/my-certificates")
    assert "您有 1 张有效证明" in page.text
    assert certificate.number in page.text and other.number not in page.text
    assert page.html.select_one("figure.code svg") is not None
    assert browser.web.get(f"/certificates/{certificate.id}/pdf").content_type == "application/pdf"
    browser.open(f"/certificates/{other.id}/pdf", status=404)
    browser.open(f"/certificates/{certificate.id}", status=403)


def test_the_code_on_the_screen_is_that_of_the_paper(app: Flask) -> None:
    certificate = issued()
    page = trainee(app, certificate).open("/my-certificates")
    path = page.html.select_one("figure.code svg path[fill-rule]")["d"]
    assert path in svg(symbol(qr_text(certificate, keys.records())), certificate.number)


@pytest.mark.parametrize(
    ("change", "sentence"), [("suspend", "证明已暂停使用"), ("revoke", "证明已被撤销"), ("replace", "请使用新的一张")]
)
def test_a_trainee_is_told_what_became_of_a_certificate(app: Flask, change: str, sentence: str) -> None:
    certificate = issued()
    changed(certificate, change)
    assert sentence in trainee(app, certificate).open("/my-certificates").text


@pytest.mark.parametrize("change", ["revoke", "replace"])
def test_a_trainee_downloads_no_paper_that_stands_no_more(app: Flask, change: str) -> None:
    certificate = issued()
    changed(certificate, change)
    trainee(app, certificate).open(f"/certificates/{certificate.id}/pdf", status=403)


def test_a_trainee_without_certificate_is_told_when_one_comes(app: Flask) -> None:
    browser = signed_in(app, Role.TRAINEE, login="newcomer")
    assert "考试合格后，证明会自动出现在这里" in browser.open("/my-certificates").text


def test_the_page_of_own_certificates_asks_as_little_for_three_as_for_one(app: Flask) -> None:
    certificate = issued()
    browser = trainee(app, certificate)

    def asked() -> int:
        with counted() as statements:
            browser.open("/my-certificates")
        return len(statements)

    few = asked()
    changed(changed(certificate, "replace"), "replace")
    assert asked() == few
