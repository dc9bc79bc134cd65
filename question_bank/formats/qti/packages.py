"""Content packages: the manifest names the items and says what it knows about each (IEEE LOM metadata)."""

import posixpath
from collections.abc import Iterator

from question_bank.errors import FileRefusedError
from question_bank.formats import extras
from question_bank.formats.archives import Archive, resolved
from question_bank.formats.columns import heading
from question_bank.formats.found import Found, Note, collected
from question_bank.formats.limits import MOST_BYTES, refuse_many
from question_bank.formats.protocol import Reading, RowError
from question_bank.formats.qti.items import ROOTS, read_item
from question_bank.formats.xml_elements import Element, elements_of

MANIFEST = "imsmanifest.xml"
MOST_ITEM_BYTES = 4 * 1024 * 1024
CATALOG = "bikao"
_DIFFICULTIES = {"very easy": "1", "easy": "1", "medium": "2", "difficult": "3", "very difficult": "3"}


def manifest_name(archive: Archive) -> str:
    """Return the manifest's name: the one that lies least deep. Raises FileRefusedError ("no_manifest")."""
    names = [name for name in archive.names if posixpath.basename(name) == MANIFEST]
    if not names:
        raise FileRefusedError("no_manifest", name=MANIFEST)
    return min(names, key=lambda name: name.count("/"))


def read_package(data: bytes, bank: str) -> Reading:
    """Return the questions of a package. An item that cannot be read is named with its file and line in the errors.

    Rows count the items in the order of the manifest. What is no item (tests, pictures) is in ``ignored``.
    """
    archive = Archive(data)
    manifest = manifest_name(archive)
    resources = list(_resources(archive, manifest))
    items = [one for one in resources if _is_item(one)]
    refuse_many(len(items))
    used = {one.attributes.get("href", "") for one in items}
    others = tuple(
        one.attributes.get("href") or one.attributes.get("identifier", "") for one in resources if not _is_item(one)
    )
    found = (_item(archive, posixpath.dirname(manifest), row, one) for row, one in enumerate(items, start=1))
    return collected(found, bank, tuple(dict.fromkeys(name for name in others if name not in used)))


def read_single(data: bytes, bank: str) -> Reading:
    """Return the one question of an item file."""
    found = [read_item(element, 1, "", {}, ()) for element in elements_of(data, ROOTS, ROOTS)]
    return collected(found, bank)


def _resources(archive: Archive, manifest: str) -> Iterator[Element]:
    content = archive.read(manifest, MOST_BYTES)
    try:
        yield from elements_of(content, ["manifest"], ["resource"])
    except FileRefusedError as error:
        raise FileRefusedError(error.code, **{**error.data, "part": manifest}) from error


def _is_item(resource: Element) -> bool:
    return resource.attributes.get("type", "").strip().lower().startswith("imsqti_item")


def _item(archive: Archive, folder: str, row: int, resource: Element) -> Found | RowError:
    href = resource.attributes.get("href") or next(
        (one.attributes.get("href", "") for one in resource.elements("file")), ""
    )
    try:
        # base is xml:base without its prefix
        name = resolved(posixpath.join(resource.attributes.get("base", ""), href), folder)
        (root,) = elements_of(archive.read(name, MOST_ITEM_BYTES), ROOTS, ROOTS)
    except FileRefusedError as error:
        line = error.data.get("line")
        place = line if isinstance(line, int) else resource.line
        part = href if isinstance(line, int) else MANIFEST
        return RowError(row, heading("stem"), error.code, dict(error.data), place, part[:200])
    fields, notes = _fields(resource)
    return read_item(root, row, name, fields, notes)


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
