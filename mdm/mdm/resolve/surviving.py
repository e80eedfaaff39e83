"""The values of golden records, with no claim among them that would close a loop of parents."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from mdm.entities import EntityType
from mdm.resolve.evidence import RecordClaims
from mdm.resolve.hierarchies import Loop, Refused, loops_of, refused_by
from mdm.resolve.references import Key
from mdm.resolve.survivors import Survivors, survivors_of
from mdm.unit_of_work import UnitOfWork


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

    def _of(self, records_of: Mapping[str, Sequence[RecordClaims]], refused: Refused) -> dict[str, Survivors]:
        uow = self.uow
        return survivors_of(
            uow.hub, uow.session, self.entity_type, records_of, self.led, moment=uow.now, refused=refused
        )
