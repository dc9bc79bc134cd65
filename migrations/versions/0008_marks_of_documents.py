"""every mark of a legal document is kept; a version says when it was compared with the document as changed"""

import json
from datetime import UTC, date, datetime, timedelta, timezone

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
SHANGHAI = timezone(timedelta(hours=8))
MOVED = ("articles", "note", "document_number", "replaced_by", "recorded_by_id", "recorded_by_name", "recorded_at")
STANDINGS = ("in_force", "changed", "repealed")


def upgrade():
    _table()
    op.add_column("question_version", sa.Column("source_checked_at", MOMENT, nullable=True))
    op.add_column("question_version", sa.Column("source_checked_to", sa.Date(), nullable=True))
    bind = op.get_bind()
    marked, compared = _events(bind)
    for document in bind.execute(sa.text("SELECT * FROM legal_document ORDER BY id")).mappings().all():
        rows = _marks(marked.get(document["id"], [])) or _mark_of(document)
        if rows:
            op.bulk_insert(_mark_table(), [{"legal_document_id": document["id"], **row} for row in rows])
    _checked(bind, compared)
    for name in MOVED:
        op.drop_column("legal_document", name)


def _table():
    op.create_table(
        "legal_document_mark",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("legal_document_id", ID, nullable=False),
        sa.Column(
            "standing",
            sa.Enum(
                *STANDINGS, name="legal_document_mark_standing", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("articles", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("document_number", sa.String(80), nullable=False),
        sa.Column("replaced_by", sa.String(200), nullable=False),
        sa.Column("recorded_by_id", sa.BigInteger(), nullable=True),
        sa.Column("recorded_by_name", sa.String(100), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("carried_out_at", MOMENT, nullable=True),
        sa.Column("withdrawn_by_id", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_by_name", sa.String(100), nullable=True),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.Column("withdrawal_reason", sa.String(500), nullable=False),
        sa.CheckConstraint("standing <> 'in_force'", name=op.f("ck_legal_document_mark_changed_or_repealed")),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by_name IS NULL)",
            name=op.f("ck_legal_document_mark_withdrawn_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["legal_document_id"], ["legal_document.id"], name=op.f("fk_legal_document_mark_legal_document_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_document_mark")),
    )
    for columns in (["legal_document_id"], ["carried_out_at", "since"]):
        op.create_index(op.f(f"ix_legal_document_mark_{'_'.join(columns)}"), "legal_document_mark", columns)


def _mark_table():
    texts = ("standing", "note", "document_number", "replaced_by", "recorded_by_name")
    texts += ("withdrawn_by_name", "withdrawal_reason")
    moments = ("recorded_at", "carried_out_at", "withdrawn_at")
    return sa.table(
        "legal_document_mark",
        *(sa.column(name, sa.BigInteger()) for name in ("legal_document_id", "recorded_by_id", "withdrawn_by_id")),
        *(sa.column(name, sa.String()) for name in texts),
        *(sa.column(name, MOMENT) for name in moments),
        sa.column("since", sa.Date()),
        sa.column("articles", sa.JSON()),
    )


def _events(bind):
    """Return what the audit chain says of marks, by document, and of comparisons, oldest first."""
    names = ("kind", "subject_id", "actor_id", "actor_name")
    columns = [*(sa.column(name) for name in names), sa.column("at", MOMENT), sa.column("data", sa.JSON())]
    events = sa.table("audit_event", sa.column("id"), *columns)
    query = sa.select(*columns).where(events.c.kind.in_(["LegalDocumentMarked", "QuestionMoved"]))
    marked, compared = {}, []
    for one in bind.execute(query.select_from(events).order_by(events.c.id)).mappings():
        if one["kind"] == "LegalDocumentMarked":
            marked.setdefault(one["subject_id"], []).append(one)
        elif one["data"].get("is_source_checked"):
            compared.append(one)
    return marked, compared


def _marks(events):
    """Return the marks that *events* tell of one document: a restored one has none left, of repeals the last counts."""
    rows = []
    for one in events:
        said, by = one["data"], {"withdrawn_by_id": one["actor_id"], "withdrawn_by_name": one["actor_name"][:100]}
        taken_back = {**by, "withdrawn_at": one["at"]}
        left = [row for row in rows if row["withdrawn_at"] is None]
        if said["standing"] == "in_force":
            for row in left:
                row.update(taken_back, withdrawal_reason=said["note"])
            continue
        for row in left:
            if said["standing"] == row["standing"] == "repealed":
                row.update(taken_back)
        rows.append(_row(said, since=said["changed_on"], at=one["at"], by=(one["actor_id"], one["actor_name"])))
    return rows


def _mark_of(document):
    """Return the mark that the row of a document holds, for one that the audit chain does not tell of."""
    if document["standing"] == "in_force":
        return []
    articles = document["articles"]
    said = {**document, "articles": json.loads(articles) if isinstance(articles, str) else articles}
    at, by = document["recorded_at"] or document["created_at"], document["recorded_by_name"] or ""
    return [_row(said, since=document["changed_on"], at=_moment(at), by=(document["recorded_by_id"], by))]


def _row(said, *, since, at, by):
    """Return a mark. One that names articles is left to be carried out once more: until now it took out only those
    questions that wrote an article as the mark does."""
    return {
        **{name: said[name] for name in ("standing", "note", "document_number", "replaced_by")},
        "articles": list(said["articles"]),
        "since": since if isinstance(since, date) else date.fromisoformat(since),
        "recorded_by_id": by[0],
        "recorded_by_name": by[1][:100],
        "recorded_at": at,
        "carried_out_at": None if said["articles"] else at,
        "withdrawn_by_id": None,
        "withdrawn_by_name": None,
        "withdrawn_at": None,
        "withdrawal_reason": "",
    }


def _moment(value):
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _day(moment):
    """Return the day in China of *moment*, which SQLite gives without its zone."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(SHANGHAI).date()


def _checked(bind, events):
    versions = sa.table("question_version", *(sa.column(name) for name in ("question_id", "number")))
    versions.append_column(sa.column("source_checked_at", MOMENT))
    versions.append_column(sa.column("source_checked_to", sa.Date()))
    for one in events:
        its = (versions.c.question_id == one["subject_id"], versions.c.number == one["data"]["version"])
        said = {"source_checked_at": one["at"], "source_checked_to": _day(one["at"])}
        bind.execute(sa.update(versions).where(*its).values(**said))


def downgrade():
    raise RuntimeError("what was recorded of laws must not be forgotten; restore a backup instead")
