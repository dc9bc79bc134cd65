"""Verifying by number and name, the public keys, what to do about a fake."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from webtest.response import TestResponse

from app.certification import keys
from app.certification.addresses import qr_text
from certificates.keys import load_keys
from certificates.numbering import format_number
from certificates.verify import Verdict, check
from tests.app.certification.samples import changed, form_with, issued
from tests.page import Browser


def searched(browser: Browser, number: str, name: str) -> TestResponse:
    form = form_with(browser.open("/verify"), "number")
    form["number"], form["name"] = number, name
    return browser.submit(form)


def test_number_and_name_lead_to_the_page_behind_the_code(app: Flask) -> None:
    certificate = issued("章示例")
    page = searched(Browser(app), certificate.number, "章示例")
    assert page.request.path == f"/v/{certificate.token}"
    assert "真实且有效" in page.text


def test_a_revoked_certificate_is_found_as_revoked(app: Flask) -> None:
    certificate = changed(issued("章示例"), "revoke")
    assert "已撤销，无效" in searched(Browser(app), certificate.number, "章示例").text


def test_full_width_lower_case_and_other_dashes_are_the_same_number(app: Flask) -> None:
    certificate = issued("示例·买买提")
    typed = certificate.number.lower().replace("-", "—").translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert "真实且有效" in searched(Browser(app), f" {typed} ", "示例・ 买买提").text


def test_one_wrong_character_is_told_beside_the_number(app: Flask) -> None:
    number = issued("章示例").number
    wrong = number[:-1] + ("A" if number[-1] != "A" else "B")
    page = searched(Browser(app), wrong, "章示例")
    assert page.html.find(id="number-error").get_text().startswith("编号有一处抄错")


@pytest.mark.parametrize("number", ["12345", "章示例", "ZJ-1926-0000001-A", "é" * 20])
def test_what_is_no_number_is_told_beside_the_number(app: Flask, number: str) -> None:
    page = searched(Browser(app), number, "章示例")
    assert page.html.find(id="number-error").get_text().strip()


def test_a_wrong_name_and_an_unknown_number_get_the_same_answer(app: Flask) -> None:
    certificate = issued("章示例")
    never_issued = format_number("ZJ", 2026, 2)
    answers = [
        searched(Browser(app), number, name).html.find(role="alert").get_text()
        for number, name in ((certificate.number, "王示例"), (never_issued, "章示例"))
    ]
    assert answers[0] == answers[1]
    assert "没有找到编号和姓名都相符的证书" in answers[0]


def test_both_fields_are_wanted(app: Flask) -> None:
    page = searched(Browser(app), "", "")
    assert "请填写证书编号" in page.text and "请填写持证人姓名" in page.text


def test_ten_searches_a_minute_are_enough(app: Flask) -> None:
    browser = Browser(app)
    for _search in range(10):
        searched(browser, "12345", "章示例")
    form = form_with(browser.open("/verify"), "number")
    assert "操作过于频繁" in browser.submit(form, status=429).text


def test_the_public_keys_verify_a_certificate_with_no_network_and_may_be_kept_for_a_day(app: Flask) -> None:
    certificate = issued()
    answer = Browser(app).web.get("/verify/keys.json")
    assert answer.content_type == "application/json"
    assert "max-age=86400" in answer.headers["Cache-Control"]
    text = qr_text(certificate, keys.records())
    found = check(text, app.config["SETTINGS"].base_url, load_keys(answer.text), date(2026, 3, 2))
    assert found.verdict is Verdict.GENUINE_OFFLINE
    assert "PRIVATE" not in answer.text


def test_before_the_first_certificate_there_are_no_keys(app: Flask) -> None:
    assert Browser(app).web.get("/verify/keys.json").json == {"keys": []}


def test_the_page_about_fakes_says_where_to_turn(app: Flask) -> None:
    page = Browser(app).open("/verify/report")
    assert "12350" in page.text and "127.0.0.1:8000" in page.text
