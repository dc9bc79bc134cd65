"""The page as another program reads it: its words, its fonts, its code, and nothing over anything else."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pypdfium2
import pytest
import zxingcpp
from pypdf import PdfReader

from certificates.address import address, address_prefix, issuer_host
from certificates.certificate import CertificateFacts
from certificates.composition import Line, compose
from certificates.errors import CertificateError
from certificates.payload import claims_of
from certificates.pdf import render
from certificates.signing import sign
from certificates.template import load_template, template_names
from certificates.words import words_of

LONGEST = {
    "holder_name": "阿卜杜拉·示例买买提江·示例托合提",
    "enterprise_name": "示例省示例自治州示例县示例镇国际贸易金属矿产资源综合开发利用与进出口股份有限公司第一分公司",
    "role_en": "Principal responsible person (legal representative, actual controller)",
    "sector_zh": "金属非金属地下矿山（含尾矿库及地质勘探单位）",
    "sector_en": "Underground metal and non-metal mines, including tailings storage and geological exploration",
    "course_title_zh": "生产经营单位主要负责人安全生产知识和管理能力逢培必考集中再培训（三年行动专题）",
    "course_title_en": "Three-year campaign refresher course for principals of production and business units on work "
    "safety knowledge and management ability",
    "institution_name": "示例省示例自治州安全生产技术应用与应急救援培训服务中心有限责任公司",
    "issuer_name": "示例省示例自治州安全生产技术应用与应急救援培训服务中心有限责任公司",
    "exam_site_name": "示例省示例自治州示例县安全生产考试第一分考试点（示例职业技术学院）",
    "region_name": "示例省示例自治州示例县",
    "score": Decimal("86.55"),
    "hours": 999,
}
SHORTEST = {"holder_name": "章", "enterprise_name": "示", "issuer_name": "示", "document_kind": "other", "hours": 1}
LONG_HOST = "https://zhengshu-heyan.anquan-peixun-kaoshi.shili-zizhizhou.example.gov.cn"
LOCAL_HOST = "http://127.0.0.1:8000"
EXTREMES = [({}, "https://zs.example.gov.cn"), (LONGEST, LONG_HOST), (SHORTEST, LOCAL_HOST)]


@pytest.fixture(params=template_names())
def template(request):
    return load_template(request.param)


@pytest.fixture(params=EXTREMES, ids=["usual", "longest", "shortest"])
def case(request, facts, key) -> tuple[CertificateFacts, str]:
    changes, host_url = request.param
    certified = replace(facts, **changes)
    prefix = address_prefix(host_url, certified.token)
    claims = claims_of(certified, issuer_host(host_url), b"12345678")
    return certified, address(host_url, certified.token, sign(claims, prefix, key))


def _squeezed(text: str) -> str:
    return "".join(text.split())


def test_every_fact_can_be_read_out_of_the_page(case, template, fonts):
    certified, qr_text = case
    with pypdfium2.PdfDocument(render(certified, qr_text, template, fonts)) as document:
        assert len(document) == 1
        page = _squeezed(document[0].get_textpage().get_text_range())
    words = words_of(certified, qr_text)
    for row in template.facts.rows:
        for text in (row.label_zh, row.label_en, row.value, row.note):
            assert _squeezed(text.format_map(words)) in page
    assert "不是应急管理部门颁发的安全生产知识和管理能力考核合格证" in page
    assert "Itisnotthestatutorycertificate" in page
    assert f"{words['origin']}/开头" in page


def test_the_code_on_the_page_is_the_exact_address_at_screen_and_fax_resolution(case, template, fonts):
    certified, qr_text = case
    with pypdfium2.PdfDocument(render(certified, qr_text, template, fonts)) as document:
        for dots_per_inch in (100, 200):
            image = document[0].render(scale=dots_per_inch / 72).to_pil()
            assert [found.text for found in zxingcpp.read_barcodes(image)] == [qr_text]


def test_the_same_facts_make_the_same_bytes(case, template, fonts):
    certified, qr_text = case
    assert render(certified, qr_text, template, fonts) == render(certified, qr_text, template, fonts)


def test_no_text_runs_over_another_or_off_the_page(case, template, fonts):
    certified, qr_text = case
    composition = compose(template, words_of(certified, qr_text), fonts)
    level = [line for line in composition.lines if not line.angle and line.colour != template.seal.colour]
    boxes = [_box(line, fonts) for line in level]
    margin = (template.border.inset + template.border.band) * 72 / 25.4
    for n, (left, bottom, right, top) in enumerate(boxes):
        assert margin < left, level[n]
        assert right < template.page_width * 72 / 25.4 - margin, level[n]
        for m in range(n):
            other = boxes[m]
            apart = right <= other[0] or other[2] <= left or top <= other[1] or other[3] <= bottom
            assert apart, (level[n], level[m])


def test_no_text_touches_the_code_or_the_seal(case, template, fonts):
    certified, qr_text = case
    composition = compose(template, words_of(certified, qr_text), fonts)
    unit, seal, code = 72 / 25.4, template.seal, template.code
    seal_top = template.page_height - seal.y + seal.diameter / 2
    areas = [
        (code.x, template.page_height - code.y - code.size, code.x + code.size, template.page_height - code.y),
        (seal.x - seal.diameter / 2, seal_top - seal.diameter, seal.x + seal.diameter / 2, seal_top),
    ]
    for line in composition.lines:
        if line.angle or line.colour == seal.colour:
            continue
        left, bottom, right, top = _box(line, fonts)
        for area in areas:
            x0, y0, x1, y1 = (unit * side for side in area)
            assert right <= x0 or x1 <= left or top <= y0 or y1 <= bottom, line


def test_the_letters_of_the_seal_stay_within_its_ring(case, template, fonts):
    certified, qr_text = case
    seal, unit = template.seal, 72 / 25.4
    for line in compose(template, words_of(certified, qr_text), fonts).lines:
        if line.colour == seal.colour:
            reach = ((line.x - seal.x * unit) ** 2 + (line.y - (template.page_height - seal.y) * unit) ** 2) ** 0.5
            assert reach < seal.diameter / 2 * unit * 0.9


def _box(line: Line, fonts) -> tuple[float, float, float, float]:
    """The ink of a line: Chinese characters reach from 0.12 under the baseline to 0.88 over it."""
    width = fonts.faces[line.face].width(line.text, line.size) + max(len(line.text) - 1, 0) * line.tracking
    return line.x, line.y - 0.12 * line.size, line.x + width, line.y + 0.85 * line.size


def test_the_document_says_what_it_is_and_embeds_every_font(facts, qr_text, template, fonts):
    reader = PdfReader(io.BytesIO(render(facts, qr_text, template, fonts)))
    assert reader.metadata is not None
    assert facts.number in reader.metadata.title
    assert "培训考试合格证明" in reader.metadata.title
    assert reader.metadata.author == facts.issuer_name
    assert reader.metadata.creation_date is not None
    assert reader.metadata.creation_date.date() == facts.issued_on
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"
    named = reader.pages[0]["/Resources"]["/Font"].values()
    assert named
    assert all("/FontFile2" in font.get_object()["/FontDescriptor"] for font in named)


def test_the_page_never_shows_the_token_in_words(facts, qr_text, template, fonts):
    with pypdfium2.PdfDocument(render(facts, qr_text, template, fonts)) as document:
        assert facts.token not in _squeezed(document[0].get_textpage().get_text_range())


def test_a_name_that_cannot_be_printed_is_refused_before_anything_is_drawn(facts, qr_text, template, fonts):
    with pytest.raises(CertificateError) as caught:
        render(replace(facts, holder_name="章𠮷远"), qr_text, template, fonts)
    assert caught.value.code == "character_not_available"
    assert caught.value.data == {"character": "𠮷", "field": "holder_name"}


def test_a_text_that_fits_nowhere_is_refused_by_field(facts, qr_text, template, fonts):
    endless = replace(facts, enterprise_name="示例" * 600)
    with pytest.raises(CertificateError) as caught:
        render(endless, qr_text, template, fonts)
    assert caught.value.data["field"] == "enterprise"


def test_dates_are_written_for_people_too(facts, qr_text):
    words = words_of(replace(facts, issued_on=date(2026, 6, 1)), qr_text)
    assert (words["issued_on"], words["issued_on_zh"]) == ("2026-06-01", "2026年6月1日")
    assert words["host"] == "zs.example.gov.cn"
