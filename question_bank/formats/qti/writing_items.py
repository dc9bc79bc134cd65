"""One question as an item."""

from collections.abc import Callable, Iterator
from decimal import Decimal

from question_bank.formats import accepted
from question_bank.formats.numbers import between, centre, with_tolerance
from question_bank.formats.qti.bodies import ENTRY
from question_bank.formats.qti.dialects import Dialect
from question_bank.formats.qti.feedback import SOLUTION
from question_bank.formats.qti.patterns import pattern_of
from question_bank.formats.qti.spelling import Spelling, plain
from question_bank.kinds.numeric import interval_of
from question_bank.kinds.short_answer import literals_of
from question_bank.options import Option, weighted
from question_bank.questions import Part, Question

Said = Question | Part
_CHOICES = ("true_false", "single_choice", "multiple_choice")
_BASE_TYPES = {"numeric": "float", "short_answer": "string"}


def kept(question: Question) -> Iterator[tuple[str, str]]:
    """Yield name and text of what the elements of an item do not say, or say otherwise."""
    yield "kind", question.kind
    for place, said in _numbered(question):
        if place:
            yield f"kind{place.replace('_', '.')}", said.kind
        yield from _kept(said, place.replace("_", "."))


def _kept(said: Said, place: str) -> Iterator[tuple[str, str]]:
    """Yield that of a question or part. place: "" or ".2", for part 2."""
    before = f"{place[1:]}." if place else ""
    if place and said.unit:
        yield f"unit{place}", said.unit
    if said.kind == "short_answer":
        yield f"is_case_sensitive{place}", str(said.is_case_sensitive).lower()
    if said.kind == "numeric":
        forms = [_comes_back(option.text) for option in said.options]
        yield from accepted.kept(said.options, forms, before)
    if weighted(said.options) and (said.kind in _BASE_TYPES or _most(said) > 1):
        yield from ((f"weight.{before}{option.key}", option.weight) for option in said.options)


def _comes_back(text: str) -> str:
    """Return how an accepted number reads after it was written as a rule."""
    found = between(*text.split("..")) if ".." in text else with_tolerance(*centre(text))
    return found or text


def item(number: int, question: Question, dialect: Dialect, address: Callable[[str], str]) -> str:
    """Return *question* as an XML document. address: digest of a picture -> where it lies, seen from the item."""
    spell = Spelling(dialect, question.markup, address)
    numbered = list(_numbered(question))
    inner = [
        *(_declaration(spell, said, place) for place, said in numbered),
        *_outcomes(spell, numbered),
        spell.tag("itemBody", *_body(spell, question)),
        _processing(spell, numbered),
        *(one for place, said in numbered for one in _feedback(spell, said, place)),
    ]
    if question.parts:
        inner += _explanation(spell, question, "")
    root = spell.tag(
        "assessmentItem", "\n", *(f"{one}\n" for one in inner), xmlns=dialect.namespace, identifier=f"item-{number}",
        title=question.code, adaptive="false", timeDependent="false",
    )  # fmt: skip
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{root}\n'


def _numbered(question: Question) -> Iterator[tuple[str, Said]]:
    """Yield what is asked, with "" for a question, "_1", "_2" ... for the parts of a case study."""
    if not question.parts:
        yield "", question
    for number, part in enumerate(question.parts, start=1):
        yield f"_{number}", part


def _declaration(spell: Spelling, said: Said, place: str) -> str:
    right = [option for option in said.options if option.key in said.key]
    if said.kind in _CHOICES:
        values = [option.key for option in (right if said.kind == "multiple_choice" else right[:1])]
    elif said.kind == "numeric":
        values = [centre(right[0].text)[0]]
    else:
        values = ["".join(literals_of(right[0].text))]
    inner = [spell.tag("correctResponse", *(spell.tag("value", _text(value)) for value in values))]
    inner += [_mapping(spell, said)] if _is_mapped(said) else []
    return spell.tag(
        "responseDeclaration", *inner, identifier=f"RESPONSE{place}",
        cardinality="multiple" if said.kind == "multiple_choice" else "single",
        baseType=_BASE_TYPES.get(said.kind, "identifier"),
    )  # fmt: skip


