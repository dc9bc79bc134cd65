"""Operators of makers in rules that only smooth what was typed, so that what they stand around can be followed.

Cito writes <customOperator definition="depcp:Trim"> and the like around the response in all items with a text entry.
"""

from question_bank.formats.xml_elements import Element

_CUSTOM = "customOperator"
_TRIMS, _FORGIVES = "Trim", "ToAscii"


def smoothed(rules: Element) -> bool:
    """Put what such operators in *rules* stand around into their place; say whether one of them forgives accents.

    Blanks around a response make no difference to us either.
    """
    forgives = False
    for one in (rules, *rules.every()):
        for place, child in enumerate(one.children):
            while isinstance(child, Element) and (kind := _kind_of(child)):
                forgives = forgives or kind == _FORGIVES
                (child,) = child.elements()
            one.children[place] = child
    return forgives


def _kind_of(element: Element) -> str:
    if element.name != _CUSTOM or len(element.elements()) != 1:
        return ""
    stated = element.attributes.get("definition") or element.attributes.get("class", "")
    kind = stated.rpartition(":")[2].strip()
    return kind if kind in (_TRIMS, _FORGIVES) else ""
