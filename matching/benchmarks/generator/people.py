"""People: households, twins, senior and junior of one name at one address."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from generator.damage import maybe, slip
from generator.words import GIVEN, SHORT, STREET_KINDS, STREETS, digits, family_name, town

Row = dict[str, str]


def people(draw: Random) -> Iterator[Row]:
    """Different people, one after another; those of a household come together."""
    while True:
        home = {
            "last_name": family_name(draw),
            "street": f"{draw.randint(1, 240)} {draw.choice(STREETS)} {draw.choice(STREET_KINDS)[0]}",
            "city": town(draw),
            "postcode": digits(draw, 5),
            "phone": f"+{digits(draw, 2)} {digits(draw, 9)}",
        }
        kind = draw.random()
        first = _person(draw, home)
        yield first
        if kind < 0.10:  # a twin: all the same but the given name and the numbers of the person
            yield _person(draw, home) | {"birth_date": first["birth_date"]}
        elif kind < 0.16:  # junior: the very name, another generation
            born = int(first["birth_date"][:4]) + draw.randint(20, 38)
            junior = _person(draw, home) | {"first_name": first["first_name"]}
            yield junior | {"birth_date": f"{born}{junior['birth_date'][4:]}"}
        elif kind < 0.40:  # a household
            for _ in range(draw.randint(1, 3)):
                yield _person(draw, home)


def _person(draw: Random, home: Row) -> Row:
    given = draw.choice(GIVEN)
    born = f"{draw.randint(1940, 2004)}-{draw.randint(1, 12):02d}-{draw.randint(1, 28):02d}"
    mailbox = f"{given}.{home['last_name']}{draw.randint(1, 99)}".lower().replace("ü", "ue")
    return {
        "first_name": given,
        "last_name": home["last_name"],
        "birth_date": born,
        **{name: home[name] for name in ("street", "city", "postcode", "phone")},
        "email": f"{mailbox}@{draw.choice(('mail', 'post', 'inbox'))}.example",
        "national_id": digits(draw, 10),
    }


def damaged_person(row: Row, draw: Random) -> Row:
    """The person as another system holds them."""
    given = row["first_name"]
    if draw.random() < 0.15:
        given = SHORT.get(given, given[0] if draw.random() < 0.3 else given)
    born = row["birth_date"]
    if draw.random() < 0.05 and int(born[8:]) <= 12:
        born = f"{born[:4]}-{born[8:]}-{born[5:7]}"
    moved = {}
    if draw.random() < 0.12:
        moved = {
            "street": f"{draw.randint(1, 240)} {draw.choice(STREETS)} Rd",
            "city": town(draw),
            "postcode": digits(draw, 5),
        }
    damaged = row | moved | {"first_name": given, "birth_date": born}
    if draw.random() < 0.04:
        damaged["last_name"] = family_name(draw)
    elif draw.random() < 0.06:
        damaged["last_name"] = slip(damaged["last_name"], draw)
    blanks = {
        "first_name": 0.01,
        "last_name": 0.01,
        "birth_date": 0.10,
        "national_id": 0.45,
        "email": 0.25,
        "phone": 0.25,
    }
    return {
        name: maybe(value, draw, blank=blanks.get(name, 0.06), slips=0.04) for name, value in damaged.items()
    }
