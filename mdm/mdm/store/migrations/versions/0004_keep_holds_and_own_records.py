"""Keep holds, what is contested, when verdicts end, and which records were an id's own."""

import sqlalchemy as sa
from alembic import op

import mdm.store.column_types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = mdm.store.column_types.UtcDateTime(timezone=True)
JSON = mdm.store.column_types.Json(none_as_null=True)


def upgrade() -> None:
    with op.batch_alter_table("verdict", schema=None) as batch_op:
        batch_op.add_column(sa.Column("contested", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("until_at", MOMENT, nullable=True))
        batch_op.create_index(batch_op.f("ix_verdict_until_at"), ["until_at"], unique=False)

    with op.batch_alter_table("issued_id", schema=None) as batch_op:
        batch_op.add_column(sa.Column("merged_into", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("own_records", JSON, nullable=False, server_default="[]"))

    op.create_table(
        "hold",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("entity_type", sa.String(), nullable=False),
        sa.Column("held_at", MOMENT, nullable=False),
        sa.Column("event_number", ROW_ID, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "hold_record",
        sa.Column("hold_id", sa.String(), nullable=False),
        sa.Column("record_id", ROW_ID, nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["hold_id"], ["hold.id"]),
        sa.ForeignKeyConstraint(["record_id"], ["source_record.id"]),
        sa.PrimaryKeyConstraint("hold_id", "record_id"),
    )
    with op.batch_alter_table("hold_record", schema=None) as batch_op:
        batch_op.create_index("ix_hold_record_record", ["record_id"], unique=False)


def downgrade() -> None:
    op.drop_table("hold_record")
    op.drop_table("hold")
    with op.batch_alter_table("issued_id", schema=None) as batch_op:
        batch_op.drop_column("own_records")
        batch_op.drop_column("merged_into")
    with op.batch_alter_table("verdict", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_verdict_until_at"))
        batch_op.drop_column("until_at")
        batch_op.drop_column("contested")
