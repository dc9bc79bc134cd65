"""Response processing of an item, run for a response: what is it worth, which feedback is shown?

Instead of guessing what rules mean, they are followed for every answer that a question knows.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from question_bank.formats.qti.declarations import Declared, declared_in, default_of, maxima_of, tables_of
from question_bank.formats.qti.expressions import UnsupportedError, Value, are_equal, evaluated, is_true
from question_bank.formats.qti.operators import smoothed
from question_bank.formats.xml_elements import Element

_MOST_STEPS_IN_ALL = 10_000_000
_MOST_STEPS_OF_ITEM = 200_000
_OUTCOMES_A_STEP = 16
"""How many outcomes a run may begin with for one step more."""
_UNKNOWN: Value = ("\ufdd0",)
MATCH, MAP, RULES, NONE, OTHER = "match", "map", "rules", "none", "other"
_BUILT_IN: Mapping[str, Value] = {
    "numAttempts": (Decimal(1),), "completionStatus": ("unknown",), "SCORE": (Decimal(0),),
}  # fmt: skip
"""Variables that every item has, as they are at the first attempt, and the one that rules add to undeclared."""


@dataclass
class Steps:
    """How many steps the items of one file may still take, so that no file keeps the reader for long."""

    left: int = _MOST_STEPS_IN_ALL


class _ExitError(Exception):
    """The rule that ends a run."""


@dataclass
class Run:
    """One run: the response, and what becomes of the outcomes."""

    processing: "Processing"
    responses: Mapping[str, Value]
    outcomes: dict[str, Value] = field(default_factory=dict)

    def step(self, count: int = 1) -> None:
        """Count *count* steps; raises UnsupportedError when there have been too many."""
        self.processing.take_step(count)

    def declared(self, element: Element) -> Declared:
        """Return the declaration of the response that *element* names."""
        found = self.processing.declared.get(element.attributes.get("identifier", ""))
        if found is None:
            raise UnsupportedError("identifier")
        return found

    def variable(self, name: str) -> Value:
        """Return the value of the response or outcome *name*."""
        value = self.responses.get(name) if name in self.processing.declared else self.outcomes.get(name)
        if value is _UNKNOWN:
            raise UnsupportedError(name)
        return value

    def follow(self, rules: Element) -> None:
        """Follow the rules in *rules*; what cannot be followed leaves its outcomes unknown."""
        for rule in rules.elements():
            self.step()
            try:
                if rule.name == "responseCondition":
                    self._condition(rule)
                elif rule.name == "setOutcomeValue":
                    self.outcomes[rule.attributes.get("identifier", "")] = self._value(rule)
                elif rule.name == "lookupOutcomeValue":
                    name = rule.attributes.get("identifier", "")
                    self.outcomes[name] = self.processing.looked_up(name, self._value(rule))
                elif rule.name == "responseProcessingFragment":
                    self.follow(rule)
                elif rule.name == "exitResponse":
                    raise _ExitError
                else:
                    self._forget(rule)
            except UnsupportedError:
                self._forget(rule)

    def _condition(self, rule: Element) -> None:
        for branch in rule.elements("responseIf", "responseElseIf", "responseElse"):
            inner = branch.elements()
            if branch.name == "responseElse":
                self.follow(branch)
                return
            if not inner:
                raise UnsupportedError(branch.name)
            if is_true(inner[0], self):
                self.follow(Element(branch.name, {}, branch.line, list(inner[1:])))
                return

    def _value(self, rule: Element) -> Value:
        inner = rule.elements()
        if len(inner) != 1:
            raise UnsupportedError(rule.name)
        return evaluated(inner[0], self)

    def _forget(self, rule: Element) -> None:
        names = [one.attributes.get("identifier", "") for one in (rule, *rule.every()) if _sets(one)]
        self.outcomes.update(dict.fromkeys(names, _UNKNOWN))


def _way(rules: Element | None) -> str:
    """Return how *rules* mark; conditions that set no outcome at all, as some makers write them, say nothing."""
    if rules is None:
        return NONE
    if inner := rules.elements():
        does_more = any(one.name != "responseCondition" for one in inner) or any(map(_sets, rules.every()))
        return RULES if does_more else NONE
    attributes = rules.attributes
    name = f"{attributes.get('template', '')} {attributes.get('templateLocation', '')}".strip().rpartition("/")[2]
    if "map_response_point" in name:
        return OTHER
    if "map_response" in name:
        return MAP
    return MATCH if "match" in name else NONE if not name else OTHER


def _sets(rule: Element) -> bool:
    return rule.name in ("setOutcomeValue", "lookupOutcomeValue")


def _scores(rules: Iterable[Element]) -> tuple[str, ...]:
    """Return the outcomes that are the points: SCORE, or where *rules* never set it SCORE_1, SCORE_2 and the like."""
    found = dict.fromkeys(one.attributes.get("identifier", "") for one in rules if _sets(one))
    if "SCORE" in found:
        return ("SCORE",)
    return tuple(name for name in found if name.startswith("SCORE_")) or ("SCORE",)


class Processing:
    """The declarations and rules of one item."""

    def __init__(self, root: Element, steps: Steps, several: bool = False) -> None:
        """Take the item whose element is *root*, spelt as in QTI 2. several: whether it asks more than one thing.

        is_smoothed: whether rules forgive accents in what was typed.
        """
        self.declared = {
            one.attributes.get("identifier", ""): declared_in(one) for one in root.elements("responseDeclaration")
        }
        self._rules = root.first("responseProcessing")
        self.is_smoothed = self._rules is not None and smoothed(self._rules)
        self._way = _way(self._rules)
        every = tuple(self._rules.every()) if self._rules else ()
        self._scores = _scores(every)
        self._looked_up = {one.attributes.get("identifier") for one in every if one.name.startswith("map")}
        self._defaults = {**_BUILT_IN, **dict(default_of(one) for one in root.elements("outcomeDeclaration"))}
        self._maxima = maxima_of(root)
        self._tables = tables_of(root)
        self._several = several
        self._others: dict[str, tuple[dict[str, Value], Fraction | None]] = {}
        self._steps = steps
        self._left = _MOST_STEPS_OF_ITEM

    @property
    def rules(self) -> Element | None:
        """The element with the rules, None if there are none."""
        return self._rules

    @property
    def way(self) -> str:
        """How responses are marked: MATCH or MAP by a template, by RULES, NONE if nothing is said, OTHER templates."""
        return self._way

    @property
    def asks_several(self) -> bool:
        """Whether the item asks more than one thing."""
        return self._several

    def maps(self, declared: Declared) -> bool:
        """Say whether the mapping of *declared* tells the marks: by a template, or because nothing else does."""
        return self.way in (MAP, NONE) and declared.mapping is not None

    def looks_up(self, identifier: str) -> bool:
        """Say whether a rule looks up the response *identifier* in its mapping: <mapResponse>, or a maker's own."""
        return identifier in self._looked_up

    def maximum(self, identifier: str) -> Decimal | None:
        """Return how many points the response *identifier* is worth at most, None if the item does not say.

        Where the item asks several things, the outcome SCORE_2 is taken for that of RESPONSE_2.
        """
        if self._several:
            return self._maxima.get(f"SCORE{identifier.removeprefix('RESPONSE')}")
        return self._maxima.get("SCORE") or self._maxima.get("MAXSCORE")

    def take_step(self, count: int = 1) -> None:
        """Count *count* steps; raises UnsupportedError when the item or the file has had too many."""
        self._left -= count
        self._steps.left -= count
        if self._left < 0 or self._steps.left < 0:
            raise UnsupportedError("steps")

    def looked_up(self, outcome: str, number: Value) -> Value:
        """Return what the table of *outcome* says about *number*; raises UnsupportedError."""
        if outcome not in self._tables:
            raise UnsupportedError(outcome)
        self.take_step(len(self._tables[outcome].entries))
        return self._tables[outcome].value_at(number)

    def run(self, responses: Mapping[str, Value]) -> Run:
        """Return a run that is about to begin: outcomes have their defaults."""
        return Run(self, responses, dict(self._defaults))

    def outcomes(self, responses: Mapping[str, Value]) -> dict[str, Value]:
        """Return the outcomes after *responses*; what cannot be told is not among them."""
        if self.way != RULES:
            return self._by_template(responses)
        if self._rules is None or min(self._left, self._steps.left) < 0:
            return {}
        run = self.run(responses)
        try:
            self.take_step(len(self._defaults) // _OUTCOMES_A_STEP)
            run.follow(self._rules)
        except _ExitError:
            pass
        except UnsupportedError:
            return {}
        return {name: value for name, value in run.outcomes.items() if value is not _UNKNOWN}

    def score(self, responses: Mapping[str, Value]) -> Fraction | None:
        """Return the points that *responses* earn, None if that cannot be told."""
        outcomes = self.outcomes(responses)
        total = Fraction(0)
        for name in self._scores:
            value = outcomes.get(name)
            if not (value and isinstance(value[0], Decimal) and value[0].is_finite()):
                return None
            total += Fraction(value[0])
        return total

    def earned(self, identifier: str, response: Value) -> Fraction | None:
        """Return the points that *response* to the question *identifier* earns more than none, None as for score.

        Where nothing else is asked, what no response costs is no point that any other earns. The other questions of the
        item are answered as _beside says.
        """
        if self.way != RULES:
            return self.score({identifier: response})
        if identifier not in self._others:
            others = self._beside(identifier) if self._several else {}
            self._others[identifier] = (others, self.score({**others, identifier: None}))
        others, nothing = self._others[identifier]
        found = self.score({**others, identifier: response})
        if found is None or nothing is None:
            return None
        return found - nothing if self._several else found - max(nothing, Fraction(0))

    def _beside(self, identifier: str) -> dict[str, Value]:
        """Return what is answered to the other questions while *identifier* is tried: nothing, as a rule.

        Where its right response earns nothing alone, as under rules that take all points away while another question
        has no answer, the others have an answer that is wrong.
        """
        best = self.declared[identifier].best
        right, nothing = self.score({identifier: best}), self.score({})
        if best is None or right is None or nothing is None or right > nothing:
            return {}
        return {name: one.wrong for name, one in self.declared.items() if name != identifier}

    def _by_template(self, responses: Mapping[str, Value]) -> dict[str, Value]:
        total = Decimal(0)
        for name, response in responses.items():
            declared = self.declared[name]
            if self.maps(declared):
                total += declared.added(response)
            else:
                total += are_equal(response, declared.correct)
        return {**self._defaults, "SCORE": (total,)}
