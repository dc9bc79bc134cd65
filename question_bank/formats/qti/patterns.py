"""Regular expressions of QTI that say no more than "this, then anything, then that": our wild cards."""

import re
from collections.abc import Sequence

from question_bank.kinds.short_answer import literals_of

_SPECIAL = re.compile(r"[\\.*+?^$|()\[\]{}-]")
_PIECE = re.compile(r"\\([\\.*+?^$|()\[\]{}-])|(\.\*)|([^\\.*+?^$|()\[\]{}]+)")


def pieces_of(pattern: str) -> list[str] | None:
    """Return the literals between the "anything" of *pattern*; None for a pattern that says more."""
    pieces = [""]
    place = 0
    while place < len(pattern):
        found = _PIECE.match(pattern, place)
        if found is None:
            return None
        if found[2]:
            pieces.append("")
        else:
            pieces[-1] += found[1] or found[3]
        place = found.end()
    return pieces


def pattern_of(accepted: str) -> str:
    """Return the pattern for the wording *accepted*, with "*" for anything."""
    return ".*".join(_SPECIAL.sub(lambda sign: f"\\{sign[0]}", literal) for literal in literals_of(accepted))


def wording_of(pieces: Sequence[str]) -> str:
    """Return the wording for literals with anything between them; a star in them is written "\\*"."""
    return "*".join(piece.replace("*", "\\*") for piece in pieces)
