"""Writing GIFT."""

import re
from collections.abc import Iterable
from fractions import Fraction

from question_bank.errors import FileRefusedError
from question_bank.formats.extras import category_of, tags_of
from question_bank.formats.limits import readable, refuse_many
from question_bank.questions import Question


def written(questions: Iterable[Question], with_comments: bool = True) -> bytes:
    """Return *questions* as GIFT in UTF-8; with_comments: with codes, tags and the fields that GIFT lacks.

    Raises FileRefusedError: "too_many_rows", "not_carried".
    """
    listed = list(questions)
    refuse_many(len(listed))
    blocks: list[str] = []
    category = ""
    for question in listed:
        if (own := category_of(question.knowledge_point)) != category:
            blocks.append(f"$CATEGORY: {_escaped(own)}")
            category = own
        blocks.append(_block(question, with_comments))
    return readable(("\n\n".join(blocks) + "\n").encode())


def _block(question: Question, with_comments: bool) -> str:
    marks = [f"[id:{question.code}]", *(f"[tag:{_bracketed(tag)}]" for tag in tags_of(question))]
    comment = f"// {' '.join(marks)}\n" if with_comments else ""
    general = f"####{_text(question.explanation)}\n" if question.explanation else ""
    return f"{comment}::{question.code}::{_text(question.stem)}{{{_answers(question)}{general}}}"


def _answers(question: Question) -> str:
    if question.kind == "true_false":
        return "TRUE" if question.key == ("A",) else "FALSE"
    if question.kind not in ("single_choice", "multiple_choice"):
        raise FileRefusedError("not_carried", question=question.code, field="kind", value=question.kind)
    right = "=" if question.kind == "single_choice" else f"~%{_percent(Fraction(1, len(question.key)))}%"
    return "".join(f"\n{right if o.key in question.key else '~'}{_text(o.text)}" for o in question.options) + "\n"


def _percent(share: Fraction) -> str:
    """Return *share* in per cent with as many places as Moodle knows: 33.33333."""
    return f"{float(share) * 100:.5f}".rstrip("0").rstrip(".")


def _text(text: str) -> str:
    """Return *text* escaped, marked as plain where it could be taken for markup, a format or a weight."""
    marker = "[plain]" if text.startswith(("[", "%")) or "<" in text or "&" in text else ""
    # Blanks at the ends would be taken off; a question has none.
    return marker + _escaped(text)


def _escaped(text: str) -> str:
    return re.sub(r"[\\:#={}~]", lambda sign: f"\\{sign[0]}", text).replace("\n", "\\n")


def _bracketed(text: str) -> str:
    return re.sub(r"[\\\[\]]", lambda sign: f"\\{sign[0]}", text).replace("\n", "\\n").replace("\t", "\\t")
