"""statistics computed again: discrimination within sittings, parts of case studies with their options"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

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
usual = {"kind": "compute_statistics", "state": "queued", "done": 0, "total": 0, "attempts": 0}


def upgrade():
    """Every closed sitting is counted again by the worker; those that wait for it already are not asked for twice."""
    asked = sa.select(job.c.arguments).where(job.c.kind == usual["kind"], job.c.state == usual["state"])
    waiting = {arguments["sitting_id"] for arguments in op.get_bind().scalars(asked)}
    closed = op.get_bind().scalars(sa.select(sitting.c.id).where(sitting.c.state == "closed").order_by(sitting.c.id))
    rows = [
        {**usual, "arguments": {"sitting_id": each}, "created_at": datetime.now(UTC)}
        for each in closed
        if each not in waiting
    ]
    if rows:
        op.bulk_insert(job, rows)


def downgrade():
    """The sums of this version cannot be read by the one before: they go, and the worker counts the sittings again."""
    for table in ("attention_reason", "item_statistics", "sitting_item"):
        op.execute(sa.table(table).delete())
    upgrade()
