"""The pictures that a file brings along: found by the addresses in its texts, checked, each kept once."""

import base64
import binascii
import hashlib
from collections.abc import Callable
from urllib.parse import unquote

from question_bank.formats.markup.rich import FindPicture
from question_bank.pictures import Picture, PictureError, checked, measured

# Checking means decoding: 200 megapixels take some seconds, and no bank has more in 20 MiB.
MOST_PIXELS_IN_ALL = 200_000_000
MOST_BYTES_IN_ALL = 64 * 1024 * 1024
_ELSEWHERE = ("http:", "https:", "ftp:", "file:", "//", "blob:")
Fetch = Callable[[str], bytes | None]
"""Address in the file -> the bytes that it means, None if the file has none."""


class Album:
    """The pictures of one file."""

    def __init__(self) -> None:
        """Start empty."""
        self.pictures: dict[str, Picture] = {}
        self._refused: dict[str, PictureError] = {}
        self._pixels = self._bytes = 0

    def add(self, data: bytes) -> Picture:
        """Return *data* as a picture; the same bytes are checked once. Raises PictureError.

        Beside its own codes: "too_many_pictures", when all of them together are too much.
        """
        digest = hashlib.sha256(data).hexdigest()
        if digest in self._refused:
            raise self._refused[digest]
        if digest not in self.pictures:
            try:
                self._charge(data)
                self.pictures[digest] = checked(data)
            except PictureError as error:
                self._refused[digest] = error
                raise
        return self.pictures[digest]

    def finder(self, fetch: Fetch) -> FindPicture:
        """Return how a text of this file finds its pictures; fetch: what its addresses mean in the file."""

        def find(address: str) -> Picture | str:
            try:
                data = _in_address(address) if address.startswith("data:") else _from_file(address, fetch)
                return self.add(data) if data is not None else "missing"
            except PictureError as error:
                return error.code

        return find

    def _charge(self, data: bytes) -> None:
        _, width, height = measured(data)
        self._pixels += width * height
        self._bytes += len(data)
        if self._pixels > MOST_PIXELS_IN_ALL or self._bytes > MOST_BYTES_IN_ALL:
            raise PictureError("too_many_pictures", pixels=MOST_PIXELS_IN_ALL, bytes=MOST_BYTES_IN_ALL)


def _from_file(address: str, fetch: Fetch) -> bytes | None:
    if address.strip().lower().startswith(_ELSEWHERE):
        raise PictureError("picture_elsewhere")
    return fetch(address)


def _in_address(address: str) -> bytes:
    head, _, text = address.partition(",")
    if not head.endswith(";base64"):
        raise PictureError("picture_of_other_type")
    return decoded_base64(unquote(text))


def decoded_base64(text: str) -> bytes:
    """Return the bytes that *text* stands for. Raises PictureError ("picture_broken")."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise PictureError("picture_broken", reason="base64") from error


def nothing(_address: str) -> None:
    """Return what a file without pictures of its own has at any address."""
