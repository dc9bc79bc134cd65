"""The answers of a row: options with weights and feedback, and the key."""

import re
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from question_bank.errors import InvalidQuestionError, Problem
from question_bank.formats.cells import folded, safe
from question_bank.formats.numbers import as_written_by_hand, number
from question_bank.formats.weights import best_is_whole, each_adds, written_answers
from question_bank.kinds import QuestionKind
from question_bank.options import LETTERS, Option, weight_text, weighted
from question_bank.rich_text import PLAIN

Answers = tuple[tuple[Option, ...], tuple[str, ...]]
# Some banks write the answers of several blanks so; one "|" stands between wordings of one answer.
_SEVERAL_BLANKS = re.compile(r"[|｜]\s*[|｜]")
_WEIGHED = {"one": best_is_whole, "many": each_adds, "number": written_answers, "text": written_answers}


def answered(kind: QuestionKind, values: Mapping[str, str], markup: str, problems: list[Problem]) -> Answers:
    """Return options and key of a row. Where the kind fixes the options, a row may spell them out, in any order."""
    offered = _offered(values, markup if kind.offers_options else PLAIN, problems)
    text = values.get("key", "")
    if kind.response_input == "number" and not offered:
        text = as_written_by_hand(text)
    if _SEVERAL_BLANKS.search(text) and kind.response_input == "text" and not offered:
        problems.append(Problem("key", "several_blanks", {"value": text[:80]}))
        return offered, ()
    if not text and kind.response_input != "parts":
        problems.append(Problem("key", "missing_text"))
        return offered, ()
    try:
        options, key = kind.read_answer(offered, text)
        order = _own_order(kind, offered)
    except InvalidQuestionError as error:
        problems.extend(error.problems)
        return offered, ()
    options = tuple(_told(option, values, letter, markup) for option, letter in zip(options, order, strict=False))
    return _weighed(kind, options, key, values, order, problems), key


def _offered(values: Mapping[str, str], markup: str, problems: list[Problem]) -> tuple[Option, ...]:
    offered = tuple(
        Option(letter, safe(text, markup)) for letter in LETTERS if (text := values.get(f"option_{letter}"))
    )
    for expected, option in zip(LETTERS, offered, strict=False):
        if option.key != expected:
            problems.append(Problem("options", "option_gap", {"key": expected}))
            break
    return offered


def _own_order(kind: QuestionKind, offered: tuple[Option, ...]) -> str:
    """Return the letters of the row in the order of the options: "BA" for 判断题 with 错误 before 正确."""
    if kind.fixed_options and offered and kind.read_answer(offered, LETTERS[0])[1] != (LETTERS[0],):
        return LETTERS[1::-1]
    return LETTERS


def _told(option: Option, values: Mapping[str, str], letter: str, markup: str) -> Option:
    return replace(option, feedback=safe(values.get(f"feedback_{letter}", ""), markup))


def _weighed(
    kind: QuestionKind,
    options: tuple[Option, ...],
    key: tuple[str, ...],
    values: Mapping[str, str],
    order: str,
    problems: list[Problem],
) -> tuple[Option, ...]:
    """Return *options* with the weights of the row, left out where the key says the same."""
    problems += [
        Problem(f"{name}_{letter}", "option_missing", {"key": letter})
        for letter in LETTERS
        for name in ("weight", "feedback")
        if letter not in order[: len(options)] and values.get(f"{name}_{letter}")
    ]
    texts = [values.get(f"weight_{letter}", "") for letter in order[: len(options)]]
    if not any(texts):
        return options
    weights = [_weight(text, f"weight_{letter}", problems) for text, letter in zip(texts, order, strict=False)]
    given = tuple(replace(option, weight=text) for option, text in zip(options, weights, strict=True))
    return options if weighted(given) and _key_says_all(kind, given, key) else given


def _weight(text: str, field: str, problems: list[Problem]) -> str:
    bare = folded(text).removesuffix("%").strip()
    found = number(bare or "0")
    if found is None or abs(found) > 100:
        problems.append(Problem(field, "unreadable_weight", {"value": text[:80]}))
        return "0"
    return weight_text(Fraction(found) / 100)


def _key_says_all(kind: QuestionKind, options: tuple[Option, ...], key: tuple[str, ...]) -> bool:
    shares = [option.worth for option in options]
    if kind.response_input not in _WEIGHED or max(shares) <= 0:
        return False
    weighed = _WEIGHED[kind.response_input](shares)
    return not weighed.weights and not weighed.notes and tuple(LETTERS[place] for place in weighed.right) == key
