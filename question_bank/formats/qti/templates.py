"""Template variables: values that an item draws anew for every candidate, which a question of ours does not."""

from collections.abc import Iterator

from question_bank.formats.xml_elements import Element

DECLARATION = "templateDeclaration"
_OWN = (DECLARATION, "templateProcessing")
_SHOWN = ("templateBlock", "templateInline")
_SETS = ("setCorrectResponse", "setDefaultValue")
# Formulas name a variable as they name any other sign.
_SIGNS = ("mi", "ci")


def are_used(root: Element) -> bool:
    """Say whether anything that candidates see, or how they are marked, depends on a template variable.

    Some editors leave variables behind that nothing names: such an item is as it stands.
    """
    names = {one.attributes.get("identifier", "") for one in root.elements(DECLARATION)}
    if any(True for processing in root.elements("templateProcessing") for _ in processing.every(*_SETS)):
        return True
    return any(_names(one, names) for one in _elsewhere(root))


def _elsewhere(root: Element) -> Iterator[Element]:
    for child in root.elements():
        if child.name not in _OWN:
            yield child
            yield from child.every()


def _names(element: Element, names: set[str]) -> bool:
    if element.name in _SHOWN or not names.isdisjoint(element.attributes.values()):
        return True
    return element.name in _SIGNS and element.text().strip() in names
