"""Number issued ids by a sequence, so that writers beside each other need not wait for it.

Revision ID: 0008
Revises: 0007
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the sequence; SQLite has one writer at a time and needs none."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE SEQUENCE issued_number")


def downgrade() -> None:
    """Drop the sequence."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP SEQUENCE issued_number")
