"""wordings, by which a question is found again however it is written: practice and live share none"""

import sqlalchemy as sa
from alembic import op

from question_bank.errors import InvalidQuestionError
from question_bank.questions import Question

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

AT_ONCE = 1000

question = sa.table("question", sa.column("id"), sa.column("current_version"))
version = sa.table("question_version", sa.column("question_id"), sa.column("number"), sa.column("payload", sa.JSON()))
wording = sa.table("question_wording", sa.column("digest"), sa.column("question_id"), sa.column("part"))


def upgrade():
    op.create_table(
        "question_wording",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("question_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("part", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_question_wording_question_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", "question_id", "part", name=op.f("pk_question_wording")),
        sqlite_with_rowid=False,
    )
    _fill()
    op.create_index(op.f("ix_question_wording_question_id"), "question_wording", ["question_id"])


def _fill():
    """Read every question's current version, a thousand at once, and write what it is known by."""
    bind = op.get_bind()
    last = 0
    current = sa.and_(version.c.question_id == question.c.id, version.c.number == question.c.current_version)
    query = sa.select(question.c.id, version.c.payload).join_from(question, version, current)
    query = query.order_by(question.c.id).limit(AT_ONCE)
    while rows := bind.execute(query.where(question.c.id > last)).all():
        if known := [one for row in rows for one in _wordings(row)]:
            bind.execute(sa.insert(wording), known)
        last = rows[-1].id


def _wordings(row):
    try:
        own = Question.from_payload(row.payload).wordings.own
    except InvalidQuestionError:  # an older rule let it in; it is found and shown, and may have a twin
        return []
    return [{"digest": one.digest, "question_id": row.id, "part": one.part} for one in own]


def downgrade():
    op.drop_table("question_wording")
