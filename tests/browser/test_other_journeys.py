"""The regulator's, the trainee's and the passer-by's journeys, and the exam that the clock ends."""

from __future__ import annotations

import io
import re

import pypdfium2
import pytest
import sqlalchemy as sa
import zxingcpp
from playwright.sync_api import Page, expect

from app.accounts.service import set_password
from app.certification.models import Certificate, CertificateState
from app.cli.demo import story
from app.core.actors import SYSTEM
from app.core.db import db
from app.registry.models import Person
from tests.browser.conftest import Opened, Site, shoot, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def certificate(site: Site, state: CertificateState = CertificateState.VALID) -> tuple[str, str, str]:
    """Return (number, holder's name, holder's document number) of a certificate in *state*, the oldest."""
    with site.app.app_context():
        query = sa.select(Certificate).where(Certificate.state == state).order_by(Certificate.id).limit(1)
        found = db.session.scalars(query).one()
        return found.number, found.holder_name, db.session.get_one(Person, found.person_id).document_number


def test_a_regulator_finds_the_gap_down_to_the_names(site: Site, desktop: Opened) -> None:
    page = desktop()
    sign_in(page, "province")
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile("还差|覆盖"))
    shoot(page, "coverage")
    page.get_by_role("link", name=re.compile("矿山")).first.click()
    shoot(page, "coverage-clause")
    page.get_by_role("link", name="看名单").click()
    expect(page.get_by_role("table").first).to_be_visible()
    shoot(page, "coverage-names")
    assert not re.search(r"\b\d{17}[\dX]\b", page.content()), "a whole identity number stands on the page"
    page.goto("/coverage/mandates")
    shoot(page, "mandates")


def test_a_county_regulator_sees_only_the_county(site: Site, desktop: Opened) -> None:
    page = desktop()
    sign_in(page, "county")
    response = page.goto("/coverage/2026/330000/Z5-1")
    assert response is not None
    assert response.status == 403
    expect(page.get_by_text("不在您的管辖区域内")).to_be_visible()


def test_a_revoked_certificate_says_so_to_the_next_passer_by(site: Site, desktop: Opened, phone: Opened) -> None:
    number, name, _document = certificate(site)
    regulator = desktop()
    sign_in(regulator, "province")
    regulator.goto(f"/certificates?q={number}")
    shoot(regulator, "certificates")
    regulator.get_by_role("link", name=number).click()
    shoot(regulator, "certificate")
    for change, document in (("suspend", "示例暂〔2026〕1 号"), ("revoke", "示例撤〔2026〕1 号")):
        regulator.goto(regulator.url.rstrip("/").split("?")[0] + f"/{change}")
        regulator.get_by_label("理由").fill("示例：核查中发现培训记录不实")
        regulator.get_by_label("文书编号").fill(document)
        regulator.locator("main button[type=submit]").click()
        passer_by = phone()
        look_up(passer_by, number, name)
        expect(passer_by.get_by_role("heading", level=1)).to_contain_text("暂停" if change == "suspend" else "撤销")
    shoot(passer_by, "verify-revoked")


def look_up(page: Page, number: str, name: str) -> None:
    page.goto("/verify")
    page.get_by_label("证书编号").fill(number)
    page.get_by_label("持证人姓名").fill(name)
    page.get_by_role("button", name="核验").click()


def test_a_suspended_institution_schedules_nothing(site: Site, desktop: Opened) -> None:
    regulator, teacher = desktop(), desktop()
    sign_in(regulator, "province")
    sign_in(teacher, "teacher")
    regulator.goto("/institutions")
    shoot(regulator, "institutions")
    regulator.get_by_role("link", name="杭州市示例安全培训中心").click()
    record = regulator.url
    change_standing(regulator, f"{record}/suspend")
    shoot(regulator, "institution")
    teacher.goto("/courses/1/schedule")
    expect(teacher.get_by_text("不能安排新的培训班").first).to_be_visible()
    change_standing(regulator, f"{record}/reinstate")


