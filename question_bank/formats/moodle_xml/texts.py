"""Texts of a question in Moodle XML: their formats, and the files that they show."""

import posixpath
from collections.abc import Mapping
from functools import partial
from urllib.parse import quote, unquote

from question_bank.formats.illustrations import Album, decoded_base64
from question_bank.formats.markup.plain import line_ends_shown, looks_like_html
from question_bank.formats.markup.rich import FindPicture
from question_bank.formats.markup.said import Said, said_in_html
from question_bank.formats.protocol import Note
from question_bank.formats.xml_elements import Element
from question_bank.pictures import PictureError

_REFERENCE = "@@PLUGINFILE@@"
_OLD = "/1.x"


class Texts:
    """The texts of one question."""

    def __init__(self, question: Element, album: Album) -> None:
        """Take the question, and the album for its pictures."""
        self._question, self._album = question, album
        self._files = {_name(file): file for file in question.every("file")}
        self._shown: set[int] = set()
        stem = question.first("questiontext")
        self._usual = stem.attributes.get("format", "html").strip() if stem else "html"

    def stem(self) -> Said:
        """Return what is asked, with the picture that files of Moodle 1.x name beside it."""
        element = self._question.first("questiontext")
        name, data = self._question.first("image"), self._question.first("image_base64")
        if not (name and name.text().strip()):
            return self.said(element)
        path = _normal(f"{_OLD}/{name.text().strip()}")
        if data and data.text().strip():
            self._files[path] = data
        return self.said(element, f' <img src="{_REFERENCE}{quote(path)}" alt="">')

    def said(self, element: Element | None, more: str = "") -> Said:
        """Return what <text> in *element* says, by its format attribute or else that of the question.

        more: HTML that follows it.
        """
        if element is None:
            return Said()
        text, find = raw(element), self._finder(element)
        inner = element.first("text")
        markup = "html" if inner and inner.elements() else element.attributes.get("format", self._usual).strip()
        if more and markup != "html":
            text, markup = text.replace("&", "&amp;").replace("<", "&lt;"), "html"
        if markup not in ("plain_text", "markdown", "moodle_auto_format"):
            return said_in_html(text + more, find)
        if markup == "moodle_auto_format" and looks_like_html(text):
            return said_in_html(line_ends_shown(text), find)
        kept: tuple[Note, ...] = (("markdown_kept", {}),) if markup == "markdown" and text.strip() else ()
        return Said(text.strip(), notes=kept)

    def unused_files(self) -> tuple[Note, ...]:
        """Return a note for the files that no text read so far shows: sounds, documents, pictures behind a link."""
        others = sorted({_name(file) for file in self._question.every("file") if id(file) not in self._shown})
        return (("file_left_out", {"count": len(others), "names": tuple(others[:10])}),) if others else ()

    def _finder(self, element: Element) -> FindPicture:
        """Return how the text in *element* finds its pictures: first among its own files.

        Every picture that was pasted into Moodle may be called image.png.
        """
        return self._album.finder(partial(self._fetch, {_name(file): file for file in element.elements("file")}))

    def _fetch(self, own: Mapping[str, Element], address: str) -> bytes | None:
        if not address.startswith(_REFERENCE):
            return None
        path = _normal(unquote(address.removeprefix(_REFERENCE).partition("?")[0]))
        file = own.get(path) or self._files.get(path)
        if file is None:
            return None
        self._shown.add(id(file))
        if file.is_cut:
            raise PictureError("picture_too_large")
        return decoded_base64(file.text())


def raw(element: Element) -> str:
    """Return the text of <text> in *element*, or what stands there without one, as files of old have it."""
    inner = element.first("text")
    if inner is None:
        return "".join(child for child in element.children if isinstance(child, str))
    return inner.markup() if inner.elements() else inner.text()


def _name(file: Element) -> str:
    path, name = file.attributes.get("path", "/"), file.attributes.get("name", "")
    return _normal(f"{path}/{name}")


def _normal(path: str) -> str:
    """Return *path* from the root; two slashes at the start would mean another one (POSIX)."""
    return posixpath.normpath(f"/{path.lstrip('/')}")
