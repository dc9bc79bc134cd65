from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Id, choice


class BlueprintState(enum.StrEnum):
    DRAFT = "draft"
    IN_USE = "in_use"
    RETIRED = "retired"


class ExamBlueprint(Base):
    """One version of the blueprint (组卷方案) that the exams of a course draw by; without one in use, the exam rule's.

    course_code: of courses.catalogue. number: version, from 1 within the course. based_on: number of the version that
    its author began from, None for the exam rule's own.
    payload: question_bank.blueprint.Blueprint.to_payload(). note: why it is as it is, for whoever puts it in use.
    What was in use once is never written over; sittings hold a copy of their own anyway.
    """

    __tablename__ = "exam_blueprint"
    __table_args__ = (
        sa.UniqueConstraint("course_code", "number"),
        sa.CheckConstraint("number >= 1", name="number_from_1"),
        sa.CheckConstraint("based_on < number", name="based_on_an_earlier_one"),
        sa.CheckConstraint("state <> 'in_use' OR approved_at IS NOT NULL", name="used_when_approved"),
        sa.CheckConstraint(
            "author_id IS NULL OR approved_by_id IS NULL OR author_id <> approved_by_id", name="two_people"
        ),
        *(
            sa.Index(
                f"uq_exam_blueprint_{state}",
                "course_code",
                unique=True,
                sqlite_where=sa.text(f"state = '{state}'"),
                postgresql_where=sa.text(f"state = '{state}'"),
            )
            for state in ("draft", "in_use")  # a course has one draft and one in use, at most
        ),
    )

    id: Mapped[Id]
    course_code: Mapped[str] = mapped_column(sa.String(80))
    number: Mapped[int]
    based_on: Mapped[int | None]
    title: Mapped[str] = mapped_column(sa.String(200))
    payload: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(sa.String(64))
    state: Mapped[BlueprintState] = mapped_column(
        choice(BlueprintState, "exam_blueprint_state"), default=BlueprintState.DRAFT
    )
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    author_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    author_name: Mapped[str] = mapped_column(sa.String(100))
    created_at: Mapped[datetime]
    approved_by_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    approved_by_name: Mapped[str | None] = mapped_column(sa.String(100))
    approved_at: Mapped[datetime | None]
