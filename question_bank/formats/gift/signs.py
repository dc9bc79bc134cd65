"""Texts of GIFT: escaped signs, and the markup that a text names or inherits."""

import re
from dataclasses import dataclass

from question_bank.formats.markup.plain import line_ends_shown, looks_like_html
from question_bank.formats.markup.rich import FindPicture
from question_bank.formats.markup.said import Said, said_in_html

_SIGNS = "\\:#={}~n"
# Escaped signs are set aside as code points that are no characters; texts.decoded refuses files that hold any.
_ASIDE = {sign: chr(0xFDD0 + place) for place, sign in enumerate(_SIGNS)}
_BACK = {ord(aside): "\n" if sign == "n" else sign for sign, aside in _ASIDE.items()}
_ESCAPED = re.compile(r"\\([\\:#={}~n])")
_MARKER = re.compile(r"\[(html|moodle|plain|markdown)\]")


def set_aside(text: str) -> str:
    """Return *text* with every escaped sign as one code point that no other sign is taken for."""
    return _ESCAPED.sub(lambda escaped: _ASIDE[escaped[1]], text)


def plain_sign(text: str) -> str:
    """Return *text*, in which nothing was set aside, without escapes."""
    return set_aside(text).translate(_BACK)


@dataclass(frozen=True)
class Markup:
    """How texts are written that name no markup themselves. name: "html", "moodle", "plain", "markdown" or ""."""

    name: str
    find: FindPicture

    def read(self, text: str) -> "tuple[Said, Markup]":
        """Return *text* and its markup: this one, unless it names its own."""
        text = text.strip()
        name = self.name
        if marker := _MARKER.match(text):
            name, text = marker[1], text[marker.end() :]
        own = Markup(name, self.find)
        if name == "html":
            return said_in_html(text.translate(_BACK).strip(), self.find), own
        if name in ("", "moodle") and looks_like_html(text):
            return said_in_html(line_ends_shown(text.translate(_BACK)), self.find), own
        kept = (("markdown_kept", dict[str, object]()),) if name == "markdown" and text.strip() else ()
        return Said(clean(text), notes=kept), own

    def said(self, text: str) -> Said:
        """Return *text*."""
        return self.read(text)[0]

    def wording(self, text: str) -> Said:
        """Return *text*, what a candidate is expected to type: without markup, unless it names HTML itself."""
        text = text.strip()
        if marker := _MARKER.match(text):
            text = text[marker.end() :]
            if marker[1] == "html":
                return Said(said_in_html(text.translate(_BACK)).plain)
        return Said(" ".join(clean(text).split("\n")))


def clean(text: str) -> str:
    """Return *text* as it reads: lines trimmed, signs put back."""
    lines = (line.strip(" \t") for line in text.strip().split("\n"))
    return "\n".join(line for line in lines if line).translate(_BACK).strip()
