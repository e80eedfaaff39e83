"""An erased subject that a source sends again: refused without a trace, unless the settings say otherwise."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlmodel import col

from mdm.erasure.fingerprints import Fingerprints
from mdm.erasure.subject import each, squashed
from mdm.store.chunks import rows_in
from mdm.store.erasures import ErasedKey

if TYPE_CHECKING:
    from mdm.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Again:
    """Recognises erased subjects in what a source sends; knows nobody if there are none."""

    fingerprints: Fingerprints | None
    entity_type: str
    source: str

    def among(self, uow: UnitOfWork, rows: Mapping[str, Collection[Any]]) -> set[str]:
        """Which of these rows are about an erased subject.

        Args:
            rows: a row's key to its values.
        """
        if self.fingerprints is None:
            return set()
        wanted: dict[str, str] = {}
        for key, values in rows.items():
            for fingerprint in self._of(self.fingerprints, key, values):
                wanted[fingerprint] = key
        query = select(col(ErasedKey.fingerprint))
        return {wanted[row[0]] for row in rows_in(uow.session, query, col(ErasedKey.fingerprint), wanted)}

    def _of(self, fingerprints: Fingerprints, key: str, values: Collection[Any]) -> Iterable[str]:
        yield fingerprints.of_key(self.entity_type, self.source, key)
        for value in chain.from_iterable(map(each, values)):
            yield fingerprints.of_key(self.entity_type, self.source, str(value))
            yield fingerprints.of_name(self.entity_type, squashed(value))


_ANY = select(col(ErasedKey.fingerprint)).limit(1)


def erased_again(uow: UnitOfWork, source: str, entity_type: str) -> Again:
    """What recognises erased subjects in rows of this source and type."""
    settings = uow.hub.settings
    some = settings.trust.erased_again == "refuse" and (uow.session.connection().scalar(_ANY) is not None)
    return Again(Fingerprints.of(settings, some_exist=True) if some else None, entity_type, source)
