"""drafts that were discarded, pictures that no version has shown, an index for the jobs that somebody asked for"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

AT_ONCE = 1000
SHOWN = re.compile(r"picture:([0-9a-f]{64})")

# On the column itself, so that SQLite takes it without making the table anew.
DISCARDED = """
    ALTER TABLE question_version ADD COLUMN discarded_at {type}
    CONSTRAINT ck_question_version_discarded_unapproved CHECK (discarded_at IS NULL OR approved_at IS NULL)
"""

picture = sa.table("picture", sa.column("digest"), sa.column("created_at"), sa.column("unclaimed_since"))
version = sa.table("question_version", sa.column("id"), sa.column("payload"))


def upgrade():
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute(DISCARDED.format(type="DATETIME" if is_sqlite else "TIMESTAMP WITH TIME ZONE"))
    op.add_column("picture", sa.Column("unclaimed_since", sa.DateTime(timezone=True), nullable=True))
    _find_unclaimed()
    op.create_index(op.f("ix_picture_unclaimed_since"), "picture", ["unclaimed_since"])
    op.create_index(op.f("ix_job_created_by_id_created_at"), "job", ["created_by_id", "created_at"])


def _find_unclaimed():
    """Of the pictures that are there, those that no version shows were uploaded and left: the worker removes them."""
    bind = op.get_bind()
    left = set(bind.scalars(sa.select(picture.c.digest)))
    last = 0
    text = sa.cast(version.c.payload, sa.Text)
    query = sa.select(version.c.id, text).where(text.contains("picture:")).order_by(version.c.id).limit(AT_ONCE)
    while left and (rows := bind.execute(query.where(version.c.id > last)).all()):
        left -= {digest for _id, payload in rows for digest in SHOWN.findall(payload)}
        last = rows[-1].id
    for digest in sorted(left):
        own = sa.update(picture).where(picture.c.digest == digest)
        bind.execute(own.values(unclaimed_since=picture.c.created_at))


def downgrade():
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM question_version WHERE discarded_at IS NOT NULL")):
        raise RuntimeError("drafts were discarded; the version before would count them again: restore a backup instead")
    op.drop_index(op.f("ix_job_created_by_id_created_at"), "job")
    op.drop_index(op.f("ix_picture_unclaimed_since"), "picture")
    op.drop_column("picture", "unclaimed_since")
    op.drop_column("question_version", "discarded_at")
