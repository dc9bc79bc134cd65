"""Values and expressions of QTI response processing, as far as marking a question of our kinds needs them.

A value is a tuple: one entry a member of a container, one for a single value, None for NULL. Whatever is not known here
raises UnsupportedError, and what depends on it is not followed.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from question_bank.formats.numbers import number
from question_bank.formats.qti.arithmetic import COMPUTATIONS, EXACT, computed
from question_bank.formats.qti.patterns import pieces_of
from question_bank.formats.xml_elements import Element
from question_bank.kinds.short_answer import fits

if TYPE_CHECKING:
    from question_bank.formats.qti.processing import Run

Single = str | bool | Decimal
Value = tuple[Single, ...] | None
NUMERIC_TYPES = ("float", "integer")
_TRUE = ("true", "1")
_MOST_COUNT = 1_000_000


class UnsupportedError(Exception):
    """An expression, a rule or a value that is not followed."""


def typed(text: str, base_type: str) -> Single:
    """Return *text* as a value of *base_type*; raises UnsupportedError for a number that is none."""
    text = text.strip()
    if base_type == "boolean":
        return text in _TRUE
    if base_type not in NUMERIC_TYPES:
        return text
    if (found := number(text)) is None:
        raise UnsupportedError(text)
    return found


def is_set(element: Element, attribute: str, default: bool = False) -> bool:
    """Say whether a boolean *attribute* is true; XML Schema allows 1 and 0 for true and false."""
    stated = element.attributes.get(attribute, "").strip()
    return stated in _TRUE if stated else default


def are_equal(first: Value, second: Value) -> bool:
    """Say whether two values are the same; the order in a container does not matter."""
    if first is None or second is None:
        return False
    return sorted(map(str, map(_comparable, first))) == sorted(map(str, map(_comparable, second)))


def tolerances(element: Element) -> tuple[Decimal, Decimal]:
    """Return what <equal> allows below and above, as its attribute states it: a number, or per cent."""
    found = [number(text) for text in element.attributes.get("tolerance", "").split()]
    if not 1 <= len(found) <= 2 or any(one is None or one < 0 for one in found):
        raise UnsupportedError("tolerance")
    values = [one for one in found if one is not None]
    return values[0], values[-1]


def limits_of(element: Element, value: Decimal) -> tuple[Decimal, Decimal]:
    """Return least and most of what <equal> or <equalRounded> takes for *value*."""
    if element.name == "equalRounded":
        half = Decimal("0.5").scaleb(-_places(element, value))
        return value - half, value + half
    mode = element.attributes.get("toleranceMode", "exact")
    if mode == "exact":
        return value, value
    below, above = tolerances(element)
    if mode == "relative":
        below, above = abs(value) * below / 100, abs(value) * above / 100
    elif mode != "absolute":
        raise UnsupportedError(mode)
    return value - below, value + above


def _places(element: Element, value: Decimal) -> int:
    figures = element.attributes.get("figures", "")
    if not figures.isdecimal() or len(figures) > 2:
        raise UnsupportedError("figures")
    if element.attributes.get("roundingMode") == "decimalPlaces":
        return int(figures)
    return int(figures) - value.adjusted() - 1 if value else int(figures)


def evaluated(element: Element, run: "Run") -> Value:
    """Return the value of the expression *element*; members of containers count as steps."""
    run.step()
    operator = _OPERATORS.get(element.name)
    if operator is None:
        raise UnsupportedError(element.name)
    value = operator(element, run)
    run.step(len(value or ()) // 2)
    return value


def is_true(element: Element, run: "Run") -> bool:
    """Say whether the expression *element* is true; NULL is not."""
    return evaluated(element, run) == (True,)


def _arguments(element: Element, run: "Run") -> list[Value]:
    return [evaluated(one, run) for one in element.elements()]


def _pair(element: Element, run: "Run") -> tuple[Value, Value]:
    found = _arguments(element, run)
    if len(found) != 2:
        raise UnsupportedError(element.name)
    return found[0], found[1]


def _only(element: Element, run: "Run") -> Value:
    found = _arguments(element, run)
    if len(found) != 1:
        raise UnsupportedError(element.name)
    return found[0]


def _base_value(element: Element, _run: "Run") -> Value:
    return (typed(element.text(), element.attributes.get("baseType", "")),)


def _variable(element: Element, run: "Run") -> Value:
    return run.variable(element.attributes.get("identifier", ""))


def _correct(element: Element, run: "Run") -> Value:
    return run.declared(element).correct or None


def _map_response(element: Element, run: "Run") -> Value:
    declared = run.declared(element)
    run.step(len(declared.mapping.entries) if declared.mapping else 0)
    return (declared.mapped(run.variable(element.attributes.get("identifier", ""))),)


def _match(element: Element, run: "Run") -> Value:
    first, second = _pair(element, run)
    return None if first is None or second is None else (are_equal(first, second),)


def _equal(element: Element, run: "Run") -> Value:
    first, second = _pair(element, run)
    if first is None or second is None:
        return None
    value, middle = _number(first), _number(second)
    least, most = limits_of(element, middle)
    above = value >= least if is_set(element, "includeLowerBound", True) else value > least
    below = value <= most if is_set(element, "includeUpperBound", True) else value < most
    return (above and below,)


def _string_match(element: Element, run: "Run") -> Value:
    first, second = _pair(element, run)
    if first is None or second is None:
        return None
    one, another = _cased(first, element), _cased(second, element)
    return (another in one if is_set(element, "substring") else one == another,)


def _substring(element: Element, run: "Run") -> Value:
    first, second = _pair(element, run)
    return None if first is None or second is None else (_cased(first, element) in _cased(second, element),)


def _pattern_match(element: Element, run: "Run") -> Value:
    pieces = pieces_of(element.attributes.get("pattern", ""))
    if pieces is None:
        raise UnsupportedError("pattern")
    value = _only(element, run)
    return None if value is None else (fits(pieces, str(value[0])),)


def _member(element: Element, run: "Run") -> Value:
    value, container = _pair(element, run)
    if value is None or container is None:
        return None
    return (_comparable(value[0]) in map(_comparable, container),)


def _contains(element: Element, run: "Run") -> Value:
    container, part = _pair(element, run)
    if container is None or part is None:
        return None
    return ({_comparable(one) for one in part} <= {_comparable(one) for one in container},)


def _compared(compare: Callable[[Decimal, Decimal], bool]) -> "Callable[[Element, Run], Value]":
    def operator(element: Element, run: "Run") -> Value:
        first, second = _pair(element, run)
        return None if first is None or second is None else (compare(_number(first), _number(second)),)

    return operator


def _and(element: Element, run: "Run") -> Value:
    return (all(value == (True,) for value in _arguments(element, run)),)


def _or(element: Element, run: "Run") -> Value:
    return (any(value == (True,) for value in _arguments(element, run)),)


def _not(element: Element, run: "Run") -> Value:
    value = _only(element, run)
    return None if value is None else (value != (True,),)


def _is_null(element: Element, run: "Run") -> Value:
    value = _only(element, run)
    return (value in (None, (), ("",)),)


def _gathered(element: Element, run: "Run") -> Value:
    return tuple(one for value in _arguments(element, run) if value for one in value) or None


def _index(element: Element, run: "Run") -> Value:
    container = _only(element, run)
    place = _count(element, "n", run)
    return (container[place - 1],) if container and 1 <= place <= len(container) else None


def _any_n(element: Element, run: "Run") -> Value:
    values = _arguments(element, run)
    least, most = _count(element, "min", run), _count(element, "max", run)
    true, unknown = values.count((True,)), values.count(None)
    if true > most or true + unknown < least:
        return (False,)
    return (True,) if least <= true and true + unknown <= most else None


def _delete(element: Element, run: "Run") -> Value:
    single, container = _pair(element, run)
    if single is None or container is None:
        return None
    return tuple(one for one in container if _comparable(one) != _comparable(single[0])) or None


def _count(element: Element, attribute: str, run: "Run") -> int:
    """Return the whole number of *attribute*, which may be the name of a variable."""
    stated = element.attributes.get(attribute, "").strip()
    value = number(stated) if number(stated) is not None else _number(run.variable(stated) or ())
    if value is None or value != value.to_integral_value() or abs(value) > _MOST_COUNT:
        raise UnsupportedError(attribute)
    return int(value)


def _computed(compute: Callable[[list[Decimal]], Decimal]) -> "Callable[[Element, Run], Value]":
    def operator(element: Element, run: "Run") -> Value:
        values = _arguments(element, run)
        if not values or any(value is None for value in values):
            return None
        made = computed(compute, [_number((one,)) for value in values if value for one in value])
        if made is None:
            raise UnsupportedError(element.name)
        return (made,)

    return operator


def _container_size(element: Element, run: "Run") -> Value:
    value = _only(element, run)
    return (Decimal(len(value or ())),)


def _number(value: tuple[Single, ...]) -> Decimal:
    if len(value) != 1 or not isinstance(value[0], Decimal):
        raise UnsupportedError("number")
    return value[0]


def _cased(value: tuple[Single, ...], element: Element) -> str:
    text = str(value[0]) if value else ""
    return text if is_set(element, "caseSensitive", True) else text.casefold()


def _comparable(value: Single) -> Single:
    return EXACT.plus(value).normalize(EXACT) if isinstance(value, Decimal) else value


TOLERANT = "mapTolResponse"
"""What ONYX has for a mapping that forgives misprints: of the texts themselves it says the same."""
_OPERATORS: "Mapping[str, Callable[[Element, Run], Value]]" = {
    "baseValue": _base_value, "variable": _variable, "correct": _correct, "mapResponse": _map_response,
    TOLERANT: _map_response,
    "null": lambda _element, _run: None, "isNull": _is_null, "match": _match, "equal": _equal, "equalRounded": _equal,
    "stringMatch": _string_match, "substring": _substring, "patternMatch": _pattern_match, "member": _member,
    "contains": _contains, "index": _index, "anyN": _any_n, "delete": _delete, "and": _and, "or": _or, "not": _not,
    "multiple": _gathered, "ordered": _gathered,
    "gt": _compared(lambda one, other: one > other), "gte": _compared(lambda one, other: one >= other),
    "lt": _compared(lambda one, other: one < other), "lte": _compared(lambda one, other: one <= other),
    "containerSize": _container_size, **{name: _computed(compute) for name, compute in COMPUTATIONS.items()},
}  # fmt: skip
