"""Keep because of which verdict a hold was written, so that it ends with it.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; earlier holds stand until a verdict about their own records."""
    with op.batch_alter_table("hold") as batch_op:
        batch_op.add_column(sa.Column("because", sa.String(), nullable=True))
        batch_op.create_foreign_key("hold_because", "verdict", ["because"], ["id"])
        batch_op.create_index("ix_hold_because", ["because"])


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("hold") as batch_op:
        batch_op.drop_index("ix_hold_because")
        batch_op.drop_constraint("hold_because", type_="foreignkey")
        batch_op.drop_column("because")
