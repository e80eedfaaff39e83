"""Projects in phases, and cost centers of one department in many places."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from generator.damage import maybe
from generator.words import DEPARTMENTS, GIVEN, TRADES, WORKS, brand, digits, family_name, town

Row = dict[str, str]


def projects(draw: Random) -> Iterator[Row]:
    """Different projects, one after another; the phases of one undertaking come together."""
    while True:
        work, client = draw.choice(WORKS), f"{brand(draw)} {draw.choice(TRADES)}"
        name, manager = f"{town(draw)} {work}", f"{draw.choice(GIVEN)} {family_name(draw)}"
        year = draw.randint(2015, 2026)
        phases = draw.randint(2, 4) if draw.random() < 0.3 else 1
        for phase in range(1, phases + 1):
            yield {
                "code": f"P{digits(draw, 6)}",
                "name": name if phases == 1 else f"{name} Phase {phase}",
                "client": client,
                "manager": manager,
                "start_date": f"{year + phase - 1}-{draw.randint(1, 12):02d}-{draw.randint(1, 28):02d}",
                "budget": str(draw.randint(5, 900) * 1000),
            }


def damaged_project(row: Row, draw: Random) -> Row:
    """The project as another system holds it."""
    code = f"PRJ-{row['code'][1:]}" if draw.random() < 0.4 else row["code"]
    name = row["name"].replace("Phase ", "Ph. ") if draw.random() < 0.3 else row["name"]
    damaged = row | {"code": code, "name": name}
    blanks = {"name": 0.0, "code": 0.2}
    return {
        key: maybe(value, draw, blank=blanks.get(key, 0.15), slips=0.02) for key, value in damaged.items()
    }


def cost_centers(draw: Random) -> Iterator[Row]:
    """Different cost centers, one after another; those of one department in several towns come together."""
    while True:
        department, company = draw.choice(DEPARTMENTS), digits(draw, 4)
        manager = f"{draw.choice(GIVEN)} {family_name(draw)}"
        for place in range(draw.randint(1, 4)):
            yield {
                "code": digits(draw, 6),
                "name": f"{department} {town(draw)}" + (f" {place + 1}" if draw.random() < 0.2 else ""),
                "company": company,
                "manager": manager if draw.random() < 0.6 else f"{draw.choice(GIVEN)} {family_name(draw)}",
            }


def damaged_cost_center(row: Row, draw: Random) -> Row:
    """The cost center as another system holds it."""
    code = row["code"].zfill(10) if draw.random() < 0.4 else row["code"]
    name = row["name"].replace("Research", "R&D") if draw.random() < 0.5 else row["name"]
    damaged = row | {"code": code, "name": name}
    blanks = {"name": 0.0, "code": 0.15}
    return {
        key: maybe(value, draw, blank=blanks.get(key, 0.15), slips=0.03) for key, value in damaged.items()
    }
