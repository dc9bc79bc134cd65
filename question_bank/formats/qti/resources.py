"""The resources of a content package: which files of the archive are items, and what stands beside them."""

import posixpath
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from question_bank.errors import FileRefusedError
from question_bank.formats.archives import Archive, resolved
from question_bank.formats.limits import MOST_BYTES
from question_bank.formats.qti.items import ROOTS
from question_bank.formats.xml_elements import Element, elements_of, root_name

MANIFEST = "imsmanifest.xml"
MOST_ITEM_BYTES = 4 * 1024 * 1024
MOST_WORK = 30_000_000
"""How much the items of a package may hold in all: characters, and for every element as many as _WORK_OF_ELEMENT. This
takes half a minute; ten thousand ordinary items come to half of it."""
_WORK_OF_ELEMENT = 25
_UTF_16 = (BOM_UTF16_LE, BOM_UTF16_BE)
_ITEMS = ("imsqti_item", "imsqti_apipitem")
# "assessment/x-bb-qti" is what Blackboard calls its own writing of QTI 1.
_OLD = ("imsqti_xmlv1", "imsqti_v1", "questestinterop", "assessment/x-bb-qti")


@dataclass(frozen=True)
class Listed:
    """An item of a package. resource: that names it, href: its address there. name: its file, "" if there is none.

    again: how many resources more are the same item.
    """

    resource: Element
    href: str
    name: str
    again: int = 0


