"""The roster as one of the kinds of file that app.core.imports reads."""

from __future__ import annotations

from app.core.imports import ImportKind
from app.registry.roster.check import check
from app.registry.roster.columns import COLUMNS
from app.registry.roster.load import load, undo

ROSTER = ImportKind("roster", COLUMNS, check, load, undo)
