"""Options as banks write them into cells: with their letters before them, or all of them in one cell."""

import re
from collections.abc import Mapping

from question_bank.errors import InvalidQuestionError, Problem
from question_bank.formats.columns import JOINED
from question_bank.options import LETTERS

_SIGN = r"\s*[.．、:：,，)）\]】]\s*"
_LETTER = r"[A-Za-zＡ-Ｚａ-ｚ]"
_PREFIX = re.compile(rf"\s*[(（\[【]?({_LETTER}){_SIGN}(?=\S)")
_MARK = re.compile(rf"(?:(?<=[\s|｜;；,，。])|^)[(（\[【]?({_LETTER})(?:{_SIGN}|\s*[-－—]\s*)(?=\S)")
_NOTHING = frozenset({"\\", "/", "-", "—", "无"})
"""What people write into a cell for all options where there are none."""
# "A、B类" may be option A, which says "B类", or the text "A、B类".
_LIST = re.compile(rf"\s*{_LETTER}\s*[、,，]\s*{_LETTER}(?![A-Za-z])")
_BREAKS = ("\n", "$；$", "||", "|", "；")
_ENDS = " \t\n|｜;；"
_FEWEST = 2


def spelt_out(values: Mapping[str, str]) -> dict[str, str]:
    """Return the row *values* with one bare text an option: "A. 甲" is 甲, and a cell that holds all is taken apart.

    Letters are taken off where at least two options begin with their own. Raises InvalidQuestionError:
    "options_in_both" (one cell and others), "options_not_told_apart", "option_letter_unclear".
    """
    row = {field: text for field, text in values.items() if field != JOINED}
    options = options_in(row)
    joined = values.get(JOINED, "").strip()
    if joined and joined not in _NOTHING:
        if options:
            raise InvalidQuestionError([Problem("options", "options_in_both", {"key": min(options)})])
        return row | {f"option_{letter}": text for letter, text in _taken_apart(joined).items()}
    return row | {f"option_{letter}": text for letter, text in _bare(options).items()}


def options_in(row: Mapping[str, str]) -> dict[str, str]:
    """Return the options that *row* has, by letter."""
    return {letter: text for letter in LETTERS if (text := row.get(f"option_{letter}", "")).strip()}


def parted(text: str) -> tuple[str, str]:
    """Return the letter that stands before *text* with a sign behind it, "" if none does, and the rest."""
    match = _PREFIX.match(text)
    return (_letter(match), text[match.end() :]) if match else ("", text)


def guarded(row: dict[str, str]) -> dict[str, str]:
    """Return the *row* of a choice as it is written, so that spelt_out gives it back: texts like "A. 甲" get "A. "."""
    options = options_in(row)
    if len(_lettered(options)) < _FEWEST:
        return row
    return row | {f"option_{letter}": f"{letter}. {text}" for letter, text in options.items()}


def _lettered(options: Mapping[str, str]) -> dict[str, re.Match[str]]:
    """Return the options that begin with their own letter and a sign behind it."""
    found = {letter: match for letter, text in options.items() if (match := _PREFIX.match(text))}
    return {letter: match for letter, match in found.items() if _letter(match) == letter}


def _letter(match: re.Match[str]) -> str:
    letter = match[1]
    return (chr(ord(letter) - 0xFEE0) if ord(letter) > 0xFF00 else letter).upper()


def _bare(options: Mapping[str, str]) -> dict[str, str]:
    lettered = _lettered(options)
    if len(lettered) < _FEWEST:
        return dict(options)
    for letter in lettered:
        _refuse_lists(letter, options[letter])
    return {letter: text[lettered[letter].end() :] if letter in lettered else text for letter, text in options.items()}


def _refuse_lists(letter: str, text: str) -> None:
    if _LIST.match(text):
        raise InvalidQuestionError([Problem("options", "option_letter_unclear", {"key": letter})])


def _taken_apart(joined: str) -> dict[str, str]:
    """Return the options in one cell, by letter: told apart by their letters, else by line, |, or semicolon."""
    marks = list(_MARK.finditer(joined))
    if len(marks) >= _FEWEST and not joined[: marks[0].start()].strip():
        letters = [_letter(match) for match in marks]
        if letters == list(LETTERS[: len(marks)]):
            for match, letter in zip(marks, letters, strict=True):
                _refuse_lists(letter, joined[match.start() :])
            ends = [*(match.start() for match in marks[1:]), len(joined)]
            texts = [joined[match.end() : end].strip(_ENDS) for match, end in zip(marks, ends, strict=True)]
            return dict(zip(letters, texts, strict=True))
        raise _not_told_apart(joined)
    plain = joined.replace("｜", "|").replace(";", "；")
    separator = next((one for one in _BREAKS if one in plain), "")
    texts = [text.strip() for text in plain.split(separator)] if separator else []
    texts = [text for text in texts if text]
    if not _FEWEST <= len(texts) <= len(LETTERS):
        raise _not_told_apart(joined)
    return _bare(dict(zip(LETTERS, texts, strict=False)))


def _not_told_apart(joined: str) -> InvalidQuestionError:
    return InvalidQuestionError([Problem("options", "options_not_told_apart", {"value": joined[:80]})])
