"""What one principal sees: the one point below every door that says which attributes and which rows.

Whoever reads golden records, claims or history asks the view of the session (`view_of`) before anything
leaves the database. A session that was opened for nobody in particular is the hub's own and sees everything.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import ColumnElement, FromClause, Label, and_, case, exists, null, or_, select
from sqlalchemy.sql.elements import SQLCoreOperations
from sqlmodel import Session, col

from mdm.access.principal import Principal, everything
from mdm.access.rows import row_clause
from mdm.entities import EntityType, Sensitivity
from mdm.errors import ForbiddenError
from mdm.models import EXACT_KEY_COLUMN
from mdm.store.chunks import rows_in
from mdm.store.derived import GoldenRecord

if TYPE_CHECKING:
    from mdm.hub import Hub
    from mdm.survivorship import Choice

Value = TypeVar("Value")

KEY = "mdm.view"
"""Where a session carries its view."""

CLASSIFIED = frozenset({Sensitivity.personal, Sensitivity.pay})
"""Classes whose reading is kept."""


@dataclass
class View:
    """One principal's view during one read.

    Attributes:
        snapshot: whether nothing changes while it lasts, so that what exists need be asked but once.
        read: what classified attributes were read so far: (entity type, attribute) to golden ids.
    """

    hub: Hub | None
    principal: Principal
    snapshot: bool = False
    read: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    _masked: dict[str, frozenset[str]] = field(default_factory=dict)
    _known: dict[str, bool] = field(default_factory=dict)

    def masked(self, entity_type: EntityType) -> frozenset[str]:
        """The attributes whose values are kept from the principal, whether or not there is a value."""
        if entity_type.name not in self._masked:
            seen = self.principal.classes(entity_type.name)
            self._masked[entity_type.name] = frozenset(
                a.name for a in entity_type.attributes if a.sensitivity not in seen
            )
        return self._masked[entity_type.name]

    def require(self, entity_type: EntityType, attribute: str) -> None:
        """Refuse to filter, sort, search, count or walk by a masked attribute: the answer would tell it.

        Raises:
            ForbiddenError: the attribute is masked.
        """
        if attribute in self.masked(entity_type):
            raise ForbiddenError(
                f"{entity_type.name}.{attribute} is masked for {self.principal.name}: "
                "it can be neither filtered, sorted nor followed; leave it out, or ask for the right."
            )

    def open_part(self, entity_type: EntityType, by_attribute: Mapping[str, Value]) -> dict[str, Value]:
        """Of a mapping by attribute (cells, claims, stated values, choices) what may be seen."""
        masked = self.masked(entity_type)
        return {name: value for name, value in by_attribute.items() if name not in masked}

    def columns(self, entity_type: EntityType, table: FromClause) -> list[ColumnElement[Any]]:
        """The columns of a typed table; a masked one is null before it leaves the database."""
        masked = self.masked(entity_type)
        shown: list[ColumnElement[Any]] = [
            null().label(c.name) if c.name in masked else c for c in table.columns
        ]
        if self.sees_all_rows or self.hub is None:
            return shown
        return [self._led(entity_type, column) for column in shown]

    def column(self, entity_type: EntityType, table: FromClause, name: str) -> ColumnElement[Any]:
        """One column as the principal may compare it: a reference out of the rows is no value."""
        column = table.c[name]
        return column if self.sees_all_rows else self._led(entity_type, column)

    def _led(self, entity_type: EntityType, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """A reference only where the record it leads to exists for the principal."""
        attribute = entity_type.by_name.get(str(column.key))
        if attribute is None or not attribute.target or self.hub is None or isinstance(column, Label):
            return column
        seen = self.holds(self.hub.registry[attribute.target], column)
        return case((seen, column)).label(column.name)

    def shown(
        self, session: Session, entity_type: EntityType, by_id: Mapping[str, Mapping[str, Any]]
    ) -> dict[str, dict[str, Any]]:
        """Cells of golden records by golden id, without what is masked or leads to a record not visible."""
        open_cells = {i: self.open_part(entity_type, cells) for i, cells in by_id.items()}
        if self.sees_all_rows:
            return open_cells
        names = [a.name for a in entity_type.references]
        led = {str(cells[n]["value"]) for cells in open_cells.values() for n in names if n in cells}
        hidden = led - self.visible(session, led)
        return {
            i: {n: c for n, c in cells.items() if n not in names or str(c["value"]) not in hidden}
            for i, cells in open_cells.items()
        }

    def choices(
        self, session: Session, entity_type: EntityType, choices: Mapping[str, Choice]
    ) -> dict[str, Choice]:
        """Survivorship's choices, without what is masked or leads to a record not visible."""
        return self.all_choices(session, entity_type, {"": choices})[""]

    def all_choices(
        self, session: Session, entity_type: EntityType, by_id: Mapping[str, Mapping[str, Choice]]
    ) -> dict[str, dict[str, Choice]]:
        """The same for the choices of several golden records, asked for together."""
        seen = {i: self.open_part(entity_type, choices) for i, choices in by_id.items()}
        if self.sees_all_rows:
            return seen
        names = {a.name for a in entity_type.references}
        led = [choices[name] for choices in seen.values() for name in names & choices.keys()]
        ids = {str(value) for one in led for value in (one.value, *(claim.value for claim in one.beats))}
        hidden = ids - self.visible(session, ids)
        return {
            i: {n: _without(c, hidden) if n in names else c for n, c in choices.items()
                if n not in names or str(c.value) not in hidden}
            for i, choices in seen.items()
        }  # fmt: skip

    def hidden_evidence(self, entity_type: EntityType) -> frozenset[str]:
        """Columns of which a pair's explanation says nothing; with a row filter also references."""
        masked = self.masked(entity_type)
        led = () if self.sees_all_rows else (a.name for a in entity_type.references)
        hidden = masked.union(led)
        return hidden.union((EXACT_KEY_COLUMN,) if hidden & set(entity_type.match_key) else ())

    def rows(self, entity_type: EntityType, table: FromClause) -> list[ColumnElement[bool]]:
        """Conditions that leave only the rows there are for the principal; none if that is all of them."""
        if not self.principal.rows or self.hub is None:
            return []
        current = self.hub.golden_tables[entity_type.name]
        if table is current:
            return self._belongs(entity_type, table)
        # What was there at another moment exists for those for whom the record exists now.
        return [self.holds(entity_type, table.c.id)]

    def rows_of_ids(
        self, entity_type: SQLCoreOperations[str], golden_id: SQLCoreOperations[Any]
    ) -> list[ColumnElement[bool]]:
        """Conditions that leave only rows whose golden record exists for the principal; none if that is all.

        Args:
            entity_type: the column that names its type, and `golden_id` the one that names it.
        """
        if self.sees_all_rows or self.hub is None:
            return []
        return [or_(*(and_(entity_type == t.name, self.holds(t, golden_id)) for t in self.hub.registry))]

    def holds(self, entity_type: EntityType, golden_id: SQLCoreOperations[Any]) -> ColumnElement[bool]:
        """SQL for: there is a golden record of this type and id for the principal."""
        assert self.hub is not None
        # Looked up row by row: a list of all that exist would be as long as the table.
        current = self.hub.golden_tables[entity_type.name].alias()
        return exists().where(current.c.id == golden_id, *self._belongs(entity_type, current))

    def _belongs(self, entity_type: EntityType, table: FromClause) -> list[ColumnElement[bool]]:
        assert self.hub is not None
        return [
            row_clause(self.hub, entity_type, table, dimension, values)
            for dimension, values in self.principal.rows
        ]

    @property
    def sees_all_rows(self) -> bool:
        """Whether there is no row filter."""
        return not self.principal.rows

    def visible(self, session: Session, golden_ids: Collection[str]) -> set[str]:
        """Those of the golden ids that exist for the principal; all of them without a row filter.

        With one, only current golden records whose row meets it: what cannot be placed is not shown. One
        statement asks for all that is not known from earlier reads of the same snapshot.
        """
        if self.sees_all_rows or self.hub is None:
            return set(golden_ids)
        unknown = set(golden_ids) - self._known.keys()
        record = (col(GoldenRecord.entity_type), col(GoldenRecord.golden_id))
        query = select(record[1]).where(*self.rows_of_ids(*record))
        there = {row[0] for row in rows_in(session, query, record[1], unknown)}
        self.learn({i: i in there for i in unknown})
        return {golden_id for golden_id in golden_ids if golden_id in there or self._known.get(golden_id)}

    def saw(self, golden_ids: Iterable[str]) -> None:
        """Remember that golden records exist for the principal, because a read has let them through."""
        self.learn(dict.fromkeys(golden_ids, True))

    def learn(self, there: Mapping[str, bool]) -> None:
        """Remember which golden records exist for the principal: a read has asked along with its own."""
        if self.snapshot and not self.sees_all_rows:
            self._known.update(there)

    def note(self, entity_type: EntityType, attributes: Iterable[str], golden_ids: Iterable[str]) -> None:
        """Remember that classified attributes of golden records were read; kept when the read ends."""
        if not self.principal.audited:
            return
        ids, masked = set(golden_ids), self.masked(entity_type)
        for name in attributes:
            attribute = entity_type.by_name.get(name)
            if ids and attribute is not None and name not in masked and attribute.sensitivity in CLASSIFIED:
                self.read.setdefault((entity_type.name, name), set()).update(ids)


def _without(choice: Choice, hidden: Collection[str]) -> Choice:
    return replace(choice, beats=tuple(claim for claim in choice.beats if str(claim.value) not in hidden))


def view_of(session: Session) -> View:
    """The view that the session was opened with."""
    found = session.info.get(KEY)
    return found if isinstance(found, View) else View(None, everything("system"))


@contextmanager
def seen_by(session: Session, view: View) -> Iterator[None]:
    """Let readers of a session that is written through see what its principal sees, for a while."""
    before = session.info.get(KEY)
    session.info[KEY] = view
    try:
        yield
    finally:
        session.info[KEY] = before