class Package:
    """An archive with a manifest."""

    def __init__(self, data: bytes) -> None:
        """Open *data*. Raises FileRefusedError: "no_manifest", and what archives and manifests are refused for."""
        self.archive = Archive(data)
        self.manifest = manifest_name(self.archive)
        self._names = frozenset(self.archive.names)
        self._folded: dict[str, list[str]] = {}
        for name in self.archive.names:
            self._folded.setdefault(name.casefold(), []).append(name)
        self.resources = list(_resources(self.archive, self.manifest))
        self._used: set[str] = set()
        self._hold_item: dict[str, bool] = {}
        self._are_xml: dict[str, bool] = {}
        self._left = MOST_WORK

    def item(self, name: str) -> Element:
        """Return the root element of the item file *name*.

        Raises FileRefusedError: "package_too_large" when the items of the package hold too much in all, and what
        archives.Archive.read and xml_elements.elements_of raise.
        """
        if self._left > 0:
            (root,) = elements_of(self.archive.read(name, MOST_ITEM_BYTES), ROOTS, ROOTS, may_name_type=True)
            self._left -= _work_of(root)
        if self._left <= 0:
            raise FileRefusedError("package_too_large")
        return root

    def read(self, name: str, most: int) -> bytes:
        """Return the file *name*, which a question shows, at most *most* bytes; raises as archives.Archive.read."""
        data = self.archive.read(name, most)
        self._used.add(name)
        return data

    def is_used(self, resource: Element) -> bool:
        """Say whether the file of *resource* was read for a question."""
        try:
            return self.named(resource, _href(resource)) in self._used
        except FileRefusedError:
            return False

    def file(self, address: str, folder: str) -> str:
        """Return the file that *address* means in *folder*; some makers write "%20" into the names of files as well.

        Backslashes are slashes, and where no file has the name but for the case of its letters one has, that is meant.
        Raises FileRefusedError: "unsafe_reference".
        """
        address = address.replace("\\", "/")
        name = resolved(address, folder)
        if name in self._names:
            return name
        as_written = posixpath.normpath(posixpath.join(folder, address.strip()))
        if as_written in self._names:
            return as_written
        alike = self._folded.get(name.casefold(), [])
        return alike[0] if len(alike) == 1 else name

    def named(self, resource: Element, href: str) -> str:
        """Return the file that *href* in *resource* means. Raises FileRefusedError: "unsafe_reference"."""
        return self.file(posixpath.join(resource.base, href), posixpath.dirname(self.manifest))

    def items(self) -> list[Listed]:
        """Return the items, each file once, in the order of the manifest.

        Items are known by the type of their resource, and among the files of other resources (a test lists its items)
        by their root element. Where the manifest lists no item at all, they are looked for in the whole archive.
        """
        typed = {id(one): self._listed(one, _href(one)) for one in self.resources if self.is_item(one)}
        again = Counter(one.name for one in typed.values())
        seen = set(again)
        found: list[Listed] = []
        for one in self.resources:
            if id(one) in typed:
                own = typed[id(one)]
                if own.name and (count := again.pop(own.name, 0)):
                    found.append(replace(own, again=count - 1))
                elif not own.name:
                    found.append(own)
                continue
            for href in dict.fromkeys((one.attributes.get("href", ""), *files(one))):
                listed = self._listed(one, href)
                if listed.name not in seen and self._holds_item(listed.name):
                    seen.add(listed.name)
                    found.append(listed)
        return found or [Listed(Element("resource", {}, 1), name, name) for name in self.unlisted(())]

    def unlisted(self, items: Sequence[Listed]) -> list[str]:
        """Return the files that hold an item which is none of *items*."""
        known = {one.name for one in items}
        return [name for name in self.archive.names if name not in known and self._holds_item(name)]

    def is_item(self, resource: Element) -> bool:
        """Say whether *resource* is an item by its type; some makers call the pictures of their items so as well."""
        if not kind_of(resource).startswith(_ITEMS):
            return False
        name = self._listed(resource, _href(resource)).name
        if name not in self._are_xml:
            self._are_xml[name] = self._may_be_xml(name)
        return self._are_xml[name]

    def old(self) -> Element | None:
        """Return the first resource of QTI 1."""
        return next((one for one in self.resources if kind_of(one).startswith(_OLD)), None)

    def _listed(self, resource: Element, href: str) -> Listed:
        try:
            return Listed(resource, href, self.named(resource, href))
        except FileRefusedError:
            return Listed(resource, href, "")

    def _holds_item(self, name: str) -> bool:
        if name not in self._hold_item:
            self._hold_item[name] = self._begins_as_item(name)
        return self._hold_item[name]

    def _begins_as_item(self, name: str) -> bool:
        if name not in self._names or not name.lower().endswith(".xml"):
            return False
        try:
            return root_name(self.archive.read(name, MOST_ITEM_BYTES)) in ROOTS
        except FileRefusedError:
            return False

    def _may_be_xml(self, name: str) -> bool:
        """Say whether the file *name* is to be read as XML: by its name, its beginning, or because it is missing."""
        if name not in self._names or name.lower().endswith(".xml"):
            return True
        try:
            start = self.archive.read(name, MOST_ITEM_BYTES)[:1024]
        except FileRefusedError:
            return False
        return start.startswith(_UTF_16) or start.removeprefix(BOM_UTF8).lstrip().startswith(b"<")


def _work_of(root: Element) -> int:
    """Return how much there is to do about the item *root*."""
    work = 0
    for one in root.every():
        texts = (child for child in one.children if isinstance(child, str))
        work += _WORK_OF_ELEMENT + sum(map(len, texts))
    return work


def manifest_name(archive: Archive) -> str:
    """Return the manifest's name: the one that lies least deep. Raises FileRefusedError ("no_manifest")."""
    names = [name for name in archive.names if posixpath.basename(name) == MANIFEST]
    if not names:
        raise FileRefusedError("no_manifest", name=MANIFEST)
    return min(names, key=lambda name: name.count("/"))


def kind_of(resource: Element) -> str:
    """Return the type of *resource* in small letters."""
    return resource.attributes.get("type", "").strip().lower()


def files(resource: Element) -> Iterator[str]:
    """Yield the addresses of the files of *resource*."""
    return (one.attributes.get("href", "") for one in resource.elements("file"))


def _href(resource: Element) -> str:
    return resource.attributes.get("href") or next(files(resource), "")


def _resources(archive: Archive, manifest: str) -> Iterator[Element]:
    content = archive.read(manifest, MOST_BYTES)
    try:
        yield from elements_of(content, ["manifest"], ["resource"], may_name_type=True)
    except FileRefusedError as error:
        raise FileRefusedError(error.code, **{**error.data, "part": manifest}) from error
