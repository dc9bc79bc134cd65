"""One text as a file has it: as plain text, and as HTML where it says more than plain text can."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from question_bank.formats.markup import mathml
from question_bank.formats.markup.plain import MOST_CHARACTERS, follow, plain_text, unescaped
from question_bank.formats.markup.rich import FindPicture, RichText, TooLongError, sanitised_if_short
from question_bank.formats.protocol import Note
from question_bank.rich_text import HTML, text_of

_DATA = re.compile(r"data:image/[A-Za-z0-9.+-]{1,20};base64,[^\"'<>]*+")
_LIFTED = "data-picture:"


@dataclass(frozen=True)
class Said:
    """A text. plain: without markup. html: sanitised, or "" if *plain* is all there is; as it was where it is too long.

    is_rich: whether *plain* says less than *html*. notes: what of the source is in neither.
    """

    plain: str = ""
    html: str = ""
    is_rich: bool = False
    notes: tuple[Note, ...] = ()

    def written(self, markup: str) -> str:
        """Return the text in *markup*, "plain" or "html"."""
        return (self.html or escaped(self.plain)) if markup == HTML else self.plain

    def __bool__(self) -> bool:
        """Say whether there is anything to read or see."""
        return bool(self.plain)


def no_picture(_source: str) -> str:
    """Return the reason for which a file that brings no pictures has none."""
    return "missing"


def said_in_html(source: str, find: FindPicture = no_picture) -> Said:
    """Return the HTML *source* as a text; find: how an address in it leads to a picture.

    At most MOST_CHARACTERS are read, pictures that stand in it not counted; "text_cut_off" says so. What is longer
    than any text of a question comes back as it is.
    """
    if "<" not in source and "&" not in source:
        return Said(" ".join(source.split()), sanitised_if_short(source))
    source, lifted = _lifted(source)
    cut: tuple[Note, ...] = (("text_cut_off", {"most": MOST_CHARACTERS}),) if len(source) > MOST_CHARACTERS else ()
    source, has_formula = mathml.linear(source[:MOST_CHARACTERS])
    formula: tuple[Note, ...] = (("markup_removed", {"elements": ("math",)}),) if has_formula else ()
    rich = RichText(lambda address: find(_put_back(address, lifted)))
    try:
        follow(source, rich)
    except TooLongError:
        return Said(source, source, True)
    made, is_rich, notes = rich.result()
    return Said(text_of(made, HTML) if is_rich else plain_text(made), made, is_rich, notes + formula + cut)


def escaped(text: str) -> str:
    """Return plain *text* as HTML that shows the same, sanitised unless it is too long."""
    return sanitised_if_short(html.escape(text, quote=False).replace("\n", "<br>"))


def joined(lines: Sequence[tuple[str, Said]]) -> Said:
    """Return *lines* as one text, each on a line of its own, behind what it is about (may be empty)."""
    told = [(about, said) for about, said in lines if said]
    if len(told) == 1 and not told[0][0]:
        return told[0][1]
    plain = "\n".join(f"{about}：{said.plain}" if about else said.plain for about, said in told)
    blocks = (
        f"<div>{escaped(about)}：{said.written(HTML)}</div>" if about else said.written(HTML) for about, said in told
    )
    notes = tuple(note for _, said in told for note in said.notes)
    return Said(plain, sanitised_if_short("".join(blocks)), any(said.is_rich for _, said in told), notes)


def _lifted(source: str) -> tuple[str, list[str]]:
    """Return *source* with the pictures that stand in it as text replaced by short addresses, and these pictures."""
    if "data:image/" not in source:
        return source, []
    found: list[str] = []

    def lift(data: re.Match[str]) -> str:
        found.append(data[0])
        return f"{_LIFTED}{len(found) - 1}"

    return _DATA.sub(lift, source), found


def _put_back(address: str, lifted: Sequence[str]) -> str:
    number = address.removeprefix(_LIFTED)
    if address.startswith(_LIFTED) and number.isdecimal() and int(number) < len(lifted):
        return unescaped(lifted[int(number)])
    return address
