"""copies to filter by, tags, counts, search index, fingerprints and bands of similarity for large banks; pictures"""

import sqlalchemy as sa
from alembic import op

from question_bank.errors import InvalidQuestionError
from question_bank.fingerprint import fingerprint
from question_bank.questions import Question
from question_bank.search_text import search_text, tokens
from question_bank.similarity import bands

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = ("draft", "in_review", "approved", "suspended", "retired")
INDEXES = (
    ("bank_id", "code"),
    ("bank_id", "state", "code"),
    ("bank_id", "kind", "code"),
    ("bank_id", "difficulty", "code"),
    ("bank_id", "knowledge_point", "code"),
    ("bank_id", "source_document", "code"),
    ("bank_id", "current_version", "code"),
    ("bank_id", "state", "kind", "difficulty"),
)
AT_ONCE = 1000

question = sa.table(
    "question",
    *(sa.column(name) for name in ("id", "bank_id", "code", "state", "current_version", "kind", "difficulty")),
    *(sa.column(name) for name in ("knowledge_point", "source_document", "search_text", "fingerprint")),
)
version = sa.table(
    "question_version",
    *(sa.column(name) for name in ("question_id", "number", "kind", "stem", "difficulty", "knowledge_point")),
    *(sa.column("source_document"), sa.column("payload", sa.JSON())),
)
tag = sa.table("question_tag", sa.column("question_id"), sa.column("tag"), sa.column("bank_id"))
band = sa.table("question_band", sa.column("value"), sa.column("question_id"))


def upgrade():
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    _add_columns(is_sqlite)
    _create_tables()
    op.execute(SEARCH_SQLITE if is_sqlite else SEARCH_POSTGRESQL)
    _fill()
    if not is_sqlite:
        op.execute(SEARCH_INDEX_POSTGRESQL)
    _create_indexes()
    op.execute("""
        INSERT INTO question_count (bank_id, state, kind, difficulty, questions)
        SELECT bank_id, state, kind, difficulty, count(*) FROM question GROUP BY bank_id, state, kind, difficulty
    """)
    for statement in TRIGGERS_SQLITE if is_sqlite else TRIGGERS_POSTGRESQL:
        op.execute(statement)


