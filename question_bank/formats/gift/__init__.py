"""GIFT: text with answers in braces, as Moodle describes it (docs.moodle.org, "GIFT format")."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain, islice

from question_bank.errors import FileRefusedError
from question_bank.formats import extras
from question_bank.formats.accepted import put_back
from question_bank.formats.collecting import collected
from question_bank.formats.found import Found, error_at
from question_bank.formats.gift.answers import READERS, form_of
from question_bank.formats.gift.signs import Markup, plain_sign, set_aside
from question_bank.formats.gift.writing import can_be_written, written
from question_bank.formats.illustrations import Album, nothing
from question_bank.formats.markup.plain import looks_like_html
from question_bank.formats.markup.rich import FindPicture
from question_bank.formats.markup.said import Said
from question_bank.formats.protocol import NO_PICTURES, Note, Reading, RowError
from question_bank.formats.samples import sample_questions
from question_bank.formats.strangers import is_like_yaml
from question_bank.formats.texts import beginning, decoded, lines_of
from question_bank.pictures import Picture
from question_bank.questions import Question

_ANSWERS = re.compile(r"(?<!\\)\{\s*+(?:[=~#]|(?:T|F|TRUE|FALSE)\s*+[#}])")
_MARKER = re.compile(r"\[(?:html|moodle|plain|markdown)\]")
_IN_COMMENT = re.compile(r"\\.|\[(id|tag):|\]|\n")
# Behind a title or an opening brace, too, a line may be a comment.
_COMMENT = re.compile(r"[ \t]+//[^\n{}]*\n")
_BRACE = re.compile(r"[{}]")
_MOST_LINES = 100_000
"""How many lines without an empty one between them may stand there: more are no question, but fill the memory."""
_MOST_MARKS = 1_000
"""How many identifiers and tags may stand in the comments of one question."""


class Gift:
    """The GIFT format. Title and place of the blank are not kept as such: a blank inside the text becomes _____."""

    code = "gift"
    suffix = ".gift.txt"
    media_type = "text/plain; charset=utf-8"
    kinds = frozenset({"true_false", "single_choice", "multiple_choice", "numeric", "short_answer"})
    fields = frozenset(
        {"code", "version", "kind", "stem", "options", "key", "explanation", "knowledge_point", "difficulty", "tags",
         "source_document", "source_article", "source_from", "source_to", "markup", "unit", "is_case_sensitive",
         "weights", "feedback"}
    )  # fmt: skip

    def recognises(self, data: bytes) -> bool:
        """Say whether *data* is text with braces, a title between double colons or a category.

        Text that begins like XML, JSON or YAML has to have braces with answers in them.
        """
        text = beginning(data)
        start = text.lstrip()[:400]
        if start.startswith(("<?", "<!")) or (start.startswith("<") and not looks_like_html(start)):
            return False
        if (start.startswith(("<", "[")) and not _MARKER.match(start)) or is_like_yaml(data):
            return bool(_ANSWERS.search(text))
        return bool(re.search(r"^[ \t]*+(?:::|\$CATEGORY:)|\{[^{}]*+\}|(?<!\\)\{\s*+[=~#]", text, re.MULTILINE))

    def carries(self, question: Question) -> bool:
        """Say whether *question* would be read again as what it is."""
        return can_be_written(question)

    def read(self, data: bytes, bank: str) -> Reading:
        """Return the questions in *data*. A block that breaks the rules is named with its line in the errors.

        Raises FileRefusedError, beside what texts.decoded raises: "element_too_large" (line) for an endless block.
        """
        album = Album()
        find = album.finder(nothing)
        return collected((_question(block, find) for block in _blocks(decoded(data))), bank, album=album)

    def write(self, questions: Iterable[Question], *, pictures: Mapping[str, Picture] = NO_PICTURES) -> bytes:
        """Return a GIFT file; code, tags and the fields that GIFT lacks stand in comments, as Moodle writes them."""
        return written(questions)

    def template(self) -> bytes:
        """Return one sample question a kind."""
        return written((one for one in sample_questions() if one.kind in self.kinds), with_comments=False)


class _Block:
    """Lines up to the next empty one. line: of the first. text: without comments, escaped signs set aside."""

    def __init__(self, row: int, line: int, lines: list[str], category: str) -> None:
        """Take the lines apart."""
        self.row, self.line, self.category = row, line, category
        self.comments = "\n".join(one for one in lines if _is_comment(one))
        self.text = set_aside("\n".join("" if _is_comment(one) else one for one in lines))

    def found(self, form: str, stem: str = "", at: int = 0) -> Found:
        """Return what stands in this block, *at* characters from its start."""
        return Found(self.row, self.line + self.text.count("\n", 0, at), form, form, Said(stem))


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("//")


def _blocks(text: str) -> Iterator[_Block]:
    category = ""
    row = 0
    lines: list[str] = []
    first = 1
    for number, line in enumerate(chain(lines_of(text), ("",)), start=1):
        if line.strip():
            if line.lstrip().startswith("$CATEGORY:") and all(map(_is_comment, lines)):
                category = plain_sign(line.strip().removeprefix("$CATEGORY:").strip())
                lines = []
                continue
            first = first if lines else number
            # Only a comment with brackets says anything (_IN_COMMENT).
            lines.append(line if "[" in line or not _is_comment(line) else "//")
            if len(lines) > _MOST_LINES:
                raise FileRefusedError("element_too_large", line=first)
            continue
        if any(not _is_comment(line) for line in lines):
            row += 1
            yield _Block(row, first, lines, category)
        lines = []


def _question(block: _Block, find: FindPicture) -> Found | RowError:
    text = block.text
    begin = _behind_title(text)
    start, end = text.find("{", begin), text.find("}", begin)
    if start < 0 and end < 0:
        return block.found("description", text[:80])
    if end < 0:
        return error_at(block.found("", at=start), "closing_brace_missing")
    if start < 0 or end < start:
        return error_at(block.found("", at=end), "opening_brace_missing")
    for span in ((start + 1, end), (end + 1, len(text))):
        if stray := _BRACE.search(text, *span):
            return error_at(block.found("", at=stray.start()), "unescaped_sign", value=stray[0])
    before, inside, after = text[begin:start], text[start + 1 : end], text[end + 1 :]
    if comment := _COMMENT.match(f" {inside}"):
        inside = inside[comment.end() - 1 :]
    # A blank in the middle of a sentence shows where the answer belongs; answers at the end need none.
    asked = f"{before}_____{after}" if after.strip() else before
    return _answered(block, asked, inside.strip(), start, find)


def _behind_title(text: str) -> int:
    """Return where in *text* the question begins; double colons that are never closed are no title, nor part of it."""
    begin = len(text) - len(text.lstrip())
    if not text.startswith("::", begin):
        return begin
    begin = max(text.find("::", begin + 2), begin) + 2
    comment = _COMMENT.match(text, begin)
    return comment.end() if comment and not text[comment.end() :].lstrip().startswith("{") else begin


def _answered(block: _Block, asked: str, inside: str, start: int, find: FindPicture) -> Found | RowError:
    answers, _, general = inside.rpartition("####") if "####" in inside else (inside, "", "")
    stem, markup = Markup("", find).read(asked)
    explanation, _ = markup.read(general)
    fields, notes = _fields(block)
    own = extras.placed(fields)
    form = form_of(answers.strip())
    known = Found(block.row, block.line, form, form, stem, (), explanation, (), fields, notes)
    if form not in READERS:
        return known
    read = READERS[form](known, answers.strip(), markup)
    if isinstance(read, RowError):
        return replace(read, line=block.line + block.text.count("\n", 0, start))
    return put_back(read, own)


def _marks(comments: str) -> Iterator[tuple[str, str]]:
    """Yield name and text of every "[id:...]" and "[tag:...]"; one that its line does not close is none."""
    name, start = "", 0
    for sign in _IN_COMMENT.finditer(comments):
        if sign[0] == "]" and name and sign.start() > start:
            yield name, _unbracketed(comments[start : sign.start()])
        if not sign[0].startswith("\\"):
            name, start = sign[1] or "", sign.end()


def _fields(block: _Block) -> tuple[dict[str, str], tuple[Note, ...]]:
    marks = list(islice(_marks(block.comments), _MOST_MARKS + 1))
    if len(marks) > _MOST_MARKS:
        raise FileRefusedError("element_too_large", line=block.line)
    tags, tag_notes = extras.fields_of(text for name, text in marks if name == "tag")
    code, code_notes = extras.code_from(next((text for name, text in marks if name == "id"), "").strip())
    point, point_notes = extras.point_of(block.category)
    return {"knowledge_point": point, **tags, **code}, tag_notes + code_notes + point_notes


def _unbracketed(text: str) -> str:
    """Return *text* without escapes. Moodle knows that of "]" alone; a backslash before any other sign is one."""
    signs = {"n": "\n", "t": "\t", "]": "]", "[": "[", "\\": "\\"}
    return re.sub(r"\\(.)", lambda escaped: signs.get(escaped[1], escaped[0]), text)
