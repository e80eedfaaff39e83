"""Derived tables: dropped and rebuilt by a replay, and identical afterwards; the typed tables lie beside."""

# SQLModel declares __tablename__ as a declared_attr, though its own documentation assigns a text.
# pyright: reportAssignmentType=false

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Column, Index, PrimaryKeyConstraint, String, Table, UniqueConstraint
from sqlmodel import Field, SQLModel

from mdm.store.column_types import Json, RowId, UtcDateTime, at_commit

STATES = ("active", "merged", "split", "retired", "erased")
"""What a golden record can be."""


class GoldenRecord(SQLModel, table=True):
    """The current golden records and those that no longer are (merged, retired, erased)."""

    __tablename__ = "golden_record"
    __table_args__ = (
        Index("ix_golden_record_type_state", "entity_type", "state"),
        CheckConstraint(f"state IN {STATES}", name="state_is_known"),
    )

    golden_id: str = Field(sa_column=Column(String, at_commit("issued_id.golden_id"), primary_key=True))
    entity_type: str
    state: str
    """One of STATES; active ones are current."""
    version: int
    # attribute -> {"value", "record" (row id), "version" (version id), "rule", "since", "flag"}; one that a
    # steward set has neither record nor version, but "override" (its id).
    cells: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))


class Membership(SQLModel, table=True):
    """The crosswalk: each live source record belongs to exactly one golden record."""

    __tablename__ = "membership"

    record_id: int = Field(
        sa_column=Column(RowId, at_commit("source_record.id"), primary_key=True, autoincrement=False)
    )
    golden_id: str = Field(
        sa_column=Column(String, at_commit("issued_id.golden_id"), nullable=False, index=True)
    )
    entity_type: str


class BlockKey(SQLModel, table=True):
    """Which records hold which block key; `companion` is the hash of the record's name."""

    __tablename__ = "block_key"
    __table_args__ = (
        PrimaryKeyConstraint("entity_type", "block_key", "record_id"),
        Index("ix_block_key_record", "record_id"),
        {"sqlite_with_rowid": False},
    )

    entity_type: str
    key: int = Field(sa_column=Column("block_key", RowId, nullable=False))
    record_id: int = Field(sa_column=Column(RowId, nullable=False))
    column: int = Field(sa_column=Column("column_index", RowId, nullable=False))
    companion: int = Field(sa_column=Column(RowId, nullable=False))


def block_keys() -> Table:
    """The table of block keys."""
    table: Table = BlockKey.__table__  # type: ignore[attr-defined]  # SQLModel hides it
    return table


class Edge(SQLModel, table=True):
    """A scored pair of source records at or above the review threshold; `left_id` is the smaller row id."""

    __tablename__ = "edge"
    __table_args__ = (PrimaryKeyConstraint("left_id", "right_id"), Index("ix_edge_right", "right_id"))

    left_id: int = Field(sa_column=Column(RowId, nullable=False))
    right_id: int = Field(sa_column=Column(RowId, nullable=False))
    entity_type: str
    weight: float


class RecordReference(SQLModel, table=True):
    """Which source record refers to which key, now or on another day; it may not have arrived yet."""

    __tablename__ = "record_reference"
    __table_args__ = (
        PrimaryKeyConstraint("record_id", "attribute", "target_source", "target_key"),
        Index("ix_record_reference_target", "target_type", "target_source", "target_key"),
    )

    record_id: int = Field(sa_column=Column(RowId, nullable=False))
    attribute: str
    entity_type: str
    target_type: str
    target_source: str
    target_key: str


class Relation(SQLModel, table=True):
    """An edge between golden records, from the reference attribute of one to the other."""

    __tablename__ = "relation"
    __table_args__ = (
        PrimaryKeyConstraint("from_id", "attribute"),
        Index("ix_relation_to", "to_id", "from_type", "attribute", "from_id"),
    )

    from_id: str
    attribute: str
    from_type: str
    to_id: str
    to_type: str


class Task(SQLModel, table=True):
    """Something a machine must not decide alone.

    The id depends on what the task is about, so a replay finds it again.
    """

    __tablename__ = "task"
    __table_args__ = (
        Index("ix_task_type", "entity_type", "kind"),
        Index("ix_task_rank", "rank", "id"),
        Index("ix_task_type_rank", "entity_type", "rank", "id"),
    )

    id: str = Field(primary_key=True)
    entity_type: str
    kind: str
    """possible_match, possible_duplicate, contradiction, override_conflict or hierarchy_loop."""
    left_golden: str = Field(index=True)
    right_golden: str = Field(index=True)
    left_record: int = Field(sa_column=Column(RowId, nullable=False))
    right_record: int = Field(sa_column=Column(RowId, nullable=False))
    weight: float
    cause: str
    text: str
    rank: float = 0.0
    """What a decision is worth, negative, so that the queue rises; kept right by `mdm.task_worth`."""


class TaskToWeigh(SQLModel, table=True):
    """Tasks that the transaction has yet to weigh: triggers fill it, and it is empty between transactions."""

    __tablename__ = "task_to_weigh"

    id: int | None = Field(default=None, sa_column=Column(RowId, primary_key=True))
    task_id: str


class SearchTerm(SQLModel, table=True):
    """Folded words, codes and addresses under which a golden record is found."""

    __tablename__ = "search_term"
    __table_args__ = (
        PrimaryKeyConstraint("term", "entity_type", "golden_id"),
        Index("ix_search_term_golden", "golden_id"),
    )

    term: str = Field(sa_column=Column(String, nullable=False))
    entity_type: str
    golden_id: str


class StrongId(SQLModel, table=True):
    """Which current golden record holds which id that only one of its type may hold (see `mdm.strong_ids`).

    The store refuses a second holder of an id that is not disputed.
    """

    __tablename__ = "strong_id"
    __table_args__ = (
        PrimaryKeyConstraint("golden_id", "attribute", "id_hash"),
        UniqueConstraint("entity_type", "attribute", "id_hash", "disputant", name="strong_id_held_once"),
        CheckConstraint("disputant IN ('', golden_id)", name="disputant_is_itself"),
        {"sqlite_with_rowid": False},
    )

    golden_id: str = Field(sa_column=Column(String, at_commit("issued_id.golden_id"), nullable=False))
    attribute: str
    id_hash: int = Field(sa_column=Column(RowId, nullable=False))
    """Of the id in its standard form."""
    entity_type: str
    disputant: str = ""
    """The golden record's own id if others hold the id as well, else empty."""


class ValueDue(SQLModel, table=True):
    """When the values of a golden record may next change though no source says anything new."""

    __tablename__ = "value_due"
    __table_args__ = (Index("ix_value_due_at", "due_at"),)

    golden_id: str = Field(primary_key=True)
    entity_type: str
    due_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


DERIVED: tuple[type[SQLModel], ...] = (
    GoldenRecord, Membership, BlockKey, Edge, RecordReference, Relation, Task, TaskToWeigh, SearchTerm,
    StrongId, ValueDue,
)  # fmt: skip
