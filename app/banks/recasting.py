"""Another kind for a question that is being written: what is carried over, and what is not.

Everything that does not say how the question is answered stays. Options go from choice to choice and accepted answers
from one written kind to the other. An answer that has no place in a case study by itself becomes its first part.
"""

from __future__ import annotations

from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.banks.forms import ANSWER_FIELDS, BESIDE, ONCE
from question_bank.kinds import KINDS, SIMPLE_KINDS
from question_bank.kinds.case_study import FEWEST_PARTS
from question_bank.options import LETTERS

Data = dict[str, Any]
_WORDS: dict[str, LazyString] = {
    "option": _l("选项"),
    "accepted": _l("可接受的答案"),
    "tolerance": _l("允许误差"),
    "weight": _l("权重"),
    "feedback": _l("反馈"),
    "key": _l("答案"),
    "truth": _l("答案"),
    "unit": _l("计量单位"),
    "is_case_sensitive": _l("区分大小写"),
    "parts": _l("小题"),
}
_LETTERED = {f"{name}_{letter}": name for name in BESIDE for letter in LETTERS}


def recast(data: Data, was: str, kind: str) -> Data:
    """Return *data* of a form of the kind *was* for a form of *kind*, another one."""
    kept = {name: value for name, value in data.items() if name != "parts" and not _is_answer(name)}
    own = {name: value for name, value in data.items() if _is_answer(name)}
    if kind != "case_study":
        return {**kept, **_carried(own, was, kind), "parts": []}
    first = {**own, "kind": was, "shown": was} if _filled(own) else {"kind": "single_choice"}
    return {**kept, "parts": [first, *[{"kind": "single_choice"} for _ in range(FEWEST_PARTS - 1)]]}


def recast_part(part: Data) -> Data:
    """Return *part* of a case study with the fields of the kind that was chosen for it; unchanged for no kind."""
    was, kind = part["shown"], part["kind"]
    if kind not in SIMPLE_KINDS:
        return part
    kept = {name: value for name, value in part.items() if not _is_answer(name)}
    return {**kept, **_carried({name: part[name] for name in part if _is_answer(name)}, was, kind), "shown": kind}


def lost(data: Data, was: str, kind: str) -> list[str]:
    """Return what of *data* a form of *kind* would not hold, in words, each once; nothing if all is carried over."""
    if was == "case_study":
        return [str(_WORDS["parts"])] if any(_is_part_filled(part) for part in data["parts"]) else []
    if kind == "case_study":
        return []
    own = {name: value for name, value in data.items() if _is_answer(name)}
    left = _filled(own) - _filled(_carried(own, was, kind))
    return list(dict.fromkeys(str(_word(name, was)) for name in own if name in left))


def _carried(own: Data, was: str, kind: str) -> Data:
    """Return those of the answer's fields *own* that mean the same in *kind*."""
    before, after = KINDS[was], KINDS[kind]
    if was == kind:
        return dict(own)
    if before.fixed_options or after.fixed_options or before.offers_options != after.offers_options:
        return {}
    common = set(ANSWER_FIELDS[was]) & set(ANSWER_FIELDS[kind])
    if before.offers_options:
        common.discard("weight")  # it says another thing where one option is right and where several are
    carried = {name: value for name, value in own.items() if _LETTERED.get(name, name) in common}
    if kind == "single_choice" and len(own.get("key") or []) > 1:
        carried["key"] = []
    return carried


def _is_answer(name: str) -> bool:
    return name in _LETTERED or name in ONCE


def _filled(own: Data) -> set[str]:
    return {name for name, value in own.items() if value and name != "rows"}


def _is_part_filled(part: Data) -> bool:
    own = {name: value for name, value in part.items() if _is_answer(name)}
    return bool(part.get("stem") or part.get("explanation") or _filled(own))


def _word(name: str, was: str) -> LazyString:
    field = _LETTERED.get(name, name)
    return _WORDS["accepted" if field == "option" and not KINDS[was].offers_options else field]
