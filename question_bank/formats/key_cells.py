"""Keys of choices as banks write them who write no letters: the texts of the right options."""

from collections.abc import Mapping

from question_bank.formats.cells import folded, unmarked
from question_bank.formats.found import is_true_false
from question_bank.formats.option_cells import options_in, parted
from question_bank.kinds.choice import letters_in

_BETWEEN = ("\n", "|", ";", "、", ",")


def with_letters(values: Mapping[str, str]) -> dict[str, str]:
    """Return the row *values*, its options spelt out, with letters for a key that says what the right options say.

    "北京", "B. 北京" and "北京；上海" are such keys. A bare number is none: it may count the options or be one of them.
    """
    options = {letter: folded(unmarked(text)) for letter, text in options_in(values).items()}
    key = folded(values.get("key", ""))
    if not key or letters_in(key) or key.isdecimal() or is_true_false(options.values()):
        return dict(values)
    found = (_letters(key, sign, options) for sign in _BETWEEN)
    letters = _letter(key, options) or next((one for one in found if one), "")
    return {**values, "key": letters} if letters else dict(values)


def _letters(key: str, sign: str, options: Mapping[str, str]) -> str:
    """Return the letters of the texts between the *sign*s in *key*, "" if one is no option's, or there twice."""
    named = [_letter(text, options) for text in key.split(sign) if text.strip()]
    return "".join(sorted(named)) if all(named) and len(set(named)) == len(named) else ""


def _letter(text: str, options: Mapping[str, str]) -> str:
    """Return the letter of the only option that says *text*, with its letter before it or without, else ""."""
    letter, rest = parted(text)
    if letter and options.get(letter) == rest.strip():
        return letter
    same = [one for one, option in options.items() if option == text.strip()]
    return same[0] if len(same) == 1 else ""
