"""blueprints of exams; a sitting freezes the exposure of its pool"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "exam_blueprint",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("course_code", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "in_use",
                "retired",
                name="exam_blueprint_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        sa.Column("author_name", sa.String(length=100), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by_id", sa.BigInteger(), nullable=True),
        sa.Column("approved_by_name", sa.String(length=100), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("ck_exam_blueprint_number_from_1")),
        sa.CheckConstraint("based_on < number", name=op.f("ck_exam_blueprint_based_on_an_earlier_one")),
        sa.CheckConstraint(
            "state <> 'in_use' OR approved_at IS NOT NULL", name=op.f("ck_exam_blueprint_used_when_approved")
        ),
        sa.CheckConstraint(
            "author_id IS NULL OR approved_by_id IS NULL OR author_id <> approved_by_id",
            name=op.f("ck_exam_blueprint_two_people"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_blueprint")),
        sa.UniqueConstraint("course_code", "number", name=op.f("uq_exam_blueprint_course_code_number")),
    )
    for state in ("draft", "in_use"):
        one = sa.text(f"state = '{state}'")
        op.create_index(
            f"uq_exam_blueprint_{state}",
            "exam_blueprint",
            ["course_code"],
            unique=True,
            sqlite_where=one,
            postgresql_where=one,
        )
    # Added in place, with a default for the sittings that are there: SQLite would otherwise build the table anew.
    op.add_column("sitting", sa.Column("exposure", sa.JSON(), nullable=False, server_default=sa.text("'{}'")))


def downgrade():
    op.drop_column("sitting", "exposure")
    op.drop_table("exam_blueprint")
