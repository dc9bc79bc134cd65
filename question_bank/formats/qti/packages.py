"""Content packages: the manifest names the items and says what it knows about each (IEEE LOM metadata)."""

import posixpath
from collections.abc import Sequence

from question_bank.errors import FileRefusedError
from question_bank.formats import extras
from question_bank.formats.collecting import collected
from question_bank.formats.columns import heading
from question_bank.formats.found import Found
from question_bank.formats.illustrations import Album, Fetch, nothing
from question_bank.formats.limits import refuse_many
from question_bank.formats.markup.rich import FindPicture
from question_bank.formats.protocol import Note, Reading, RowError
from question_bank.formats.qti.dialects import respelt
from question_bank.formats.qti.items import ROOTS, read_item
from question_bank.formats.qti.processing import Steps
from question_bank.formats.qti.resources import MANIFEST, Listed, Package, files, kind_of
from question_bank.formats.qti.stimuli import Stimuli
from question_bank.formats.xml_elements import Element, elements_of
from question_bank.pictures import MOST_BYTES as MOST_PICTURE_BYTES
from question_bank.pictures import Picture, PictureError

CATALOG = "bikao"
_DIFFICULTIES = {"very easy": "1", "easy": "1", "medium": "2", "difficult": "3", "very difficult": "3"}
_OLD_ROOTS = ("questestinterop",)


def read_package(data: bytes, bank: str) -> Reading:
    """Return the questions of a package. An item that cannot be read is named with its file and line in the errors.

    Rows count the items in the order of the manifest. What is no item (tests, pictures) is in ``ignored``, and so are
    items that the manifest does not list.
    Raises FileRefusedError: "qti_1_not_read" for a package of QTI 1 alone, and what archives and manifests are
    refused for.
    """
    package = Package(data)
    items = package.items()
    refuse_many(len(items))
    if not items and (old := package.old()):
        raise FileRefusedError("qti_1_not_read", line=old.line, part=package.manifest, value=kind_of(old)[:80])
    album, steps = Album(), Steps()
    pictures, stimuli = _Pictures(package, album), Stimuli(package)
    found = (_item(package, row, one, pictures, steps, stimuli) for row, one in enumerate(items, start=1))
    reading = collected(found, bank, (), album)
    ignored = (*_others(package, items, bool(reading.pictures)), *package.unlisted(items))
    return Reading(reading.rows, reading.errors, tuple(dict.fromkeys(ignored)), reading.remarks, reading.pictures)


def _others(package: Package, items: Sequence[Listed], are_shown: bool) -> list[str]:
    """Return the names of resources that are no item and no file of one; are_shown: whether files of items are used."""
    used = {one.href for one in items}
    if are_shown:
        used |= {name for one in items for name in files(one.resource)}
    others = (one.attributes for one in package.resources if not package.is_item(one) and not package.is_used(one))
    names = (one.get("href") or one.get("identifier", "") for one in others)
    return [name for name in names if name not in used]


def read_single(data: bytes, bank: str) -> Reading:
    """Return the one question of an item file; the pictures that it names are not at hand.

    Raises FileRefusedError: "qti_1_not_read", and what xml_elements.elements_of raises.
    """
    album = Album()
    find = album.finder(nothing)
    try:
        roots = list(elements_of(data, ROOTS, ROOTS, may_name_type=True))
    except FileRefusedError as error:
        if error.data.get("root") in _OLD_ROOTS:
            raise FileRefusedError("qti_1_not_read", line=error.data["line"], value=error.data["root"]) from error
        raise
    return collected([read_item(one, Found(1, one.line, "", ""), find, Steps()) for one in roots], bank, album=album)


def _item(
    package: Package, row: int, listed: Listed, pictures: "_Pictures", steps: Steps, stimuli: Stimuli
) -> Found | RowError:
    resource, href = listed.resource, listed.href
    try:
        name = listed.name or package.named(resource, href)
        root = package.item(name)
        folder = posixpath.join(posixpath.dirname(name), root.base)
        stimuli.put_into(respelt(root), folder)
    except FileRefusedError as error:
        line = error.data.get("line")
        place = line if isinstance(line, int) else resource.line
        part = str(error.data.get("part", href)) if isinstance(line, int) else MANIFEST
        return RowError(row, heading("stem"), error.code, dict(error.data), place, part[:200])
    fields, notes = _fields(resource)
    notes += (("item_listed_again", {"count": listed.again}),) if listed.again else ()
    find = pictures.beside(folder)
    return read_item(root, Found(row, root.line, "", "", fields=fields, notes=notes, part=name), find, steps)


class _Pictures:
    """The pictures of a package: each file is looked at once, however often items name it."""

    def __init__(self, package: Package, album: Album) -> None:
        self._package, self._album = package, album
        self._found: dict[str, Picture | str] = {}

    def beside(self, folder: str) -> FindPicture:
        """Return how a text in *folder* finds its pictures."""
        find = self._album.finder(_fetch(self._package, folder))

        def known(address: str) -> Picture | str:
            try:
                name = "" if address.startswith("data:") else self._package.file(address, folder)
            except FileRefusedError:
                name = ""
            if not name:
                return find(address)
            if name not in self._found:
                self._found[name] = find(address)
            return self._found[name]

        return known


def _fetch(package: Package, folder: str) -> Fetch:
    """Return how addresses in an item that lies in *folder* lead to files of the archive, and nowhere else."""

    def fetch(address: str) -> bytes | None:
        try:
            return package.read(package.file(address, folder), MOST_PICTURE_BYTES)
        except FileRefusedError as error:
            if error.code == "file_not_in_archive":
                return None
            raise PictureError(
                {"file_too_large": "picture_too_large", "unsafe_reference": "picture_elsewhere"}.get(
                    error.code, "picture_broken"
                )
            ) from error

    return fetch


def _fields(resource: Element) -> tuple[dict[str, str], tuple[Note, ...]]:
    """Return what the metadata say: keywords are tags, the last taxon is the knowledge point."""
    tags, notes = extras.fields_of(_texts(resource, "keyword"))
    fields = {name: text for name, text in tags.items() if text}
    for one in resource.every("identifier"):
        catalog, entry = one.first("catalog"), one.first("entry")
        if catalog and entry and catalog.text().strip() == CATALOG:
            code, more = extras.code_from(entry.text().strip())
            fields, notes = {**fields, **code}, notes + more
    for difficulty in resource.every("difficulty"):
        fields["difficulty"] = _DIFFICULTIES.get(_value(difficulty), fields.get("difficulty", ""))
    points = [text for taxon in resource.every("taxon") for text in _texts(taxon, "entry")]
    if points and "knowledge_point" not in fields:
        point, more = extras.point_of(points[-1].replace("/", "//"))
        fields, notes = {**fields, "knowledge_point": point}, notes + more
    return fields, notes


def _texts(element: Element, name: str) -> list[str]:
    """Return the texts of the elements called *name*: one a language string, or the text itself."""
    found = []
    for one in element.every(name):
        strings = list(one.every("string", "langstring")) or [one]
        found += [text for string in strings if (text := string.text().strip())]
    return found


def _value(element: Element) -> str:
    value = element.first("value")
    return (value or element).text().strip().casefold()
