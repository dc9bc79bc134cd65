"""What is drawn is read back by another program, module by module, on paper, screen and as an image."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ElementTree

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from certificates.errors import CertificateError
from certificates.qr import SMALLEST_MODULE_MM, Symbol, outlines, png, svg, symbol


def _read(image: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(image.convert("L"))]


def test_the_bitmap_decodes_to_the_exact_address(qr_text):
    image = Image.open(io.BytesIO(png(symbol(qr_text), pixels_per_module=3)))
    assert _read(image) == [qr_text]


def test_a_signed_address_is_printed_with_correction_q(qr_text):
    code = symbol(qr_text)
    assert code.correction == "Q"
    assert 40.0 / code.modules >= SMALLEST_MODULE_MM


def test_a_code_with_a_tenth_of_it_hidden_still_reads(qr_text):
    image = Image.open(io.BytesIO(png(symbol(qr_text), pixels_per_module=4))).convert("L")
    blot = image.width // 4
    image.paste(255, (image.width - 2 * blot, image.width - 2 * blot, image.width - blot, image.width - blot))
    assert _read(image) == [qr_text]


def test_a_longer_text_falls_back_to_correction_m_and_a_too_long_one_is_refused():
    assert symbol("x" * 800).correction == "M"
    with pytest.raises(CertificateError, match="qr_too_long"):
        symbol("x" * 1400)
    with pytest.raises(CertificateError, match="qr_too_long"):
        symbol("x" * 5000)


def test_a_code_smaller_than_35_mm_is_not_made(qr_text):
    with pytest.raises(CertificateError, match="qr_too_small"):
        symbol(qr_text, print_mm=34.9)
    with pytest.raises(CertificateError, match="qr_too_small"):
        png(symbol(qr_text), pixels_per_module=0)


@given(st.integers(1, 9).flatmap(lambda side: st.tuples(*[st.tuples(*[st.booleans()] * side)] * side)))
@settings(max_examples=200)
def test_the_outlines_enclose_exactly_the_dark_modules(rows):
    loops = outlines(rows)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            assert _is_inside(loops, x + 0.5, y + 0.5) == dark


def _is_inside(loops: list[list[tuple[int, int]]], x: float, y: float) -> bool:
    """Even-odd rule along a ray to the left."""
    crossings = 0
    for loop in loops:
        for (x0, y0), (x1, y1) in zip(loop, loop[1:] + loop[:1], strict=True):
            assert x0 == x1 or y0 == y1
            crossings += x0 == x1 and x0 < x and min(y0, y1) < y < max(y0, y1)
    return crossings % 2 == 1


def test_the_svg_is_one_picture_with_a_spoken_title():
    code = Symbol(((True, False), (False, True)), "Q")
    root = ElementTree.fromstring(svg(code, "A & <b>"))  # noqa: S314 - our own text
    assert root.get("viewBox") == "0 0 10 10"
    assert root[0].text == "A & <b>"
    assert root[2].get("d") in ("M4 4L5 4L5 5L4 5zM5 5L6 5L6 6L5 6z", "M4 4L5 4L5 5L6 5L6 6L5 6L5 5L4 5z")
