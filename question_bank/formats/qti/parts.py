"""One interaction of an item: what is answered there, and what each answer is worth."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from question_bank.formats.found import Answer
from question_bank.formats.protocol import Note
from question_bank.formats.qti.arithmetic import EXACT
from question_bank.formats.qti.declarations import Declared
from question_bank.formats.qti.expressions import Value
from question_bank.formats.qti.processing import MAP, MATCH, NONE, RULES, Processing
from question_bank.formats.xml_elements import Element

NOT_FOLLOWED: Note = ("scoring_not_followed", {})
ALL_OR_NOTHING: Note = ("all_or_nothing_left_out", {})


class ItemError(Exception):
    """What keeps an item from being read; code, column and data as in RowError, line 0 for that of the item."""

    def __init__(self, code: str, column: str = "key", line: int = 0, **data: object) -> None:
        super().__init__(code)
        self.code, self.column, self.line, self.data = code, column, line, data


@dataclass
class PartRead:
    """What was read of one interaction.

    form: as in Found. answers: with their weights. probes: for every answer the response that gives it. names: by
    which feedback knows the answers. right: a response that earns full marks. wrong: one that is none of the answers,
    None if there is no such response.
    """

    interaction: Element
    identifier: str
    form: str
    answers: list[Answer]
    probes: Sequence[Value]
    names: Sequence[str]
    right: Value
    wrong: Value = None
    case_matters: bool = False
    notes: list[Note] = field(default_factory=list)


def declaration_of(processing: Processing, interaction: Element) -> tuple[str, Declared]:
    """Return identifier and declaration of the response to *interaction*. Raises ItemError."""
    identifier = interaction.attributes.get("responseIdentifier", "")
    declared = processing.declared.get(identifier)
    if declared is None:
        raise ItemError("response_declaration_missing")
    if declared.cardinality not in ("single", "multiple", "ordered"):
        raise ItemError("cardinality_not_read", line=declared.line, value=declared.cardinality[:40])
    if declared.faults:
        raise ItemError(declared.faults[0], line=declared.line)
    return identifier, declared


_COMPARISONS = ("match", "stringMatch", "equal", "equalRounded", "substring", "member")


def marked_together(processing: Processing, parts: Sequence[PartRead]) -> tuple[Note, ...]:
    """Return a note if what an answer is worth depends on the other parts: parts of ours are marked each alone.

    So it is where rules compare two responses (no text may be given twice), or where right answers do not add up. Parts
    that are worth different points are noted as well: those of ours are worth the same.
    """
    alone = [processing.earned(part.identifier, part.right) for part in parts]
    worths = [one for one in alone if one is not None and one > 0]
    told = ", ".join(f"{EXACT.divide(Decimal(one.numerator), Decimal(one.denominator)):.6g}" for one in worths)
    differ: tuple[Note, ...] = (("points_left_out", {"value": told}),) if len(set(worths)) > 1 else ()
    if len(parts) < 2 or processing.way != RULES or processing.rules is None:
        return differ
    own = {part.identifier for part in parts}
    for rule in processing.rules.every(*_COMPARISONS):
        if len(own & {one.attributes.get("identifier") for one in rule.elements("variable")}) > 1:
            return (NOT_FOLLOWED, *differ)
    together, nothing = (processing.score({one.identifier: one.right for one in parts}), processing.score({}))
    if together is None or nothing is None or None in alone:
        return ()
    added = sum((one for one in alone if one is not None), Fraction(0))
    return differ if together - nothing == added else (NOT_FOLLOWED, *differ)


def points(
    processing: Processing, identifier: str, probes: Sequence[Value], declared: Declared
) -> list[Fraction] | None:
    """Return what each of *probes* earns; None where the rules cannot be followed that far.

    Points for no response at all, as some rules give them, are taken off. By a template each probe is looked up; bounds
    of a mapping are left aside, also where rules give the points of the mapping as they are.
    """
    if processing.way not in (RULES, MAP, MATCH, NONE):
        return None
    found = [processing.earned(identifier, probe) for probe in probes]
    if any(one is None for one in found):
        return None
    if declared.mapping and processing.looks_up(identifier):
        nothing = declared.mapped(None)
        if all(one == declared.mapped(probe) - nothing for one, probe in zip(found, probes, strict=True)):
            return [Fraction(declared.added(probe)) for probe in probes]
    return [one for one in found if one is not None]


def with_penalties(
    processing: Processing, identifier: str, declared: Declared, probes: Sequence[Value], earned: Sequence[Fraction]
) -> tuple[list[Fraction], tuple[Note, ...]]:
    """Return what *probes* earn with what the mapping takes off for them, where rules keep the total from being below
    0, and a note of that: a part that is tried alone has nothing that could be taken off."""
    if not (processing.asks_several and declared.mapping and processing.looks_up(identifier)):
        return list(earned), ()
    mapped = [Fraction(declared.added(probe)) for probe in probes]
    if mapped == list(earned) or any(own != max(0, one) for own, one in zip(earned, mapped, strict=True)):
        return list(earned), ()
    return mapped, (("bounds_not_followed", {"lower": "0", "upper": ""}),)
