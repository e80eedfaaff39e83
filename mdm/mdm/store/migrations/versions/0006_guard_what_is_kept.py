"""Guard what is kept: foreign keys, erasures, sealed versions, and triggers that refuse what a bug might try.

Revision ID: 0006
Revises: 0005
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import mdm.store.column_types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

row_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = "('active', 'merged', 'split', 'retired', 'erased')"

# Table, column, what it refers to.
REFERENCES = (
    ("membership", "record_id", "source_record", "id"),
    ("membership", "golden_id", "issued_id", "golden_id"),
    ("golden_record", "golden_id", "issued_id", "golden_id"),
    ("golden_version", "golden_id", "issued_id", "golden_id"),
    ("golden_version", "event_number", "event", "number"),
    ("outbox_row", "event_number", "event", "number"),
)
CHECKS = (
    ("golden_record", "state_is_known", f"state IN {STATES}"),
    ("outbox_row", "state_is_known", "state IN ('waiting', 'sent', 'superseded', 'held', 'dead')"),
)

ERASED_RECORD = "EXISTS (SELECT 1 FROM erased_record e WHERE e.record_id = OLD.{column})"
ERASED_GOLDEN = "EXISTS (SELECT 1 FROM erasure e WHERE e.golden_id = OLD.golden_id)"

# Name, table, what is done, when it is refused, why. {ne} is `IS NOT` or `IS DISTINCT FROM`.
GUARDS: tuple[tuple[str, str, str, str, str], ...] = (
    ("source_record_stays", "source_record", "DELETE", "TRUE", "a source record is never deleted"),
    (
        "source_record_is_itself", "source_record", "UPDATE",
        ("(NEW.id <> OLD.id OR NEW.entity_type <> OLD.entity_type OR NEW.source <> OLD.source "
        "OR NEW.first_seen_at <> OLD.first_seen_at OR (NEW.source_key <> OLD.source_key "
        f"AND NOT {ERASED_RECORD.format(column='id')}))"),
        "a source record keeps its type, source and key",
    ),
    ("record_version_stays", "record_version", "DELETE", "TRUE", "a record version is never deleted"),
    (
        "record_version_is_itself", "record_version", "UPDATE",
        ("(NEW.id <> OLD.id OR NEW.record_id <> OLD.record_id OR NEW.seal <> OLD.seal "
        "OR NEW.received_at <> OLD.received_at OR NEW.deleted <> OLD.deleted "
        "OR NEW.changed_at {ne} OLD.changed_at OR NEW.load_id {ne} OLD.load_id "
        f"OR NOT {ERASED_RECORD.format(column='record_id')} "
        "OR CAST(NEW.stated AS TEXT) <> '{{}}' OR CAST(NEW.flags AS TEXT) <> '{{}}' "
        "OR NEW.content_hash <> '' OR NEW.salt <> '')"),
        "a record version never changes; an erased one may be blanked",
    ),
    (
        "record_version_says_something_new", "record_version", "INSERT",
        ("NEW.content_hash = (SELECT v.content_hash FROM record_version v "
        "WHERE v.record_id = NEW.record_id AND v.id < NEW.id ORDER BY v.id DESC LIMIT 1)"),
        "the current version of the source record says the same",
    ),
    ("issued_id_stays", "issued_id", "DELETE", "TRUE", "an issued id is never taken back"),
    (
        "issued_id_is_itself", "issued_id", "UPDATE",
        ("(NEW.golden_id <> OLD.golden_id OR NEW.entity_type <> OLD.entity_type "
        "OR NEW.number <> OLD.number OR NEW.issued_at <> OLD.issued_at)"),
        "an issued id keeps its type, number and time",
    ),
    (
        "issued_id_version_rises", "issued_id", "UPDATE",
        "NEW.version < OLD.version", "the version of a golden record never falls",
    ),
    (
        "issued_id_redirects_once", "issued_id", "UPDATE",
        ("NEW.redirected_to IS NOT NULL AND NEW.redirected_to {ne} OLD.redirected_to AND "
        "(NEW.redirected_to = NEW.golden_id "
        "OR NOT EXISTS (SELECT 1 FROM issued_id t WHERE t.golden_id = NEW.redirected_to "
        "AND t.redirected_to IS NULL AND t.entity_type = NEW.entity_type) "
        "OR EXISTS (SELECT 1 FROM issued_id f WHERE f.redirected_to = NEW.golden_id))"),
        "a redirect has one hop, to an id of the same type",
    ),
    (
        "issued_id_begins_unredirected", "issued_id", "INSERT",
        "NEW.redirected_to IS NOT NULL OR NEW.version <> 0",
        "a new id begins at version 0 and redirects nowhere",
    ),
    (
        "membership_leads_to_a_current_id", "membership", "INSERT",
        ("EXISTS (SELECT 1 FROM issued_id i WHERE i.golden_id = NEW.golden_id "
        "AND (i.redirected_to IS NOT NULL OR i.entity_type <> NEW.entity_type))"),
        "a source record belongs to an id of its type that redirects nowhere",
    ),
    (
        "membership_is_made_anew", "membership", "UPDATE", "TRUE",
        "a membership is not changed but ended, and another one begins",
    ),
    (
        "membership_is_of_a_live_record", "membership", "INSERT",
        ("NOT EXISTS (SELECT 1 FROM source_record r WHERE r.id = NEW.record_id AND r.live "
        "AND r.entity_type = NEW.entity_type)"),
        "only a live source record of the type belongs to a golden record",
    ),
    ("golden_version_stays", "golden_version", "DELETE", "TRUE", "the history is never cut"),
    (
        "golden_version_is_itself", "golden_version", "UPDATE",
        ("(NEW.golden_id <> OLD.golden_id OR NEW.version <> OLD.version "
        "OR NEW.event_number <> OLD.event_number OR NEW.known_at <> OLD.known_at OR NEW.state <> OLD.state "
        "OR CAST(NEW.record_ids AS TEXT) <> CAST(OLD.record_ids AS TEXT) "
        f"OR NOT {ERASED_GOLDEN} OR CAST(NEW.cells AS TEXT) <> '{{{{}}}}')"),
        "the history never changes; that of an erased subject may be blanked",
    ),
    (
        "golden_version_counts_up", "golden_version", "INSERT",
        ("NEW.version <> COALESCE((SELECT MAX(v.version) FROM golden_version v "
        "WHERE v.golden_id = NEW.golden_id), 0) + 1"),
        "the versions of a golden record have no gap",
    ),
    ("event_stays", "event", "DELETE", "TRUE", "an event is never deleted"),
    ("event_is_itself", "event", "UPDATE", "TRUE", "an event never changes"),
    (
        "event_counts_up", "event", "INSERT",
        "NEW.number <> COALESCE((SELECT MAX(v.number) FROM event v), 0) + 1 OR LENGTH(NEW.hash) <> 64",
        "events are numbered without a gap, each with its hash",
    ),
    ("outbox_row_stays", "outbox_row", "DELETE", "TRUE", "what a target has to hear of is never dropped"),
    (
        "outbox_row_is_itself", "outbox_row", "UPDATE",
        ("(NEW.target <> OLD.target OR NEW.event_number <> OLD.event_number OR NEW.event_id <> OLD.event_id "
        "OR NEW.golden_id <> OLD.golden_id OR NEW.version <> OLD.version)"),
        "an outbox row keeps its target and its event",
    ),
    (
        "outbox_row_is_the_event_s", "outbox_row", "INSERT",
        ("EXISTS (SELECT 1 FROM event v WHERE v.number = NEW.event_number "
        "AND (v.id <> NEW.event_id OR v.subject <> NEW.golden_id))"),
        "an outbox row speaks of the golden record of its event",
    ),
    ("verdict_stays", "verdict", "DELETE", "TRUE", "a verdict is never deleted"),
    (
        "verdict_is_itself", "verdict", "UPDATE",
        ("(NEW.id <> OLD.id OR NEW.entity_type <> OLD.entity_type OR NEW.answer <> OLD.answer "
        "OR NEW.certain <> OLD.certain OR NEW.author <> OLD.author OR NEW.decided_at <> OLD.decided_at "
        "OR (NEW.reason <> OLD.reason AND NEW.reason <> '') "
        "OR (OLD.superseded_by IS NOT NULL AND NEW.superseded_by {ne} OLD.superseded_by))"),
        "a verdict never changes, it is superseded once",
    ),
    ("verdict_record_stays", "verdict_record", "DELETE", "TRUE", "a verdict never loses a record"),
    ("verdict_record_is_itself", "verdict_record", "UPDATE", "TRUE", "a verdict keeps its records"),
    ("receipt_stays", "receipt", "DELETE", "TRUE", "a receipt is never deleted"),
    ("erasure_stays", "erasure", "DELETE", "TRUE", "an erasure is never taken back"),
    ("erasure_is_itself", "erasure", "UPDATE", "TRUE", "an erasure never changes"),
    ("erased_record_stays", "erased_record", "DELETE", "TRUE", "an erasure is never taken back"),
    ("erased_record_is_itself", "erased_record", "UPDATE", "TRUE", "an erasure never changes"),
    ("erased_key_stays", "erased_key", "DELETE", "TRUE", "an erasure is never taken back"),
)  # fmt: skip

KEPT = sorted({guard[1] for guard in GUARDS if guard[2] == "DELETE"})


def upgrade() -> None:
    """Add the columns, tables, foreign keys, checks and triggers."""
    _create_erasures()
    _seal_versions()
    _refer()
    for guard in GUARDS:
        _guard(*guard)
    if op.get_bind().dialect.name == "postgresql":
        _refuse_truncate()


def _create_erasures() -> None:
    op.create_table(
        "erasure",
        sa.Column("golden_id", sa.String(), primary_key=True),
        sa.Column("entity_type", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("erased_at", mdm.store.column_types.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "event_number",
            row_id,
            sa.ForeignKey("event.number", deferrable=True, initially="DEFERRED"),
            nullable=False,
        ),
    )
    op.create_table(
        "erased_record",
        sa.Column(
            "record_id", row_id, sa.ForeignKey("source_record.id"), primary_key=True, autoincrement=False
        ),
        sa.Column("golden_id", sa.String(), nullable=False, index=True),
    )
    op.create_table(
        "erased_key",
        sa.Column("fingerprint", sa.String(), primary_key=True),
        sa.Column("entity_type", sa.String(), nullable=False),
        sa.Column("golden_id", sa.String(), nullable=False),
    )


def _seal_versions() -> None:
    """Versions from before have no salt: their seal is the hash that their event vouches for."""
    for name in ("salt", "seal"):
        op.add_column("record_version", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.execute("UPDATE record_version SET seal = content_hash")


def _refer() -> None:
    for table in sorted({reference[0] for reference in REFERENCES} | {check[0] for check in CHECKS}):
        with op.batch_alter_table(table) as batch:
            for _, column, target, key in (r for r in REFERENCES if r[0] == table):
                batch.create_foreign_key(
                    f"{table}_{column}_fkey", target, [column], [key], deferrable=True, initially="DEFERRED"
                )
            for _, name, condition in (c for c in CHECKS if c[0] == table):
                batch.create_check_constraint(name, sa.text(condition))


def _guard(name: str, table: str, action: str, condition: str, why: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        when = condition.format(ne="IS NOT")
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {action} ON {table} FOR EACH ROW WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, '{why}'); END"
        )
        return
    when = condition.format(ne="IS DISTINCT FROM")
    back = "OLD" if action == "DELETE" else "NEW"
    _function(name, f"IF {when} THEN RAISE EXCEPTION '{why}' USING ERRCODE = '23514'; END IF; RETURN {back};")
    op.execute(f"CREATE TRIGGER {name} BEFORE {action} ON {table} FOR EACH ROW EXECUTE FUNCTION mdm_{name}()")


def _refuse_truncate() -> None:
    _function("is_kept", "RAISE EXCEPTION 'what is kept is never cut' USING ERRCODE = '23514';")
    for table in KEPT:
        op.execute(
            f"CREATE TRIGGER {table}_is_kept BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION mdm_is_kept()"
        )


def _function(name: str, body: str) -> None:
    op.execute(f"CREATE FUNCTION mdm_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$")


def downgrade() -> None:
    """Take the guards away again."""
    postgres = op.get_bind().dialect.name == "postgresql"
    names: Sequence[tuple[str, str]] = [(guard[0], guard[1]) for guard in GUARDS]
    if postgres:
        names = [*names, *((f"{table}_is_kept", table) for table in KEPT)]
    for name, table in names:
        op.execute(f"DROP TRIGGER {name} ON {table}" if postgres else f"DROP TRIGGER {name}")
    for name in sorted({guard[0] for guard in GUARDS} | {"is_kept"}) if postgres else ():
        op.execute(f"DROP FUNCTION mdm_{name}()")
    for table in sorted({reference[0] for reference in REFERENCES}):
        with op.batch_alter_table(table) as batch:
            for _, column, _target, _key in (r for r in REFERENCES if r[0] == table):
                batch.drop_constraint(f"{table}_{column}_fkey", type_="foreignkey")
            for _, name, _condition in (c for c in CHECKS if c[0] == table):
                batch.drop_constraint(name, type_="check")
    for table in ("erased_key", "erased_record", "erasure"):
        op.drop_table(table)
    with op.batch_alter_table("record_version") as batch:
        batch.drop_column("salt")
        batch.drop_column("seal")