def _add_columns(is_sqlite):
    """Add the copies. SQLite keeps the default that fills rows which are there: without it the table would have to be
    made anew, which the foreign keys that point at it forbid."""
    copies = (
        sa.Column("kind", sa.String(40), nullable=False, server_default=""),
        sa.Column("difficulty", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("knowledge_point", sa.String(80), nullable=False, server_default=""),
        sa.Column("source_document", sa.String(200), nullable=False, server_default=""),
        sa.Column("search_text", sa.Text(), nullable=False, server_default=""),
        sa.Column("fingerprint", sa.String(64), nullable=True),
    )
    for column in copies:
        op.add_column("question", column)
        if not is_sqlite and not column.nullable:
            op.alter_column("question", column.name, server_default=None)


def _create_tables():
    op.create_table(
        "picture",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("media_type", sa.String(40), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_picture")),
    )
    op.create_table(
        "question_tag",
        sa.Column("question_id", ID, nullable=False),
        sa.Column("tag", sa.String(64), nullable=False),
        sa.Column("bank_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_question_tag_question_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("question_id", "tag", name=op.f("pk_question_tag")),
    )
    op.create_table(
        "question_band",
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("question_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("value", "question_id", name=op.f("pk_question_band")),
        sqlite_with_rowid=False,
    )
    state = sa.Enum(*STATES, name="question_count_state", native_enum=False, create_constraint=True, length=40)
    op.create_table(
        "question_count",
        sa.Column("id", ID, nullable=False),
        sa.Column("bank_id", sa.BigInteger(), nullable=False),
        sa.Column("state", state, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("difficulty", sa.Integer(), nullable=False),
        sa.Column("questions", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_count")),
    )


def _fill():
    """Read every question's current version, a thousand at once, and write what is kept beside it."""
    bind = op.get_bind()
    last, seen = 0, set()
    current = sa.and_(version.c.question_id == question.c.id, version.c.number == question.c.current_version)
    columns = [question.c.id, question.c.bank_id, question.c.code, question.c.state, *version.c]
    query = sa.select(*columns).join_from(question, version, current).order_by(question.c.id).limit(AT_ONCE)
    while rows := bind.execute(query.where(question.c.id > last)).all():
        _fill_some(bind, rows, seen)
        last = rows[-1].id


def _fill_some(bind, rows, seen):
    copies, tags, values, searched = [], [], [], []
    for row in rows:
        try:
            content = Question.from_payload(row.payload)
            stem, own = content.plain_stem, fingerprint(content)
        except InvalidQuestionError:  # an older rule let it in; it is found and shown, and may have a twin
            stem, own = row.stem, None
        if row.state != "retired":  # two of the same that are both in use: the first one keeps the place
            own = None if own in seen else own
            seen.add(own)
        text = search_text(row.code, stem)
        names = ("kind", "difficulty", "knowledge_point", "source_document")
        copies.append({"own_id": row.id, "search_text": text, "fingerprint": own, **{n: getattr(row, n) for n in names}})
        tags += [{"question_id": row.id, "tag": one, "bank_id": row.bank_id} for one in row.payload.get("tags", ())]
        values += [{"value": value, "question_id": row.id} for value in bands(stem)]
        searched.append({"id": row.id, "bank_id": row.bank_id, "tokens": " ".join(tokens(text))})
    bind.execute(sa.update(question).where(question.c.id == sa.bindparam("own_id")).values(_bound(copies[0])), copies)
    for table, found in ((tag, tags), (band, values)):
        if found:
            bind.execute(sa.insert(table), found)
    bind.execute(sa.text(INDEX_SQLITE if bind.dialect.name == "sqlite" else INDEX_POSTGRESQL), searched)


def _bound(row):
    return {name: sa.bindparam(name) for name in row if name != "own_id"}


def _create_indexes():
    for columns in INDEXES:
        op.create_index(op.f(f"ix_question_{'_'.join(columns)}"), "question", list(columns))
    in_use = sa.text("state <> 'retired'")
    op.create_index(
        "uq_question_fingerprint",
        "question",
        ["fingerprint"],
        unique=True,
        sqlite_where=in_use,
        postgresql_where=in_use,
    )
    op.drop_index("ix_question_bank_id_state", "question")
    op.create_index(op.f("ix_question_tag_bank_id_tag_question_id"), "question_tag", ["bank_id", "tag", "question_id"])
    op.create_index(op.f("ix_question_band_question_id"), "question_band", ["question_id"])
    op.create_index(
        op.f("ix_question_count_bank_id_state_kind_difficulty"),
        "question_count",
        ["bank_id", "state", "kind", "difficulty"],
    )


# The search index stands outside the models: each database has its own kind. app/banks/search.py reads and writes it.
SEARCH_SQLITE = """
    CREATE VIRTUAL TABLE question_search USING fts5 (tokens, tokenize = 'ascii', detail = 'none', columnsize = 0)
"""
SEARCH_POSTGRESQL = """
    CREATE TABLE question_search (
        question_id bigint CONSTRAINT pk_question_search PRIMARY KEY, bank_id bigint NOT NULL, tokens tsvector NOT NULL
    )
"""
# What was written last waits in a list that every search reads: short enough not to be felt, long enough that an import
# does not pay for every pair of characters on its own.
SEARCH_INDEX_POSTGRESQL = """
    CREATE INDEX ix_question_search_tokens ON question_search USING gin (tokens)
    WITH (fastupdate = on, gin_pending_list_limit = 512)
"""
INDEX_SQLITE = "INSERT INTO question_search (rowid, tokens) VALUES (:id, :tokens || ' bank' || :bank_id)"
INDEX_POSTGRESQL = """
    INSERT INTO question_search (question_id, bank_id, tokens)
    VALUES (:id, :bank_id, array_to_tsvector(string_to_array(:tokens, ' ')))
"""

# What a deleted question leaves behind goes with it, however it is deleted; and whatever changes a bank, of whichever
# part of the program, is counted.
TRIGGERS_SQLITE = (
    """
    CREATE TRIGGER question_forgotten AFTER DELETE ON question BEGIN
        DELETE FROM question_search WHERE rowid = OLD.id;
        DELETE FROM question_band WHERE question_id = OLD.id;
        UPDATE question_count SET questions = questions - 1 WHERE bank_id = OLD.bank_id
            AND state = OLD.state AND kind = OLD.kind AND difficulty = OLD.difficulty;
    END
    """,
    """
    CREATE TRIGGER question_counted AFTER INSERT ON question BEGIN
        INSERT INTO question_count (bank_id, state, kind, difficulty, questions)
            SELECT NEW.bank_id, NEW.state, NEW.kind, NEW.difficulty, 0 WHERE NOT EXISTS (
                SELECT 1 FROM question_count WHERE bank_id = NEW.bank_id
                AND state = NEW.state AND kind = NEW.kind AND difficulty = NEW.difficulty);
        UPDATE question_count SET questions = questions + 1 WHERE bank_id = NEW.bank_id
            AND state = NEW.state AND kind = NEW.kind AND difficulty = NEW.difficulty;
    END
    """,
    """
    CREATE TRIGGER question_recounted AFTER UPDATE OF bank_id, state, kind, difficulty ON question
    WHEN OLD.bank_id <> NEW.bank_id OR OLD.state <> NEW.state OR OLD.kind <> NEW.kind
        OR OLD.difficulty <> NEW.difficulty
    BEGIN
        UPDATE question_count SET questions = questions - 1 WHERE bank_id = OLD.bank_id
            AND state = OLD.state AND kind = OLD.kind AND difficulty = OLD.difficulty;
        INSERT INTO question_count (bank_id, state, kind, difficulty, questions)
            SELECT NEW.bank_id, NEW.state, NEW.kind, NEW.difficulty, 0 WHERE NOT EXISTS (
                SELECT 1 FROM question_count WHERE bank_id = NEW.bank_id
                AND state = NEW.state AND kind = NEW.kind AND difficulty = NEW.difficulty);
        UPDATE question_count SET questions = questions + 1 WHERE bank_id = NEW.bank_id
            AND state = NEW.state AND kind = NEW.kind AND difficulty = NEW.difficulty;
    END
    """,
)
TRIGGERS_POSTGRESQL = (
    # Folds in the rows of a group that no other transaction holds, and waits for none: the sum stays right whoever
    # commits first, and nobody queues behind an import.
    """
    CREATE FUNCTION bikao_count_questions(of_bank bigint, of_state text, of_kind text, of_difficulty int, by int)
    RETURNS void LANGUAGE plpgsql AS $$
    DECLARE known bigint;
    BEGIN
        WITH folded AS (
            DELETE FROM question_count WHERE id IN (
                SELECT id FROM question_count WHERE bank_id = of_bank
                AND state = of_state AND kind = of_kind AND difficulty = of_difficulty
                FOR UPDATE SKIP LOCKED
            ) RETURNING questions
        ) SELECT coalesce(sum(questions), 0) INTO known FROM folded;
        INSERT INTO question_count (bank_id, state, kind, difficulty, questions)
            VALUES (of_bank, of_state, of_kind, of_difficulty, known + by);
    END $$
    """,
    """
    CREATE FUNCTION bikao_questions_counted() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'INSERT' THEN
            PERFORM bikao_count_questions(bank_id, state, kind, difficulty, count(*)::int)
            FROM new_questions GROUP BY bank_id, state, kind, difficulty;
        ELSIF TG_OP = 'DELETE' THEN
            PERFORM bikao_count_questions(bank_id, state, kind, difficulty, -count(*)::int)
            FROM old_questions GROUP BY bank_id, state, kind, difficulty;
            DELETE FROM question_search WHERE question_id IN (SELECT id FROM old_questions);
            DELETE FROM question_band WHERE question_id IN (SELECT id FROM old_questions);
        ELSE
            PERFORM bikao_count_questions(bank_id, state, kind, difficulty, sum(change)::int)
            FROM (
                SELECT bank_id, state, kind, difficulty, 1 AS change FROM new_questions
                UNION ALL SELECT bank_id, state, kind, difficulty, -1 FROM old_questions
            ) AS changed
            GROUP BY bank_id, state, kind, difficulty HAVING sum(change) <> 0;
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER question_counted AFTER INSERT ON question
    REFERENCING NEW TABLE AS new_questions FOR EACH STATEMENT EXECUTE FUNCTION bikao_questions_counted()
    """,
    """
    CREATE TRIGGER question_recounted AFTER UPDATE ON question
    REFERENCING OLD TABLE AS old_questions NEW TABLE AS new_questions
    FOR EACH STATEMENT EXECUTE FUNCTION bikao_questions_counted()
    """,
    """
    CREATE TRIGGER question_forgotten AFTER DELETE ON question
    REFERENCING OLD TABLE AS old_questions FOR EACH STATEMENT EXECUTE FUNCTION bikao_questions_counted()
    """,
)


def downgrade():
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for name in ("question_counted", "question_recounted", "question_forgotten"):
        op.execute(f"DROP TRIGGER {name}" if is_sqlite else f"DROP TRIGGER {name} ON question")
    if not is_sqlite:
        op.execute("DROP FUNCTION bikao_questions_counted, bikao_count_questions")
    for table in ("question_search", "question_count", "question_band", "question_tag", "picture"):
        op.drop_table(table)
    for columns in INDEXES:
        op.drop_index(op.f(f"ix_question_{'_'.join(columns)}"), "question")
    op.drop_index("uq_question_fingerprint", "question")
    for name in ("kind", "difficulty", "knowledge_point", "source_document", "search_text", "fingerprint"):
        op.execute(f"ALTER TABLE question DROP COLUMN {name}")
    op.create_index("ix_question_bank_id_state", "question", ["bank_id", "state"])
