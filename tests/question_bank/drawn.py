"""Pictures for tests, drawn on the spot."""

from functools import cache
from io import BytesIO

from PIL import Image


@cache
def picture(form: str = "PNG", size: tuple[int, int] = (3, 2), colour: str = "red") -> bytes:
    """Return the bytes of a picture of one colour. form: "PNG", "JPEG", "GIF", "WEBP" or another that Pillow writes."""
    target = BytesIO()
    Image.new("RGB", size, colour).save(target, form)
    return target.getvalue()
