"""Lines break where Chinese and Latin text may break, and shrink before they leave their frame."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.errors import CertificateError
from certificates.layout import fit, wrap


def _measure(text: str, size: float) -> float:
    """Chinese characters one em wide, all others half an em."""
    return sum(size if character > "\u2e80" else size / 2 for character in text)


mixed = st.text(alphabet="安全生产（）。，·abc 12", max_size=60)


@given(mixed, st.floats(20, 200))
def test_no_line_is_wider_than_its_frame(text, width):
    assert all(_measure(line, 10) <= width for line in wrap(text, width, 10, _measure))


@given(mixed, st.floats(20, 200))
def test_nothing_but_spaces_is_lost_in_wrapping(text, width):
    assert "".join(wrap(text, width, 10, _measure)).replace(" ", "") == text.replace(" ", "")


def test_a_latin_word_stays_whole_and_a_stop_never_begins_a_line():
    assert wrap("安全training教育", 50, 10, _measure) == ("安全", "training", "教育")
    assert wrap("安全生产。", 40, 10, _measure) == ("安全生", "产。")
    assert wrap("安全生（产）", 40, 10, _measure) == ("安全生", "（产）")


def test_a_word_longer_than_the_line_is_cut():
    assert wrap("abcdefghij", 25, 10, _measure) == ("abcde", "fghij")


def test_one_character_does_not_stand_alone_on_the_last_line():
    assert wrap("安全生产培训中心司", 80, 10, _measure) == ("安全生产培训中", "心司")
    # Where another line would be needed, it stays alone.
    assert wrap("安全生产训", 20, 10, _measure) == ("安全", "生产", "训")


def test_a_newline_always_breaks():
    assert wrap("安\n全", 100, 10, _measure) == ("安", "全")


def test_text_shrinks_until_it_fits_and_no_further():
    fitted = fit("安全生产" * 4, 80, 12, 10, 4, 1.0, _measure, field="name")
    assert len(fitted.lines) * fitted.size <= 12.01
    assert 4 <= fitted.size < 10
    assert fit("安全", 80, 12, 10, 4, 1.0, _measure, field="name").size == 10


def test_text_that_fits_at_no_size_is_refused_by_name():
    with pytest.raises(CertificateError) as caught:
        fit("安全生产" * 40, 80, 12, 10, 8, 1.0, _measure, field="name")
    assert (caught.value.code, caught.value.data) == ("text_does_not_fit", {"field": "name"})
