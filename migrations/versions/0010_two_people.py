"""author and approver of a question version are two people, and what is approved was approved: held by the database"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TWO_PEOPLE = "author_id IS NULL OR approved_by_id IS NULL OR author_id <> approved_by_id"
NAMED = 20

IS_TAKEN_BACK = "OLD.approved_at IS NOT NULL AND NEW.approved_at IS NULL"
TAKEN_BACK = "an approval is not taken back"
NOT_APPROVED = "an approved question needs a current version that was approved"
IS_UNSIGNED = """
    NOT EXISTS (
        SELECT 1 FROM question_version
        WHERE question_id = NEW.id AND number = NEW.current_version AND approved_at IS NOT NULL
    )
"""
IS_APPROVED = "NEW.state = 'approved'"
# Questions that stand as approved without that are left as they are, until somebody moves them.
IS_NEWLY_SO = "(OLD.state <> 'approved' OR OLD.current_version <> NEW.current_version)"


def upgrade():
    _refuse_if_broken()
    if op.get_bind().dialect.name == "postgresql":
        _postgresql()
    else:
        _sqlite()


def _refuse_if_broken():
    """Stop if somebody approved what they wrote: who it was in truth, no program can know."""
    query = """
        SELECT question.code, version.number FROM question_version AS version
        JOIN question ON question.id = version.question_id
        WHERE version.author_id = version.approved_by_id ORDER BY question.code, version.number
    """
    found = op.get_bind().execute(sa.text(query)).all()
    if found:
        named = ", ".join(f"{code} version {number}" for code, number in found[:NAMED])
        more = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
        raise RuntimeError(
            f"Question versions that were approved by who wrote them: {named}{more}. This step was not taken. Correct"
            " author_id or approved_by_id in question_version where they are wrong; otherwise suspend the question"
            " and empty approved_by_id, approved_by_name and approved_at. Then upgrade again."
        )


def _postgresql():
    op.create_check_constraint(op.f("ck_question_version_two_people"), "question_version", TWO_PEOPLE)
    for name, condition, said in (("unapproved", IS_UNSIGNED, NOT_APPROVED), ("withdrawal", "true", TAKEN_BACK)):
        op.execute(f"""
            CREATE FUNCTION bikao_refuse_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF {condition} THEN
                    RAISE EXCEPTION '{said}' USING ERRCODE = 'integrity_constraint_violation';
                END IF;
                RETURN NEW;
            END $$
        """)

    def refuse(name, table, event, condition, function):
        op.execute(f"""
            CREATE TRIGGER {name} BEFORE {event} ON {table}
            FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION {function}()
        """)

    approved = f"{IS_APPROVED} AND {IS_NEWLY_SO}"
    refuse("question_born_unapproved", "question", "INSERT", IS_APPROVED, "bikao_refuse_unapproved")
    refuse("question_approved", "question", "UPDATE OF state, current_version", approved, "bikao_refuse_unapproved")
    version = ("question_version", "UPDATE OF approved_at")
    refuse("question_version_approval_kept", *version, IS_TAKEN_BACK, "bikao_refuse_withdrawal")


def _sqlite():
    """Hold all of it by triggers: a CHECK would need the table made anew, which what points at it forbids."""

    def refuse(name, table, event, condition, said):
        op.execute(f"""
            CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {condition}
            BEGIN SELECT RAISE(ABORT, '{said}'); END
        """)

    for name, event in (("new", "INSERT"), ("changed", "UPDATE OF author_id, approved_by_id")):
        said = "CHECK constraint failed: ck_question_version_two_people"
        refuse(
            f"question_version_two_people_{name}", "question_version", event, "NEW.author_id = NEW.approved_by_id", said
        )
    approved = f"{IS_APPROVED} AND {IS_UNSIGNED}"
    refuse("question_born_unapproved", "question", "INSERT", approved, NOT_APPROVED)
    changed = f"{IS_NEWLY_SO} AND {approved}"
    refuse("question_approved", "question", "UPDATE OF state, current_version", changed, NOT_APPROVED)
    refuse("question_version_approval_kept", "question_version", "UPDATE OF approved_at", IS_TAKEN_BACK, TAKEN_BACK)


def downgrade():
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    triggers = {
        "question_born_unapproved": "question",
        "question_approved": "question",
        "question_version_approval_kept": "question_version",
    }
    if is_sqlite:
        triggers |= {f"question_version_two_people_{name}": "question_version" for name in ("new", "changed")}
    for name, table in triggers.items():
        op.execute(f"DROP TRIGGER {name}" if is_sqlite else f"DROP TRIGGER {name} ON {table}")
    if not is_sqlite:
        op.execute("DROP FUNCTION bikao_refuse_unapproved, bikao_refuse_withdrawal")
        op.drop_constraint("ck_question_version_two_people", "question_version")
