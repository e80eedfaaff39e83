"""Invented firms, each a function of its number: equal in every process, unlike any other."""

from __future__ import annotations

import random
from typing import Any

SYLLABLES = [f"{a}{b}" for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "ar", "en", "il", "on")]
CITIES = ["Bristol", "Leeds", "Bath", "York", "Derby", "Truro", "Exeter", "Durham"]


def firm(number: int) -> dict[str, Any]:
    """The attributes of one firm."""
    chance = random.Random(number * 7919 + 17)
    words = ["".join(chance.choices(SYLLABLES, k=3)).title() for _ in range(2)]
    domain = f"{words[0].lower()}-{words[1].lower()}-{number}.example"
    return {
        "name": f"{words[0]} {words[1]} Ltd",
        "email": f"office@{domain}",
        "website": f"https://{domain}",
        "phone": f"+44 20 7{number % 1000:03d} {chance.randrange(1000, 9999)}",
        "city": chance.choice(CITIES),
        "country": "GB",
    }


def respelt(number: int) -> dict[str, Any]:
    """The same firm as another clerk writes it: enough alike to be the same, but not equal."""
    found = firm(number)
    first, second, _ = found["name"].split()
    return found | {"name": f"{first} {second[:-1]} Limited", "phone": None}
