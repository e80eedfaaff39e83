"""People of whom every third stands there twice, some of them damaged; the damage is the doubt."""

from __future__ import annotations

import random
from dataclasses import dataclass

import pytest

GIVEN = [
    "Anna",
    "Boris",
    "Chiara",
    "David",
    "Elif",
    "Farid",
    "Greta",
    "Henrik",
    "Ines",
    "Jonas",
    "Katja",
    "Luis",
]
FAMILY = ["Almeida", "Brandt", "Costa", "Dvorak", "Eriksen", "Fischer", "Garcia", "Horvat", "Ito", "Jensen"]


@dataclass(frozen=True)
class People:
    """Columns of evidence, and for each row who it truly is."""

    columns: dict[str, list[str | None]]
    truth: list[str]

    def shuffled(self, seed: int) -> tuple[People, list[int]]:
        order = list(range(len(self.truth)))
        random.Random(seed).shuffle(order)
        columns = {name: [values[row] for row in order] for name, values in self.columns.items()}
        return People(columns, [self.truth[row] for row in order]), order


@pytest.fixture(scope="session")
def people() -> People:
    draw = random.Random(11)
    rows, truth = [], []
    for number in range(240):
        given, family = draw.choice(GIVEN), draw.choice(FAMILY)
        born = f"{draw.randint(1960, 1969)}-{draw.randint(1, 12):02d}-{draw.randint(1, 4):02d}"
        city = draw.choice(["Graz", "Linz", "Wien"])
        rows.append((given, family, born, city))
        truth.append(str(number))
        if number % 3 == 0:
            slip = draw.choice([given[:-1], given, given[0]])
            moved = draw.choice([city, "Enns", None])
            rows.append((slip, family, draw.choice([born, born, f"{born[:-1]}9", None]), moved))
            truth.append(str(number))
    # Equal records of different people would get different answers.
    kept = [place for place, row in enumerate(rows) if rows.index(row) == place]
    rows, truth = [rows[place] for place in kept], [truth[place] for place in kept]
    names = ("given_name", "family_name", "birth_date", "city")
    return People({name: [row[place] for row in rows] for place, name in enumerate(names)}, truth)
