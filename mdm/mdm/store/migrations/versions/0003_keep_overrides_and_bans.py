"""Keep overrides and bans, and know when golden values are to be looked at again.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

import mdm.store.column_types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    moment = mdm.store.column_types.UtcDateTime(timezone=True)
    document = mdm.store.column_types.Json(none_as_null=True)
    op.create_table(
        "override",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("entity_type", sa.String(), nullable=False),
        sa.Column("golden_id", sa.String(), nullable=False),
        sa.Column("attribute", sa.String(), nullable=False),
        sa.Column("value", document, nullable=False),
        sa.Column("basis", document, nullable=False),
        sa.Column("lifetime", sa.String(), nullable=False),
        sa.Column("until_at", moment, nullable=True),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("said_at", moment, nullable=False),
        sa.Column("ended_at", moment, nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_override_golden", "override", ["golden_id"])
    op.create_table(
        "banned_value",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("entity_type", sa.String(), nullable=False),
        sa.Column("golden_id", sa.String(), nullable=False),
        sa.Column("attribute", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("said_at", moment, nullable=False),
        sa.Column("ended_at", moment, nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_banned_value_golden", "banned_value", ["golden_id"])
    op.create_table(
        "value_due",
        sa.Column("golden_id", sa.String(), nullable=False),
        sa.Column("entity_type", sa.String(), nullable=False),
        sa.Column("due_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("golden_id"),
    )
    op.create_index("ix_value_due_at", "value_due", ["due_at"])


def downgrade() -> None:
    """Drop the tables."""
    for table in ("value_due", "banned_value", "override"):
        op.drop_table(table)