def _text(text: str) -> str:
    return plain(text).partition(">")[2].rpartition("<")[0]


def _is_mapped(said: Said) -> bool:
    """Say whether the marks stand in a mapping: weights of choices, wordings without wild cards."""
    if said.kind == "short_answer":
        return all(len(literals_of(option.text)) == 1 for option in said.options)
    return said.kind in _CHOICES and weighted(said.options)


def _mapping(spell: Spelling, said: Said) -> str:
    more = {"caseSensitive": str(said.is_case_sensitive).lower()} if said.kind == "short_answer" else {}
    entries = (
        spell.tag("mapEntry", mapKey=_key(said, option), mappedValue=_points(said, option), **more)
        for option in said.options
    )
    return spell.tag("mapping", *entries, lowerBound="0", defaultValue="0")


def _key(said: Said, option: Option) -> str:
    return option.key if said.kind in _CHOICES else "".join(literals_of(option.text))


def _points(said: Said, option: Option) -> str:
    """Return the points of *option*, 1 for all of them."""
    if not weighted(said.options):
        return "1" if option.key in said.key else "0"
    return f"{Decimal(option.weight) / 100:f}"


def _most(said: Said) -> Decimal:
    """Return the points for all that is right: 1, or more where weights of several right options come to more."""
    weights = [Decimal(option.weight or 0) for option in said.options] if said.kind == "multiple_choice" else []
    return max(Decimal(1), sum((one for one in weights if one > 0), Decimal(0)) / 100)


def _outcomes(spell: Spelling, numbered: list[tuple[str, Said]]) -> Iterator[str]:
    def outcome(name: str, base_type: str, cardinality: str = "single") -> str:
        return spell.tag("outcomeDeclaration", identifier=name, cardinality=cardinality, baseType=base_type)

    def score(name: str, most: Decimal) -> str:
        # Without a default, players differ in what it is worth at first: nothing, or no number at all.
        nothing = spell.tag("defaultValue", spell.tag("value", "0"))
        return spell.tag(
            "outcomeDeclaration", nothing, identifier=name, cardinality="single", baseType="float",
            normalMaximum=f"{most:f}",
        )  # fmt: skip

    if len(numbered) > 1:
        yield score("SCORE", sum((_most(said) for _, said in numbered), Decimal(0)))
    for place, said in numbered:
        yield score(f"SCORE{place}", _most(said))
        yield outcome(f"{SOLUTION}{place}", "identifier")
        if any(option.feedback for option in said.options):
            yield outcome(f"FEEDBACK{place}", "identifier", "single" if said.kind in _CHOICES[:2] else "multiple")
    if len(numbered) > 1:
        yield outcome(SOLUTION, "identifier")


def _body(spell: Spelling, question: Question) -> Iterator[str]:
    yield f"\n{spell.text(question.stem)}\n"
    if not question.parts:
        yield f"{_interaction(spell, question, '')}\n"
    for place, part in _numbered(question) if question.parts else ():
        yield f"<div>{spell.text(part.stem)}{_interaction(spell, part, place)}</div>\n"


def _interaction(spell: Spelling, said: Said, place: str) -> str:
    if said.kind not in _CHOICES:
        entry = spell.tag("textEntryInteraction", responseIdentifier=f"RESPONSE{place}")
        return f'<p class="{ENTRY}">{entry}{f" {_text(said.unit)}" if said.unit else ""}</p>'
    texts = [plain(one.text) if said.kind == "true_false" else spell.text(one.text) for one in said.options]
    choices = (
        spell.tag("simpleChoice", text, identifier=one.key) for one, text in zip(said.options, texts, strict=True)
    )
    return spell.tag(
        "choiceInteraction", *choices, responseIdentifier=f"RESPONSE{place}",
        shuffle=str(said.rules.shuffles_options).lower(), maxChoices=0 if said.kind == "multiple_choice" else 1,
    )  # fmt: skip


