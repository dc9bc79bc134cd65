"""Fail if a text has no English, if the catalogue has leftovers, or if Chinese is said outside _()."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "app"
CATALOGUE = APP / "translations" / "en" / "LC_MESSAGES" / "messages.po"
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "_n": (1, 2)}
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
"""Han characters and full-width punctuation."""
TRANSLATED = re.compile(r"\{#.*?#\}|\b_\(\s*('[^']*'|\"[^\"]*\")", re.DOTALL)
"""What a template may say in Chinese: comments, and the text of _()."""
SEPARATOR = re.compile(r"""["'][^"'\w]*["']\.join\(""")
PLACEHOLDER = re.compile(r"%\((\w+)\)")


def texts() -> set[str]:
    """Return every text that code and templates mark for translation."""
    found = extract_from_dir(APP, METHODS, keywords=KEYWORDS)
    return {one[2] if isinstance(one[2], str) else one[2][0] for one in found}


def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")


def problems() -> Iterator[str]:
    """Yield one line for everything that is wrong."""
    used, known = texts(), catalogue()
    entries = {str(message.id): message for message in known if message.id}
    for text in sorted(used - entries.keys()):
        yield f"not in the English catalogue (make messages): {text}"
    for text in sorted(entries.keys() - used):
        yield f"in the catalogue but nowhere used (make messages): {text}"
    for text, message in sorted(entries.items()):
        english = str(message.string)
        if not english or message.fuzzy:
            yield f"no English: {text}"
        elif set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(english)):
            yield f"placeholders differ: {text} / {english}"
        elif CHINESE.search(english.replace("逢培必考", "")):
            yield f"Chinese left in the English: {english}"
    for template in sorted((APP / "templates").rglob("*.html")):
        rest = TRANSLATED.sub(_blank, template.read_text(encoding="utf-8"))
        yield from _chinese(template, rest, "Chinese outside _()")
    for module in sorted(APP.rglob("*.py")):
        joined = "\n".join("".join(SEPARATOR.findall(line)) for line in module.read_text(encoding="utf-8").splitlines())
        yield from _chinese(module, joined, "a list joined by hand, use app.core.i18n.listed")


def _chinese(file: Path, text: str, fault: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), 1):
        if CHINESE.search(line):
            yield f"{file.relative_to(ROOT)}:{number}: {fault}: {line.strip()}"


def _blank(match: re.Match[str]) -> str:
    return "\n" * match.group().count("\n")


def main() -> int:
    found = list(problems())
    print("\n".join(found) or f"Every text has its English ({len(texts())}).")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
