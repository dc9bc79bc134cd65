"""Sample rosters for tests: rows as dictionaries by column key, written to a real .xlsx."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date
from typing import Any

from openpyxl import Workbook

from app.core import imports
from app.core.actors import NATION, SYSTEM, Actor
from app.core.clock import now
from app.core.imports import Import
from app.registry.roster.columns import COLUMNS
from app.registry.roster.kind import ROSTER
from tests import sample

HEADER = [column.names[0] for column in COLUMNS]


def row(**changes: Any) -> dict[str, Any]:
    """Return one good row: a new enterprise and a new person at each call."""
    values: dict[str, Any] = {
        "credit_code": sample.credit_code(),
        "enterprise_name": "杭州示例冶炼有限公司",
        "region_code": "330109",
        "sectors": "金属冶炼、涉爆粉尘",
        "scale": "中型",
        "opened_on": date(2018, 5, 1),
        "name": "章示例",
        "document_kind": "",
        "document_number": sample.identity_number(),
        "phone": "13800000001",
        "role_code": "主要负责人",
        "form": "法定代表人",
        "valid_from": date(2024, 1, 1),
        "valid_to": None,
    }
    return {**values, **changes}


def workbook(rows: Iterable[dict[str, Any]], header: list[str] | None = None) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(HEADER if header is None else header)
    for each in rows:
        sheet.append([each.get(column.key) for column in COLUMNS])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def checked(rows: Iterable[dict[str, Any]], territory: str = NATION, actor: Actor = SYSTEM) -> Import:
    content = workbook(rows)
    return imports.check_file(ROSTER, "示例名册.xlsx", content, {"territory": territory}, actor=actor, now=now())


def loaded(rows: Iterable[dict[str, Any]], actor: Actor = SYSTEM) -> Import:
    return imports.load(ROSTER, checked(rows, actor=actor), actor=actor, now=now())


def codes(imported: Import) -> list[tuple[int, str, str]]:
    """Return (row, column, code) of everything that is wrong."""
    return [(error["row"], error["column"], error["code"]) for error in imported.errors]
