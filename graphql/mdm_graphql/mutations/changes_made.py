"""Everything that an operation changed, or would change."""

# Strawberry reads the annotations of this module, so they stay as written.
import strawberry

from mdm.identity import Changes as ChangesRead
from mdm_graphql.cells import CellValue, Source


@strawberry.type(description="A source record that left one golden record for another.")
class MovedRecord:
    """One line of the crosswalk."""

    source: Source = strawberry.field(description="The source record.")
    from_id: strawberry.ID | None = strawberry.field(description="Golden id before.")
    to_id: strawberry.ID | None = strawberry.field(description="Golden id now.")


@strawberry.type(description="What became of a golden id.")
class IdChange:
    """One id of the ledger."""

    id: strawberry.ID = strawberry.field(description="The golden id.")
    what: str = strawberry.field(description="minted, redirected, revived or retired.")
    into: strawberry.ID | None = strawberry.field(description="Where a redirected id leads.")


@strawberry.type(description="A golden value before and after; null where there is none.")
class ValueChange:
    """One cell; masked ones are left out."""

    id: strawberry.ID = strawberry.field(description="The golden id.")
    attribute: str = strawberry.field(description="Name of the attribute as declared.")
    before: CellValue | None = strawberry.field(description="The value before.")
    after: CellValue | None = strawberry.field(description="The value now.")


@strawberry.type(description="Where a relation led before and leads now; null where there is none.")
class RelationChange:
    """One reference."""

    id: strawberry.ID = strawberry.field(description="The golden id that refers.")
    attribute: str = strawberry.field(description="Name of the attribute as declared.")
    before: strawberry.ID | None = strawberry.field(description="Golden id before.")
    after: strawberry.ID | None = strawberry.field(description="Golden id now.")


@strawberry.type(description="A change that a target is told.")
class PublicationTouched:
    """One delivery to come."""

    target: str = strawberry.field(description="The target's name.")
    id: strawberry.ID = strawberry.field(description="The golden id.")


@strawberry.type(description="A golden record's version from then on.")
class VersionNow:
    """What the next operation has to have seen."""

    id: strawberry.ID = strawberry.field(description="The golden id.")
    version: int = strawberry.field(description="Its version.")


@strawberry.type(description="Everything that an operation changed, or would change if it is a preview.")
class Changes:
    """All of it, each part in order."""

    records: list[MovedRecord] = strawberry.field(description="Source records that moved.")
    ids: list[IdChange] = strawberry.field(description="Golden ids that came, went, or lead elsewhere.")
    values: list[ValueChange] = strawberry.field(description="Golden values of current records.")
    relations: list[RelationChange] = strawberry.field(description="References of current records.")
    tasks_opened: list[strawberry.ID] = strawberry.field(description="Tasks that wait now.")
    tasks_closed: list[strawberry.ID] = strawberry.field(description="Tasks that no longer wait.")
    publications: list[PublicationTouched] = strawberry.field(description="What targets are told.")
    versions: list[VersionNow] = strawberry.field(description="Versions afterwards, by golden id.")

    @staticmethod
    def of(made: ChangesRead) -> "Changes":
        """From the use case."""
        return Changes(
            records=[
                MovedRecord(
                    source=Source(system=r.source, key=r.source_key),
                    from_id=_id(r.from_golden),
                    to_id=_id(r.to_golden),
                )
                for r in made.records
            ],
            ids=[IdChange(id=strawberry.ID(i.golden_id), what=i.what, into=_id(i.into)) for i in made.ids],
            values=[
                ValueChange(
                    id=strawberry.ID(v.golden_id),
                    attribute=v.attribute,
                    before=_value(v.before),
                    after=_value(v.after),
                )
                for v in made.values
            ],
            relations=[
                RelationChange(
                    id=strawberry.ID(r.golden_id),
                    attribute=r.attribute,
                    before=_id(r.before),
                    after=_id(r.after),
                )
                for r in made.relations
            ],
            tasks_opened=[strawberry.ID(task) for task in made.tasks_opened],
            tasks_closed=[strawberry.ID(task) for task in made.tasks_closed],
            publications=[PublicationTouched(target=t, id=strawberry.ID(i)) for t, i in made.publications],
            versions=[VersionNow(id=strawberry.ID(i), version=v) for i, v in sorted(made.versions.items())],
        )


def _id(text: str) -> strawberry.ID | None:
    return strawberry.ID(text) if text else None


def _value(value: object) -> CellValue | None:
    return None if value is None else CellValue(value)
