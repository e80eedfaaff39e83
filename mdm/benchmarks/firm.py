"""Clients and workers of a firm of any size, as files of two sources each; the same for the same seed.

Half of the rows are clients, half workers. A fifth of all rows are duplicates: the same thing as the second
source holds it, with slips, blanks and other spellings. Names are drawn so that two clients seldom share one,
as registered firms do, while workers share the common given and family names of their countries.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random

Row = dict[str, str]
Makers = tuple[Callable[[Random], Row], Callable[[Row, Random], Row]]
"""Makes a thing, and makes it once more as another system holds it."""

DUPLICATES = 0.2
"""Share of the rows that are another source's record of a thing that is there already."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_START = _words("Bar Cal Dor Fen Gar Hol Kar Len Mar Nor Os Par Quin Ros Sal Tor Ul Van Wes Yor Zel")
_MIDDLE = _words("a e i o u an en in on er ar il")
_END = _words("ton son berg stein ford field ley ner ski elli ard ov dal strom quist")
_TOWN = _words("ville burg port ham mouth stadt bury")
_TRADES = _words(
    "Analytics Logistics Foods Robotics Optics Textiles Energy Pharma Media Steel Software Consulting Marine"
)
_FORMS = _words("GmbH Ltd Inc SA AB")
_COUNTRIES = _words("DE GB US FR SE")
_STREETS = _words(
    "Main Church Station Park Mill Garden Lake Bridge Market School Forest Hill River Queen King"
)
_KINDS = (("Street", "St"), ("Road", "Rd"), ("Avenue", "Ave"), ("Lane", "Ln"))
_GIVEN = _words(
    "Anna Maria Laura Julia Sophie Emma Clara Nora Elena Sara Ines Greta Katharine Elizabeth Margaret Susan "
    "Robert William James Michael Thomas David Daniel Andrew Joseph Edward Richard Anthony Samuel Peter Paul "
    "Henry Oscar Felix Jonas Luis Marco Pierre Hugo Milan Igor Pavel Chen Yuki Amir Omar Fatima Leila Priya"
)
_FAMILY = _words(
    "Smith Jones Miller Brown Garcia Martin Rossi Novak Kowalski Müller Schmidt Weber Dubois Silva Tanaka"
)
_JOBS = ("Consultant", "Senior Consultant", "Manager", "Analyst", "Engineer", "Partner")


@dataclass(frozen=True, slots=True)
class Delivery:
    """One file of one source; its headers are the hub's own attribute names."""

    path: Path
    source: str
    entity_type: str
    rows: int


def deliveries(rows: int, folder: Path, seed: int = 1) -> list[Delivery]:
    """Write the files of a firm of so many rows into a folder, in the order in which to load them."""
    half = rows // 2
    return [
        *_write("worker", half, folder, ("hcm", "psa"), (_worker, _worker_again), seed),
        *_write("client", rows - half, folder, ("erp", "crm"), (_client, _client_again), seed),
    ]


def newcomers(count: int, seed: int = 1) -> Iterator[tuple[str, Row]]:
    """(entity type, row) of records that arrive one by one; a fifth of them are things that are there.

    They are the firm's own first things, as a third source holds them, and new ones between.
    """
    draw = Random(f"newcomers {seed}")
    makers = {"worker": (_worker, _worker_again), "client": (_client, _client_again)}
    known = {kind: _things(Random(f"{kind} {seed}"), make) for kind, (make, _) in makers.items()}
    fresh = {kind: _things(Random(f"{kind} of {seed}"), make) for kind, (make, _) in makers.items()}
    for number in range(count):
        kind = "client" if number % 2 else "worker"
        again = makers[kind][1]
        row = again(next(known[kind]), draw) if draw.random() < DUPLICATES else next(fresh[kind])
        yield kind, {**row, "id": f"N{number}"}


def _things(draw: Random, make: Callable[[Random], Row]) -> Iterator[Row]:
    while True:
        yield make(draw)


