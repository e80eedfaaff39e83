"""Generate: rows of one kind, about a fifth of them duplicates, with the truth beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

from generator.ledgers import cost_centers, damaged_cost_center, damaged_project, projects
from generator.organisations import damaged_organisation, organisations
from generator.people import damaged_person, people

Row = dict[str, str]
Columns = dict[str, list[str | None]]
KINDS: dict[str, tuple[Callable[[Random], Iterator[Row]], Callable[[Row, Random], Row]]] = {
    "people": (people, damaged_person),
    "orgs": (organisations, damaged_organisation),
    "projects": (projects, damaged_project),
    "costcenters": (cost_centers, damaged_cost_center),
}
_SOURCES = ("crm", "erp", "hr", "billing")


def generate(kind: str, rows: int, seed: int = 1, share: float = 0.2) -> Columns:
    """Columns source, record_id, cluster_id and the evidence, in an order that says nothing.

    Args:
        kind: people, orgs, projects or costcenters.
        rows: how many rows there are in all.
        seed: the same seed gives the same rows.
        share: share of the rows that are duplicates of another row.
    """
    make, damage = KINDS[kind]
    draw = Random(f"{kind} {rows} {seed}")
    copies = int(rows * share)
    things = [row for row, _ in zip(make(draw), range(rows - copies), strict=False)]
    made = list(enumerate(things))
    while len(made) < rows:
        number = draw.randrange(len(things))
        # Most things stand there twice, a few three or four times.
        count = min(1 + (draw.random() < 0.3) + (draw.random() < 0.1), rows - len(made))
        made += [(number, damage(things[number], draw)) for _ in range(count)]
    draw.shuffle(made)
    columns: Columns = {
        "source": [draw.choice(_SOURCES) for _ in made],
        "record_id": [str(place) for place in range(len(made))],
        "cluster_id": [f"{kind}-{number}" for number, _ in made],
    }
    for name in things[0]:
        columns[name] = [row[name] or None for _, row in made]
    return columns
