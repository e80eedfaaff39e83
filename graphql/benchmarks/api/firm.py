"""A firm of any size as its systems export it: CSV files, the same for the same size and seed.

One client in a hundred is large: exactly 50 projects, on which 250 different workers are assigned.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random

from stdnum.iso7064 import mod_11_10

from mdm.demo.vocabulary import words

Row = dict[str, object]

PROJECTS_OF_LARGE = 50
WORKERS_OF_LARGE = 250
SINCE = date(2021, 1, 4)
CHANGED = "2026-01-05T08:00:00Z"

ORDER = (
    ("erp", "legal_entity"), ("erp", "cost_center"), ("hcm", "worker"), ("psa", "worker"), ("erp", "client"),
    ("crm", "client"), ("clm", "engagement"), ("psa", "project"), ("psa", "assignment"), ("psa", "rate"),
)  # fmt: skip
"""Source and entity type of each file, referred to before referring."""

GIVEN = [
    "Anna",
    "Maria",
    "Laura",
    "Julia",
    "Sophie",
    "Emma",
    "Clara",
    "Nora",
    "Elena",
    "Sara",
    "Ines",
    "Greta",
    "Robert",
    "William",
    "James",
    "Michael",
    "Thomas",
    "David",
    "Daniel",
    "Andrew",
    "Joseph",
    "Edward",
    "Richard",
    "Samuel",
    "Peter",
    "Paul",
    "Henry",
    "Oscar",
    "Felix",
    "Jonas",
    "Luis",
    "Marco",
    "Hugo",
    "Milan",
    "Igor",
    "Pavel",
]
PLACES = ("Berlin", "Hamburg", "Bremen", "Leipzig", "Dresden", "Kassel", "Mainz", "Ulm", "Aachen", "Rostock")
STREETS = (
    "Hafenstr.",
    "Lindenallee",
    "Marktplatz",
    "Ringweg",
    "Schlossgasse",
    "Uferstr.",
    "Waldweg",
    "Parkallee",
)
ROLES = ("Analyst", "Consultant", "Senior Consultant", "Engineer", "Architect", "Partner")
PHASES = ("Discovery", "Design", "Build", "Rollout", "Support", "Review")


@dataclass(frozen=True, slots=True)
class Size:
    """How many things there are in a firm of about so many source records."""

    records: int

    @property
    def cost_centers(self) -> int:
        """Places where costs are collected."""
        return max(20, self.records // 250)

    @property
    def workers(self) -> int:
        """People, all in hcm, two in three in psa too."""
        return max(400, self.records * 9 // 100)

    @property
    def clients(self) -> int:
        """Clients, all in erp, four in five in crm too."""
        return max(100, self.records // 20)

    @property
    def large(self) -> int:
        """Large clients: the first ones."""
        return max(1, self.clients // 100)

    @property
    def engagements(self) -> int:
        """Contracts."""
        return self.records * 6 // 100

    @property
    def projects(self) -> int:
        """Projects, those of large clients first."""
        return max(self.large * PROJECTS_OF_LARGE, self.records * 14 // 100)

    @property
    def assignments(self) -> int:
        """Workers on projects, those of large clients first."""
        return max(self.large * WORKERS_OF_LARGE, self.records * 44 // 100)

    @property
    def rates(self) -> int:
        """What clients pay, one each, then what workers cost."""
        return self.records * 116 // 1000


def client_key(number: int) -> str:
    """The key of a client in erp."""
    return f"C{number:07d}"


def worker_key(number: int) -> str:
    """The key of a worker in hcm."""
    return f"W{number:07d}"


def project_key(number: int) -> str:
    """The key of a project in psa."""
    return f"P{number:07d}"


class Firm:
    """The rows of every file."""

    def __init__(self, size: Size, seed: int = 1) -> None:
        self._size = size
        self._seed = seed

    def write(self, folder: Path) -> int:
        """Write every file that is not there yet; returns how many rows they have."""
        folder.mkdir(parents=True, exist_ok=True)
        written = 0
        for source, entity_type in ORDER:
            rows = self.rows(source, entity_type)
            first = next(rows)
            with (folder / f"{source}-{entity_type}.csv").open("w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, list(first))
                writer.writeheader()
                writer.writerow(first)
                written += 1
                for row in rows:
                    writer.writerow(row)
                    written += 1
        return written

    def rows(self, source: str, entity_type: str) -> Iterator[Row]:
        """The rows of one file; drawn anew for each, so that files do not depend on each other."""
        draw = Random(f"{self._seed}.{entity_type}")
        return iter(getattr(self, f"_{entity_type}s")(draw, source))

    def _legal_entitys(self, draw: Random, source: str) -> Iterator[Row]:
        for k, name in enumerate(("Birch", "Rowan", "Alder", "Hazel", "Cedar", "Willow", "Maple", "Aspen")):
            yield {
                "id": f"LE{k}", "changed_at": CHANGED, "code": f"DE{k:02d}",
                "name": f"{name} Consulting GmbH",
                "country": "DE", "currency": "EUR",
            }  # fmt: skip

    def _cost_centers(self, draw: Random, source: str) -> Iterator[Row]:
        topics = words("topic")
        for k in range(self._size.cost_centers):
            yield {
                "id": f"K{k}", "changed_at": CHANGED, "code": f"{40000 + k}",
                "name": f"{topics[k % len(topics)]} {PLACES[k // len(topics) % len(PLACES)]}",
                "parent": f"K{k // 10}" if k >= 10 else "", "legal_entity": f"LE{k % 8}", "status": "active",
            }  # fmt: skip

    def _workers(self, draw: Random, source: str) -> Iterator[Row]:
        size = self._size
        for k in range(size.workers):
            # Everything is drawn for both systems, so that they speak of the same person.
            given, family, born = draw.choice(GIVEN), coined(k, 3), _day(draw, date(1960, 1, 1), 15000)
            manager, cost_center = draw.randrange(max(1, k // 8)), draw.randrange(size.cost_centers)
            row: Row = {
                "changed_at": CHANGED, "worker_number": f"{100000 + k}", "given_name": given,
                "family_name": family, "email": f"{given}.{family}.{k}@birch.example".lower(),
                "job_title": ROLES[k % len(ROLES)],
            }  # fmt: skip
            if source == "hcm":
                yield {
                    "id": worker_key(k), **row, "birth_date": born,
                    "hire_date": SINCE + timedelta(days=k % 1500), "status": "active",
                    "worker_type": "employee", "manager": worker_key(manager) if k else "",
                    "cost_center": f"erp:K{cost_center}", "legal_entity": f"erp:LE{k % 8}",
                }  # fmt: skip
            elif k % 3:
                yield {"id": f"r{k}", **row}

    def _clients(self, draw: Random, source: str) -> Iterator[Row]:
        trades = words("trade.de")
        for k in range(self._size.clients):
            brand, place = coined(k, 3), draw.choice(PLACES)
            site: Row = {
                "street": f"{draw.choice(STREETS)} {draw.randrange(1, 200)}", "city": place,
                "postcode": f"{draw.randrange(10000, 99999)}", "country": "DE",
            }  # fmt: skip
            owner = worker_key(draw.randrange(self._size.workers // 9))
            # Most of a family lie under one of the large clients before them, as subsidiaries do.
            parent = client_key(k - k % 10 - 10) if k % 10 in {3, 7} and k >= 20 else ""
            name = f"{brand} {trades[k % len(trades)]} GmbH"
            row: Row = {"changed_at": CHANGED, "name": name, "tax_id": _tax_id(k), "status": "active", **site}
            if source == "erp":
                yield {
                    "id": client_key(k), **row, "client_number": f"{10000 + k}", "currency": "EUR",
                    "email": f"rechnung@{brand.lower()}.example", "parent": parent,
                }  # fmt: skip
            elif k % 5:
                yield {
                    "id": f"A{k}", **row, "name": name.removesuffix(" GmbH"),
                    "website": f"{brand.lower()}.example",
                    "phone": f"+49 30 {20000000 + k}", "industry": trades[k % len(trades)],
                    "owner": f"hcm:{owner}",
                }  # fmt: skip

    def _engagements(self, draw: Random, source: str) -> Iterator[Row]:
        topics = words("topic")
        for k in range(self._size.engagements):
            begun = _day(draw, SINCE, 1500)
            yield {
                "id": f"E{k}", "changed_at": CHANGED, "number": f"E-{100000 + k}",
                "title": f"{draw.choice(topics)} {coined(k, 2)}", "type": "statement of work",
                "client": f"erp:{client_key(k % self._size.clients)}", "signed_on": begun,
                "start_date": begun,
                "value": draw.randrange(20, 900) * 1000, "currency": "EUR", "status": "active",
            }  # fmt: skip

    def _projects(self, draw: Random, source: str) -> Iterator[Row]:
        topics, size = words("topic"), self._size
        for k, client in enumerate(self._clients_of_projects()):
            yield {
                "id": project_key(k), "changed_at": CHANGED, "code": f"PRJ-{100000 + k}",
                "name": f"{topics[k % len(topics)]} {PHASES[k // len(topics) % len(PHASES)]} {coined(k, 2)}",
                "client": f"erp:{client_key(client)}",
                "manager": f"hcm:{worker_key(draw.randrange(size.workers // 9))}",
                "cost_center": f"erp:K{draw.randrange(size.cost_centers)}",
                "status": "active", "billing_type": "time_and_materials",
                "start_date": _day(draw, SINCE, 1700),
                "currency": "EUR", "budget": draw.randrange(10, 400) * 1000,
            }  # fmt: skip

    def _clients_of_projects(self) -> Iterator[int]:
        """The client of each project: 50 for each large one, then few for many and many for few."""
        size, draw = self._size, Random(f"{self._seed}.owners")
        yield from (k // PROJECTS_OF_LARGE for k in range(size.large * PROJECTS_OF_LARGE))
        rest = range(size.large, size.clients)
        weights = list(accumulate(1.0 / (1 + k) ** 0.5 for k in range(len(rest))))
        for _ in range(size.projects - size.large * PROJECTS_OF_LARGE):
            yield draw.choices(rest, cum_weights=weights)[0]

    def _assignments(self, draw: Random, source: str) -> Iterator[Row]:
        for k, (project, worker) in enumerate(self._staffing(draw)):
            yield {
                "id": f"S{k}", "changed_at": CHANGED, "worker": f"hcm:{worker_key(worker)}",
                "project": project_key(project), "role": draw.choice(ROLES),
                "start_date": _day(draw, SINCE, 1700),
                "allocation": draw.choice((0.2, 0.5, 0.8, 1.0)), "status": "hard",
            }  # fmt: skip

    def _staffing(self, draw: Random) -> Iterator[tuple[int, int]]:
        size, workers = self._size, range(self._size.workers)
        for client in range(size.large):
            for k, worker in enumerate(draw.sample(workers, WORKERS_OF_LARGE)):
                yield client * PROJECTS_OF_LARGE + k % PROJECTS_OF_LARGE, worker
        first = size.large * PROJECTS_OF_LARGE
        for k in range(size.assignments - size.large * WORKERS_OF_LARGE):
            yield first + k % max(1, size.projects - first), draw.choice(workers)

    def _rates(self, draw: Random, source: str) -> Iterator[Row]:
        for k in range(self._size.rates):
            bill = k < self._size.clients
            yield {
                "id": f"R{k}", "changed_at": CHANGED, "kind": "bill" if bill else "cost", "unit": "hour",
                "amount": draw.randrange(60, 260), "currency": "EUR",
                "client": f"erp:{client_key(k)}" if bill else "",
                "worker": "" if bill else f"hcm:{worker_key((k - self._size.clients) % self._size.workers)}",
                "valid_from": SINCE + timedelta(days=k // self._size.workers),
            }  # fmt: skip


def coined(number: int, syllables: int) -> str:
    """A word that no other number of so many syllables has, while there are enough of them."""
    starts, ends = words("first"), words("second")
    stride = 7919  # a prime, so that neighbours in number are no neighbours in spelling
    place = number * stride
    parts: list[str] = []
    for k in range(syllables):
        kind: Sequence[str] = ends if k % 2 else starts
        parts.append(kind[place % len(kind)].lower())
        place = place // len(kind)
    # What the syllables cannot tell apart any more, a letter pair does.
    rest = place % (26 * 26)
    return "".join((*parts, chr(97 + rest // 26), chr(97 + rest % 26))).capitalize()


def _tax_id(number: int) -> str:
    digits = str(10_000_000 + number * 331 % 89_999_989)
    return f"DE{digits}{mod_11_10.calc_check_digit(digits)}"


def _day(draw: Random, since: date, days: int) -> date:
    return since + timedelta(days=draw.randrange(days))


def files(folder: Path) -> Iterable[tuple[str, str, Path]]:
    """Source, entity type and file of everything that `Firm.write` wrote, in the order to load it."""
    return [(source, entity_type, folder / f"{source}-{entity_type}.csv") for source, entity_type in ORDER]
