"""Writes the demo's exports: one invented firm, scattered over eight systems, each in its own shape."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from mdm.demo.book import Book, Doubt
from mdm.demo.damage import Damage
from mdm.demo.firm import Firm, found_firm
from mdm.demo.systems.bamboohr import bamboohr
from mdm.demo.systems.business_central import business_central
from mdm.demo.systems.ironclad import ironclad
from mdm.demo.systems.jira import jira
from mdm.demo.systems.kantata import kantata
from mdm.demo.systems.kantata_staffing import kantata_staffing
from mdm.demo.systems.salesforce import salesforce
from mdm.demo.systems.successfactors import successfactors
from mdm.demo.systems.xero import xero, xero_projects

# A later system may refer to keys of an earlier one.
SYSTEMS = (
    business_central, ironclad, successfactors, bamboohr, salesforce, xero, kantata, xero_projects, jira,
    kantata_staffing,
)  # fmt: skip
# References find their target at once if it is loaded first.
ORDER = ("legal_entity", "cost_center", "client", "worker", "engagement", "project", "assignment", "rate")


@dataclass(frozen=True, slots=True)
class Summary:
    """What was written.

    Attributes:
        things: entity type to the number of real things that some system knows.
        records: entity type to the number of source records that should come alive.
        systems: the sources, in alphabetical order.
        unusable: rows that belong into quarantine.
        damage: kind of damage to how often it was done.
        doubts: pairs of records that only a steward should decide on.
    """

    folder: Path
    seed: int
    things: dict[str, int]
    records: dict[str, int]
    systems: tuple[str, ...]
    unusable: int
    damage: dict[str, int]
    doubts: tuple[Doubt, ...]


def generate(folder: Path, *, seed: int = 7, damage: Damage | None = None) -> Summary:
    """Write the exports, `manifest.json` (what to load, in order) and `truth.csv`; the same for a seed."""
    book = write_systems(found_firm(seed, damage or Damage()))
    book.write(folder)
    things = {(entity, thing) for (entity, _, _), thing in book.truth.items()}
    return Summary(
        folder=folder,
        seed=seed,
        things=dict(Counter(entity for entity, _ in things)),
        records=dict(Counter(entity for entity, _, _ in book.truth)),
        systems=tuple(sorted({load.source for load in book.loads})),
        unusable=book.unusable,
        damage=dict(sorted(book.damage.items())),
        doubts=tuple(book.doubts),
    )


def write_systems(firm: Firm) -> Book:
    """What all systems answer about the firm, with the truth apart."""
    book = Book()
    for system in SYSTEMS:
        system(firm, book)
    book.loads.sort(key=lambda load: ORDER.index(load.entity))
    return book