def change_standing(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("原因").fill("示例：条件复核")
    page.get_by_label("文书编号").fill("示例应急〔2026〕2 号")
    page.locator("main input[type=checkbox]").check()
    page.locator("main button[type=submit]").click()


def test_questions_and_the_registry_open_for_the_regulator(site: Site, desktop: Opened) -> None:
    page = desktop()
    sign_in(page, "province")
    for address, name in (("/enterprises", "enterprises"), ("/enterprises/1", "enterprise"), ("/banks", "banks")):
        page.goto(address)
        shoot(page, name)
    page.goto("/banks/mines")
    shoot(page, "bank")


def test_a_trainee_downloads_a_certificate_whose_code_leads_to_its_page(site: Site, phone: Opened) -> None:
    """The PDF's QR code is read by another program and opened: the page confirms the code's signature."""
    number, document = give_the_last_holder_a_password(site)
    page = phone()
    sign_in(page, document)
    shoot(page, "trainee-certified")
    page.goto("/my-certificates")
    shoot(page, "my-certificates")
    with page.expect_download() as waiting:
        page.get_by_role("link", name=re.compile("下载")).first.click()
    address = code_in(waiting.value.path().read_bytes())
    assert document not in address
    passer_by = phone()
    passer_by.goto(address)
    expect(passer_by.get_by_role("heading", level=1)).to_contain_text("真实且有效")
    expect(passer_by.get_by_text(number)).to_be_visible()
    expect(passer_by.get_by_text("手中的二维码由签发机关签名，与本页是同一份证书")).to_be_visible()
    shoot(passer_by, "verify")


def give_the_last_holder_a_password(site: Site) -> tuple[str, str]:
    """Return (certificate number, document number) of the last certificate's holder, who can now sign in."""
    with site.app.app_context():
        query = sa.select(Certificate).where(Certificate.number == site.story.certificate)
        found = db.session.scalars(query).one()
        assert found.person.user is not None
        set_password(found.person.user, story.PASSWORD, actor=SYSTEM, now=site.clock())
        db.session.commit()
        return found.number, found.person.document_number


def code_in(pdf: bytes) -> str:
    """Return the text of the QR code on the first page of *pdf*."""
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    image = document[0].render(scale=3).to_pil()
    document.close()
    return zxingcpp.read_barcodes(image)[0].text


def test_a_wrong_number_says_so(site: Site, phone: Opened) -> None:
    page = phone()
    page.goto("/")
    shoot(page, "front")
    look_up(page, "ZJ-2026-0000001-0", "示例")
    expect(page.get_by_text("有内容需要修改").or_(page.get_by_text("没有")).first).to_be_visible()
    shoot(page, "verify-search")


def test_the_clock_hands_in_what_was_saved(site: Site, phone: Opened) -> None:
    """The demo's open exam: three answers, then the time is up; they count, and the page says so."""
    assert site.story.admission is not None
    number, admission = site.story.admission
    page = phone()
    page.goto("/enter")
    page.get_by_label("证件号码").fill(number)
    page.get_by_label("准考证号").fill(admission)
    page.get_by_role("button", name="进入考试").click()
    page.get_by_role("button", name="开始答题").click()
    for position in (1, 2, 3):
        expect(page.get_by_text(f"第 {position} / 25 题")).to_be_visible()
        page.locator("label.opt").first.click()
        expect(page.get_by_role("status").first).to_contain_text(f"已保存 {position} 题")
        page.get_by_role("button", name="下一题").click()
    site.clock.advance(minutes=61)
    page.locator("label.opt").first.click()
    expect(page).to_have_url(re.compile("/receipt$"), timeout=60_000)
    expect(page.get_by_text("服务器收到 25 题中的 3 题")).to_be_visible()
    expect(page.get_by_text("到时自动收卷")).to_be_visible()


def test_a_trainee_sees_what_is_due_and_why(site: Site, phone: Opened) -> None:
    trainee = next(login for who, login, _password in site.story.accounts if who == "trainee")
    page = phone()
    sign_in(page, trainee)
    expect(page.get_by_text("逢培必考").first).to_be_visible()
    shoot(page, "trainee-home")


def test_english_stands_beside_chinese(site: Site, desktop: Opened) -> None:
    page = desktop()
    page.goto("/")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    sign_in_english = page.get_by_role("link", name="Sign in").first
    sign_in_english.click()
    assert not re.search(r"[\u3400-\u9fff]", page.locator("main").inner_text())
