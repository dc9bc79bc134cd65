"""Where formats carry what they have no place for: in tags; the knowledge point is a category.

A tag "bikao:difficulty=3" is a field, any other tag is a tag. A tag of the question that begins so itself is written
as "bikao:tag=...", so that nothing is taken for what it is not. What belongs to a part or an answer names it:
"bikao:unit.2=日" is the unit of part 2, "bikao:accepted.1.B=1..5" the answer B of part 1 as it is written here.
"""

import re
from collections.abc import Collection, Iterable

from question_bank.formats.protocol import Note
from question_bank.questions import Question

_PREFIX = "bikao:"
FIELDS = ("version", "difficulty", "source_document", "source_article", "knowledge_point", "source_from", "source_to",
          "markup", "unit", "is_case_sensitive")  # fmt: skip
_BY_DEFAULT = {"markup": "plain", "is_case_sensitive": "false"}
_READ = (*FIELDS, "kind")
_OF_PLACE = re.compile(r"((?:kind|unit|is_case_sensitive|accepted|weight)\.[0-9A-Z.]{1,8})=(.*)", re.DOTALL)
_ROOTS = re.compile(r"\$(?:course|cat1|module|system|coursecat)\$")
_TOP = "$course$/top"
_LONGEST_POINT = 80
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
_TAG_BREAK = re.compile(r"[\s,;、，；]+")


def tags_of(question: Question, names: Collection[str] = FIELDS, more: Iterable[tuple[str, str]] = ()) -> list[str]:
    """Return the tags that carry the tags of *question* and the fields in *names*, for which its format has no place.

    more: pairs of name and text for what belongs to a part or an answer. Fields that hold their defaults are left out,
    and the knowledge point where its category says it unchanged.
    """
    fields = {name: _text(getattr(question, name)) for name in FIELDS if name in names}
    if point_of(category_of(question.knowledge_point))[0] == question.knowledge_point:
        fields.pop("knowledge_point", None)
    own = [f"{_PREFIX}tag={tag}" if tag.startswith(_PREFIX) else tag for tag in question.tags]
    written = [(name, text) for name, text in fields.items() if text and text != _BY_DEFAULT.get(name)]
    return [*own, *(f"{_PREFIX}{name}={text}" for name, text in (*written, *more))]


def fields_of(tags: Iterable[str]) -> tuple[dict[str, str], tuple[Note, ...]]:
    """Return fields of a row (columns.FIELDS) from *tags*, and "tag_changed" for a tag that ours cannot be.

    What belongs to a part or an answer comes back under its name with its place ("unit.2").
    """
    fields: dict[str, str] = {}
    own: list[str] = []
    notes: list[Note] = []
    for tag in tags:
        bare = tag.removeprefix(_PREFIX)
        name, separator, text = bare.partition("=")
        placed = _OF_PLACE.fullmatch(bare)
        if bare != tag and placed:
            fields[placed[1]] = placed[2]
        elif bare != tag and separator and name in _READ:
            fields[name] = text
        else:
            own.append(text if bare != tag and name == "tag" else tag.strip())
            if _TAG_BREAK.search(own[-1]):
                notes.append(("tag_changed", {"value": own[-1][:80]}))
                own[-1] = _TAG_BREAK.sub("_", own[-1])
    return {**fields, "tags": " ".join(own)}, tuple(notes)


def code_from(identifier: str) -> tuple[dict[str, str], tuple[Note, ...]]:
    """Return the field "code" if *identifier* can be one, else nothing and "code_replaced"."""
    if not identifier:
        return {}, ()
    return ({"code": identifier}, ()) if _CODE.fullmatch(identifier) else (
        {}, (("code_replaced", {"value": identifier[:80]}),)
    )  # fmt: skip


def category_of(knowledge_point: str) -> str:
    """Return the category that stands for *knowledge_point*; a slash in it is doubled, as Moodle does."""
    return f"{_TOP}/{knowledge_point.replace('/', '//')}" if knowledge_point else _TOP


def point_of(category: str) -> tuple[str, tuple[Note, ...]]:
    """Return the knowledge point that *category* stands for: its path without the root that Moodle puts before it.

    A path longer than a knowledge point may be is cut down to its last part, with the note "category_shortened".
    """
    parts = [part.replace("//", "/").strip() for part in re.split(r"(?<!/)/(?!/)", category.strip())]
    if parts and _ROOTS.fullmatch(parts[0]):
        parts = parts[1:]
        if parts and parts[0] == "top":
            parts = parts[1:]
    path = "/".join(part for part in parts if part)
    if len(path) <= _LONGEST_POINT:
        return path, ()
    return parts[-1][:_LONGEST_POINT].strip(), (("category_shortened", {"value": path[:400]}),)


def placed(fields: dict[str, str]) -> dict[str, str]:
    """Take what belongs to a part or an answer out of *fields* and return it."""
    return {name: fields.pop(name) for name in list(fields) if "." in name}


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
