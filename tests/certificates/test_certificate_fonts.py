"""No box is ever printed: what the fonts lack is refused by name; what they have is drawn and can be copied out."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor

import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from certificates.errors import CertificateError

RARE = "䶮㛃䲜龘🄀"


def _page(fonts, text: str) -> bytes:
    file = io.BytesIO()
    with fonts.drawing({"serif": text}) as names:
        canvas = Canvas(file, invariant=1, initialFontName=names["serif"])
        canvas.setFont(names["serif"], 20)
        canvas.drawString(50, 700, text)
        canvas.save()
    return file.getvalue()


def _words(data: bytes) -> str:
    with pypdfium2.PdfDocument(data) as document:
        return document[0].get_textpage().get_text_range()


def test_every_character_of_gb_2312_is_available(fonts):
    rows = (bytes([high, low]) for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF))
    text = b"".join(rows).decode("gb2312", errors="ignore")
    assert len(text) == 6763
    fonts.preflight(text, "holder_name")


def test_rare_characters_and_the_middle_dot_are_available(fonts):
    fonts.preflight(RARE + "阿卜杜拉·示例", "holder_name")


@pytest.mark.parametrize("character", ["𠮷", "\U00030edd", "م", "\u202e", "\n", "😀", "\ue000"])
def test_a_character_that_cannot_be_printed_is_refused_by_name(fonts, character):
    with pytest.raises(CertificateError) as caught:
        fonts.preflight("章" + character, "holder_name")
    assert caught.value.code == "character_not_available"
    assert caught.value.data == {"character": character, "field": "holder_name"}


def test_a_font_of_few_characters_keeps_their_shapes_and_widths(fonts):
    face = fonts.faces["serif"]
    small = TTFont(io.BytesIO(face.truetype("章A·")))
    assert sorted(small.getBestCmap()) == [ord("A"), ord("·"), ord("章")]
    advances = sum(small["hmtx"][name][0] for name in small.getBestCmap().values())
    assert face.width("章A·", 10.0) == pytest.approx(advances / 100)
    assert all(small["glyf"][name].numberOfContours > 0 for name in small.getBestCmap().values())


def test_the_same_characters_make_the_same_file_in_any_order(fonts):
    assert fonts.faces["sans"].truetype("章示远") == fonts.faces["sans"].truetype("远章示章")


def test_a_missing_character_makes_no_font(fonts):
    with pytest.raises(CertificateError, match="character_not_available"):
        fonts.faces["sans"].truetype("章𠮷")


def test_drawn_text_can_be_copied_out_of_the_page_even_beyond_the_basic_plane(fonts):
    assert _words(_page(fonts, RARE)) == RARE


def test_documents_leave_no_font_behind(fonts):
    before = set(pdfmetrics.getRegisteredFontNames())
    _page(fonts, "章")
    assert set(pdfmetrics.getRegisteredFontNames()) == before


def test_threads_draw_their_own_characters(fonts):
    texts = [chr(0x6000 + 7 * n) * 3 for n in range(24)]
    with ThreadPoolExecutor(4) as pool:
        pages = list(pool.map(lambda text: _page(fonts, text), texts))
    assert [_words(page) for page in pages] == texts
