"""Zip archives opened without trusting them: nothing is written anywhere, and no entry reaches outside the archive."""

import posixpath
import stat
import struct
import zipfile
import zlib
from io import BytesIO
from urllib.parse import unquote, urlsplit

from question_bank.errors import FileRefusedError
from question_bank.formats.limits import MOST_UNPACKED_BYTES, refuse_large

MOST_ENTRIES = 50_000
BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, KeyError, IndexError,
    NotImplementedError, RuntimeError,
)  # fmt: skip  # whatever zipfile raises on damaged archives
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENTRY = b"PK\x01\x02"
"""Signature of an entry in the directory of an archive."""
_UTF_8 = 0x800


class Archive:
    """The files of a zip archive, by name."""

    def __init__(self, data: bytes) -> None:
        """Open *data*.

        Raises FileRefusedError: "file_too_large", "broken_archive", "too_many_entries", "unpacks_too_large",
        "unsafe_entry" (absolute path, "..", backslash, drive, link, device), "encrypted_archive", "entry_twice".
        """
        refuse_large(data)
        refuse_many_entries(data)
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
            entries = self._zip.infolist()
        except BROKEN as error:
            raise FileRefusedError("broken_archive", reason=str(error)[:200]) from error
        unpacked = sum(entry.file_size for entry in entries)
        if unpacked > MOST_UNPACKED_BYTES:
            raise FileRefusedError("unpacks_too_large", bytes=unpacked, most=MOST_UNPACKED_BYTES)
        self._entries: dict[str, zipfile.ZipInfo] = {}
        for entry in entries:
            self._admit(entry)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the files, in the order of the archive."""
        return tuple(self._entries)

    def read(self, name: str, most: int) -> bytes:
        """Return the file *name*, at most *most* bytes.

        Raises FileRefusedError: "file_not_in_archive", "file_too_large", "broken_archive".
        """
        entry = self._entries.get(name)
        if entry is None:
            raise FileRefusedError("file_not_in_archive", name=name[:200])
        if entry.file_size > most:
            raise FileRefusedError("file_too_large", bytes=entry.file_size, most=most, name=name[:200])
        try:
            with self._zip.open(entry) as opened:
                return opened.read(most + 1)[:most]
        except BROKEN as error:
            raise FileRefusedError("broken_archive", reason=str(error)[:200], name=name[:200]) from error

    def _admit(self, entry: zipfile.ZipInfo) -> None:
        name, mode = _name_of(entry), entry.external_attr >> 16
        if _is_unsafe(name) or (stat.S_IFMT(mode) and not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))):
            raise FileRefusedError("unsafe_entry", name=name[:200])
        if entry.flag_bits & 0x1 or entry.compress_type not in _METHODS:
            raise FileRefusedError("encrypted_archive", name=name[:200])
        if entry.is_dir():
            return
        if name in self._entries:
            raise FileRefusedError("entry_twice", name=name[:200])
        self._entries[name] = entry


def refuse_many_entries(data: bytes) -> None:
    """Raise FileRefusedError ("too_many_entries") for an archive whose directory alone takes long to read."""
    if data.count(_ENTRY) > MOST_ENTRIES:
        raise FileRefusedError("too_many_entries", most=MOST_ENTRIES)


def resolved(reference: str, folder: str) -> str:
    """Return the name in the archive that *reference* (a relative address) means when it stands in *folder*.

    Raises FileRefusedError ("unsafe_reference") for an address elsewhere or one that leaves the archive.
    """
    try:
        parts = urlsplit(reference.strip())
    except ValueError as error:
        raise FileRefusedError("unsafe_reference", name=reference[:200]) from error
    path = unquote(parts.path)
    name = posixpath.normpath(posixpath.join(folder, path))
    if parts.scheme or parts.netloc or not path or path.startswith("/") or _is_unsafe(name):
        raise FileRefusedError("unsafe_reference", name=reference[:200])
    return name


def _name_of(entry: zipfile.ZipInfo) -> str:
    """Return the name of *entry*. Where no flag says UTF-8, makers write what their system does: in China, GBK.

    zipfile takes such a name for code page 437, which has a character for every byte.
    """
    name = entry.filename
    if entry.flag_bits & _UTF_8 or name.isascii():
        return name
    raw = entry.orig_filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name


def _is_unsafe(name: str) -> bool:
    parts = name.split("/")
    return name.startswith("/") or "\\" in name or "\x00" in name or ".." in parts or parts[0].endswith(":")
