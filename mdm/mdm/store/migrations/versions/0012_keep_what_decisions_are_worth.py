"""Keep with each task what its decision is worth, so that a page of the queue is read by an index.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

row_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# Table and column whose rows hang on a golden record: more or fewer of them change what its tasks are worth.
REACH = (("membership", "golden_id"), ("relation", "to_id"))
ACTIONS = (("INSERT", "NEW"), ("DELETE", "OLD"))


def upgrade() -> None:
    """Add the column, its indexes, and the list of what is to be weighed, which triggers fill."""
    op.add_column("task", sa.Column("rank", sa.Float(), nullable=False, server_default="0"))
    op.create_index("ix_task_rank", "task", ["rank", "id"])
    op.create_index("ix_task_type_rank", "task", ["entity_type", "rank", "id"])
    op.create_table(
        "task_to_weigh",
        sa.Column("id", row_id, primary_key=True),
        sa.Column("task_id", sa.String(), nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        _follow_sqlite()
    else:
        _follow_postgresql()
    op.execute("INSERT INTO task_to_weigh (task_id) SELECT id FROM task")


def _follow_sqlite() -> None:
    op.execute(
        "CREATE TRIGGER task_is_weighed AFTER INSERT ON task FOR EACH ROW "
        "BEGIN INSERT INTO task_to_weigh (task_id) VALUES (NEW.id); END"
    )
    for table, column in REACH:
        for action, row in ACTIONS:
            sides = " UNION ".join(
                f"SELECT id FROM task WHERE {side} = {row}.{column}"
                for side in ("left_golden", "right_golden")
            )
            op.execute(
                f"CREATE TRIGGER {table}_{action.lower()}_weighs AFTER {action} ON {table} FOR EACH ROW "
                f"BEGIN INSERT INTO task_to_weigh (task_id) {sides}; END"
            )


def _follow_postgresql() -> None:
    # A list that only grows: writers beside each other would wait for each other at the tasks' own rows.
    _function("task_is_weighed", "SELECT id FROM changed")
    _trigger("task_is_weighed", "task", "INSERT", "NEW", "task_is_weighed")
    for table, column in REACH:
        sides = " UNION ".join(
            f"SELECT t.id FROM changed c JOIN task t ON t.{side} = c.{column}"
            for side in ("left_golden", "right_golden")
        )
        _function(f"{table}_weighs", sides)
        for action, row in ACTIONS:
            _trigger(f"{table}_{action.lower()}_weighs", table, action, row, f"{table}_weighs")


def _function(name: str, tasks: str) -> None:
    op.execute(
        f"CREATE FUNCTION mdm_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"INSERT INTO task_to_weigh (task_id) {tasks}; RETURN NULL; END $$"
    )


def _trigger(name: str, table: str, action: str, row: str, function: str) -> None:
    op.execute(
        f"CREATE TRIGGER {name} AFTER {action} ON {table} REFERENCING {row} TABLE AS changed "
        f"FOR EACH STATEMENT EXECUTE FUNCTION mdm_{function}()"
    )


def downgrade() -> None:
    """Take all of it away."""
    postgres = op.get_bind().dialect.name == "postgresql"
    names = [("task_is_weighed", "task")]
    names += [(f"{table}_{action.lower()}_weighs", table) for table, _ in REACH for action, _ in ACTIONS]
    for name, table in names:
        op.execute(f"DROP TRIGGER {name} ON {table}" if postgres else f"DROP TRIGGER {name}")
    for name in ("task_is_weighed", *(f"{table}_weighs" for table, _ in REACH)) if postgres else ():
        op.execute(f"DROP FUNCTION mdm_{name}()")
    op.drop_table("task_to_weigh")
    op.drop_index("ix_task_type_rank", "task")
    op.drop_index("ix_task_rank", "task")
    with op.batch_alter_table("task") as batch:
        batch.drop_column("rank")
