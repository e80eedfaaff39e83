"""Keep which tasks waited in the queue when.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

import mdm.store.column_types

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

row_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table; the hub notes what waits now."""
    op.create_table(
        "task_entry",
        sa.Column("id", row_id, primary_key=True),
        sa.Column("task_id", sa.String(), nullable=False),
        sa.Column("noted_at", mdm.store.column_types.UtcDateTime(), nullable=False),
        sa.Column("entity_type", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("left_golden", sa.String(), nullable=False),
        sa.Column("right_golden", sa.String(), nullable=False),
        sa.Column("left_record", row_id, nullable=False),
        sa.Column("right_record", row_id, nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
    )
    op.create_index("ix_task_entry_task", "task_entry", ["task_id", "id"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_task_entry_task", table_name="task_entry")
    op.drop_table("task_entry")
