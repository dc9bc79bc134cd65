"""legal documents with their standing, what rests on them, comments on questions"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from question_bank.sources import source_key

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INDEXES = (
    ("state", "submitted_at", "code"),
    ("state", "author_id"),
    ("legal_document_id", "state"),
    ("legal_document_id", "code"),
    ("source_to",),
)
STANDINGS = ("in_force", "changed", "repealed")
APPEND_ONLY = {"question_comment": (("id",),), "source_suspension": (("question_id", "event_id"),)}


def upgrade():
    _documents()
    _columns()
    _review()
    _append_only()
    _link()


def _documents():
    op.create_table(
        "legal_document",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column(
            "standing",
            sa.Enum(*STANDINGS, name="legal_document_standing", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("changed_on", sa.Date(), nullable=True),
        sa.Column("articles", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("document_number", sa.String(80), nullable=False),
        sa.Column("replaced_by", sa.String(200), nullable=False),
        sa.Column("recorded_by_id", sa.BigInteger(), nullable=True),
        sa.Column("recorded_by_name", sa.String(100), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(standing = 'in_force') = (changed_on IS NULL)", name=op.f("ck_legal_document_changed_with_day")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_document")),
        sa.UniqueConstraint("key", name=op.f("uq_legal_document_key")),
    )


def _columns():
    """Add columns where they stand: re-creating the table on SQLite would lose its triggers and break what points at it."""
    reference = "CONSTRAINT fk_question_legal_document_id REFERENCES legal_document (id)"
    type_of_id = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(f"ALTER TABLE question ADD COLUMN legal_document_id {type_of_id} {reference}")
    op.add_column("question", sa.Column("author_id", sa.BigInteger(), nullable=True))
    op.add_column("question", sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("question", sa.Column("source_from", sa.Date(), nullable=True))
    op.add_column("question", sa.Column("source_to", sa.Date(), nullable=True))
    for columns in INDEXES:
        op.create_index(op.f(f"ix_question_{'_'.join(columns)}"), "question", list(columns))


def _review():
    op.create_table(
        "question_comment",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("question_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        sa.Column("author_name", sa.String(100), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_question_comment_question_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_comment")),
    )
    op.create_index("ix_question_comment_question_id", "question_comment", ["question_id"])
    op.create_table(
        "source_suspension",
        sa.Column("question_id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_source_suspension_question_id")),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_source_suspension_event_id")),
        sa.PrimaryKeyConstraint("question_id", "event_id", name=op.f("pk_source_suspension")),
    )
    op.create_index("ix_source_suspension_event_id", "source_suspension", ["event_id"])


def _append_only():
    if op.get_bind().dialect.name == "postgresql":
        for table in APPEND_ONLY:
            for name, event, each in (("append_only", "UPDATE OR DELETE", "ROW"), ("no_truncate", "TRUNCATE", "STATEMENT")):
                op.execute(f"""
                    CREATE TRIGGER {table}_{name} BEFORE {event} ON {table}
                    FOR EACH {each} EXECUTE FUNCTION bikao_refuse_change()
                """)
        return
    for table, keys in APPEND_ONLY.items():
        held = " OR ".join("(" + " AND ".join(f"{name} = NEW.{name}" for name in key) + ")" for key in keys)
        refused = {
            "no_update": "UPDATE ON {0}",
            "no_delete": "DELETE ON {0}",
            "no_replace": "INSERT ON {0} WHEN EXISTS (SELECT 1 FROM {0} WHERE " + held + ")",
        }
        for name, event in refused.items():
            op.execute(f"""
                CREATE TRIGGER {table}_{name} BEFORE {event.format(table)}
                BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
            """)


def _link():
    """Give every document that a question names its row; author and day of sending come from the current version."""
    bind = op.get_bind()
    ids = {}
    for name in sorted(bind.scalars(sa.text("SELECT DISTINCT source_document FROM question"))):
        key = source_key(name)
        if not key:
            continue
        if key not in ids:
            ids[key] = _document(bind, key, name)
        link = sa.text("UPDATE question SET legal_document_id = :document WHERE source_document = :name")
        bind.execute(link, {"document": ids[key], "name": name})
    current = """
        FROM question_version AS version
        WHERE version.question_id = question.id AND version.number = question.current_version
    """
    op.execute(f"UPDATE question SET author_id = (SELECT version.author_id {current})")
    op.execute(f"UPDATE question SET submitted_at = (SELECT version.created_at {current}) WHERE state = 'in_review'")


def _document(bind, key, name):
    table = sa.table(
        "legal_document",
        *(sa.column(one) for one in ("id", "key", "name", "standing", "note", "document_number", "replaced_by")),
        sa.column("articles", sa.JSON()),
        sa.column("created_at", sa.DateTime(timezone=True)),
    )
    blank = {"note": "", "document_number": "", "replaced_by": "", "articles": []}
    moment = datetime.now(UTC)
    values = {"key": key, "name": name, "standing": "in_force", "created_at": moment, **blank}
    return bind.scalar(sa.insert(table).values(**values).returning(table.c.id))


def downgrade():
    raise RuntimeError("what was said and suspended must not be forgotten; restore a backup instead")