def _write(
    entity_type: str, rows: int, folder: Path, sources: tuple[str, str], makers: Makers, seed: int
) -> list[Delivery]:
    make, again = makers
    copies = int(rows * DUPLICATES)
    counts = (rows - copies, copies)
    draw, doubled = Random(f"{entity_type} {seed}"), Random(f"{entity_type} twice {seed}")
    twice = set(doubled.sample(range(counts[0]), copies))
    header = ["id", "changed_at", *make(Random(seed))]
    paths = [folder / f"{entity_type}.{source}.csv" for source in sources]
    with ExitStack() as stack:
        files = [stack.enter_context(path.open("w", newline="", encoding="utf-8")) for path in paths]
        firsts, seconds = (csv.DictWriter(file, header) for file in files)
        firsts.writeheader()
        seconds.writeheader()
        for number in range(counts[0]):
            thing = make(draw)
            firsts.writerow({"id": f"A{number}", "changed_at": _moment(number), **thing})
            if number in twice:
                seconds.writerow(
                    {"id": f"B{number}", "changed_at": _moment(number + 1), **again(thing, doubled)}
                )
    return [
        Delivery(path, source, entity_type, count)
        for path, source, count in zip(paths, sources, counts, strict=True)
    ]


def _moment(number: int) -> str:
    return f"2026-{number % 9 + 1:02d}-{number % 28 + 1:02d}T{number % 24:02d}:00:00Z"


def _word(draw: Random) -> str:
    return draw.choice(_START) + draw.choice(_MIDDLE) + draw.choice(_END)


def _town(draw: Random) -> str:
    return draw.choice(_START) + draw.choice(_MIDDLE) + draw.choice(_TOWN)


def _digits(draw: Random, count: int) -> str:
    return str(draw.randrange(10 ** (count - 1), 10**count))


def _place(draw: Random) -> Row:
    return {
        "street": f"{draw.randint(1, 240)} {draw.choice(_STREETS)} {draw.choice(_KINDS)[0]}",
        "city": _town(draw),
        "postcode": _digits(draw, 5),
    }


def _client(draw: Random) -> Row:
    first, second, trade = _word(draw), _word(draw), draw.choice(_TRADES)
    site = f"{first}{second}.example".lower()
    return {
        "name": f"{first} {second} {trade} {draw.choice(_FORMS)}",
        "status": draw.choice(("active", "dormant", "prospect")),
        "tax_id": _digits(draw, 9),
        "website": site,
        "email": f"office@{site}",
        "phone": f"+49 {_digits(draw, 9)}",
        **_place(draw),
        "country": draw.choice(_COUNTRIES),
        "industry": trade,
    }


def _client_again(row: Row, draw: Random) -> Row:
    street = row["street"]
    for long, short in _KINDS:
        street = street.replace(long, short)
    name = row["name"].rpartition(" ")[0] if draw.random() < 0.3 else row["name"]
    return _worn({**row, "name": name, "street": street}, draw, kept="name")


def _worker(draw: Random) -> Row:
    given = draw.choice(_GIVEN)
    family = draw.choice(_FAMILY) if draw.random() < 0.25 else _word(draw)
    mailbox = f"{given}.{family}{draw.randint(1, 9999)}".lower().replace("ü", "ue")
    return {
        "given_name": given,
        "family_name": family,
        "worker_number": f"W{_digits(draw, 8)}",
        "email": f"{mailbox}@firm.example",
        "phone": f"+49 {_digits(draw, 9)}",
        "birth_date": f"{draw.randint(1950, 2004)}-{draw.randint(1, 12):02d}-{draw.randint(1, 28):02d}",
        "national_id": _digits(draw, 10),
        "job_title": draw.choice(_JOBS),
        "hire_date": f"{draw.randint(2005, 2025)}-{draw.randint(1, 12):02d}-01",
        **_place(draw),
    }


def _worker_again(row: Row, draw: Random) -> Row:
    return _worn({**row, "worker_number": f"P{row['worker_number'][1:]}"}, draw, kept="family_name")


def _worn(row: Row, draw: Random, kept: str) -> Row:
    """The row with blanks and slips of the pen; the name it is known by is never blank."""
    return {
        name: value if name == kept and draw.random() < 0.9 else _slip(name, value, kept, draw)
        for name, value in row.items()
    }


def _slip(name: str, value: str, kept: str, draw: Random) -> str:
    chance = draw.random()
    if name != kept and chance < 0.12:
        return ""
    if name in ("street", "city", "phone", kept) and chance > 0.95 and len(value) > 3:
        at = draw.randrange(1, len(value) - 1)
        return value[:at] + value[at + 1] + value[at] + value[at + 2 :]
    return value
