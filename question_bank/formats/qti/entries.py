"""Texts and numbers that are typed into an item: textEntryInteraction."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from question_bank.formats.found import NUMERIC, SHORT, Answer
from question_bank.formats.markup.said import Said
from question_bank.formats.numbers import between, decimal_text, number, number_text, with_tolerance
from question_bank.formats.protocol import Note
from question_bank.formats.qti.declarations import ANYTHING, FAR, Declared
from question_bank.formats.qti.expressions import (
    NUMERIC_TYPES,
    TOLERANT,
    Single,
    UnsupportedError,
    Value,
    evaluated,
    is_set,
    limits_of,
    tolerances,
)
from question_bank.formats.qti.parts import NOT_FOLLOWED, ItemError, PartRead, declaration_of, points, with_penalties
from question_bank.formats.qti.patterns import pieces_of, wording_of
from question_bank.formats.qti.processing import NONE, RULES, Processing
from question_bank.formats.xml_elements import Element
from question_bank.kinds.numeric import interval_of
from question_bank.options import LETTERS, lettered, weight_text

_MOST_CANDIDATES = 200
Worth = Callable[[Value], Fraction | None]
"""Response -> the points for it, None if that cannot be told."""


@dataclass(frozen=True)
class _Candidate:
    """A text or number that the item knows. accepted: as an option has it. probes: responses that it accepts."""

    accepted: str
    probes: tuple[Value, ...]


def read_entry(interaction: Element, processing: Processing) -> PartRead:
    """Return what is accepted in *interaction* and what it is worth. Raises ItemError."""
    identifier, declared = declaration_of(processing, interaction)
    is_number = declared.base_type in NUMERIC_TYPES
    known, weights, worth, notes = _weighed(processing, identifier, declared, is_number)
    best = max(weights, default=Fraction(0))
    if best <= 0:
        raise ItemError("no_right_answer", line=declared.line)
    if is_number and interaction.attributes.get("base", "10").strip() not in ("", "10"):
        notes.append(NOT_FOLLOWED)  # Digits of another base are typed.
    answers = [Answer(Said(one.accepted), weight / best) for one, weight in zip(known, weights, strict=True)]
    probes = [one.probes[0] for one in known]
    return PartRead(
        interaction, identifier, NUMERIC if is_number else SHORT, answers, probes,
        names=[option.key for option in lettered([one.accepted for one in known])],
        right=probes[weights.index(best)], wrong=declared.wrong,
        case_matters=not is_number and _case_matters(known, weights, worth), notes=notes,
    )  # fmt: skip


def _weighed(
    processing: Processing, identifier: str, declared: Declared, is_number: bool
) -> tuple[list[_Candidate], list[Fraction], Worth, list[Note]]:
    """Return what is accepted and the points for it, by the rules or else by the declaration, both ways, and notes."""
    known = list(_candidates(processing, identifier, declared, is_number))
    if len(known) > _MOST_CANDIDATES:
        raise ItemError("wrong_option_count", "options", declared.line, count=len(known), least=1, most=len(LETTERS))
    earned = [_worth(processing, identifier, one, declared) for one in known]
    if any(one is None for one in earned) or not any(one and one > 0 for one in earned):
        stated, worth = _stated(declared, is_number), _worth_of(processing, identifier, declared, False)
        weights = [worth(one.probes[0]) or Fraction(0) for one in stated]
        return stated, weights, worth, [] if processing.way == NONE else [NOT_FOLLOWED]
    pairs = [(one, points or Fraction(0)) for one, points in zip(known, earned, strict=True)]
    notes: list[Note] = []
    if len(useful := _useful(pairs, declared)) < len(pairs):
        pairs = useful
        notes.append(("key_and_mapping_differ", {"correct": ", ".join(declared.texts)}))
    if (processing.earned(identifier, declared.wrong) or 0) > 0 or _forgives(processing, identifier):
        notes.append(NOT_FOLLOWED)
    probes = [one.probes[0] for one, _ in pairs]
    weights, cut = with_penalties(processing, identifier, declared, probes, [points for _, points in pairs])
    notes += cut
    notes += _beyond(processing, identifier, max(weights))
    return [one for one, _ in pairs], weights, _worth_of(processing, identifier, declared, True), notes


def _forgives(processing: Processing, identifier: str) -> bool:
    rules = processing.rules.every(TOLERANT) if processing.rules else ()
    return processing.is_smoothed or any(one.attributes.get("identifier") == identifier for one in rules)


def _useful(pairs: list[tuple[_Candidate, Fraction]], declared: Declared) -> list[tuple[_Candidate, Fraction]]:
    """Return *pairs* without the correct response where it earns nothing and no mapping says so."""
    keys = {wording_of([key]) for key, _, _ in declared.mapping.entries} if declared.mapping else set()
    texts = {text for one in declared.texts for text in (number_text(one), wording_of([one]))} - keys
    return [(one, worth) for one, worth in pairs if one.accepted not in texts or worth > 0]


def _beyond(processing: Processing, identifier: str, best: Fraction) -> list[Note]:
    most = processing.maximum(identifier)
    if processing.way == RULES and most is not None and best < Fraction(most):
        return [("weights_scaled", {"best": weight_text(best / Fraction(most))})]
    return []


def _worth(processing: Processing, identifier: str, one: _Candidate, declared: Declared) -> Fraction | None:
    """Return what every response that *one* accepts earns at least, another candidate may accept it as well."""
    found = points(processing, identifier, one.probes, declared)
    return None if found is None else min(found, key=lambda worth: (worth <= 0, worth))


def _candidates(processing: Processing, identifier: str, declared: Declared, is_number: bool) -> Iterator[_Candidate]:
    """Yield what the mapping names, what the rules compare the response with, and the correct response, each once.

    A number of the declaration that rules accept within a tolerance is no other answer.
    """
    seen: set[str] = set()
    own = _in_rules(processing, identifier, is_number)
    stated = _stated(declared, is_number)
    for one in (*own, *stated) if is_number or declared.mapping is None else (*stated, *own):
        if one.accepted and one.accepted not in seen and not (is_number and _is_accepted(one, own, seen)):
            seen.add(one.accepted)
            yield one


def _is_accepted(one: _Candidate, own: Sequence[_Candidate], seen: set[str]) -> bool:
    """Say whether a number of the declaration lies in what the rules accept."""
    least, most = interval_of(one.accepted) or (FAR, FAR)
    around = (interval_of(other.accepted) or (FAR, FAR) for other in own if other.accepted in seen)
    return one not in own and any(low <= least and most <= high for low, high in around)


def _in_rules(processing: Processing, identifier: str, is_number: bool) -> list[_Candidate]:
    if processing.way != RULES or processing.rules is None:
        return []
    read = _number_rule if is_number else _text_rule
    found: list[_Candidate] = []
    for rule in processing.rules.every():
        try:
            found += read(rule, identifier, processing)
        except UnsupportedError:
            continue
        if len(found) > _MOST_CANDIDATES:
            break
    return found


def _stated(declared: Declared, is_number: bool) -> list[_Candidate]:
    """Return the keys of the mapping and the correct response."""
    keys = [key for key, _, _ in declared.mapping.entries] if declared.mapping else []
    texts = [text for text in dict.fromkeys((*keys, *declared.texts)) if text]
    if not is_number:
        return [_literal(text) for text in texts]
    found: dict[Decimal, _Candidate] = {}
    for text in texts:
        value = number(text)
        accepted = number_text(text)
        if value is None or accepted is None:
            raise ItemError("not_a_number", line=declared.line, value=text[:80])
        found.setdefault(value, _Candidate(accepted, ((value,),)))
    return list(found.values())


def _worth_of(processing: Processing, identifier: str, declared: Declared, is_followed: bool) -> Worth:
    """Return what a response is worth: by the rules if they are followed, else as the declaration says.

    That is the mapping if the rules look it up, else the correct response, in small letters or capitals where no rule
    compares it.
    """
    if is_followed and (processing.way != NONE or processing.maps(declared)):
        return lambda response: processing.earned(identifier, response)
    if declared.mapping and (processing.looks_up(identifier) or not declared.correct):
        return lambda response: Fraction(declared.added(response))
    if processing.way == NONE:
        folded = {_folded(one) for one in declared.correct}
        return lambda response: Fraction(response is not None and _folded(response[0]) in folded)
    return lambda response: Fraction(response is not None and response[0] in declared.correct)


def _folded(value: Single) -> Single:
    return value.casefold() if isinstance(value, str) else value


def _literal(text: str) -> _Candidate:
    return _Candidate(wording_of([text]), ((text,),))


def _texts_beside(rule: Element, identifier: str, processing: Processing) -> list[str]:
    """Return the texts that *rule* compares the response with, none if it is about something else.

    Numbers may be computed: 1 divided by 3. Raises UnsupportedError for what cannot be told before there is a response.
    """
    others = [one for one in rule.elements() if one.name != "variable"]
    named = [one.attributes.get("identifier") for one in rule.elements("variable")]
    if named != [identifier] or len(others) != 1:
        return []
    (other,) = others
    if other.name == "correct" and other.attributes.get("identifier") == identifier:
        return list(processing.declared[identifier].texts)
    if other.name == "baseValue":
        return [other.text().strip()]
    values = evaluated(other, processing.run({})) or ()
    return [(decimal_text(one) or "") if isinstance(one, Decimal) else str(one) for one in values]


def _text_rule(rule: Element, identifier: str, processing: Processing) -> list[_Candidate]:
    if rule.name == "patternMatch":
        pieces = pieces_of(rule.attributes.get("pattern", ""))
        names = [one.attributes.get("identifier") for one in rule.elements("variable")]
        return [_wild(pieces)] if pieces is not None and names == [identifier] else []
    texts = _texts_beside(rule, identifier, processing)
    if rule.name == "substring" or (rule.name == "stringMatch" and is_set(rule, "substring")):
        return [_wild(["", text, ""]) for text in texts]
    return [_literal(text) for text in texts] if rule.name in ("match", "stringMatch", "member", "equal") else []


def _wild(pieces: Sequence[str]) -> _Candidate:
    return _Candidate(wording_of(pieces), ((ANYTHING.join(pieces),),))


def _number_rule(rule: Element, identifier: str, processing: Processing) -> list[_Candidate]:
    if rule.name == "and":
        return _range(rule, identifier, processing)
    if rule.name not in ("equal", "equalRounded", "match", "member"):
        return []
    return [_near(text, rule) for text in _texts_beside(rule, identifier, processing)]


def _near(text: str, rule: Element) -> _Candidate:
    value = number(text)
    if value is None:
        raise UnsupportedError(text)
    is_exact = rule.name in ("match", "member") or rule.attributes.get("toleranceMode", "exact") == "exact"
    if is_exact and rule.name != "equalRounded":
        return _interval(number_text(text), value, value, value)
    least, most = limits_of(rule, value)
    if rule.attributes.get("toleranceMode") == "absolute":
        below, above = rule.attributes.get("tolerance", "").split()[0], rule.attributes.get("tolerance", "").split()[-1]
        low, high = tolerances(rule)
        if low == high:
            return _interval(with_tolerance(text, below if len(below) >= len(above) else above), value, least, most)
    if value - least == most - value:
        return _interval(with_tolerance(text, decimal_text(most - value) or ""), value, least, most)
    return _interval(between(str(least), str(most)), value, least, most)


def _range(rule: Element, identifier: str, processing: Processing) -> list[_Candidate]:
    """Return the numbers between what <gte> and <lte> in one <and> compare the response with."""
    lower: list[str] = []
    upper: list[str] = []
    for one in rule.elements("gt", "gte", "lt", "lte"):
        texts = _texts_beside(one, identifier, processing)
        is_first = [inner.name for inner in one.elements()][:1] == ["variable"]
        (lower if one.name.startswith("g") == is_first else upper).extend(texts)
    if len(lower) != 1 or len(upper) != 1:
        return []
    least, most = number(lower[0]), number(upper[0])
    accepted = between(lower[0], upper[0])
    if least is None or most is None or accepted is None:
        return []
    return [_interval(accepted, (least + most) / 2, least, most)]


def _interval(accepted: str | None, middle: Decimal, least: Decimal, most: Decimal) -> _Candidate:
    if accepted is None:
        raise UnsupportedError("number")
    if least == most:
        return _Candidate(accepted, ((middle,),))
    inside = (most - least) / 1024
    return _Candidate(accepted, ((middle,), (least + inside,), (most - inside,)))


def _case_matters(known: Sequence[_Candidate], weights: Sequence[Fraction], worth: Worth) -> bool:
    """Say whether one of the texts is worth something else when capitals and small letters are exchanged."""
    for one, weight in zip(known, weights, strict=True):
        (text,) = one.probes[0] or ("",)
        swapped = str(text).swapcase()
        if swapped != text and weight > 0 and worth((swapped,)) not in (None, weight):
            return True
    return False
