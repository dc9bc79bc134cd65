"""Tags: words of a bank's own, and one that a rule of the field asks for."""

import re
from collections.abc import Iterable

MAJOR_HAZARD_CRITERIA = "major_hazard_criteria"
"""Tag of questions on 重大事故隐患判定标准, of which a paper for principals needs a share."""
MAJOR_HAZARD_TERM = "重大事故隐患判定标准"
_TERMS = dict.fromkeys(
    (MAJOR_HAZARD_TERM, "重大事故隐患", "重大隐患判定标准", "重大生产安全事故隐患判定标准"), MAJOR_HAZARD_CRITERIA
)
_BETWEEN = re.compile(r"[\s,;、，；]+")


def tags_in(text: str) -> tuple[str, ...]:
    """Return the tags in *text*, sorted, each once; the one with a meaning may be written by its Chinese term."""
    return tuple(sorted({_TERMS.get(tag, tag) for tag in _BETWEEN.split(text) if tag}))


def tag_term(tag: str) -> str:
    """Return how a person writes *tag*."""
    return MAJOR_HAZARD_TERM if tag == MAJOR_HAZARD_CRITERIA else tag


def tags_text(tags: Iterable[str]) -> str:
    """Return *tags* as a person writes them in one cell; `tags_in` reads it."""
    return " ".join(tag_term(tag) for tag in tags)
