"""Files that no format reads, told apart as far as their users need: what to do is said in one sentence."""

import re
from io import BytesIO
from zipfile import ZipFile, is_zipfile

from question_bank.errors import FileRefusedError
from question_bank.formats.archives import BROKEN, refuse_many_entries
from question_bank.formats.texts import beginning

OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"  # a compound file: .xls, or any workbook with a password
_ARCHIVE = b"PK\x03\x04"
_PARTS = {
    "xl/workbook.bin": ".xlsb",
    "word/document.xml": ".docx",
    "ppt/presentation.xml": ".pptx",
    "content.xml": "OpenDocument",
}
_BY_BYTES = {b"%PDF-": "PDF", b"{\\rtf": "RTF", b"SQLite format 3\x00": "SQLite"}
_MARKUP = re.compile(
    r"(?:<\?xml[^<>]{0,200}>\s*)?(?:<!--(?:(?!-->).){0,400}-->\s*)*<(?:!doctype\s+html|(?:html|head|body|meta)\b)",
    re.DOTALL | re.IGNORECASE,
)
_BEFORE_YAML = r"(?:#[^\n]*\n|[ \t]*\n){0,50}"
# What a question of GIFT or Aiken may look like in passing: each begins as no question does.
_TEXTS = {
    "JSON": re.compile(r"(?:\[\s*)?\{\s*\"[^\"\n]{0,200}\"\s*:|\{\s*\}\s*\Z|\[\s*\]\s*\Z"),
    "YAML": re.compile(
        rf"{_BEFORE_YAML}(?:---[ \t]*\n(?:[ \t#][^\n]*\n)*(?:- )?\w+:\s|%YAML|- \{{\s*\w+:[ \t]"
        r"|- \w+:[^\n]*\n[ \t]+\w+:\s)"
    ),
    "LaTeX": re.compile(r"(?:%[^\n]*\n|\s){0,50}\\documentclass\b"),
    "MHTML": re.compile(r"(?:[A-Za-z-]+:[^\n]*\n){0,5}MIME-Version:", re.IGNORECASE),
}
# A stem may begin so too: "Content:" and a list below it.
_LIKE_YAML = re.compile(rf"{_BEFORE_YAML}\w+:[ \t]*\n[ \t]*-[ \t]+\w+:\s")
_JUDGED = 2_000
_XML_OF_EXCEL = "urn:schemas-microsoft-com:office:spreadsheet"


def name_of(data: bytes) -> str:
    """Return what kind of file *data* is if no format may take it, however much it looks like its text; else ""."""
    known = next((name for start, name in _BY_BYTES.items() if data.startswith(start)), "")
    if known or not (text := _judged(data)):
        return known
    if _MARKUP.match(text):
        return "HTML"
    return next((name for name, form in _TEXTS.items() if form.match(text)), "")


def is_like_yaml(data: bytes) -> bool:
    """Say whether *data* begins like YAML, though a question may do so as well."""
    return bool(_LIKE_YAML.match(_judged(data)))


def refusal_of(data: bytes) -> FileRefusedError:
    """Return why *data*, which no format recognises, is refused.

    Codes: "old_or_encrypted_workbook", "broken_archive" (an archive without directory: the copy of a workbook or
    package that was broken off), "office_file" (value), "unknown_format".
    """
    if data.startswith(OLD_WORKBOOK):
        return FileRefusedError("old_or_encrypted_workbook")
    if data.startswith(_ARCHIVE) and not is_zipfile(BytesIO(data)):
        return FileRefusedError("broken_archive", reason="no directory")
    name = _archive(data) if data.startswith(_ARCHIVE) else "YAML" if is_like_yaml(data) else _text(data)
    return FileRefusedError("office_file", value=name) if name else FileRefusedError("unknown_format")


def _judged(data: bytes) -> str:
    return beginning(data).lstrip("\ufeff").lstrip()[:_JUDGED]


def _archive(data: bytes) -> str:
    try:
        refuse_many_entries(data)
        with ZipFile(BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (*BROKEN, FileRefusedError):
        return ""
    return next((name for part, name in _PARTS.items() if part in names), "")


def _text(data: bytes) -> str:
    text = beginning(data).lstrip()[:_JUDGED].casefold()
    return "XML 2003" if _XML_OF_EXCEL in text else "HTML" if text.startswith("<table") else ""
