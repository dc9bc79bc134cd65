"""The versions of QTI: their namespaces, and their ways of spelling the same names."""

import re
from dataclasses import dataclass

from question_bank.formats.xml_elements import Element

_PREFIX = "qti-"


@dataclass(frozen=True)
class Dialect:
    """One version. template: address of the folder of response processing templates. is_kebab: names as in 3.0."""

    code: str
    version: str
    namespace: str
    package_namespace: str
    resource_type: str
    schema: tuple[str, str]
    templates: str
    is_kebab: bool = False

    def element(self, name: str) -> str:
        """Return how this version spells the element *name* of 2.x: assessmentItem is qti-assessment-item in 3.0."""
        return _PREFIX + _kebab(name) if self.is_kebab else name

    def attribute(self, name: str) -> str:
        """Return how this version spells the attribute *name* of 2.x."""
        return _kebab(name) if self.is_kebab else name


_IMS = "http://www.imsglobal.org"
DIALECTS = (
    Dialect("qti21", "2.1", f"{_IMS}/xsd/imsqti_v2p1", f"{_IMS}/xsd/imscp_v1p1", "imsqti_item_xmlv2p1",
            ("QTIv2.1 Package", "1.0.0"), f"{_IMS}/question/qti_v2p1/rptemplates"),
    Dialect("qti22", "2.2", f"{_IMS}/xsd/imsqti_v2p2", f"{_IMS}/xsd/imscp_v1p1", "imsqti_item_xmlv2p2",
            ("QTIv2.2 Package", "1.0.0"), f"{_IMS}/question/qti_v2p2/rptemplates"),
    Dialect("qti30", "3.0", f"{_IMS}/xsd/imsqtiasi_v3p0", f"{_IMS}/xsd/qti/qtiv3p0/imscp_v1p1", "imsqti_item_xmlv3p0",
            ("QTI Package", "3.0.0"), "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates", is_kebab=True),
)  # fmt: skip


def dialect_of(text: str) -> str:
    """Return the code of the version that the beginning of an item or manifest speaks of; 2.1 if it does not say."""
    if "v3p0" in text or "<qti-" in text:
        return "qti30"
    return "qti22" if "qti_v2p2" in text or "xmlv2p2" in text else "qti21"


def respelt(element: Element) -> Element:
    """Spell the names in *element* and below as 2.x does, whatever the version, and return it.

    What 3.0 leaves out by another default than 2.1 is spelt out: keys of its mappings are matched whatever their case.
    """
    if not element.name.startswith(_PREFIX):
        return element
    for one in (element, *element.every()):
        if one.name.startswith(_PREFIX):
            one.name = _camel(one.name.removeprefix(_PREFIX))
            one.attributes = {_camel(name): text for name, text in one.attributes.items()}
            if one.name == "mapEntry":
                one.attributes.setdefault("caseSensitive", "false")
    return element


def _kebab(name: str) -> str:
    return re.sub(r"[A-Z]", lambda capital: f"-{capital[0].lower()}", name)


def _camel(name: str) -> str:
    return re.sub(r"-([a-z])", lambda letter: letter[1].upper(), name)
