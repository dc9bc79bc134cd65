"""What the choice kinds share: letters, their rules, their writing, their order on a paper."""

import re
import unicodedata
from collections.abc import Iterator

from question_bank.errors import InvalidQuestionError, InvalidResponseError, Problem
from question_bank.kinds.protocol import Answerable, Response, Shuffle, View
from question_bank.options import LETTERS, Option, is_weight, weighted

_SEPARATORS = re.compile(r"[\s,;:./|、，；。+&和]+")


class Choice:
    """What single and multiple choice and true/false do alike."""

    response_input = "one"
    shuffles_options = True
    offers_options = True
    fixed_options: tuple[Option, ...] = ()

    def lacking(self, question: Answerable) -> tuple[str, ...]:
        """Return "wrong_option" if every option is right: selecting every option must never pay."""
        return ("wrong_option",) if len(question.key) == len(question.options) else ()

    def model_response(self, question: Answerable) -> Response:
        """Return the key."""
        return question.key

    def read_answer(self, offered: tuple[Option, ...], text: str) -> tuple[tuple[Option, ...], tuple[str, ...]]:
        """Return *offered* and the letters in *text*; raises InvalidQuestionError."""
        return offered, key_from_letters(text)

    def key_to_text(self, question: Answerable) -> str:
        """Return the letters without separators."""
        return "".join(question.key)

    def order(self, question: Answerable, shuffle: Shuffle) -> tuple[str, ...]:
        """Return the letters, shuffled if the kind allows it."""
        letters = [option.key for option in question.options]
        if self.shuffles_options:
            shuffle(letters)
        return tuple(letters)

    def is_order(self, question: Answerable, order: tuple[str, ...]) -> bool:
        """Say whether *order* holds every letter once."""
        return sorted(order) == [option.key for option in question.options]

    def original(self, question: Answerable, order: tuple[str, ...], shown: Response) -> Response:
        """Return shown labels as letters of the bank, sorted."""
        return tuple(sorted(order[LETTERS.index(label)] for label in shown))

    def shown(self, question: Answerable, order: tuple[str, ...], response: Response) -> Response:
        """Return letters of the bank as shown labels, sorted."""
        return tuple(sorted(LETTERS[order.index(letter)] for letter in response))

    def view(self, question: Answerable, order: tuple[str, ...]) -> View:
        """Return input and options as shown, without letters of the bank, weights or feedback."""
        texts = {option.key: option.text for option in question.options}
        labelled = zip(LETTERS, order, strict=False)
        options = [{"label": label, "text": texts[letter]} for label, letter in labelled]
        return {"input": self.response_input, "options": options}


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
        raise InvalidQuestionError([Problem("key", "unreadable_key", {"text": text[:80]})])
    return letters


def option_problems(options: tuple[Option, ...], least: int = 2, case_matters: bool = True) -> Iterator[Problem]:
    """Yield what is wrong with *options*: count, letters out of order, two with one text, weights.

    case_matters: whether "CO" and "Co" are two texts: to who reads them they are.
    """
    if not least <= len(options) <= len(LETTERS):
        yield Problem("options", "wrong_option_count", {"count": len(options), "least": least, "most": len(LETTERS)})
    elif tuple(option.key for option in options) != tuple(LETTERS[: len(options)]):
        yield Problem("options", "option_letters_out_of_order", {"keys": tuple(option.key for option in options)})
    texts = [" ".join(option.text.split()) for option in options]
    texts = texts if case_matters else [text.casefold() for text in texts]
    for position, text in enumerate(texts):
        if text in texts[:position]:
            yield Problem("options", "options_alike", {"key": options[position].key})
    yield from _weight_problems(options)


def _weight_problems(options: tuple[Option, ...]) -> Iterator[Problem]:
    if not weighted(options):
        return
    for option in options:
        if not is_weight(option.weight):
            yield Problem("options", "bad_weight", {"key": option.key, "value": option.weight[:40]})


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


def key_by_weight_problems(question: Answerable, least: str) -> Iterator[Problem]:
    """Yield "key_against_weights" unless the key is just the options that weigh *least* per cent or more."""
    if not weighted(question.options) or not all(is_weight(option.weight) for option in question.options):
        return
    right = tuple(option.key for option in question.options if float(option.weight) >= float(least))
    if right != question.key:
        yield Problem("key", "key_against_weights", {"key": question.key, "right": right})


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
