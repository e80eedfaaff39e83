"""The invented firm as it really is, before any system gets hold of it."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from mdm.demo.clients import Client, clients
from mdm.demo.damage import Damage
from mdm.demo.engagements import Engagement, engagements
from mdm.demo.organisation import CostCenter, LegalEntity, cost_centers, legal_entities
from mdm.demo.projects import Project, projects
from mdm.demo.staffing import Assignment, CardRate, assignments, card_rates
from mdm.demo.workers import Worker, workers


@dataclass(frozen=True, slots=True)
class Firm:
    """Everything that the systems talk about; each thing once."""

    seed: int
    damage: Damage
    legal_entities: tuple[LegalEntity, ...]
    cost_centers: tuple[CostCenter, ...]
    clients: tuple[Client, ...]
    workers: tuple[Worker, ...]
    engagements: tuple[Engagement, ...]
    projects: tuple[Project, ...]
    assignments: tuple[Assignment, ...]
    card_rates: tuple[CardRate, ...]

    def chance(self, topic: str) -> Random:
        """Chance for one topic, so that a change in one system leaves the others as they are."""
        return Random(f"{self.seed}/{topic}")


def found_firm(seed: int, damage: Damage) -> Firm:
    """The firm of a seed: the same seed and damage give the same firm."""
    chance = {
        name: Random(f"{seed}/{name}")
        for name in ("firm", "clients", "workers", "contracts", "work", "rates")
    }
    companies = legal_entities(chance["firm"])
    centers = cost_centers(companies, damage, chance["firm"])
    buyers = clients(damage, chance["clients"])
    staff = workers(companies, centers, damage, chance["workers"])
    contracts = engagements(buyers, damage.twin_contracts, chance["contracts"])
    work = projects(buyers, contracts, staff, centers, chance["work"])
    staffing = assignments(work, staff, chance["rates"])
    cards = card_rates(buyers, chance["rates"])
    return Firm(seed, damage, companies, centers, buyers, staff, contracts, work, staffing, cards)
