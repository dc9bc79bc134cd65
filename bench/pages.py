"""Pages of a small and of a large bank, measured in turns through the whole application."""

from __future__ import annotations

import gc
import re
import statistics
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import Context
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.banks.finding import MOST_PAGES
from app.core.db import db
from bench.databases import LOGIN, PASSWORD
from bench.synthetic import COMMON, RARE
from question_bank.questions import MAJOR_HAZARD_CRITERIA

WARM_UP, ROUNDS = 4, 21
LIST = "/banks/general"
PAGES: Mapping[str, str] = {
    "list": LIST,
    "filter state": f"{LIST}?state=suspended",
    "filter kind": f"{LIST}?kind=single_choice",
    "filter difficulty": f"{LIST}?difficulty=3",
    "filter knowledge point": f"{LIST}?knowledge_point={quote('示例知识点07')}",
    "filter source": f"{LIST}?source={quote('示例安全规程第7部')}",
    "filter tag": f"{LIST}?tag={MAJOR_HAZARD_CRITERIA}",
    "filter combined": f"{LIST}?state=approved&kind=multiple_choice&difficulty=3",
    "filter of everything": f"{LIST}?kind=numeric&tag={quote('易错')}&knowledge_point={quote('示例知识点07')}",
    "sort difficulty": f"{LIST}?sort=-difficulty",
    "sort kind of one state": f"{LIST}?sort=kind&state=draft",
    "search common": f"{LIST}?q={quote(COMMON)}",
    "search rare": f"{LIST}?q={quote(RARE)}",
    "search one character": f"{LIST}?q={quote('查')}",
    "search two characters": f"{LIST}?q={quote('演练')}",
    "search four characters": f"{LIST}?q={quote('工伤认定')}",
    "search two words": f"{LIST}?q={quote('粉尘 验收')}",
    "search code": f"{LIST}?q=general-0007",
    "search no hit": f"{LIST}?q={quote('没有这样的词')}",
    "search and filter": f"{LIST}?q={quote('消防')}&kind=case_study&state=approved",
    "last page": f"{LIST}?page={MOST_PAGES}",
    "banks": "/banks",
    "question": "/questions/{question}",
    "review": "/banks/review",
    "review search": f"/banks/review?q={quote(COMMON)}",
}


class Reader:
    """Somebody who is signed in and opens pages of one installation."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            query = "SELECT q.id FROM question q JOIN bank b ON b.id = q.bank_id WHERE b.code = 'general' ORDER BY q.id"
            self.question = db.session.execute(sa.text(query + " LIMIT 1 OFFSET 500")).scalar_one()
        self.client = _signed_in(app)

    def open(self, address: str) -> float:
        """Open a page; return how long the application took, in milliseconds."""
        started = time.perf_counter()
        answer = Context().run(self.client.get, address.format(question=self.question))
        took = (time.perf_counter() - started) * 1000
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: {answer.status_code}")
        return took

    def statements(self, address: str) -> int:
        """Return how many statements a page takes, transaction brackets left out."""
        with self.app.app_context():
            engine = db.engine
        with _heard(engine) as heard:
            self.open(address)
        return len(heard)


def compare(small: Reader, large: Reader) -> dict[str, dict[str, Any]]:
    """Return of each page: medians of both (ms), their ratio, and how many statements each takes."""
    found: dict[str, dict[str, Any]] = {}
    for name, address in PAGES.items():
        times: dict[str, list[float]] = {"small": [], "large": []}
        gc.collect()
        for turn in range(WARM_UP + ROUNDS):
            for which, reader in (("small", small), ("large", large))[:: 1 if turn % 2 else -1]:
                took = reader.open(address)
                if turn >= WARM_UP:
                    times[which].append(took)
        ms = {which: statistics.median(all_of) for which, all_of in times.items()}
        found[name] = {
            "small_ms": round(ms["small"], 2),
            "large_ms": round(ms["large"], 2),
            "ratio": round(ms["large"] / ms["small"], 2),
            "small_statements": small.statements(address),
            "large_statements": large.statements(address),
        }
    return found


def _signed_in(app: Flask) -> FlaskClient:
    client = app.test_client()
    page = client.get("/sign-in").get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    if token is None:
        raise RuntimeError("the sign-in page has no form")
    form = {"login": LOGIN, "password": PASSWORD, "csrf_token": token[1]}
    if client.post("/sign-in", data=form).status_code != 302:
        raise RuntimeError("signing in failed")
    return client


@contextmanager
def _heard(engine: sa.Engine) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
