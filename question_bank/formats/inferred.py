"""The kind of a row whose table has no column for it: what its options and its answer can only be."""

from collections.abc import Mapping

from question_bank.errors import InvalidQuestionError
from question_bank.formats.cells import folded
from question_bank.formats.columns import JOINED
from question_bank.formats.found import is_true_false
from question_bank.formats.numbers import as_written_by_hand
from question_bank.formats.protocol import Note
from question_bank.kinds import KINDS
from question_bank.kinds.choice import letters_in
from question_bank.kinds.numeric import interval_of
from question_bank.options import LETTERS, lettered

_TRUTHS = frozenset({"对", "错", "正确", "错误", "√", "×", "✓", "✗", "✔", "✘", "true", "false", "t", "f"})
_LIKELY_LETTERS = frozenset(LETTERS[:8])
_RANGES = ("±", "..")


def with_kind(values: Mapping[str, str]) -> tuple[dict[str, str], tuple[Note, ...]]:
    """Return the row *values*, its options spelt out, with its kind, and a note that says which kind that is."""
    kind = KINDS[_code(values)]
    return {**values, "kind": kind.name_zh}, (("kind_inferred", {"value": kind.name_zh}),)


def _code(values: Mapping[str, str]) -> str:
    """Return the code of a kind.

    Letters are the answer of a choice, also where its options are missing, which is named then: they may stand in the
    stem; T and F too are letters where options stand. An answer is a number only where it states a range or the row a
    unit; 12 may be a wording.
    """
    options = [text for letter in LETTERS if (text := values.get(f"option_{letter}", "").strip())]
    key = values.get("key", "")
    letters = letters_in(key) or ()
    has_options = bool(options or values.get(JOINED))
    if is_true_false(options) or (folded(key) in _TRUTHS and (not has_options or _say_true_and_false(options, key))):
        return "true_false"
    if has_options or (letters and _LIKELY_LETTERS.issuperset(letters)):
        return "multiple_choice" if len(letters) > 1 else "single_choice"
    return "numeric" if _is_number(key, values.get("unit", "").strip()) else "short_answer"


def _say_true_and_false(options: list[str], key: str) -> bool:
    """Say whether *options* are such as 是 and 否, which *key* chooses between."""
    try:
        return len(options) == 2 and bool(KINDS["true_false"].read_answer(lettered(options), key))
    except InvalidQuestionError:
        return False


def _is_number(key: str, unit: str) -> bool:
    accepted = [text.strip() for text in as_written_by_hand(key).split("|")]
    says_so = bool(unit) or any(sign in text for text in accepted for sign in _RANGES)
    return says_so and all(interval_of(text) is not None for text in accepted)
