"""Which client, contract and project stands in which system."""

from __future__ import annotations

from random import Random

from mdm.demo.clients import Client
from mdm.demo.engagements import Engagement
from mdm.demo.firm import Firm
from mdm.demo.projects import Project
from mdm.demo.vocabulary import happens

# Share of clients that a system holds: of the firm's own, of the acquired company's, of those of both.
_SHARES = {
    "salesforce": (0.86, 0.4, 0.95),
    "business_central": (0.8, 0.1, 0.9),
    "xero": (0.0, 1.0, 1.0),
    "kantata": (0.74, 0.6, 0.85),
    "ironclad": (0.72, 0.35, 0.8),
}
_ORIGINS = ("firm", "acquired", "both")


def clients_of(firm: Firm, system: str) -> list[Client]:
    """The clients of one system in the firm's order; every client stands in one system at least."""
    return [client for client in firm.clients if system in _systems(client, firm)]


def _systems(client: Client, firm: Firm) -> set[str]:
    rng = _chance(firm, client.thing)
    origin = _ORIGINS.index(client.origin)
    found = {system for system, shares in _SHARES.items() if happens(rng, shares[origin])}
    return found or {"salesforce"}


def archived(firm: Firm, contract: Engagement) -> bool:
    """Whether the contract reached the archive; one that did not stands in the CRM."""
    return contract.lookalike or not (
        _in_crm(firm, contract) and happens(_chance(firm, contract.thing), 0.06)
    )


def _in_crm(firm: Firm, contract: Engagement) -> bool:
    return "salesforce" in _systems(contract.client, firm)


def in_psa(firm: Firm, project: Project) -> bool:
    """Whether the project is planned in the PSA: most are, fewer of the acquired company's."""
    share = 0.75 if project.client is None else 0.6 if project.acquired else 0.88
    return happens(_chance(firm, project.thing), share)


def coded_in_psa(firm: Firm, project: Project) -> bool:
    """Whether the PSA shows the project code; always for internal work, which has no client to go by."""
    if project.client is None or project.acquired:
        return True
    return happens(_chance(firm, f"code/{project.thing}"), 0.92)


def _chance(firm: Firm, topic: str) -> Random:
    return Random(f"{firm.seed}/placing/{topic}")
