"""Cells: golden values with the claim each came from, the rule that chose it, and the claims it beat."""

# Strawberry reads the annotations of this module, so they stay as written.
from datetime import datetime
from typing import NewType

import strawberry

from mdm.query.provenance import BeatenClaim as BeatenClaimRead
from mdm.query.provenance import Cell as CellRead
from mdm.query.sources import MemberRecord, SourceKey

CellValue = NewType("CellValue", object)

CELL_VALUE = strawberry.scalar(
    name="CellValue",
    description="The value of a cell or claim: a text (a date as ISO 8601, a reference as golden id), "
    "a number, or a list of texts.",
    serialize=lambda value: value,
)


@strawberry.type(description="A record of a system that the hub reads.")
class Source:
    """Which system, and the key it uses."""

    system: str = strawberry.field(description="The system's name, such as salesforce.")
    key: str = strawberry.field(description="The key of the record in that system.")

    @staticmethod
    def of(place: SourceKey) -> "Source":
        """From the read model."""
        return Source(system=place.system, key=place.key)


@strawberry.type(description="A live source record that belongs to a golden record.")
class SourceRecord:
    """Which system, the key it uses, and when the hub heard of it."""

    system: str = strawberry.field(description="The system's name, such as salesforce.")
    key: str = strawberry.field(description="The key of the record in that system.")
    first_seen_at: datetime = strawberry.field(description="When the hub took the record in first.")
    last_changed_at: datetime = strawberry.field(description="When the hub took in the record's last change.")

    @staticmethod
    def of(member: MemberRecord) -> "SourceRecord":
        """From the read model."""
        return SourceRecord(
            system=member.system,
            key=member.key,
            first_seen_at=member.first_seen_at,
            last_changed_at=member.last_changed_at,
        )


@strawberry.type(description="A claim that another one was preferred to.")
class BeatenClaim:
    """What lost, and who said it."""

    value: CellValue = strawberry.field(description="What the source states.")
    source: Source = strawberry.field(description="The record that states it.")

    @staticmethod
    def of(claim: BeatenClaimRead) -> "BeatenClaim":
        """From the read model."""
        return BeatenClaim(value=CellValue(claim.value), source=Source.of(claim.source))


@strawberry.type(description="One golden value and where it comes from.")
class Cell:
    """Value, claim, rule, and what it was preferred to."""

    attribute: str = strawberry.field(description="Name of the attribute as declared, such as tax_id.")
    value: CellValue | None = strawberry.field(description="The golden value; null if it is masked.")
    masked: bool = strawberry.field(
        description="Whether you may not see it; such a cell is there whether or not there is a value."
    )
    rule: str = strawberry.field(description="The survivorship rule that chose it, such as prefer(erp, crm).")
    since: datetime | None = strawberry.field(
        description="When the source changed it, by the source's own clock."
    )
    source: Source | None = strawberry.field(description="The record that states it.")
    beats: list[BeatenClaim] = strawberry.field(
        description="The claims of other records that lost, best first."
    )

    @staticmethod
    def of(cell: CellRead) -> "Cell":
        """From the read model."""
        return Cell(
            attribute=cell.attribute,
            value=None if cell.value is None else CellValue(cell.value),
            masked=cell.masked,
            rule=cell.rule,
            since=cell.since,
            source=Source.of(cell.source) if cell.source else None,
            beats=[BeatenClaim.of(claim) for claim in cell.beats],
        )
