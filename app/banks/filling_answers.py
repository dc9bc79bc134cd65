"""The answer in a filled-in form: which options there are, which are right, what each weighs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from app.banks.forms import BESIDE, rows_filled
from app.core.forms import Form
from question_bank.errors import InvalidQuestionError, Problem
from question_bank.kinds import KINDS
from question_bank.kinds.choice import key_from_letters
from question_bank.options import LETTERS, Option, is_weight, lettered, weight_text

Options = tuple[Option, ...]
Read = tuple[Options, tuple[str, ...], list[Problem]]


def said(form: Form, name: str) -> str:
    """Return the text in the field *name*, "" if the form has no such field."""
    return (form[name].data or "") if name in form else ""


def read_answer(form: Form) -> Read:
    """Return options, key and what keeps them from being read; of what cannot be read, as much as can."""
    kind = form.answer_kind
    if kind == "case_study":
        return (), (), []
    if KINDS[kind].fixed_options:
        return _true_or_false(form)
    return _chosen(form) if KINDS[kind].offers_options else _accepted(form)


def _true_or_false(form: Form) -> Read:
    fixed = KINDS[form.answer_kind].fixed_options
    options = tuple(replace(one, feedback=said(form, f"feedback_{one.key}")) for one in fixed)
    if form.truth.data not in [one.key for one in fixed]:
        return options, (), [Problem("key", "missing_text")]
    return options, (form.truth.data,), []


def _chosen(form: Form) -> Read:
    texts = [said(form, f"option_{letter}") for letter in LETTERS[: rows_filled(form.data)]]
    options = lettered(texts)
    problems = [Problem("options", "option_gap", {"key": one.key}) for one in options if not one.text]
    try:
        key = key_from_letters("".join(form.key.data)) if form.key.data else ()
    except InvalidQuestionError as error:
        key, problems = (), [*problems, *error.problems]
    else:
        problems += [] if key else [Problem("key", "missing_text")]
    weighed, bad = _weighed(form, options, key)
    if form.answer_kind == "single_choice":
        # Several options are right, any one of them, where each says that it is worth everything.
        key = tuple(sorted({*key, *(one.key for one in weighed if one.weight == "100")}))
    return weighed, key, problems + bad


def _accepted(form: Form) -> Read:
    """Return the answers that are accepted; an empty card between two others is passed over."""
    _close_up(form)
    letters = LETTERS[: rows_filled(form.data)]
    options = lettered([_text(form, letter) for letter in letters])
    if not options:
        return (), (), [Problem("options", "missing_text", {"key": LETTERS[0]})]
    problems = [Problem("options", "missing_text", {"key": one.key}) for one in options if not one.text]
    weighed, bad = _weighed(form, options)
    key = tuple(one.key for one in weighed if one.weight in ("", "100"))
    if not key:
        problems.append(Problem("key", "no_full_weight", {"key": LETTERS[0]}))
    return weighed, key, problems + bad


def _close_up(form: Form) -> None:
    """Move what stands on the cards of *form* up to where nothing is left empty between."""
    names = [name for name in BESIDE if f"{name}_A" in form]
    cards = [[form[f"{name}_{letter}"].data for name in names] for letter in LETTERS]
    filled = [card for card in cards if any(card)]
    for letter, card in zip(LETTERS, [*filled, *[[""] * len(names)] * len(LETTERS)], strict=False):
        for name, value in zip(names, card, strict=True):
            form[f"{name}_{letter}"].data = value


def _text(form: Form, letter: str) -> str:
    """Return an accepted answer in the library's way: a number with its tolerance, a wording as it is."""
    written = said(form, f"option_{letter}").strip()
    if form.answer_kind != "numeric" or not written:
        return written
    tolerance = _number(said(form, f"tolerance_{letter}")).lstrip("±")
    return f"{_number(written)}±{tolerance}" if tolerance else _number(written)


def _number(text: str) -> str:
    """Return what somebody wrote for "12.5±0.1" or "1..5" in the library's way."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    return re.sub(r"\+/?-", "±", plain).replace("~", "..").replace("−", "-")


def _weighed(
    form: Form, options: Sequence[Option], key: Sequence[str] | None = None
) -> tuple[tuple[Option, ...], list[Problem]]:
    """Return *options* with the weights and feedback that stand beside them, and those weights that are none.

    key: None where every option is right unless its weight says less. Once one weight is filled in, an empty one is
    100 for an answer that is accepted and for the right option of a single choice, else 0. Weights that say no more
    than the key are left out, as the library has them.
    """
    kind = form.answer_kind
    given = [_weight(said(form, f"weight_{option.key}")) for option in options]
    pairs = list(zip(options, given, strict=True))
    bad = [
        Problem("options", "bad_weight", {"key": option.key, "value": weight})
        for option, weight in pairs
        if weight and not is_weight(weight)
    ]
    right = [key is None or option.key in key for option in options]
    if any(given):
        full = [is_right and kind != "multiple_choice" for is_right in right]
        given = [weight or ("100" if is_full else "0") for weight, is_full in zip(given, full, strict=True)]
    if bad or _say_no_more(given, right, kind):
        given = [""] * len(given)
    remarks = [said(form, f"feedback_{option.key}") for option in options]
    rows = zip(options, given, remarks, strict=True)
    return tuple(replace(option, weight=weight, feedback=feedback) for option, weight, feedback in rows), bad


def _say_no_more(weights: Sequence[str], right: Sequence[bool], kind: str) -> bool:
    """Say whether all right options weigh the same, or the one right option all, and the others nothing."""
    own = [weight for weight, is_right in zip(weights, right, strict=True) if is_right]
    others = {weight for weight, is_right in zip(weights, right, strict=True) if not is_right}
    if others - {"0"} or len(set(own)) != 1 or not own[0]:
        return False
    if kind == "multiple_choice":
        return Fraction(own[0]) > 0
    return own[0] == "100" and (kind != "single_choice" or len(own) == 1)


def _weight(text: str) -> str:
    """Return a weight as the library writes it, "50" for "50.0 %"; what is no number stays as it is."""
    plain = unicodedata.normalize("NFKC", text).strip().rstrip("%").strip()
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return plain
    return weight_text(Fraction(number) / 100) if number.is_finite() and abs(number) <= 100 else plain
