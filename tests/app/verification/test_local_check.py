"""The signature behind '#', checked in a real browser: the server never sees that part of the address."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from app.certification import keys
from app.certification.addresses import qr_text
from app.certification.models import Certificate
from tests.app.certification.samples import changed, issued
from tests.serving import SCRIPTS, phone, served

pytestmark = SCRIPTS


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    with served(app) as address:
        yield address


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    with phone(chromium) as context:
        yield context.new_page()


def signed_text(certificate: Certificate) -> str:
    return qr_text(certificate, keys.records()).partition("#")[2]


def test_the_code_of_this_certificate_matches(site: str, page: Page) -> None:
    certificate = issued()
    page.goto(f"{site}/v/{certificate.token}#{signed_text(certificate)}")
    expect(page.locator("#local-check")).to_contain_text("与本页是同一份证书")
    expect(page.locator("h1")).to_have_text("真实且有效")


@pytest.mark.parametrize("place", [-1, -60, -120, 30, 3])
def test_one_changed_character_takes_the_verdict_away(site: str, page: Page, place: int) -> None:
    certificate = issued()
    signed = signed_text(certificate)
    at = place % len(signed)
    altered = signed[:at] + ("A" if signed[at] != "A" else "B") + signed[at + 1 :]
    page.goto(f"{site}/v/{certificate.token}#{altered}")
    expect(page.locator("h1")).to_have_text("二维码被改动过")
    expect(page.locator("#sheet")).to_have_class("panel sheet stop contradicted")
    expect(page).to_have_title("二维码被改动过")


def test_the_code_of_another_certificate_is_told_apart(site: str, page: Page) -> None:
    certificate, other = issued("甲示例"), issued("乙示例")
    page.goto(f"{site}/v/{certificate.token}#{signed_text(other)}")
    expect(page.locator("h1")).to_have_text("二维码属于另一份证书")
    expect(page).to_have_title("二维码属于另一份证书")


def test_words_that_are_no_code_are_not_believed(site: str, page: Page) -> None:
    page.goto(f"{site}/v/{issued().token}#top")
    expect(page.locator("h1")).to_have_text("二维码被改动过")


def test_a_true_code_does_not_make_a_revoked_certificate_valid(site: str, page: Page) -> None:
    certificate = changed(issued(), "revoke")
    page.goto(f"{site}/v/{certificate.token}#{signed_text(certificate)}")
    expect(page.locator("#local-check")).to_contain_text("与本页是同一份证书")
    expect(page.locator("h1")).to_have_text("已撤销，无效")


def test_without_a_code_the_page_says_nothing_of_one(site: str, page: Page) -> None:
    page.goto(f"{site}/v/{issued().token}")
    expect(page.locator("#local-check")).to_be_hidden()
    expect(page.locator("h1")).to_have_text("真实且有效")


def test_without_the_means_to_check_the_page_asks_to_compare(site: str, page: Page) -> None:
    certificate = issued()
    page.add_init_script("Object.defineProperty(globalThis.crypto, 'subtle', { value: undefined })")
    page.goto(f"{site}/v/{certificate.token}#{signed_text(certificate)}")
    expect(page.locator("#local-check")).to_contain_text("不能在本机验证")
    expect(page.locator("h1")).to_have_text("真实且有效")
