"""Create the kept and derived tables.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

import mdm.store.column_types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the kept and derived tables."""
    op.create_table(
        "answered_request",
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("answer", mdm.store.column_types.Json(none_as_null=True), nullable=False),
        sa.Column("answered_at", mdm.store.column_types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("scope", "key"),
    )
    with op.batch_alter_table("answered_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answered_request_answered_at"), ["answered_at"], unique=False)

    op.create_table(
        "block_key",
        sa.Column("entity_type", sa.String(), nullable=False),
        sa.Column("block_key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("record_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("column_index", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("companion", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("entity_type", "block_key", "record_id"),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("block_key", schema=None) as batch_op:
        batch_op.create_index("ix_block_key_record", ["record_id"], unique=False)

    op.create_table(
        "edge",
        sa.Column("left_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("right_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entity_type", sa.String(), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("left_id", "right_id"),
    )
    with op.batch_alter_table("edge", schema=None) as batch_op:
        batch_op.create_index("ix_edge_right", ["right_id"], unique=False)

    op.create_table(
        "event",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("happened_at", mdm.store.column_types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("entity_type", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("details", mdm.store.column_types.Json(none_as_null=True), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("id"),
    )
    op.create_table(
        "golden_record",
        sa.Column("golden_id", sa.String(), nullable=False),
        sa.Column("entity_type", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("cells", mdm.store.column_types.Json(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("golden_id"),
    )
    with op.batch_alter_table("golden_record", schema=None) as batch_op:
        batch_op.create_index("ix_golden_record_type_state", ["entity_type", "state"], unique=False)

    op.create_table(
        "golden_version",
        sa.Column("golden_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("event_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("known_at", mdm.store.column_types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("cells", mdm.store.column_types.Json(none_as_null=True), nullable=False),
        sa.Column("record_ids", mdm.store.column_types.Json(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("golden_id", "version"),
    )
    op.create_table(
        "load",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("entity_type", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("started_at", mdm.store.column_types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("finished_at", mdm.store.column_types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("counts", mdm.store.column_types.Json(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "membership",
        sa.Column(
            "record_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("golden_id", sa.String(), nullable=False),
        sa.Column("entity_type", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("record_id"),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_golden_id"), ["golden_id"], unique=False)

    op.create_table(
        "model_version",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entity_type", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("applied_at", mdm.store.column_types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("model_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_model_version_entity_type"), ["entity_type"], unique=False)

    op.create_table(
        "outbox_row",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("event_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("event_type", sa.String(), nullable=False),
        sa.Column("entity_type", sa.String(), nullable=False),
        sa.Column("golden_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", mdm.store.column_types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("settled_at", mdm.store.column_types.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("target", "event_number"),
    )
    with op.batch_alter_table("outbox_row", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_row_golden", ["target", "golden_id", "event_number"], unique=False)
        batch_op.create_index("ix_outbox_row_waiting", ["target", "state", "golden_id"], unique=False)

    op.create_table(
        "publication_run",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("schedule", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("due_at", mdm.store.column_types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("up_to_event", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("lease_owner", sa.String(), nullable=False),
        sa.Column("lease_until", mdm.store.column_types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("started_at", mdm.store.column_types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("finished_at", mdm.store.column_types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("counts", mdm.store.column_types.Json(none_as_null=True), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("schedule", "due_at"),
    )
    with op.batch_alter_table("publication_run", schema=None) as batch_op:
        batch_op.create_index("ix_publication_run_state", ["state"], unique=False)

    op.create_table(
        "publication_target",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("seeded_types", mdm.store.column_types.Json(none_as_null=True), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", mdm.store.column_types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("paused_until", mdm.store.column_types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", mdm.store.column_types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("disabled_reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "quarantined_row",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("entity_type", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("row_hash", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("column_name", sa.String(), nullable=False),
        sa.Column("raw_row", mdm.store.column_types.Json(none_as_null=True), nullable=False),
        sa.Column("mapping", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("received_at", mdm.store.column_types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("settled_at", mdm.store.column_types.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("source", "entity_type", "origin", "row_number", "row_hash"),
    )
    op.create_table(
        "receipt",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("golden_id", sa.String(), nullable=False),
        sa.Column("entity_type", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("answered_at", mdm.store.column_types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("details", mdm.store.column_types.Json(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("receipt", schema=None) as batch_op:
        batch_op.create_index("ix_receipt_golden", ["golden_id"], unique=False)
        batch_op.create_index("ix_receipt_target", ["target"], unique=False)

    op.create_table(
        "record_reference",
        sa.Column("record_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("attribute", sa.String(), nullable=False),
        sa.Column("entity_type", sa.String(), nullable=False),
        sa.Column("target_type", sa.String(), nullable=False),
        sa.Column("target_source", sa.String(), nullable=False),
        sa.Column("target_key", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("record_id", "attribute"),
    )
    with op.batch_alter_table("record_reference", schema=None) as batch_op:
        batch_op.create_index(
            "ix_record_reference_target", ["target_type", "target_source", "target_key"], unique=False
        )

    op.create_table(
        "relation",
        sa.Column("from_id", sa.String(), nullable=False),
        sa.Column("attribute", sa.String(), nullable=False),
        sa.Column("from_type", sa.String(), nullable=False),
        sa.Column("to_id", sa.String(), nullable=False),
        sa.Column("to_type", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("from_id", "attribute"),
    )
    with op.batch_alter_table("relation", schema=None) as batch_op:
        batch_op.create_index("ix_relation_to", ["to_id", "from_type", "attribute"], unique=False)

    op.create_table(
        "schedule_state",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("timetable", sa.String(), nullable=False),
        sa.Column("enqueued_until", mdm.store.column_types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "search_term",
        sa.Column("term", sa.String(), nullable=False),
        sa.Column("entity_type", sa.String(), nullable=False),
        sa.Column("golden_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("term", "entity_type", "golden_id"),
    )
    with op.batch_alter_table("search_term", schema=None) as batch_op:
        batch_op.create_index("ix_search_term_golden", ["golden_id"], unique=False)

    op.create_table(
        "source_record",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entity_type", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("source_key", sa.String(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("current_version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("claims", mdm.store.column_types.Json(none_as_null=True), nullable=False),
        sa.Column("last_golden_id", sa.String(), nullable=True),
        sa.Column("first_seen_at", mdm.store.column_types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("last_changed_at", mdm.store.column_types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("entity_type", "source", "source_key"),
    )
    with op.batch_alter_table("source_record", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_source_record_last_golden_id"), ["last_golden_id"], unique=False)
        batch_op.create_index("ix_source_record_source_key", ["source", "source_key"], unique=False)

    op.create_table(
        "task",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("entity_type", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("left_golden", sa.String(), nullable=False),
        sa.Column("right_golden", sa.String(), nullable=False),
        sa.Column("left_record", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("right_record", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_left_golden"), ["left_golden"], unique=False)
        batch_op.create_index(batch_op.f("ix_task_right_golden"), ["right_golden"], unique=False)
        batch_op.create_index("ix_task_type", ["entity_type", "kind"], unique=False)

    op.create_table(
        "task_note",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("task_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("written_at", mdm.store.column_types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("until_at", mdm.store.column_types.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("task_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_note_task_id"), ["task_id"], unique=False)

    op.create_table(
        "verdict",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("entity_type", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("certain", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("decided_at", mdm.store.column_types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("basis", mdm.store.column_types.Json(none_as_null=True), nullable=False),
        sa.Column("superseded_by", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "issued_id",
        sa.Column("golden_id", sa.String(), nullable=False),
        sa.Column("entity_type", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("anchor_record_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("issued_at", mdm.store.column_types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("redirected_to", sa.String(), nullable=True),
        sa.Column("redirected_at", mdm.store.column_types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("redirect_cause", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["anchor_record_id"],
            ["source_record.id"],
        ),
        sa.PrimaryKeyConstraint("golden_id"),
        sa.UniqueConstraint("entity_type", "number"),
    )
    with op.batch_alter_table("issued_id", schema=None) as batch_op:
        batch_op.create_index("ix_issued_id_anchor", ["anchor_record_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_issued_id_redirected_to"), ["redirected_to"], unique=False)

    op.create_table(
        "record_version",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("record_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("changed_at", mdm.store.column_types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("received_at", mdm.store.column_types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("load_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("stated", mdm.store.column_types.Json(none_as_null=True), nullable=False),
        sa.Column("flags", mdm.store.column_types.Json(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["load_id"],
            ["load.id"],
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["source_record.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("record_version", schema=None) as batch_op:
        batch_op.create_index("ix_record_version_record", ["record_id"], unique=False)

    op.create_table(
        "verdict_record",
        sa.Column("verdict_id", sa.String(), nullable=False),
        sa.Column("record_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["source_record.id"],
        ),
        sa.ForeignKeyConstraint(
            ["verdict_id"],
            ["verdict.id"],
        ),
        sa.PrimaryKeyConstraint("verdict_id", "record_id"),
    )
    with op.batch_alter_table("verdict_record", schema=None) as batch_op:
        batch_op.create_index("ix_verdict_record_record", ["record_id"], unique=False)


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("verdict_record", schema=None) as batch_op:
        batch_op.drop_index("ix_verdict_record_record")

    op.drop_table("verdict_record")
    with op.batch_alter_table("record_version", schema=None) as batch_op:
        batch_op.drop_index("ix_record_version_record")

    op.drop_table("record_version")
    with op.batch_alter_table("issued_id", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_issued_id_redirected_to"))
        batch_op.drop_index("ix_issued_id_anchor")

    op.drop_table("issued_id")
    op.drop_table("verdict")
    with op.batch_alter_table("task_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_task_note_task_id"))

    op.drop_table("task_note")
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_index("ix_task_type")
        batch_op.drop_index(batch_op.f("ix_task_right_golden"))
        batch_op.drop_index(batch_op.f("ix_task_left_golden"))

    op.drop_table("task")
    with op.batch_alter_table("source_record", schema=None) as batch_op:
        batch_op.drop_index("ix_source_record_source_key")
        batch_op.drop_index(batch_op.f("ix_source_record_last_golden_id"))

    op.drop_table("source_record")
    with op.batch_alter_table("search_term", schema=None) as batch_op:
        batch_op.drop_index("ix_search_term_golden")

    op.drop_table("search_term")
    op.drop_table("schedule_state")
    with op.batch_alter_table("relation", schema=None) as batch_op:
        batch_op.drop_index("ix_relation_to")

    op.drop_table("relation")
    with op.batch_alter_table("record_reference", schema=None) as batch_op:
        batch_op.drop_index("ix_record_reference_target")

    op.drop_table("record_reference")
    with op.batch_alter_table("receipt", schema=None) as batch_op:
        batch_op.drop_index("ix_receipt_target")
        batch_op.drop_index("ix_receipt_golden")

    op.drop_table("receipt")
    op.drop_table("quarantined_row")
    op.drop_table("publication_target")
    with op.batch_alter_table("publication_run", schema=None) as batch_op:
        batch_op.drop_index("ix_publication_run_state")

    op.drop_table("publication_run")
    with op.batch_alter_table("outbox_row", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_row_waiting")
        batch_op.drop_index("ix_outbox_row_golden")

    op.drop_table("outbox_row")
    with op.batch_alter_table("model_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_model_version_entity_type"))

    op.drop_table("model_version")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_membership_golden_id"))

    op.drop_table("membership")
    op.drop_table("load")
    op.drop_table("golden_version")
    with op.batch_alter_table("golden_record", schema=None) as batch_op:
        batch_op.drop_index("ix_golden_record_type_state")

    op.drop_table("golden_record")
    op.drop_table("event")
    with op.batch_alter_table("edge", schema=None) as batch_op:
        batch_op.drop_index("ix_edge_right")

    op.drop_table("edge")
    with op.batch_alter_table("block_key", schema=None) as batch_op:
        batch_op.drop_index("ix_block_key_record")

    op.drop_table("block_key")
    with op.batch_alter_table("answered_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answered_request_answered_at"))

    op.drop_table("answered_request")
