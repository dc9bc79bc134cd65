"""Pictures of questions: known by the digest of their bytes, and checked before anybody shows them."""

import hashlib
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from question_bank.errors import QuestionBankError

MOST_BYTES = 2 * 1024 * 1024
MOST_PIXELS = 20_000_000
LONGEST_SIDE = 5000
_MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
_SUFFIXES = {"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp"}
_BROKEN = (
    OSError, SyntaxError, ValueError, KeyError, IndexError, TypeError, AttributeError, EOFError, OverflowError,
    MemoryError, struct.error, zlib.error, NotImplementedError, RuntimeError, Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)  # fmt: skip  # whatever Pillow raises on damaged files


class PictureError(QuestionBankError):
    """A picture that is not taken.

    Codes: "picture_empty", "picture_too_large" (bytes, most), "picture_of_other_type", "picture_too_many_pixels"
    (width, height, most), "picture_too_long" (width, height, most), "picture_broken" (reason).
    """


@dataclass(frozen=True)
class Picture:
    """A checked picture. digest: SHA-256 of *data*, 64 hexadecimal digits. width, height: in pixels."""

    digest: str
    media_type: str
    width: int
    height: int
    data: bytes

    @property
    def suffix(self) -> str:
        """Ending of a file name for it, with the dot."""
        return _SUFFIXES[self.media_type]


def checked(data: bytes) -> Picture:
    """Return *data* as a picture: PNG, JPEG, GIF or WebP by content, its size seen before anything is decoded.

    Of an animation the first frame is looked at. Raises PictureError.
    """
    media_type, width, height = measured(data)
    try:
        with _opened(data) as image:
            # A photo is decoded at an eighth of its size; all of its bytes are read nevertheless.
            image.draft(None, (max(1, width // 8), max(1, height // 8)))
            image.load()
    except _BROKEN as error:
        raise PictureError("picture_broken", reason=str(error)[:200]) from error
    return Picture(hashlib.sha256(data).hexdigest(), media_type, width, height, data)


def measured(data: bytes) -> tuple[str, int, int]:
    """Return media type, width and height as the head of *data* states them, decoding nothing. Raises PictureError."""
    if not data:
        raise PictureError("picture_empty")
    if len(data) > MOST_BYTES:
        raise PictureError("picture_too_large", bytes=len(data), most=MOST_BYTES)
    try:
        with _opened(data) as image:
            media_type, (width, height) = _MEDIA_TYPES[image.format or ""], image.size
    except UnidentifiedImageError as error:
        raise PictureError("picture_of_other_type") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureError("picture_too_many_pixels", most=MOST_PIXELS) from error
    except _BROKEN as error:
        raise PictureError("picture_broken", reason=str(error)[:200]) from error
    _refuse_large(width, height)
    return media_type, width, height


def _refuse_large(width: int, height: int) -> None:
    if width < 1 or height < 1:
        raise PictureError("picture_broken", reason="no pixels")
    if width * height > MOST_PIXELS:
        raise PictureError("picture_too_many_pixels", width=width, height=height, most=MOST_PIXELS)
    if max(width, height) > LONGEST_SIDE:
        raise PictureError("picture_too_long", width=width, height=height, most=LONGEST_SIDE)


@contextmanager
def _opened(data: bytes) -> Iterator[Image.Image]:
    with warnings.catch_warnings():
        # Pillow warns of sizes between its limit and twice as much; here any such size is refused.
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(BytesIO(data), formats=tuple(_MEDIA_TYPES)) as image:
            yield image
