"""Keep which golden record holds which strong id: an id that is not disputed has one holder.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

row_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# An undisputed id has one holder, and a disputed one is so on all of them.
BESIDE = (
    "EXISTS (SELECT 1 FROM strong_id s WHERE s.entity_type = NEW.entity_type AND s.attribute = NEW.attribute "
    "AND s.id_hash = NEW.id_hash AND s.golden_id <> NEW.golden_id "
    "AND (s.disputant = '' OR NEW.disputant = ''))"
)
WHY = "an id that several golden records hold is disputed on all of them"
ACTIONS = ("insert", "update")


def upgrade() -> None:
    """Create the table and its triggers; the hub fills it from the golden values."""
    op.create_table(
        "strong_id",
        sa.Column(
            "golden_id",
            sa.String(),
            sa.ForeignKey("issued_id.golden_id", deferrable=True, initially="DEFERRED"),
            nullable=False,
        ),
        sa.Column("attribute", sa.String(), nullable=False),
        sa.Column("id_hash", row_id, nullable=False),
        sa.Column("entity_type", sa.String(), nullable=False),
        sa.Column("disputant", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("golden_id", "attribute", "id_hash"),
        sa.UniqueConstraint("entity_type", "attribute", "id_hash", "disputant", name="strong_id_held_once"),
        sa.CheckConstraint("disputant IN ('', golden_id)", name="disputant_is_itself"),
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "sqlite":
        for action in ACTIONS:
            op.execute(
                f"CREATE TRIGGER strong_id_{action} BEFORE {action} ON strong_id FOR EACH ROW WHEN {BESIDE} "
                f"BEGIN SELECT RAISE(ABORT, '{WHY}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION mdm_strong_id_is_alone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {BESIDE} THEN RAISE EXCEPTION '{WHY}' USING ERRCODE = '23514'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER strong_id_is_alone BEFORE INSERT OR UPDATE ON strong_id "
        "FOR EACH ROW EXECUTE FUNCTION mdm_strong_id_is_alone()"
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("strong_id")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION mdm_strong_id_is_alone()")
