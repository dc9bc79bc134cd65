"""What single and multiple choice share: letters, their rules, their writing."""

import re
import unicodedata
from collections.abc import Iterator

from question_bank.errors import InvalidQuestionError, InvalidResponseError, Problem
from question_bank.kinds.protocol import Answerable, Response
from question_bank.options import LETTERS, Option

_SEPARATORS = re.compile(r"[\s,;:./|、，；。+&和]+")


def letters_in(text: str) -> tuple[str, ...] | None:
    """Return the option letters written in *text* ("ABD", "a、b", "Ａ，Ｃ"), sorted; None if it holds anything else."""
    compact = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
    if not compact or set(compact) - set(LETTERS) or len(set(compact)) != len(compact):
        return None
    return tuple(sorted(compact))


def key_from_letters(text: str) -> tuple[str, ...]:
    """Return the key that *text* names; raises InvalidQuestionError with "unreadable_key"."""
    letters = letters_in(text)
    if letters is None:
        raise InvalidQuestionError([Problem("key", "unreadable_key", {"text": text})])
    return letters


def option_problems(options: tuple[Option, ...]) -> Iterator[Problem]:
    """Yield what is wrong with a list of two to eight options: count, letters out of order, two with one text."""
    if not 2 <= len(options) <= len(LETTERS):
        yield Problem("options", "wrong_option_count", {"count": len(options), "least": 2, "most": len(LETTERS)})
    elif tuple(option.key for option in options) != tuple(LETTERS[: len(options)]):
        yield Problem("options", "option_letters_out_of_order", {"keys": tuple(option.key for option in options)})
    texts = [" ".join(option.text.split()).casefold() for option in options]
    for position, text in enumerate(texts):
        if text in texts[:position]:
            yield Problem("options", "options_alike", {"key": options[position].key})


def key_problems(question: Answerable, least: int, most: int) -> Iterator[Problem]:
    """Yield what is wrong with a key of *least* to *most* letters."""
    key = question.key
    if not least <= len(key) <= most:
        yield Problem("key", "wrong_key_count", {"count": len(key), "least": least, "most": most})
    if key != tuple(sorted(set(key))):
        yield Problem("key", "key_not_sorted", {"key": key})
    offered = {option.key for option in question.options}
    for letter in key:
        if letter not in offered:
            yield Problem("key", "key_not_offered", {"letter": letter})


def parse_letters(question: Answerable, raw: object, most: int) -> Response:
    """Return *raw* as sorted option letters, at most *most* of them and all offered.

    raw: None, a string of letters, or a list of strings with one letter each. Raises InvalidResponseError.
    """
    if raw is None or raw == "":
        return ()
    entries = [raw] if isinstance(raw, str) else raw
    if not isinstance(entries, (list, tuple, set, frozenset)) or not all(isinstance(entry, str) for entry in entries):
        raise InvalidResponseError("unreadable_response")
    joined = "".join(entries)
    letters = letters_in(joined) if joined else ()
    if letters is None:
        raise InvalidResponseError("unreadable_response", text=joined[:40])
    offered = {option.key for option in question.options}
    if unknown := [letter for letter in letters if letter not in offered]:
        raise InvalidResponseError("option_not_offered", letters=tuple(unknown))
    if len(letters) > most:
        raise InvalidResponseError("too_many_options", count=len(letters), most=most)
    return letters
