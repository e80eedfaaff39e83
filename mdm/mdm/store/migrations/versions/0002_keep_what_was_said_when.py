"""Keep what was said when: memberships, redirects, periods; the validity of rows.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

import mdm.store.column_types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = mdm.store.column_types.UtcDateTime(timezone=True)


def upgrade() -> None:
    """Create the tables; what is linked or redirected now counts as such since it first could be."""
    op.create_table(
        "record_link",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("record_id", ROW_ID, nullable=False),
        sa.Column("entity_type", sa.String(), nullable=False),
        sa.Column("golden_id", sa.String(), nullable=True),
        sa.Column("linked_at", MOMENT, nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("created", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["source_record.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_record_link_record", "record_link", ["record_id", "id"])
    op.create_index("ix_record_link_golden", "record_link", ["golden_id", "record_id"])
    op.create_table(
        "id_redirect",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("golden_id", sa.String(), nullable=False),
        sa.Column("redirected_to", sa.String(), nullable=True),
        sa.Column("redirected_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_id_redirect_golden", "id_redirect", ["golden_id", "id"])
    op.create_table(
        "golden_period",
        sa.Column("golden_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("cells", mdm.store.column_types.Json(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("golden_id", "version", "number"),
    )
    op.execute(
        "INSERT INTO record_link (record_id, entity_type, golden_id, linked_at, model, created) "
        "SELECT m.record_id, m.entity_type, m.golden_id, "
        "CASE WHEN i.issued_at > r.first_seen_at THEN i.issued_at ELSE r.first_seen_at END, '', "
        "i.anchor_record_id = m.record_id FROM membership m "
        "JOIN issued_id i ON i.golden_id = m.golden_id JOIN source_record r ON r.id = m.record_id "
        "ORDER BY m.record_id"
    )
    op.execute(
        "INSERT INTO id_redirect (golden_id, redirected_to, redirected_at) "
        "SELECT golden_id, redirected_to, redirected_at FROM issued_id "
        "WHERE redirected_to IS NOT NULL ORDER BY golden_id"
    )
