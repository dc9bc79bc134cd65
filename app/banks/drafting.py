"""Working on the form of a question without saving it: more answers, parts, another kind, rich text, a picture.

Everything that is filled in is data (field -> value, "parts" a list of such); a step takes it and gives it back
changed, and the page shows it again. So nothing is lost, and no script is needed.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from wtforms import SelectChoice  # type: ignore[attr-defined]  # the stubs are older

from app.banks import cards, recasting
from app.banks.forms import QuestionForm, letters_shown
from app.banks.rich_fields import changed_markup
from app.core.forms import Form
from question_bank.kinds import KINDS, SIMPLE_KINDS
from question_bank.kinds.case_study import FEWEST_PARTS, MOST_PARTS
from question_bank.rich_text import HTML, PLAIN, pictures_in

Data = dict[str, Any]
_PLACE = re.compile(r"(?:part-([0-9]{1,2})-)?(stem|explanation|option_[A-Z])")
_ON_CARD = re.compile(r"(remove|raise|lower)_option(?:-([0-9]{1,2}))?-([A-Z])")
_NOT_DATA = ("csrf_token", "submit", "picture", "part_count")


def blank(kind: str) -> Data:
    """Return what the form of a new question shows."""
    parts = [{"kind": "single_choice"} for _number in range(FEWEST_PARTS)] if kind == "case_study" else []
    return {"markup": PLAIN, "difficulty": "2", "parts": parts}


def data_of(form: QuestionForm) -> Data:
    """Return everything that stands in *form*."""
    return {**_own(form), "parts": [_own(part) for part in form.parts]}


def step(do: str, data: Data, kind: str) -> Data:
    """Return *data* after what a button asks for; unchanged for an unknown button.

    do: "options" or "options-2" (one more answer, of the question or of part 2), "remove_option-B", "raise_option-2-B",
    "lower_option-B", "add_part", "remove_part-2", "raise_part-2", "to_html", "to_plain"; "refresh" gives parts the kind
    that was chosen for them unless that would lose something, "recast-2" gives it to part 2 all the same.
    """
    if found := _ON_CARD.fullmatch(do):
        on_card = found[1], found[3]
        return _answer_changed(data, kind, int(found[2] or 0), lambda own, its: cards.changed(own, its, *on_card))
    name, _dash, number = do.partition("-")
    place = int(number) if number.isascii() and number.isdecimal() and len(number) < 3 else 0
    parts = data["parts"]
    if name in _PART_STEPS and 1 <= place <= len(parts):
        return {**data, "parts": _PART_STEPS[name](parts, place - 1)}
    if name == "add_part" and len(parts) < MOST_PARTS:
        kind_of_part = data["part_kind"] if data.get("part_kind") in SIMPLE_KINDS else "single_choice"
        return {**data, "parts": [*parts, {"kind": kind_of_part}]}
    if name == "options":
        return _answer_changed(data, kind, place, cards.added)
    if name == "refresh":
        return {**data, "parts": [part if lost_of_part(part) else recasting.recast_part(part) for part in parts]}
    if name in ("to_html", "to_plain"):
        return changed_markup(data, kind, HTML if name == "to_html" else PLAIN)
    return data


def lost_of_part(part: Data) -> list[str]:
    """Return what *part* would lose with the kind that was chosen for it, in words; nothing where all is carried."""
    return recasting.lost(part, part["shown"], part["kind"]) if part["kind"] in SIMPLE_KINDS else []


def with_picture(data: Data, kind: str, digest: str) -> Data:
    """Return *data* with a picture at the end of the text that "picture_place" names; plain text becomes rich text.

    picture_place: "stem", "option_B", "part-2-stem", ...
    """
    data = changed_markup(data, kind, HTML)
    alternative = html.escape((data.get("picture_alt") or "").strip())
    tag = f'<img src="picture:{digest}" alt="{alternative}">'
    found = _PLACE.fullmatch(data.get("picture_place") or "")
    number, name = (int(found[1] or 0), found[2]) if found else (0, "stem")
    parts = [dict(part) for part in data["parts"]]
    changed = {**data, "parts": parts, "picture_alt": ""}
    owner = parts[number - 1] if 1 <= number <= len(parts) else changed
    owner[name] = "\n".join(text for text in (owner.get(name) or "", tag) if text)
    return changed


def offered(form: QuestionForm) -> dict[str, Any]:
    """Return what the page of *form* needs besides: letters (form -> those shown), pictures (digests that are used).

    Also says where a picture can be put, and what the parts would lose by the kinds that were chosen for them.
    """
    choices = _places(form)
    for number, part in enumerate(form.parts, start=1):
        for name, label in _places(part):
            words = _("第 %(number)s 小题：%(name)s", number=number, name=label)
            choices.append((f"part-{number}-{name}", words))
    form.picture_place.choices = [SelectChoice(name, label) for name, label in choices]
    texts = [text for each in (form, *form.parts) for text in each.data.values() if isinstance(text, str)]
    used = dict.fromkeys(digest for text in texts for digest in pictures_in(text))
    lost = [lost_of_part(_own(part)) if part.kind.data != part.shown.data else [] for part in form.parts]
    return {"letters": letters_shown, "pictures": list(used), "lost_of_parts": lost}


def _own(form: Form) -> Data:
    return {name: value for name, value in form.data.items() if name not in _NOT_DATA}


def _places(form: Form) -> list[tuple[str, str]]:
    """Return (name, label) of the texts of *form* that may hold a picture."""
    is_offered = KINDS[form.answer_kind].offers_options and not KINDS[form.answer_kind].fixed_options
    options = [f"option_{letter}" for letter in letters_shown(form)] if is_offered else []
    return [(name, str(form[name].label.text)) for name in ("stem", *options, "explanation")]


def _answer_changed(data: Data, kind: str, number: int, change: Callable[[Data, str], Data]) -> Data:
    """Return *data* with *change* done to the answer of part *number*, of the question for 0."""
    parts = data["parts"]
    if not number:
        return change(data, kind)
    if number > len(parts):
        return data
    part = parts[number - 1]
    return {**data, "parts": [*parts[: number - 1], change(part, part["shown"]), *parts[number:]]}


def _without(parts: list[Data], place: int) -> list[Data]:
    return [*parts[:place], *parts[place + 1 :]]


def _raised(parts: list[Data], place: int) -> list[Data]:
    if not place:
        return parts
    return [*parts[: place - 1], parts[place], parts[place - 1], *parts[place + 1 :]]


def _recast(parts: list[Data], place: int) -> list[Data]:
    return [*parts[:place], recasting.recast_part(parts[place]), *parts[place + 1 :]]


_PART_STEPS: dict[str, Callable[[list[Data], int], list[Data]]] = {
    "remove_part": _without,
    "raise_part": _raised,
    "recast": _recast,
}
