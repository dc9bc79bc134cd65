"""What lies on the disk and in the database without the key: no number of anybody."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core import imports, storage
from app.core.actors import NATION, SYSTEM
from app.core.clock import now
from app.core.db import db
from app.core.errors import ServiceError
from app.core.imports import ImportColumn, ImportKind, RowError
from app.core.personal import PersonalData, PersonalDataError
from app.registry.documents import checked
from app.registry.roster.columns import COLUMNS
from app.registry.roster.kind import ROSTER
from tests import sample
from tests.app.test_imports import workbook

NUMBER = "330102197001010013"


def test_a_stored_file_is_unreadable_without_the_key(app: Flask) -> None:
    digest = storage.keep(f"章示例,{NUMBER}".encode())
    on_disk = storage.path_of(digest).read_bytes()
    assert NUMBER.encode() not in on_disk and "章示例".encode() not in on_disk
    assert storage.read(digest) == f"章示例,{NUMBER}".encode()
    assert storage.path_of(digest).stat().st_mode & 0o077 == 0


def test_a_stored_file_that_was_changed_or_exchanged_is_noticed(app: Flask) -> None:
    one, other = storage.keep(b"one"), storage.keep(b"other")
    storage.path_of(one).write_bytes(storage.path_of(other).read_bytes())
    with pytest.raises(PersonalDataError):
        storage.read(one)


def test_a_value_opens_under_its_own_label_only() -> None:
    keys = PersonalData(bytes(32))
    sealed = keys.seal(b"paper", b"mine")
    assert keys.unseal(sealed, b"mine") == b"paper"
    for label, stored in ((b"theirs", sealed), (b"mine", sealed[:-1]), (b"mine", b"")):
        with pytest.raises(PersonalDataError):
            keys.unseal(stored, label)


@pytest.mark.parametrize("column", [column.key for column in COLUMNS])
def test_a_number_in_the_wrong_column_is_kept_in_no_error(app: Flask, column: str) -> None:
    row = {each.key: each.example for each in COLUMNS} | {column: NUMBER}
    content = workbook([each.names[0] for each in COLUMNS], list(row.values()))
    report = imports.check_file(ROSTER, "示例.xlsx", content, {"territory": NATION}, actor=SYSTEM, now=now())
    db.session.commit()
    kept = db.session.execute(sa.text("SELECT * FROM import")).one()
    assert NUMBER not in "".join(map(str, kept))
    assert report.rows_wrong == 1 or column in ("document_number", "enterprise_name", "name", "phone")


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        (NUMBER, "***"),
        ("33010219700101001x", "***"),
        ("330102 19700101 0013", "***"),
        ("３３０１０２１９７００１０１００１３", "***"),
        ("E12345678", "***"),
        ("13800000000", "***"),
        ("2024-13-01", "2024-13-01"),
        ("2024年13月1日", "2024年13月1日"),
        ("330109", "330109"),
        ("主要负责任", "主要负责任"),
    ],
)
def test_what_looks_like_a_number_of_somebody_is_blotted_out_of_errors(app: Flask, cell: str, kept: str) -> None:
    def check(rows: Any, context: Any) -> list[RowError]:
        return [RowError(2, "岗位", "role_unknown", {"given": cell, "count": 123456789})]

    kind = ImportKind("sample", (ImportColumn("role", ("岗位",)),), check, ROSTER.load, ROSTER.undo)
    _rows, errors = imports.checked_rows(kind, kind.rows_of(workbook(["岗位"], ["x"]), {}), {})
    assert errors == [RowError(2, "岗位", "role_unknown", {"given": kept, "count": 123456789})]


def test_a_database_error_names_no_parameters(app: Flask) -> None:
    sample.person(number=NUMBER)
    db.session.commit()
    with pytest.raises(sa.exc.IntegrityError) as caught:
        sample.person("章示例甲", number=NUMBER, with_account=False)
    assert "章示例甲" not in str(caught.value)


def test_no_refusal_of_a_number_repeats_it() -> None:
    with pytest.raises(ServiceError) as caught:
        checked(None, NUMBER[:-1] + "9")
    assert not caught.value.data
