"""Writing GIFT."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction

from question_bank.errors import FileRefusedError
from question_bank.formats.accepted import kept
from question_bank.formats.extras import category_of, tags_of
from question_bank.formats.limits import readable, refuse_many
from question_bank.formats.markup.without import is_question, without_pictures
from question_bank.formats.numbers import centre, with_tolerance
from question_bank.options import Option, weight_text, weighted
from question_bank.questions import Question
from question_bank.rich_text import HTML


def can_be_written(question: Question) -> bool:
    """Say whether *question* would be read as what it is: an arrow makes pairs of short answers.

    To us in an answer, to Moodle in feedback as well.
    """
    if question.kind not in _ANSWERS or not is_question(without_pictures, question):
        return False
    return question.kind != "short_answer" or not any(
        "->" in f"{option.text}{option.feedback}" for option in question.options
    )


def written(questions: Iterable[Question], with_comments: bool = True) -> bytes:
    """Return *questions* as GIFT in UTF-8; with_comments: with codes, tags and the fields that GIFT lacks.

    Raises FileRefusedError: "too_many_rows", "not_carried".
    """
    listed = list(questions)
    refuse_many(len(listed))
    blocks: list[str] = []
    category = ""
    for question in listed:
        if not can_be_written(question):
            raise FileRefusedError("not_carried", question=question.code, field="kind", value=question.kind)
        if (own := category_of(question.knowledge_point)) != category:
            blocks.append(f"$CATEGORY: {_escaped(own)}")
            category = own
        blocks.append(_block(without_pictures(question), with_comments))
    return readable(("\n\n".join(blocks) + "\n").encode())


def _block(question: Question, with_comments: bool) -> str:
    marker = f"[{HTML}]" if question.markup == HTML else ""
    tags = tags_of(question, more=_kept(question))
    marks = [f"[id:{question.code}]", *(f"[tag:{_bracketed(tag)}]" for tag in tags)]
    comment = f"// {' '.join(marks)}\n" if with_comments else ""
    general = f"####{_text(question.explanation, marker)}" if question.explanation else ""
    answers = _ANSWERS[question.kind](question, marker)
    return f"{comment}::{question.code}::{_text(question.stem, marker)}{{{answers}{general}}}"


def _kept(question: Question) -> Iterator[tuple[str, str]]:
    if question.kind == "numeric":
        yield from kept(question.options, [with_tolerance(*centre(one.text)) or one.text for one in question.options])


def _true_false(question: Question, marker: str) -> str:
    true, false = question.options
    is_true = question.key == (true.key,)
    wrong, right = (false.feedback, true.feedback) if is_true else (true.feedback, false.feedback)
    told = f"#{_text(wrong, marker)}#{_text(right, marker)}" if wrong or right else ""
    return f"{'TRUE' if is_true else 'FALSE'}{told}"


def _one(question: Question, marker: str) -> str:
    # Answers that are all behind a "=" would be wordings of a short answer.
    key = question.key[: len(question.options) - 1]
    return _listed(
        (_one_sign(option, key), _text(option.text, marker), option.feedback, marker) for option in question.options
    )


def _one_sign(option: Option, key: tuple[str, ...]) -> str:
    if option.key in key:
        return "="
    return f"~%{option.weight}%" if option.weight not in ("", "0") else "~"


def _many(question: Question, marker: str) -> str:
    equal = weight_text(Fraction(1, len(question.key)))
    weights = {
        option.key: option.weight or (equal if option.key in question.key else "0") for option in question.options
    }
    return _listed(
        (f"~%{weights[one.key]}%" if weights[one.key] != "0" else "~", _text(one.text, marker), one.feedback, marker)
        for one in question.options
    )


def _short(question: Question, marker: str) -> str:
    return _listed(
        (_weighed_sign(question, one), _text(one.text, "[plain]" if marker else ""), one.feedback, marker)
        for one in question.options
    )


def _numeric(question: Question, marker: str) -> str:
    return "#" + _listed(
        (_weighed_sign(question, one), ":".join(centre(one.text)), one.feedback, marker) for one in question.options
    )


def _weighed_sign(question: Question, option: Option) -> str:
    return f"=%{option.weight}%" if weighted(question.options) and option.weight != "100" else "="


def _listed(answers: Iterable[tuple[str, str, str, str]]) -> str:
    return "".join(
        f"\n{sign}{text}{f'#{_text(feedback, marker)}' if feedback else ''}" for sign, text, feedback, marker in answers
    ) + "\n"  # fmt: skip


_ANSWERS: Mapping[str, Callable[[Question, str], str]] = {
    "true_false": _true_false, "single_choice": _one, "multiple_choice": _many, "short_answer": _short,
    "numeric": _numeric,
}  # fmt: skip


def _text(text: str, marker: str) -> str:
    """Return *text* escaped, with *marker*; marked as plain where it could be taken for markup, format or weight."""
    if not text:
        return ""
    if not marker and (text.startswith(("[", "%")) or "<" in text or "&" in text):
        marker = "[plain]"
    # Blanks at the ends would be taken off; a question has none.
    return marker + _escaped(text)


def _escaped(text: str) -> str:
    return re.sub(r"[\\:#={}~]", lambda sign: f"\\{sign[0]}", text).replace("\n", "\\n")


def _bracketed(text: str) -> str:
    return re.sub(r"[\\\]]|\[(?=id:|tag:)", lambda sign: f"\\{sign[0]}", text).replace("\n", "\\n").replace("\t", "\\t")
