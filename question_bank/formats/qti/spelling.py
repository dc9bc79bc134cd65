"""Elements of QTI as text, spelt as a version spells them."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass

from question_bank.formats.markup.writing import addressed, xhtml
from question_bank.formats.qti.dialects import Dialect
from question_bank.formats.qti.placing import TEXT, placed
from question_bank.rich_text import HTML

# Blanks that a reader of XHTML joins, so that the text has to stand in a pre element.
_NEEDS_PRE = re.compile(r"[\t\xa0\f]| {2}|^ | $|\n", re.MULTILINE)


@dataclass(frozen=True)
class Spelling:
    """How elements and texts of one question are written. address: digest of a picture -> where it lies."""

    dialect: Dialect
    markup: str
    address: Callable[[str], str]

    def tag(self, name: str, *inner: str, **attributes: object) -> str:
        """Return the element *name* of QTI 2 with *inner*, and *attributes* by their names in QTI 2."""
        own = self.dialect.element(name)
        told = "".join(
            f' {self.dialect.attribute(key)}="{_in_attribute(str(value))}"' for key, value in attributes.items()
        )
        return f"<{own}{told}>{''.join(inner)}</{own}>" if inner else f"<{own}{told}/>"

    def text(self, text: str) -> str:
        """Return *text* of the question as a block."""
        if self.markup == HTML:
            return f'<div class="{TEXT}">{placed(xhtml(addressed(text, self.address)))}</div>'
        return plain(text)

    def feedback(self, outcome: str, name: str, text: str, show_hide: str = "show") -> str:
        """Return feedback that is shown or hidden when *outcome* is *name*."""
        block = self.text(text)
        inner = self.tag("contentBody", block) if self.dialect.is_kebab else block
        return self.tag("modalFeedback", inner, outcomeIdentifier=outcome, identifier=name, showHide=show_hide)

    def base(self, base_type: str, value: object) -> str:
        """Return a value."""
        return self.tag("baseValue", _escaped(str(value)), baseType=base_type)

    def variable(self, name: str) -> str:
        """Return a reference to a response or outcome."""
        return self.tag("variable", identifier=name)

    def put(self, outcome: str, value: str) -> str:
        """Return the rule that sets *outcome* to the expression *value*."""
        return self.tag("setOutcomeValue", value, identifier=outcome)

    def when(self, test: str, *rules: str) -> str:
        """Return the rule that follows *rules* when *test* is true."""
        return self.tag("responseCondition", self.tag("responseIf", test, *rules))


def plain(text: str) -> str:
    """Return plain *text* as a block whose blanks come back, and tags that it holds as text."""
    element = "pre" if _NEEDS_PRE.search(text) or text.startswith("<") else "p"
    return f"<{element}>{_escaped(text)}</{element}>"


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)


def _in_attribute(text: str) -> str:
    return html.escape(text).replace("\n", "&#10;").replace("\t", "&#9;")
