"""What is pointed out about a question that is written, and refused by nobody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from flask_babel import gettext as _

from app.banks import documents, syllabus
from app.banks.models import Bank
from app.core.i18n import listed
from question_bank.credit import worth_of
from question_bank.options import weighted
from question_bank.questions import Part, Question
from question_bank.sources import source_key

_ROUNDING = Fraction(1, 1000)  # per cent: three thirds of five places each make 99.99999


@dataclass(frozen=True)
class Scaled:
    """Weights of right options that do not add up to 100, and what each earns.

    part: of a case study, 0 for a question without parts. total: per cent. shares: (letter, per cent to one place).
    """

    part: int
    total: str
    shares: tuple[tuple[str, str], ...]


def new_documents(names: Iterable[str]) -> set[str]:
    """Return those of *names* that mean a document on which no question has rested before; asked before the questions
    are saved."""
    named = {name for name in names if source_key(name)}
    return named - documents.standings(named).keys()


def points_outside(names: Iterable[str], bank: Bank) -> set[str]:
    """Return those of *names* of knowledge points that the syllabus for the sector of *bank* does not have."""
    return {name for name in names if name} - {each.name_zh for each in syllabus.points_of(bank)}


def on_saved(content: Question, bank: Bank, *, is_new: bool) -> Iterator[str]:
    """Yield sentences on *content*, which was saved in *bank*. is_new: whether its document is one of
    `new_documents`."""
    if is_new:
        yield _on_document(content.source_document)
    for point in points_outside([content.knowledge_point], bank):
        yield _("知识点“%(name)s”不在本行业的课程大纲里，不计入大纲覆盖。请核对，或从列表中选择。", name=point)
    for one in scaled(content):
        yield scaled_words(one)


def scaled(content: Question) -> list[Scaled]:
    """Return the multiple choices of *content* whose weights are scaled when they are marked."""
    parts = enumerate(content.parts, start=1) if content.parts else [(0, content)]
    found = (_scaled(number, one) for number, one in parts)
    return [one for one in found if one is not None]


def scaled_words(one: Scaled) -> str:
    """Return what `scaled` found as a sentence."""
    shares = listed(f"{letter} {percent}%" for letter, percent in one.shares)
    said = {"total": one.total, "shares": shares}
    words = str(_("正确选项的权重合计 %(total)s%%，评分时折算为 100%%：%(shares)s。", **said))
    return str(_("第 %(number)s 小题：%(name)s", number=one.part, name=words)) if one.part else words


def _scaled(part: int, one: Question | Part) -> Scaled | None:
    if one.kind != "multiple_choice" or not weighted(one.options):
        return None
    total = sum((option.worth for option in one.options if option.key in one.key), Fraction(0)) * 100
    if abs(total - 100) <= _ROUNDING:
        return None
    worth = worth_of(one.options, one.key)
    return Scaled(
        part, f"{float(total):.5g}", tuple((letter, f"{float(worth[letter] * 100):.1f}") for letter in one.key)
    )


def _on_document(name: str) -> str:
    found = documents.document_called(name)
    alike = documents.named_alike(found) if found is not None else []
    words = str(_("“%(name)s”第一次作为法规依据出现，请核对名称。", name=name))
    return words + (str(_("已有名称相近的：%(names)s。", names=listed(one.name for one in alike))) if alike else "")
