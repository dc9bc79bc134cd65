"""What stands between the braces of a GIFT question."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from question_bank.formats.found import MANY, NUMERIC, ONE, SHORT, TRUE_FALSE, Answer, Found, error_at, without_blanks
from question_bank.formats.gift.signs import Markup, clean
from question_bank.formats.markup.said import Said
from question_bank.formats.numbers import between, with_tolerance
from question_bank.formats.protocol import RowError
from question_bank.options import LETTERS

# Programs write a third with sixteen places. What only looks like a weight is no text either.
_WEIGHT = re.compile(r"%([ \t]{0,3}[+-]?[0-9.,]{1,40}[ \t]{0,3})%")
_PERCENT = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]*+)?")
_UNREADABLE = Fraction(2)
_MOST_ANSWERS = 100
# Behind the word a comment may follow, up to the end of its line.
_TRUE_FALSE = re.compile(r"(T|F|(?i:TRUE|FALSE))(?:[ \t]+//[^\n]*+)?\s*(?:#(.*))?", re.DOTALL)
_PAIR = re.compile(r"=[^=#]*?->")
Reader = Callable[[Found, str, Markup], Found | RowError]


def form_of(answers: str) -> str:
    """Return what kind of question the answers make; the order of the tests is that of Moodle.

    An arrow in one of the answers makes pairs of all of them, one in feedback does not. Ordering came with Moodle 4.4.
    """
    if not answers:
        return "essay"
    if answers.startswith(">"):
        return "ordering"
    if answers.startswith("#"):
        return NUMERIC
    if "~" in answers:
        return MANY
    if _TRUE_FALSE.fullmatch(answers):
        return TRUE_FALSE
    return "matching" if _PAIR.search(answers) else SHORT


def _true_false(found: Found, answers: str, markup: Markup) -> Found:
    """Read "TRUE#when wrong#when right"."""
    match = _TRUE_FALSE.fullmatch(answers)
    word, told = match.groups("") if match else ("", "")
    is_true = word.upper().startswith("T")
    first, _, second = told.partition("#")
    wrong, right = markup.said(first), markup.said(second)
    pair = (
        Answer(Said("正确"), Fraction(is_true), right if is_true else wrong),
        Answer(Said("错误"), Fraction(not is_true), wrong if is_true else right),
    )
    return replace(found, answers=pair)


def _choice(found: Found, inside: str, markup: Markup) -> Found | RowError:
    """Read answers behind "=" and "~": with a "=" among them one can be chosen, without any number."""
    if (count := inside.count("~") + inside.count("=")) > _MOST_ANSWERS:
        return error_at(found, "wrong_option_count", "options", count=count, least=2, most=len(LETTERS))
    lead, *parts = re.split(r"([~=])", inside)
    if lead.strip():
        return error_at(found, "malformed_answers", "key", value=clean(lead)[:80])
    answers: list[Answer] = []
    for sign, text in zip(parts[::2], parts[1::2], strict=True):
        weight, rest = _weight(text.strip(), Fraction(sign == "="))
        if abs(weight) > 1:
            return error_at(found, "unreadable_weight", "key", value=text.strip()[:80])
        said, _, comment = rest.partition("#")
        answers.append(Answer(markup.said(said), weight, markup.said(comment)))
    form = ONE if "=" in parts[::2] else MANY
    kept, notes = without_blanks(answers, 2)
    return replace(found, form=form, named="multichoice", answers=kept, notes=(*found.notes, *notes))


def _short(found: Found, inside: str, markup: Markup) -> Found | RowError:
    read = _accepted(found, inside, markup)
    if isinstance(read, RowError):
        return read
    stated = [Answer(markup.wording(text), weight, feedback) for text, weight, feedback in read]
    answers, notes = without_blanks(stated, 1)
    return replace(found, named="shortanswer", answers=answers, notes=(*found.notes, *notes))


def _numeric(found: Found, inside: str, markup: Markup) -> Found | RowError:
    """Read "#3:2", "#1..5", "#=1822:0 =%50%1822:2 ~#when wrong"."""
    inside, _, wrong = inside.removeprefix("#").partition("~")
    if wrong:
        found = replace(found, feedback=(("答错时", markup.said(wrong.partition("#")[2])),))
    read = _accepted(found, inside, markup)
    if isinstance(read, RowError):
        return read
    answers: list[Answer] = []
    for text, weight, feedback in read:
        number = clean(text)
        if number == "*":
            found = _catch_all(found, weight, feedback)
            continue
        accepted = _number(number)
        if accepted is None:
            return error_at(found, "not_a_number", "key", value=number[:80])
        answers.append(Answer(Said(accepted), weight, feedback))
    return replace(found, named="numerical", answers=tuple(answers))


def _catch_all(found: Found, weight: Fraction, feedback: Said) -> Found:
    lost = (("any_number_left_out", dict[str, object]()),) if weight > 0 else ()
    return replace(found, feedback=(*found.feedback, ("其他答案", feedback)), notes=(*found.notes, *lost))


def _number(text: str) -> str | None:
    if ".." in text:
        least, _, most = text.partition("..")
        return between(least, most)
    middle, sign, tolerance = text.partition(":")
    if sign and not tolerance.strip():
        return None
    return with_tolerance(middle, tolerance.strip())


def _accepted(found: Found, inside: str, markup: Markup) -> list[tuple[str, Fraction, Said]] | RowError:
    """Return text, weight and feedback of each answer behind "="; the first "=" may be left out."""
    if (count := inside.count("=")) > _MOST_ANSWERS:
        return error_at(found, "wrong_option_count", "options", count=count, least=1, most=len(LETTERS))
    pieces = [piece for place, piece in enumerate(inside.split("=")) if place or piece.strip()]
    if not pieces or (len(pieces) > 1 and not inside.lstrip().startswith("=") and found.form != NUMERIC):
        return error_at(found, "malformed_answers", "key", value=clean(inside)[:80])
    read = list(_each(pieces, markup))
    if any(abs(weight) > 1 for _, weight, _ in read):
        return error_at(found, "unreadable_weight", "key", value=clean(inside)[:80])
    return read


def _each(pieces: list[str], markup: Markup) -> Iterator[tuple[str, Fraction, Said]]:
    for piece in pieces:
        weight, rest = _weight(piece.strip(), Fraction(1))
        text, _, comment = rest.partition("#")
        yield text, weight, markup.said(comment)


def _weight(text: str, default: Fraction) -> tuple[Fraction, str]:
    """Return the weight that *text* begins with, or *default*, and what follows it; beyond 1 where it is none."""
    match = _WEIGHT.match(text)
    if not match:
        return default, text
    weight = Fraction(match[1].rstrip(".")) / 100 if _PERCENT.fullmatch(match[1]) else _UNREADABLE
    return weight, text[match.end() :]


READERS: Mapping[str, Reader] = {TRUE_FALSE: _true_false, MANY: _choice, SHORT: _short, NUMERIC: _numeric}
