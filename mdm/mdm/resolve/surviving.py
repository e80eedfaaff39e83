"""The values of golden records, with no claim among them that would close a loop of parents."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial

from mdm.entities import EntityType
from mdm.overrides.standing import said_about
from mdm.parallel import beside
from mdm.resolve.evidence import RecordClaims
from mdm.resolve.hierarchies import Loop, Refused, loops_of, refused_by
from mdm.resolve.references import Key
from mdm.resolve.survivors import Cells, Led, Survivors, cells_of, plain_survivors, survivors_of
from mdm.survivorship import SourceOrder
from mdm.unit_of_work import UnitOfWork

MANY = 5_000
"""Golden records whose values are worth the start of a second process for half of them."""


@dataclass(frozen=True, slots=True)
class Values:
    """What is kept of a golden record's values, and when they may next change though no source speaks."""

    cells: Cells
    due: datetime | None


@dataclass
class Surviving:
    """What golden records made of these records say, with no claim that would close a loop of parents.

    Attributes:
        led: where references lead.
        entwined: golden records that may be part of a loop.
        loops: those that were met so far.
    """

    uow: UnitOfWork
    entity_type: EntityType
    led: Mapping[tuple[str, Key], str]
    entwined: Collection[str]
    loops: list[Loop] = field(default_factory=list)

    def __call__(
        self, records_of: Mapping[str, Sequence[RecordClaims]], day: date | None = None
    ) -> dict[str, Survivors]:
        """The values of each golden record; those of a loop are chosen again without what closes it."""
        survived = self._of(records_of, {})
        choices = {golden: survived[golden].choices for golden in records_of if golden in self.entwined}
        found = loops_of(self.entity_type, choices, self.uow.hub.source_order, day)
        self.loops.extend(found)
        again = {loop.refused.golden_id: records_of[loop.refused.golden_id] for loop in found}
        return survived | self._of(again, refused_by(found))

    def values(
        self, records_of: Mapping[str, Sequence[RecordClaims]]
    ) -> tuple[dict[str, Values], dict[str, Survivors]]:
        """The values of each golden record, and all that is behind those of which stewards spoke."""
        said = said_about(self.uow.session, records_of)
        apart = {g: own for g, own in records_of.items() if g in said or g in self.entwined}
        plain = [g for g in records_of if g not in apart]
        half = len(plain) // 2 if len(plain) >= MANY else len(plain)
        parts = [{g: records_of[g] for g in some} for some in (plain[:half], plain[half:])]
        find = partial(_plain_values, self.entity_type, self.led, self.uow.hub.source_order, self.uow.now)
        with beside(partial(find, parts[1]), worth=bool(parts[1])) as others:
            survivors = self(apart)
            found = find(parts[0]) | {g: Values(cells_of(s.choices), s.due) for g, s in survivors.items()}
            found |= others()
        return {g: found[g] for g in records_of}, survivors

    def _of(self, records_of: Mapping[str, Sequence[RecordClaims]], refused: Refused) -> dict[str, Survivors]:
        uow = self.uow
        return survivors_of(
            uow.hub, uow.session, self.entity_type, records_of, self.led, moment=uow.now, refused=refused
        )


def _plain_values(
    entity_type: EntityType,
    led: Led,
    order: SourceOrder,
    moment: datetime,
    records_of: Mapping[str, Sequence[RecordClaims]],
) -> dict[str, Values]:
    survivors = plain_survivors(entity_type, records_of, led, order, moment)
    return {golden_id: Values(cells_of(survived.choices), survived.due) for golden_id, survived in survivors}
