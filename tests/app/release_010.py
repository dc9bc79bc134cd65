"""A database as release 0.1.0 (migration 0002) left it, written with its own columns: nothing here knows a later model.

What it holds is small, but has every shape that a later migration must bring along: questions in all states, an edited
one, one that somebody entered twice, an exam that was sat and answered.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

MOMENT = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
BANK, PAST, PAPER_QUESTION = "general", "一次性示例题干", "qa-0002"
TRUE_FALSE = [{"key": "A", "text": "正确"}, {"key": "B", "text": "错误"}]


def payload(code: str, kind: str, stem: str, key: list[str], version: int = 1, **changes: Any) -> dict[str, Any]:
    """Return a question as 0.1.0 wrote it."""
    letters = "ABCD"
    options = TRUE_FALSE if kind == "true_false" else [{"key": one, "text": f"示例{one}"} for one in letters]
    return {
        "code": code,
        "version": version,
        "bank": BANK,
        "kind": kind,
        "stem": stem,
        "options": options,
        "key": key,
        "explanation": "示例解析。",
        "knowledge_point": "示例知识点",
        "difficulty": 2,
        "tags": ["major_hazard_criteria", "重点"],
        "source_document": "示例法规",
        "source_article": "第一条",
        **changes,
    }


# state and versions of each question, the last one current
QUESTIONS: list[tuple[str, list[dict[str, Any]]]] = [
    ("draft", [payload("qa-0001", "single_choice", "生产经营单位应当建立示例制度（　　）。", ["B"])]),
    (
        "approved",
        [
            payload("qa-0002", "single_choice", PAST, ["A"]),
            payload("qa-0002", "single_choice", "Ａ级示例题干，不得少于3.5米（　　）。", ["C"], 2, difficulty=3),
        ],
    ),
    ("in_review", [payload("qa-0003", "multiple_choice", "下列属于示例的有（　　）。", ["A", "C"], tags=[])]),
    ("suspended", [payload("qa-0004", "true_false", "示例判断题。", ["A"], knowledge_point="另一知识点")]),
    ("retired", [payload("qa-0005", "true_false", "停用的示例判断题。", ["B"])]),
    # The same question again, which a race of 0.1.0 could let in, and once more beside the retired one.
    ("draft", [payload("qa-0006", "single_choice", "生产经营单位应当建立示例制度( )", ["B"])]),
    ("approved", [payload("qa-0007", "true_false", "停用的示例判断题", ["B"])]),
    # A rule of the time let it in that no longer holds.
    ("approved", [payload("qa-0008", "true_false", " 前面有空格的示例题。", ["A"])]),
]


def fill(connection: sa.Connection) -> None:
    """Write everything; *connection* is at migration 0002."""
    tables = sa.MetaData()
    tables.reflect(connection)

    def add(table: str, **values: Any) -> None:
        connection.execute(sa.insert(tables.tables[table]).values(**values))

    _questions(add)
    _people(add)
    _exam(add)


def _questions(add: Any) -> None:
    add("bank", id=1, code=BANK, name_zh="通用题库", name_en="General", purpose="live", created_at=MOMENT)
    number = 0
    for question_id, (state, versions) in enumerate(QUESTIONS, start=1):
        code, current = versions[0]["code"], len(versions)
        add("question", id=question_id, bank_id=1, code=code, state=state, current_version=current, created_at=MOMENT)
        for said in versions:
            number += 1
            names = ("kind", "stem", "difficulty", "knowledge_point", "source_document", "source_article")
            add(
                "question_version",
                id=number,
                question_id=question_id,
                number=said["version"],
                payload=said,
                digest=digest(said),
                author_name="示例作者",
                author_id=1,
                created_at=MOMENT,
                **{name: said[name] for name in names},
            )


def digest(said: dict[str, Any]) -> str:
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _people(add: Any) -> None:
    made = {"created_at": MOMENT}
    add("user", id=1, login="wang", name="示例作者", is_active=True, session_version=1, failed_sign_ins=0, **made)
    add(
        "person",
        id=1,
        name="章示例",
        document_kind="identity_card",
        document_number=b"sealed",
        document_index="0" * 64,
        document_last4="0000",
        **made,
    )
    firm = {"credit_code": "91330100000000001A", "name": "示例企业", "region_code": "330102"}
    add("enterprise", id=1, scale="medium", **firm, **made)
    add("institution", id=1, code="PX01", address="", standing="active", **{**firm, "credit_code": "1" * 18}, **made)
    add("exam_site", id=1, code="KD01", address="", seats=30, is_active=True, **firm, **made)
    add(
        "course_version",
        id=1,
        code="sample",
        version="1",
        title_zh="示例课程",
        title_en="Sample",
        sector_code="general",
        role_code="principal",
        kind="initial",
        hours=800,
        definition={},
        valid_from=date(2025, 1, 1),
    )


def _exam(add: Any) -> None:
    made = {"created_at": MOMENT}
    add(
        "training_session",
        id=1,
        code="PX2026-0001",
        title="示例培训班",
        institution_id=1,
        course_version_id=1,
        mode="onsite",
        region_code="330100",
        starts_on=date(2026, 1, 5),
        ends_on=date(2026, 1, 6),
        capacity=30,
        state="scheduled",
        **made,
    )
    add("classroom", id=1, training_session_id=1, name="主课堂", place="示例教室", is_main=True)
    add(
        "enrolment",
        id=1,
        training_session_id=1,
        person_id=1,
        enterprise_id=1,
        role_code="principal",
        classroom_id=1,
        state="enrolled",
        credited_hours=800,
        **made,
    )
    add(
        "sitting",
        id=1,
        code="KS2026-0001",
        training_session_id=1,
        exam_site_id=1,
        is_resit=False,
        starts_at=MOMENT,
        entry_until=MOMENT + timedelta(minutes=30),
        duration_minutes=60,
        rule={"pass_percent": 80, "resits": 1, "pass_valid_months": 12},
        blueprint={},
        pool=[2],
        pool_digest="0" * 64,
        seed_commitment="0" * 64,
        seed=b"\0" * 32,
        state="closed",
        opened_at=MOMENT,
        closed_at=MOMENT + timedelta(hours=1),
        **made,
    )
    add("candidate", id=1, sitting_id=1, enrolment_id=1, admission_number="000000000001", **made)
    add(
        "attempt",
        id=1,
        candidate_id=1,
        enrolment_id=1,
        number=1,
        state="open",
        paper=[{"question": payload(PAPER_QUESTION, "single_choice", PAST, ["A"]), "points": 10000}],
        paper_digest="0" * 64,
        started_at=MOMENT,
        deadline_at=MOMENT + timedelta(hours=1),
        maximum=10000,
    )
    add("answer", id=1, attempt_id=1, sequence=1, slot=1, response=["A"], saved_at=MOMENT)
