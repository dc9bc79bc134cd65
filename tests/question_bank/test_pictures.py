"""Pictures: four types by content, sizes seen before decoding, broken files refused."""

import hashlib
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank import pictures
from question_bank.pictures import PictureError, checked
from tests.question_bank.drawn import picture
from tests.question_bank.samples import quick


def refused(data: bytes) -> PictureError:
    with pytest.raises(PictureError) as refusal:
        checked(data)
    return refusal.value


@pytest.mark.parametrize(
    ("form", "media_type", "suffix"),
    [
        ("PNG", "image/png", ".png"),
        ("JPEG", "image/jpeg", ".jpg"),
        ("GIF", "image/gif", ".gif"),
        ("WEBP", "image/webp", ".webp"),
    ],
)
def test_the_four_types_are_known_by_their_content(form: str, media_type: str, suffix: str) -> None:
    data = picture(form)
    found = checked(data)
    assert (found.media_type, found.width, found.height, found.data) == (media_type, 3, 2, data)
    assert (found.digest, found.suffix) == (hashlib.sha256(data).hexdigest(), suffix)


@pytest.mark.parametrize(
    "data", [picture("BMP"), picture("TIFF"), b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", b"MZ" * 40]
)
def test_anything_else_is_of_another_type(data: bytes) -> None:
    assert refused(data).code == "picture_of_other_type"


def test_an_empty_file_and_a_large_one_are_refused_before_they_are_looked_at() -> None:
    assert refused(b"").code == "picture_empty"
    refusal = refused(picture() + bytes(pictures.MOST_BYTES))
    assert (refusal.code, refusal.data["most"]) == ("picture_too_large", 2 * 1024 * 1024)


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png_of(width: int, height: int) -> bytes:
    """Return a PNG that says it has this size, with next to no data behind it."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(bytes(100)))
    return b"\x89PNG\r\n\x1a\n" + head + body + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("width", "height", "code"),
    [
        (4999, 4999, "picture_too_many_pixels"),
        (30_000, 30_000, "picture_too_many_pixels"),
        (12_000, 8_000, "picture_too_many_pixels"),
        (5001, 10, "picture_too_long"),
        (10, 5001, "picture_too_long"),
    ],
)
def test_a_size_beyond_the_limits_is_refused_without_decoding(
    width: int, height: int, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda _: pytest.fail("decoded"))
    assert refused(png_of(width, height)).code == code


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_file_that_is_cut_off_is_broken(form: str) -> None:
    whole = picture(form, (120, 90))
    for kept in (len(whole) // 2, len(whole) - 40):
        assert refused(whole[:kept]).code in ("picture_broken", "picture_of_other_type")


def test_a_picture_with_less_data_than_it_says_is_broken() -> None:
    assert refused(png_of(4000, 4000)).code == "picture_broken"


@quick
@given(form=st.sampled_from(["PNG", "JPEG", "GIF", "WEBP"]), place=st.integers(0, 10_000), value=st.integers(0, 255))
def test_a_changed_byte_is_taken_or_refused_and_nothing_else(form: str, place: int, value: int) -> None:
    data = bytearray(picture(form, (20, 10)))
    data[place % len(data)] = value
    try:
        code = checked(bytes(data)).digest
    except PictureError as refusal:
        code = refusal.code
    assert code == hashlib.sha256(data).hexdigest() or code.startswith("picture_")
