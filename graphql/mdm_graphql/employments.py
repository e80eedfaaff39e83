"""The employments of a worker, as each source record states them."""

# Strawberry reads the annotations of this module, so they stay as written.
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import strawberry
from sqlmodel import Session

from mdm.history.when import NOW, When
from mdm.query.employments import Employment as EmploymentRead
from mdm.query.employments import employments_of
from mdm_graphql.cells import Source
from mdm_graphql.golden_record import reader_of, when_of
from mdm_graphql.loaders import Current
from mdm_graphql.reader import Reader

EMPLOYMENTS, LEGAL_ENTITY = "employments", "legal_entity"


@dataclass(frozen=True, slots=True)
class EmploymentsOf:
    """The employments of workers."""

    when: When = NOW

    def __call__(
        self, reader: Reader, session: Session, keys: Sequence[str]
    ) -> Mapping[str, tuple[EmploymentRead, ...]]:
        return employments_of(reader.hub, session, keys, self.when)


def employments_field(employer: type) -> Any:
    """The field `employments` of a worker, in a schema with this type of legal entity."""

    def lead(root: Any) -> Any:
        if root._employer is None:  # noqa: SLF001  # its own
            return None
        return root._reader.load(Current(LEGAL_ENTITY, root._when), root._employer)  # noqa: SLF001

    @strawberry.type(description="What one source record states of an employment.")
    class Employment:
        source: Source = strawberry.field(description="The record that states it.")
        worker_number: str | None = strawberry.field(description="The number of the worker there.")
        worker_type: str | None = strawberry.field(description="employee, contractor or contingent.")
        legal_entity: employer | None = strawberry.field(  # type: ignore[valid-type]  # made at run time
            resolver=lead, description="Which legal entity employs."
        )
        hire_date: date | None = strawberry.field(description="The first day.")
        termination_date: date | None = strawberry.field(description="The last day.")
        current: bool = strawberry.field(
            description="Whether the day asked about lies within; a date that is missing is no bound."
        )
        _employer: strawberry.Private[str | None]
        _reader: strawberry.Private[Reader]
        _when: strawberry.Private[When]

    async def resolve(root: Any) -> Any:
        reader, when = reader_of(root), when_of(root)
        found: Sequence[EmploymentRead] = await reader.load(EmploymentsOf(when), root.id)
        return [
            Employment(
                source=Source.of(one.source),
                worker_number=one.worker_number,
                worker_type=one.worker_type,
                hire_date=one.hire_date,
                termination_date=one.termination_date,
                current=one.current,
                _employer=one.legal_entity,
                _reader=reader,
                _when=when,
            )
            for one in found or ()
        ]

    return strawberry.field(
        resolver=resolve,
        graphql_type=list[Employment],
        description="The employments that its source records tell of, the current ones first.",
    )
