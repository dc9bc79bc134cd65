"""statistics of questions and sittings, computed by jobs"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "item_statistics",
        sa.Column("question_version_id", ID, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("exposure", sa.Integer(), nullable=False),
        sa.Column("facility", sa.Double(), nullable=True),
        sa.Column("discrimination", sa.Double(), nullable=True),
        sa.Column("median_seconds", sa.Double(), nullable=True),
        sa.Column("option_counts", sa.JSON(), nullable=False),
        sa.Column("best", sa.Integer(), nullable=False),
        sa.Column("best_counts", sa.JSON(), nullable=False),
        sa.Column("drift", sa.JSON(), nullable=True),
        sa.Column("sums", sa.JSON(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("n >= 0 AND exposure >= n", name=op.f("ck_item_statistics_answers_within_papers")),
        sa.CheckConstraint("facility BETWEEN 0 AND 1", name=op.f("ck_item_statistics_facility_is_share")),
        sa.CheckConstraint(
            "discrimination BETWEEN -1 AND 1", name=op.f("ck_item_statistics_discrimination_is_correlation")
        ),
        sa.ForeignKeyConstraint(
            ["question_version_id"], ["question_version.id"], name=op.f("fk_item_statistics_question_version_id")
        ),
        sa.PrimaryKeyConstraint("question_version_id", name=op.f("pk_item_statistics")),
    )
    op.create_table(
        "attention_reason",
        sa.Column("question_version_id", ID, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_version_id"],
            ["item_statistics.question_version_id"],
            name=op.f("fk_attention_reason_question_version_id"),
        ),
        sa.PrimaryKeyConstraint("question_version_id", "code", name=op.f("pk_attention_reason")),
    )
    op.create_index("ix_attention_reason_code", "attention_reason", ["code"])
    op.create_table(
        "sitting_item",
        sa.Column("sitting_id", ID, nullable=False),
        sa.Column("question_version_id", ID, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("sums", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_version_id"], ["question_version.id"], name=op.f("fk_sitting_item_question_version_id")
        ),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"], name=op.f("fk_sitting_item_sitting_id")),
        sa.PrimaryKeyConstraint("sitting_id", "question_version_id", name=op.f("pk_sitting_item")),
    )
    op.create_index(op.f("ix_sitting_item_question_version_id"), "sitting_item", ["question_version_id"])
    op.create_table(
        "sitting_statistics",
        sa.Column("sitting_id", ID, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("mean", sa.Double(), nullable=True),
        sa.Column("deviation", sa.Double(), nullable=True),
        sa.Column("reliability", sa.Double(), nullable=True),
        sa.Column("standard_error", sa.Double(), nullable=True),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("n >= 0", name=op.f("ck_sitting_statistics_n_from_0")),
        sa.CheckConstraint("reliability <= 1", name=op.f("ck_sitting_statistics_reliability_up_to_1")),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"], name=op.f("fk_sitting_statistics_sitting_id")),
        sa.PrimaryKeyConstraint("sitting_id", name=op.f("pk_sitting_statistics")),
    )
    _ask_for_those_that_are_closed()


def _ask_for_those_that_are_closed():
    """Sittings that closed before there were statistics get theirs from the worker, as every other does."""
    sitting = sa.table("sitting", sa.column("id"), sa.column("state"))
    job = sa.table(
        "job",
        sa.column("kind"),
        sa.column("arguments", sa.JSON()),
        sa.column("state"),
        sa.column("done"),
        sa.column("total"),
        sa.column("attempts"),
        sa.column("created_at", sa.DateTime(timezone=True)),
    )
    closed = op.get_bind().scalars(sa.select(sitting.c.id).where(sitting.c.state == "closed").order_by(sitting.c.id))
    usual = {"kind": "compute_statistics", "state": "queued", "done": 0, "total": 0, "attempts": 0}
    rows = [{**usual, "arguments": {"sitting_id": each}, "created_at": datetime.now(UTC)} for each in closed]
    if rows:
        op.bulk_insert(job, rows)


def downgrade():
    op.drop_table("sitting_statistics")
    op.drop_table("sitting_item")
    op.drop_table("attention_reason")
    op.drop_table("item_statistics")
    job = sa.table("job", sa.column("kind"), sa.column("state"))
    op.execute(job.delete().where(job.c.kind == "compute_statistics", job.c.state == "queued"))
