"""Keep the relations that lead to a golden record in the order of where they begin.

Revision ID: 0013
Revises: 0012
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """So that the first twenty of a hundred thousand are read without the rest."""
    op.drop_index("ix_relation_to", "relation")
    op.create_index("ix_relation_to", "relation", ["to_id", "from_type", "attribute", "from_id"])


def downgrade() -> None:
    """In no order of their own."""
    op.drop_index("ix_relation_to", "relation")
    op.create_index("ix_relation_to", "relation", ["to_id", "from_type", "attribute"])
