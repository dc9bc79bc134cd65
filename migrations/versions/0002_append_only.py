"""append-only tables, final states, fixed facts, the head of the audit chain"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Table -> its keys. SQLite's INSERT OR REPLACE takes the row that holds the same key away without asking
# a DELETE trigger, so a new row under a key that is held is refused on its own account.
APPEND_ONLY = {
    "audit_event": (("id",), ("digest",)),
    "answer": (("id",), ("attempt_id", "sequence")),
    "certificate_event": (("id",),),
    "standing_event": (("id",),),
    "exemption": (("id",), ("enrolment_id",)),
}
KEPT = {  # deleted by nobody; an attempt only once it is finished
    "certificate": (("id",), ("number",), ("token",)),
    "attempt": (("id",), ("candidate_id",), ("enrolment_id", "number")),
}
CERTIFICATE_FACTS = (
    "id, number, token, attempt_id, attempt_passed, person_id, region_code, facts, holder_name, signed, "
    "signing_key_id, template, issued_on, valid_until, issued_at"
)
IS_FINAL = "OLD.state IN ('revoked', 'replaced') AND NEW.state <> OLD.state"
IS_FINISHED = "OLD.state = 'finished'"


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

    def refuse(name, table, event, condition="", each="ROW"):
        when = f"WHEN ({condition})" if condition else ""
        op.execute(f"""
            CREATE TRIGGER {name} BEFORE {event} ON {table}
            FOR EACH {each} {when} EXECUTE FUNCTION bikao_refuse_change()
        """)

    for table in APPEND_ONLY:
        refuse(f"{table}_append_only", table, "UPDATE OR DELETE")
    for table in (*APPEND_ONLY, *KEPT):
        refuse(f"{table}_no_truncate", table, "TRUNCATE", each="STATEMENT")
    _final_and_fixed(refuse)


def _sqlite():
    def refuse(name, table, event, condition=""):
        when = f"WHEN {condition}" if condition else ""
        op.execute(f"""
            CREATE TRIGGER {name} BEFORE {event} ON {table} {when}
            BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
        """)

    for table in APPEND_ONLY:
        refuse(f"{table}_no_update", table, "UPDATE")
        refuse(f"{table}_no_delete", table, "DELETE")
    for table, keys in {**APPEND_ONLY, **KEPT}.items():
        held = " OR ".join("(" + " AND ".join(f"{name} = NEW.{name}" for name in key) + ")" for key in keys)
        refuse(f"{table}_no_replace", table, "INSERT", f"EXISTS (SELECT 1 FROM {table} WHERE {held})")
    _final_and_fixed(refuse)


def _final_and_fixed(refuse):
    refuse("certificate_kept", "certificate", "DELETE")
    refuse("certificate_final", "certificate", "UPDATE OF state", IS_FINAL)
    refuse("certificate_fixed", "certificate", f"UPDATE OF {CERTIFICATE_FACTS}")
    refuse("attempt_finished", "attempt", "UPDATE", IS_FINISHED)
    refuse("attempt_kept", "attempt", "DELETE", IS_FINISHED)


def downgrade():
    raise RuntimeError("the first release has nothing before it")