def _processing(spell: Spelling, numbered: list[tuple[str, Said]]) -> str:
    said = numbered[0][1]
    is_simple = len(numbered) == 1 and not any(option.feedback for option in said.options)
    if is_simple and (said.kind in _CHOICES or _is_mapped(said)):
        name = "map_response" if _is_mapped(said) else "match_correct"
        return spell.tag("responseProcessing", template=f"{spell.dialect.templates}/{name}")
    rules = [rule for place, one in numbered for rule in _rules(spell, one, place)]
    if len(numbered) > 1:
        total = spell.tag("sum", *(spell.variable(f"SCORE{place}") for place, _ in numbered))
        rules.append(spell.put("SCORE", total))
    return spell.tag("responseProcessing", "\n", *(f"{rule}\n" for rule in rules))


def _rules(spell: Spelling, said: Said, place: str) -> Iterator[str]:
    response, score, told = f"RESPONSE{place}", f"SCORE{place}", f"FEEDBACK{place}"
    has_feedback = any(option.feedback for option in said.options)
    if _is_mapped(said):
        yield spell.put(score, spell.tag("mapResponse", identifier=response))
    elif said.kind in _CHOICES:
        match = spell.tag("match", spell.variable(response), spell.tag("correct", identifier=response))
        yield spell.when(match, spell.put(score, spell.base("float", 1)))
    if said.kind in _CHOICES:
        if has_feedback:
            yield spell.put(told, spell.variable(response))
        return
    for option in said.options:
        test = _test(spell, said, option, response)
        if not _is_mapped(said):
            # The best of the answers that match counts, in whatever order they stand.
            points = spell.base("float", max(Decimal(0), Decimal(_points(said, option))))
            better = spell.tag("and", test, spell.tag("lt", spell.variable(score), points))
            yield spell.when(better, spell.put(score, points))
        if option.feedback:
            known = spell.tag("multiple", spell.variable(told), spell.base("identifier", option.key))
            yield spell.when(test, spell.put(told, known))


def _test(spell: Spelling, said: Said, option: Option, response: str) -> str:
    """Return the expression that says whether the response is what *option* accepts."""
    variable = spell.variable(response)
    if said.kind == "short_answer":
        if len(literals_of(option.text)) > 1:
            return spell.tag("patternMatch", variable, pattern=pattern_of(option.text))
        literal = spell.base("string", "".join(literals_of(option.text)))
        return spell.tag("stringMatch", variable, literal, caseSensitive=str(said.is_case_sensitive).lower())
    middle, tolerance = centre(option.text)
    if ".." in option.text:
        least, most = option.text.split("..")
        return spell.tag(
            "and",
            spell.tag("gte", variable, spell.base("float", least)),
            spell.tag("lte", variable, spell.base("float", most)),
        )
    how = {"toleranceMode": "absolute", "tolerance": f"{tolerance} {tolerance}"}
    is_exact = not interval_of(option.text) or not Decimal(tolerance)
    return spell.tag(
        "equal", variable, spell.base("float", middle), **({"toleranceMode": "exact"} if is_exact else how)
    )


def _feedback(spell: Spelling, said: Said, place: str) -> Iterator[str]:
    for option in said.options:
        if option.feedback:
            yield spell.feedback(f"FEEDBACK{place}", option.key, option.feedback)
    yield from _explanation(spell, said, place)


def _explanation(spell: Spelling, said: Said, place: str) -> list[str]:
    # An outcome that is never set differs from every identifier, so what is hidden on a match is always shown.
    return [spell.feedback(f"{SOLUTION}{place}", "HIDDEN", said.explanation, "hide")] if said.explanation else []
