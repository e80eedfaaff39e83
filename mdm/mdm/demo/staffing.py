"""Who works on which project, and what the work is billed at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from mdm.demo.clients import Client
from mdm.demo.projects import Project
from mdm.demo.vocabulary import happens, words
from mdm.demo.workers import Worker


@dataclass(frozen=True, slots=True)
class Assignment:
    """A worker on a project; `percentage` of the working time, `hard` once it is confirmed."""

    thing: str
    worker: Worker
    project: Project
    role: str
    start: date
    end: date
    percentage: int
    hard: bool


@dataclass(frozen=True, slots=True)
class CardRate:
    """A line of a rate card: the price of a role's hour from a day on, for one client or (None) for all."""

    thing: str
    role: str
    currency: str
    cents: int
    client: Client | None
    valid_from: date
    valid_to: date | None


# An hour in cents.
_PRICES: dict[str, int] = {
    "Analyst": 9500, "Consultant": 12500, "Senior Consultant": 15500, "Manager": 19000,
    "Senior Manager": 23000,
    "Principal": 28000, "Partner": 36000,
}  # fmt: skip


def assignments(
    projects: tuple[Project, ...], staff: tuple[Worker, ...], rng: Random
) -> tuple[Assignment, ...]:
    """One to three people on each project, each person once."""
    found: list[Assignment] = []
    for project in projects:
        for worker in rng.sample(staff, rng.choice((1, 1, 2, 2, 3))):
            thing = f"assignment-{len(found) + 1}"
            percentage, hard = rng.choice((20, 40, 50, 80, 100)), happens(rng, 0.8)
            found.append(
                Assignment(thing, worker, project, worker.title, project.start, project.end, percentage, hard)
            )
    return tuple(found)


def card_rates(clients: tuple[Client, ...], rng: Random) -> tuple[CardRate, ...]:
    """The standard card of each currency for two years, and the cards of the largest clients."""
    found: list[CardRate] = []
    periods = ((date(2025, 1, 1), date(2025, 12, 31), 1.0), (date(2026, 1, 1), None, 1.04))
    cards: list[tuple[str, Client | None, float]] = [
        (code, None, 1.0) for code in ("GBP", "EUR", "SEK", "USD", "CHF")
    ]
    cards += [("EUR", client, rng.uniform(0.85, 0.97)) for client in rng.sample(clients, 24)]
    for currency, client, discount in cards:
        for role in words("role"):
            for start, end, growth in periods:
                cents = round(_PRICES[role] * growth * discount * (11 if currency == "SEK" else 1), -2)
                found.append(
                    CardRate(f"rate-card-{len(found) + 1}", role, currency, int(cents), client, start, end)
                )
    return tuple(found)


def hourly_cents(worker: Worker, rng: Random) -> tuple[int, int]:
    """What an hour of the worker is billed at and what it costs, in cents."""
    bill = round(_PRICES[worker.title] * rng.uniform(0.9, 1.1), -2)
    return int(bill), int(round(bill * rng.uniform(0.45, 0.65), -2))
