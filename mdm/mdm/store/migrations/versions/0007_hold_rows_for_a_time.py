"""Hold what rows state for a time: the day for which claims stand, references of other days.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the days, and let a record refer to several keys by one attribute."""
    op.add_column("source_record", sa.Column("effective_on", sa.Date(), nullable=True))
    op.add_column("source_record", sa.Column("changes_on", sa.Date(), nullable=True))
    op.create_index("ix_source_record_changes_on", "source_record", ["changes_on"])
    op.drop_index("ix_record_reference_target", "record_reference")
    op.rename_table("record_reference", "record_reference_before")
    op.create_table(
        "record_reference",
        sa.Column("record_id", ROW_ID, nullable=False),
        sa.Column("attribute", sa.String(), nullable=False),
        sa.Column("entity_type", sa.String(), nullable=False),
        sa.Column("target_type", sa.String(), nullable=False),
        sa.Column("target_source", sa.String(), nullable=False),
        sa.Column("target_key", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint(
            "record_id", "attribute", "target_source", "target_key", name="record_reference_key"
        ),
    )
    op.execute("INSERT INTO record_reference SELECT * FROM record_reference_before")
    op.drop_table("record_reference_before")
    op.create_index(
        "ix_record_reference_target", "record_reference", ["target_type", "target_source", "target_key"]
    )
