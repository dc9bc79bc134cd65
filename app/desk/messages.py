"""Sentences for refusals about desk."""

from __future__ import annotations

from flask_babel import LazyString

MESSAGES: dict[str, LazyString] = {}
