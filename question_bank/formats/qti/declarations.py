"""Declarations of an item: the variables of its responses, and the outcomes that its rules set."""

from dataclasses import dataclass
from decimal import Decimal

from question_bank.formats.numbers import number
from question_bank.formats.qti.expressions import NUMERIC_TYPES, UnsupportedError, Value, is_set, typed
from question_bank.formats.xml_elements import Element

ANYTHING, FAR = "\u2603", Decimal("-987654321.12345")
"""Text and number that no author accepts: they stand for "anything" when rules are tried."""


@dataclass(frozen=True)
class Mapped:
    """<mapping>: weights of values. entries: value, weight, whether case matters. lower, upper: bounds of the sum."""

    entries: tuple[tuple[str, Decimal, bool], ...]
    default: Decimal
    lower: Decimal | None
    upper: Decimal | None

    def weight_of(self, value: str | bool | Decimal) -> Decimal:
        """Return the weight of the entry that *value* is, else of the first that it fits, or else the default."""
        if isinstance(value, Decimal):
            return next((weight for key, weight, _ in self.entries if number(key) == value), self.default)
        folded = str(value).casefold()
        fitting = [entry for entry in self.entries if entry[0] == value]
        fitting += [entry for entry in self.entries if not entry[2] and entry[0].casefold() == folded]
        return fitting[0][1] if fitting else self.default


@dataclass(frozen=True)
class Declared:
    """A response declaration. mapping: None if there is none; faults: codes of what is wrong with it."""

    base_type: str
    cardinality: str
    line: int
    correct: tuple[str | bool | Decimal, ...] = ()
    texts: tuple[str, ...] = ()
    mapping: Mapped | None = None
    faults: tuple[str, ...] = ()

    @property
    def wrong(self) -> Value:
        """An answer that no author expects."""
        return (FAR,) if self.base_type in NUMERIC_TYPES else (ANYTHING,)

    @property
    def best(self) -> Value:
        """The correct response, or else the value that the mapping gives most for; None if it states neither."""
        if self.correct or self.mapping is None:
            return self.correct or None
        key, weight, _ = max(self.mapping.entries, key=lambda entry: entry[1], default=("", Decimal(0), False))
        try:
            return (typed(key, self.base_type),) if weight > 0 else None
        except UnsupportedError:
            return None

    def added(self, response: Value) -> Decimal:
        """Return the sum of the weights of *response*, the bounds of the mapping left aside."""
        if self.mapping is None:
            raise UnsupportedError("mapping")
        distinct = dict.fromkeys(response or ())
        return sum((self.mapping.weight_of(value) for value in distinct), Decimal(0))

    def mapped(self, response: Value) -> Decimal:
        """Return the sum of the weights of *response* within the bounds of the mapping."""
        total = self.added(response)
        lower, upper = (self.mapping.lower, self.mapping.upper) if self.mapping else (None, None)
        total = total if lower is None else max(lower, total)
        return total if upper is None else min(upper, total)


@dataclass(frozen=True)
class Table:
    """<matchTable> or <interpolationTable> of an outcome.

    entries: from which number on, whether that one belongs to it, and the value there. is_exact: whether an entry is
    about its number alone. default: where there is no entry.
    """

    entries: tuple[tuple[Decimal, bool, Value], ...]
    is_exact: bool
    default: Value

    def value_at(self, number: Value) -> Value:
        """Return the value at *number*: that of the first entry that it reaches. Raises UnsupportedError."""
        if number is None or not isinstance(number[0], Decimal):
            raise UnsupportedError("table")
        for least, is_reached, value in self.entries:
            if number[0] == least if self.is_exact else number[0] > least or (is_reached and number[0] == least):
                return value
        return self.default


def tables_of(root: Element) -> dict[str, Table]:
    """Return by name of an outcome its table; one that cannot be read is left out."""
    found = {}
    for outcome in root.elements("outcomeDeclaration"):
        for table in outcome.elements("matchTable", "interpolationTable"):
            try:
                found[outcome.attributes.get("identifier", "")] = _table(table, outcome.attributes.get("baseType", ""))
            except UnsupportedError:
                continue
    return found


def _table(table: Element, base_type: str) -> Table:
    entries = []
    for one in table.elements("matchTableEntry", "interpolationTableEntry"):
        least = typed(one.attributes.get("sourceValue", ""), "float")
        value = (typed(one.attributes.get("targetValue", ""), base_type),)
        if isinstance(least, Decimal):
            entries.append((least, is_set(one, "includeBoundary", True), value))
    default = table.attributes.get("defaultValue")
    return Table(tuple(entries), table.name == "matchTable", None if default is None else (typed(default, base_type),))


def declared_in(element: Element) -> Declared:
    """Return the declaration that *element* is."""
    base_type = element.attributes.get("baseType", "")
    response = element.first("correctResponse")
    texts = tuple(one.text().strip() for one in response.elements("value")) if response else ()
    faults: list[str] = []
    try:
        correct = tuple(typed(text, base_type) for text in texts)
    except UnsupportedError:
        correct = ()
        faults.append("not_a_number")
    mapping = _mapping(element, faults)
    cardinality = element.attributes.get("cardinality", "single")
    return Declared(base_type, cardinality, element.line, correct, texts, mapping, tuple(faults))


def _mapping(element: Element, faults: list[str]) -> Mapped | None:
    mapping = element.first("mapping")
    if mapping is None:
        return None
    entries = []
    for one in mapping.elements("mapEntry"):
        weight = number(one.attributes.get("mappedValue", ""))
        case_matters = is_set(one, "caseSensitive", True)
        if weight is None or abs(weight) > 1_000_000:
            faults.append("unreadable_weight")
        entries.append((one.attributes.get("mapKey", "").strip(), weight or Decimal(0), case_matters))
    default = number(mapping.attributes.get("defaultValue", "0"))
    if default is None or abs(default) > 1_000_000:
        faults.append("unreadable_weight")
    lower, upper = (number(mapping.attributes.get(name, "")) for name in ("lowerBound", "upperBound"))
    return Mapped(tuple(entries), default or Decimal(0), lower, upper)


def default_of(element: Element) -> tuple[str, Value]:
    base_type = element.attributes.get("baseType", "")
    stated = element.first("defaultValue")
    name = element.attributes.get("identifier", "")
    try:
        values = tuple(typed(one.text(), base_type) for one in stated.elements("value")) if stated else ()
    except UnsupportedError:
        values = ()
    return name, values or ((Decimal(0),) if base_type in ("float", "integer") else None)


def maxima_of(root: Element) -> dict[str, Decimal]:
    """Return by name of an outcome what it is at most; that of MAXSCORE is its value."""
    found: dict[str, Decimal] = {}
    for one in root.elements("outcomeDeclaration"):
        name, default = one.attributes.get("identifier", ""), one.first("defaultValue")
        stated = default.text() if name == "MAXSCORE" and default else one.attributes.get("normalMaximum", "")
        if (value := number(stated)) is not None and value > 0:
            found[name] = value
    return found
