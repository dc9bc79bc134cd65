"""Languages: Chinese first, English equally complete. The reader's choice is kept in a cookie."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask, request
from flask_babel import Babel, get_locale
from markupsafe import Markup

LANGUAGES = {"zh": "中文", "en": "English"}
COOKIE = "language"

babel = Babel()


def language() -> str:
    """Return the reader's language: the cookie's, else Chinese."""
    chosen = request.cookies.get(COOKIE, "zh") if request else "zh"
    return chosen if chosen in LANGUAGES else "zh"


def localised(zh: str, en: str) -> str:
    """Return the one of two texts that is in the language of every other sentence; reference data carry both.

    That is the reader's, or the one that the command line forces.
    """
    locale = get_locale()
    return en if locale is not None and locale.language == "en" and en else zh


def listed(items: Iterable[object], *, clauses: bool = False) -> str:
    """Return *items* as one list in the reader's language: 甲、乙 or A, B.

    clauses: the items are clauses that may hold commas of their own, so semicolons part them.
    """
    parts = ("；", "; ") if clauses else ("、", ", ")
    return localised(*parts).join(str(each) for each in items)


def in_chinese(text: str) -> Markup:
    """Return *text*, which has no English (a quotation, the title of a law), marked as Chinese for whoever reads it."""
    return Markup('<span lang="zh-CN">{}</span>').format(text) if text else Markup("")


def init_app(app: Flask) -> None:
    babel.init_app(app, default_locale="zh", default_timezone="Asia/Shanghai", locale_selector=language)
    app.jinja_env.globals.update(
        language=language, languages=LANGUAGES, localised=localised, listed=listed, in_chinese=in_chinese
    )
