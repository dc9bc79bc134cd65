"""append-only tables, final states, the head of the audit chain"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPEND_ONLY = ("audit_event", "answer", "certificate_event", "standing_event")


def upgrade():
    op.execute(sa.text(f"INSERT INTO audit_head (id, length, digest) VALUES (1, 0, '{'0' * 64}')"))
    if op.get_bind().dialect.name == "postgresql":
        _postgresql()
    else:
        _sqlite()


def _postgresql():
    op.execute("""
        CREATE FUNCTION bikao_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$
    """)
    for table in APPEND_ONLY:
        op.execute(f"""
            CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION bikao_refuse_change()
        """)
    op.execute("""
        CREATE TRIGGER certificate_kept BEFORE DELETE ON certificate
        FOR EACH ROW EXECUTE FUNCTION bikao_refuse_change()
    """)
    op.execute("""
        CREATE TRIGGER certificate_final BEFORE UPDATE OF state ON certificate FOR EACH ROW
        WHEN (OLD.state IN ('revoked', 'replaced') AND NEW.state <> OLD.state) EXECUTE FUNCTION bikao_refuse_change()
    """)
    op.execute("""
        CREATE TRIGGER attempt_finished BEFORE UPDATE ON attempt FOR EACH ROW
        WHEN (OLD.state = 'finished') EXECUTE FUNCTION bikao_refuse_change()
    """)


def _sqlite():
    def refuse(name, table, event, condition=""):
        op.execute(f"""
            CREATE TRIGGER {name} BEFORE {event} ON {table} {condition}
            BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
        """)

    for table in APPEND_ONLY:
        refuse(f"{table}_no_update", table, "UPDATE")
        refuse(f"{table}_no_delete", table, "DELETE")
    refuse("certificate_kept", "certificate", "DELETE")
    refuse(
        "certificate_final",
        "certificate",
        "UPDATE OF state",
        "WHEN OLD.state IN ('revoked', 'replaced') AND NEW.state <> OLD.state",
    )
    refuse("attempt_finished", "attempt", "UPDATE", "WHEN OLD.state = 'finished'")


def downgrade():
    raise RuntimeError("the first release has nothing before it")
