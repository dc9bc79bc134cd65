"""an index to count the approved questions of every knowledge point by, which the page of the syllabus does"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade():
    name = op.f("ix_question_bank_id_state_knowledge_point")
    op.create_index(name, "question", ["bank_id", "state", "knowledge_point"])


def downgrade():
    op.drop_index(op.f("ix_question_bank_id_state_knowledge_point"), "question")
