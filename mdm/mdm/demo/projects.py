"""The firm's projects: for clients under contracts, in phases, and for itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from mdm.demo.clients import Client
from mdm.demo.engagements import Engagement
from mdm.demo.organisation import TODAY, CostCenter
from mdm.demo.vocabulary import happens, table, words
from mdm.demo.workers import Worker

CLIENT_PROJECTS, INTERNAL_PROJECTS = 820, 80


@dataclass(frozen=True, slots=True)
class Project:
    """A project as it really is.

    Attributes:
        phase: 1, 2 ... where the work comes in phases, each a project; 0 elsewhere.
        client: None for work the firm does for itself.
    """

    thing: str
    code: str
    name: str
    client: Client | None
    engagement: Engagement | None
    manager: Worker
    cost_center: str
    start: date
    end: date
    currency: str
    budget: int
    billing: str
    phase: int = 0

    @property
    def acquired(self) -> bool:
        """Whether the acquired company sold it."""
        return self.client is not None and self.client.origin == "acquired"

    @property
    def is_over(self) -> bool:
        """Whether its last day has passed."""
        return self.end < TODAY


class Portfolio:
    """Makes projects; at one client a title is given once, apart from phases."""

    def __init__(self, managers: list[Worker], centers: tuple[CostCenter, ...], rng: Random) -> None:
        self._rng = rng
        self._managers = managers
        self._centers = [center.thing for center in centers if not center.valid_to]
        self._titles: set[tuple[str, str]] = set()
        self.projects: list[Project] = []

    def under(self, engagement: Engagement) -> None:
        """The contract's project, or its phases one after the other."""
        phases = self._rng.choices((0, 2, 3), (80, 16, 4))[0]
        title = self._title(engagement.client, engagement.topic)
        start = engagement.start
        for phase in range(1, max(phases, 1) + 1):
            days = self._rng.randrange(60, 300)
            name = f"{title} Phase {phase}" if phases else title
            self._add(name, engagement.client, engagement, start, days, phase if phases else 0)
            start += timedelta(days=days + 1)

    def without_contract(self, client: Client) -> None:
        """A project whose contract never reached the archive."""
        title = self._title(client, self._rng.choice(words("topic")))
        self._add(title, client, None, self._some_day(), self._rng.randrange(40, 400))

    def internal(self) -> None:
        """Work the firm does for itself, such as the recruiting campus of a year."""
        start = self._some_day()
        self._add(f"{self._rng.choice(words('internal'))} {start.year}", None, None, start, 200)

    def _some_day(self) -> date:
        return date(2020, 1, 1) + timedelta(days=self._rng.randrange(2400))

    def _title(self, client: Client, topic: str) -> str:
        """The topic, made different from every other title at that client."""
        title = f"{topic} {self._rng.choice(words('place'))}" if happens(self._rng, 0.3) else topic
        while (client.thing, title) in self._titles:
            title = f"{self._rng.choice(words('topic'))} {self._rng.choice(words('place'))}"
        self._titles.add((client.thing, title))
        return title

    def _add(
        self,
        name: str,
        client: Client | None,
        engagement: Engagement | None,
        start: date,
        days: int,
        phase: int = 0,
    ) -> None:
        rng, serial = self._rng, len(self.projects) + 1
        prefix = "BW" if client is not None and client.origin == "acquired" else "P"
        self.projects.append(
            Project(
                thing=f"project-{serial}",
                code=f"{prefix}{start:%y}-{1000 + serial}",
                name=name,
                client=client,
                engagement=engagement,
                manager=rng.choice(self._managers),
                cost_center=rng.choice(self._centers),
                start=start,
                end=start + timedelta(days=days),
                currency=table("currency")[client.address.country] if client else "GBP",
                budget=rng.randrange(10, 400) * 1000,
                phase=phase,
                billing=rng.choice(words("billing")) if client else "internal",
            )
        )


def projects(
    firm_clients: tuple[Client, ...],
    contracts: tuple[Engagement, ...],
    staff: tuple[Worker, ...],
    centers: tuple[CostCenter, ...],
    rng: Random,
) -> tuple[Project, ...]:
    """900 projects, most under a contract; equal titles at different clients are common."""
    managers = [w for w in staff if w.title in words("role")[2:] and not w.left]
    portfolio = Portfolio(managers, centers, rng)
    for contract in contracts:
        if contract.type == "sow" and len(portfolio.projects) < CLIENT_PROJECTS - 3:
            portfolio.under(contract)
    while len(portfolio.projects) < CLIENT_PROJECTS:
        portfolio.without_contract(rng.choice(firm_clients))
    for _ in range(INTERNAL_PROJECTS):
        portfolio.internal()
    return tuple(portfolio.projects)
