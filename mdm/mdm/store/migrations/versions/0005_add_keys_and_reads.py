"""Add API keys, reads of classified attributes, and requests under way.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

import mdm.store.column_types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, mdm.store.column_types.UtcDateTime(timezone=True), nullable=nullable)


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, mdm.store.column_types.Json(none_as_null=True), nullable=False)


def upgrade() -> None:
    """Add the tables and columns."""
    op.create_table(
        "api_key",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        _json("granted"),
        _moment("created_at"),
        sa.Column("created_by", sa.String(), nullable=False),
        _moment("expires_at", nullable=True),
        _moment("revoked_at", nullable=True),
        sa.Column("rotated_from", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "classified_read",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        _moment("read_at"),
        sa.Column("reader", sa.String(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("request_id", sa.String(), nullable=False),
        sa.Column("entity_type", sa.String(), nullable=False),
        sa.Column("attribute", sa.String(), nullable=False),
        _json("golden_ids"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("classified_read", schema=None) as batch_op:
        batch_op.create_index("ix_classified_read_reader", ["reader", "read_at"], unique=False)
        batch_op.create_index("ix_classified_read_at", ["read_at"], unique=False)
    with op.batch_alter_table("answered_request", schema=None) as batch_op:
        batch_op.add_column(sa.Column("state", sa.String(), nullable=False, server_default="done"))
        batch_op.add_column(sa.Column("owner", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(_moment("lease_until", nullable=True))


def downgrade() -> None:
    """Take them away again."""
    with op.batch_alter_table("answered_request", schema=None) as batch_op:
        for name in ("lease_until", "owner", "state"):
            batch_op.drop_column(name)
    op.drop_table("classified_read")
    op.drop_table("api_key")
