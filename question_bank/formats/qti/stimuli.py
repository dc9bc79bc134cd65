"""Stimuli: passages in files of their own, which stand in the body of every item that names them."""

import posixpath
import re
from urllib.parse import quote

from question_bank.errors import FileRefusedError
from question_bank.formats.qti.dialects import respelt
from question_bank.formats.qti.resources import MOST_ITEM_BYTES, Package
from question_bank.formats.xml_elements import Element, elements_of

ROOTS = ("assessmentStimulus", "qti-assessment-stimulus")
_ADDRESSES = ("src", "data")
_ELSEWHERE = re.compile(r"\s*[A-Za-z][A-Za-z0-9+.-]*:|\s*/")
_CHARACTERS_OF_TAG = 100
_MOST_CHARACTERS_IN_ALL = 20_000_000
"""How much the stimuli of one package may add to its items, each counted as often as it is named."""


class Stimuli:
    """The stimuli of one package, each read once for the items of a folder."""

    def __init__(self, package: Package) -> None:
        """Take the package that holds the files."""
        self._package = package
        self._passages: dict[tuple[str, str], tuple[Element, int] | FileRefusedError] = {}
        self._left = _MOST_CHARACTERS_IN_ALL

    def put_into(self, root: Element, folder: str) -> None:
        """Put the stimuli that the item *root*, spelt as in QTI 2, names where its body wants them, or before the rest.

        folder: in which the item lies. A stimulus that is not in the package stays a reference.
        Raises FileRefusedError, with the file as ``part``: what is wrong with a stimulus; "element_too_large".
        """
        body = root.first("itemBody")
        references = root.elements("assessmentStimulusRef") if body else []
        if body is None or not references:
            return
        docks = {one.attributes.get("data-stimulus-idref"): one for one in body.every()}
        before: list[Element | str] = []
        done: set[int] = set()
        for reference in references:
            passage = self._passage(reference.attributes.get("href", ""), folder)
            if passage is None:
                continue
            done.add(id(reference))
            dock = docks.get(reference.attributes.get("identifier", ""))
            if dock is None:
                before.append(passage)
            else:
                dock.children = [passage]
        root.children = [child for child in root.children if id(child) not in done]
        body.children = [*before, *body.children]

    def _passage(self, href: str, folder: str) -> Element | None:
        try:
            name = self._package.file(href, folder)
            found = self._passages.get((name, folder)) or self._first(name, folder)
        except FileRefusedError:
            return None
        try:
            if isinstance(found, FileRefusedError):
                raise found
            passage, characters = found
            self._charge(characters)
        except FileRefusedError as error:
            raise FileRefusedError(error.code, **{**error.data, "part": name}) from error
        return passage

    def _first(self, name: str, folder: str) -> "tuple[Element, int] | FileRefusedError":
        """Return what the file *name* is for items in *folder*, or why it cannot be read; raises if it is not there."""
        data = self._package.read(name, MOST_ITEM_BYTES) if self._left > 0 else b""
        try:
            self._charge(len(data))
            self._passages[name, folder] = _read(data, _way(folder, posixpath.dirname(name)))
        except FileRefusedError as error:
            self._passages[name, folder] = error
        return self._passages[name, folder]

    def _charge(self, characters: int) -> None:
        self._left -= characters
        if self._left <= 0:
            raise FileRefusedError("element_too_large", line=1)


def _way(start: str, goal: str) -> str:
    """Return how a file in the folder *start* names the folder *goal*; both as in the archive."""
    return posixpath.relpath(f"/{goal}", f"/{start}")


def _read(data: bytes, way: str) -> tuple[Element, int]:
    """Return the body of the stimulus *data* and how long it is. way: from the folder of the item to its own."""
    (root,) = elements_of(data, ROOTS, ROOTS, may_name_type=True)
    body = respelt(root).first("stimulusBody") or Element("stimulusBody", {}, root.line)
    before = posixpath.join(quote(way), root.base)
    length = 0
    for one in body.every():
        length += _CHARACTERS_OF_TAG + sum(len(child) for child in one.children if isinstance(child, str))
        for key in _ADDRESSES:
            if (address := one.attributes.get(key)) and not _ELSEWHERE.match(address):
                one.attributes[key] = posixpath.join(before, address)
    return body, length
