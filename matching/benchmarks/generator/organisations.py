"""Organisations: corporate families of one brand on one site, with one switchboard and one website."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from generator.damage import maybe
from generator.words import FORMS, STREET_KINDS, STREETS, TRADES, UNITS, brand, digits, town

Row = dict[str, str]
_COUNTRIES = ("DE", "GB", "US", "FR", "SE")


def organisations(draw: Random) -> Iterator[Row]:
    """Different firms, one after another; those of a corporate family come together."""
    while True:
        name, trade = brand(draw), draw.choice(TRADES)
        form, country = draw.choice(FORMS)[0], draw.choice(_COUNTRIES)
        site = {
            "street": f"{draw.randint(1, 240)} {draw.choice(STREETS)} {draw.choice(STREET_KINDS)[0]}",
            "city": town(draw),
            "postcode": digits(draw, 5),
            "country": country,
            "phone": f"+{digits(draw, 2)} {digits(draw, 8)}",
            "website": f"{name}{trade}.example".lower(),
        }
        yield {"name": f"{name} {trade} {form}", **site, "tax_id": digits(draw, 9)}
        if draw.random() < 0.25:
            for unit in draw.sample(UNITS, draw.randint(1, 3)):
                yield {"name": f"{name} {unit} {form}", **site, "tax_id": digits(draw, 9)}


def damaged_organisation(row: Row, draw: Random) -> Row:
    """The firm as another system holds it."""
    words = row["name"].split()
    kind = draw.random()
    if kind < 0.30:
        words[-1] = dict(FORMS).get(words[-1], words[-1])
    elif kind < 0.50:
        words = words[:-1]
    elif kind < 0.55:
        words = [words[1], words[0], *words[2:]] if len(words) > 2 else words
    elif kind < 0.60:
        words = ["The", *words]
    damaged = row | {"name": " ".join(words)}
    if draw.random() < 0.10:
        damaged |= {
            "street": f"{draw.randint(1, 240)} {draw.choice(STREETS)} Street",
            "postcode": digits(draw, 5),
        }
    blanks = {"name": 0.0, "country": 0.02, "tax_id": 0.45, "website": 0.35, "phone": 0.35}
    return {
        name: maybe(value, draw, blank=blanks.get(name, 0.08), slips=0.04) for name, value in damaged.items()
    }
