"""Fail if a text has no English, if the catalogue has leftovers, or if a template says Chinese outside _()."""

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
HAN = re.compile(r"[\u3400-\u9fff]")
NOT_TEXT = re.compile(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
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
        elif HAN.search(english) and "逢培必考" not in english:
            yield f"Chinese left in the English: {english}"
    for template in sorted((APP / "templates").rglob("*.html")):
        for number, line in enumerate(NOT_TEXT.sub(_blank, template.read_text(encoding="utf-8")).splitlines(), 1):
            if HAN.search(line):
                yield f"{template.relative_to(ROOT)}:{number}: Chinese outside _(): {line.strip()}"


def _blank(match: re.Match[str]) -> str:
    return "\n" * match.group().count("\n")


def main() -> int:
    found = list(problems())
    print("\n".join(found) or f"Every text has its English ({len(texts())}).")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
