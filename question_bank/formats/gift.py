"""GIFT: text with answers in braces, as Moodle describes it (docs.moodle.org, "GIFT format")."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain

from question_bank.formats import extras
from question_bank.formats.found import MANY, ONE, TRUE_FALSE, Answer, Found, Note, collected, error_at
from question_bank.formats.gift_writing import written
from question_bank.formats.markup import looks_like_html, plain_text
from question_bank.formats.protocol import Reading, RowError
from question_bank.formats.samples import sample_questions
from question_bank.formats.texts import beginning, decoded, lines_of
from question_bank.options import LETTERS
from question_bank.questions import Question

_SIGNS = "\\:#={}~n"
# Escaped signs are set aside as code points that are no characters; texts.decoded refuses files that hold any.
_ASIDE = {sign: chr(0xFDD0 + place) for place, sign in enumerate(_SIGNS)}
_BACK = {ord(aside): "\n" if sign == "n" else sign for sign, aside in _ASIDE.items()}
_ESCAPED = re.compile(r"\\([\\:#={}~n])")
_WEIGHT = re.compile(r"%(-?[0-9]{1,3}(?:\.[0-9]{1,12})?)%")
_MARKER = re.compile(r"\[(html|moodle|plain|markdown)\]")
_IN_COMMENT = re.compile(r"\[(id|tag):((?:\\.|[^\[\]\\])++)\]")
_MOST_ANSWERS = 100
_BRACE = re.compile(r"[{}]")
_TRUE_WORDS, _FALSE_WORDS = ("T", "TRUE"), ("F", "FALSE")


class Gift:
    """The GIFT format. Title and place of the blank are not kept as such: a blank inside the text becomes _____."""

    code = "gift"
    suffix = ".gift.txt"
    media_type = "text/plain; charset=utf-8"
    kinds = frozenset({"true_false", "single_choice", "multiple_choice"})
    fields = frozenset(
        {"code", "version", "kind", "stem", "options", "key", "explanation", "knowledge_point", "difficulty", "tags",
         "source_document", "source_article"}
    )  # fmt: skip

    def recognises(self, data: bytes) -> bool:
        """Say whether *data* is text with braces, a title between double colons or a category."""
        text = beginning(data)
        if text.lstrip().startswith(("<", "[")) and not _MARKER.match(text.lstrip()):
            return False
        return bool(re.search(r"^\s*(?:::|\$CATEGORY:)|\{[^{}]*\}|[^\\]\{\s*[=~#]", text, re.MULTILINE))

    def read(self, data: bytes, bank: str) -> Reading:
        """Return the questions in *data*. A block that breaks the rules is named with its line in the errors."""
        return collected(map(_question, _blocks(decoded(data))), bank)

    def write(self, questions: Iterable[Question]) -> bytes:
        """Return a GIFT file; code, tags and the fields that GIFT lacks stand in comments, as Moodle writes them."""
        return written(questions)

    def template(self) -> bytes:
        """Return one sample question a kind."""
        return written(sample_questions(), with_comments=False)


@dataclass(frozen=True)
class _Block:
    """Lines up to the next empty one. line: of the first. text: without comments, escaped signs set aside."""

    row: int
    line: int
    text: str
    comments: str
    category: str

    def found(self, form: str, named: str = "", stem: str = "", at: int = 0) -> Found:
        """Return what stands in this block, *at* characters from its start."""
        return Found(self.row, self.line + self.text.count("\n", 0, at), form, named or form, stem)


def _blocks(text: str) -> Iterator[_Block]:
    category = ""
    row = 0
    lines: list[str] = []
    first = 1
    for number, line in enumerate(chain(lines_of(text), ("",)), start=1):
        if line.strip():
            if not lines and line.lstrip().startswith("$CATEGORY:"):
                category = _plain_sign(line.strip().removeprefix("$CATEGORY:").strip())
                continue
            first = first if lines else number
            # Only a comment with brackets says anything (_IN_COMMENT).
            lines.append(line if "[" in line or not line.lstrip().startswith("//") else "//")
            continue
        if any(not line.lstrip().startswith("//") for line in lines):
            row += 1
            yield _block(row, first, lines, category)
        lines = []


def _block(row: int, line: int, lines: list[str], category: str) -> _Block:
    comments = [one for one in lines if one.lstrip().startswith("//")]
    kept = ["" if one.lstrip().startswith("//") else one for one in lines]
    text = _ESCAPED.sub(lambda escaped: _ASIDE[escaped[1]], "\n".join(kept))
    return _Block(row, line, text, "\n".join(comments), category)


def _plain_sign(text: str) -> str:
    return _ESCAPED.sub(lambda escaped: _BACK[ord(_ASIDE[escaped[1]])], text)


def _question(block: _Block) -> Found | RowError:
    text = block.text
    start, end = text.find("{"), text.find("}")
    if start < 0 and end < 0:
        return replace(block.found("description"), stem=text[:80])
    if end < 0:
        return error_at(block.found("", at=start), "closing_brace_missing")
    if start < 0 or end < start:
        return error_at(block.found("", at=end), "opening_brace_missing")
    for span in ((start + 1, end), (end + 1, len(text))):
        if stray := _BRACE.search(text, *span):
            return error_at(block.found("", at=stray.start()), "unescaped_sign", value=stray[0])
    before, inside, after = text[:start], text[start + 1 : end], text[end + 1 :]
    before = _without_title(before)
    # A blank in the middle of a sentence shows where the answer belongs; answers at the end need none.
    asked = f"{before}_____{after}" if after.strip() else before
    return _answered(block, asked, inside.strip(), start)


def _without_title(text: str) -> str:
    text = text.lstrip()
    if text.startswith("::") and (end := text.find("::", 2)) > 0:
        return text[end + 2 :]
    return text


def _answered(block: _Block, asked: str, inside: str, start: int) -> Found | RowError:
    answers, _, general = inside.rpartition("####") if "####" in inside else (inside, "", "")
    stem, markup, notes = _text(asked, "")
    explanation, _, more = _text(general, markup)
    fields, field_notes = _fields(block)
    form = _form(answers.strip())
    if not form:
        return error_at(block.found("", at=start), "malformed_answers", "key")
    known = Found(block.row, block.line, form, form, stem, (), explanation, (), fields, notes + more + field_notes)
    if form == TRUE_FALSE:
        return _true_false(known, answers, markup)
    return _choice(known, answers, markup) if form == MANY else known


def _form(answers: str) -> str:
    """Return what kind of question the answers make, "" if none; the order of the tests is that of Moodle."""
    if not answers:
        return "essay"
    if answers.startswith("#"):
        return "numeric"
    if "~" in answers:
        return MANY
    if "=" in answers:
        return "matching" if "->" in answers else "short_answer"
    word = answers.split("#", 1)[0].strip().upper()
    return TRUE_FALSE if word in (*_TRUE_WORDS, *_FALSE_WORDS) else ""


def _true_false(found: Found, answers: str, markup: str) -> Found:
    word, *feedback = answers.split("#", 2)
    is_true = word.strip().upper() in _TRUE_WORDS
    texts = [_text(text, markup) for text in feedback]
    told = tuple(zip(("答错时", "答对时"), (text for text, _, _ in texts), strict=False))
    pair = (Answer("正确", Fraction(is_true)), Answer("错误", Fraction(not is_true)))
    return replace(found, answers=pair, feedback=told, notes=found.notes + _joined(notes for _, _, notes in texts))


def _choice(found: Found, inside: str, markup: str) -> Found | RowError:
    if (count := inside.count("~") + inside.count("=")) > _MOST_ANSWERS:
        return error_at(found, "wrong_option_count", "options", count=count, least=2, most=len(LETTERS))
    lead, *parts = re.split(r"([~=])", inside)
    if lead.strip():
        return error_at(found, "malformed_answers", "key", value=_clean(lead)[:80])
    answers: list[Answer] = []
    notes = found.notes
    full = False
    for sign, text in zip(parts[::2], parts[1::2], strict=True):
        stripped = text.strip()
        weight = Fraction(sign == "=")
        if match := _WEIGHT.match(stripped):
            weight, stripped = Fraction(match[1]) / 100, stripped[match.end() :]
        if abs(weight) > 1:
            return error_at(found, "unreadable_weight", "key", value=text.strip()[:80])
        full = full or (sign == "=" and weight == 1)
        said, _, comment = stripped.partition("#")
        own, _, own_notes = _text(said, markup)
        feedback, _, more = _text(comment, markup)
        answers.append(Answer(own, weight, feedback))
        notes += own_notes + more
    return replace(found, form=ONE if full else MANY, named="multichoice", answers=tuple(answers), notes=notes)


def _text(text: str, markup: str) -> tuple[str, str, tuple[Note, ...]]:
    """Return *text* as plain text, its markup (inherited from the question unless it names its own), and notes."""
    text = text.strip()
    if marker := _MARKER.match(text):
        markup, text = marker[1], text[marker.end() :]
    if markup == "html" or (markup in ("", "moodle") and looks_like_html(text)):
        plain, notes = plain_text(text.translate(_BACK))
        return plain, markup, notes
    kept: tuple[Note, ...] = (("markdown_kept", {}),) if markup == "markdown" and text.strip() else ()
    return _clean(text), markup, kept


def _clean(text: str) -> str:
    return re.sub(r"[ \t\n]*\n[ \t\n]*", "\n", text.strip()).translate(_BACK)


def _fields(block: _Block) -> tuple[dict[str, str], tuple[Note, ...]]:
    marks = [(name, _unbracketed(text)) for name, text in _IN_COMMENT.findall(block.comments)]
    tags, tag_notes = extras.fields_of(text for name, text in marks if name == "tag")
    code, code_notes = extras.code_from(next((text for name, text in marks if name == "id"), ""))
    point, point_notes = extras.point_of(block.category)
    return {"knowledge_point": point, **tags, **code}, tag_notes + code_notes + point_notes


def _unbracketed(text: str) -> str:
    return re.sub(r"\\(.)", lambda escaped: {"n": "\n", "t": "\t"}.get(escaped[1], escaped[1]), text)


def _joined(notes: Iterable[tuple[Note, ...]]) -> tuple[Note, ...]:
    return tuple(note for some in notes for note in some)
