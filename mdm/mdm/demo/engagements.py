"""The contracts with clients: master agreements, statements of work, change orders."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from mdm.demo.clients import Client
from mdm.demo.organisation import TODAY
from mdm.demo.vocabulary import happens, table, words


@dataclass(frozen=True, slots=True)
class Engagement:
    """A contract as it was signed.

    Attributes:
        type: `msa`, `sow` or `change_order`.
        topic: what the work is about, without number or client.
        parent: thing of the contract above: a statement of work's master agreement, a change order's work.
        lookalike: has a sibling of the same client, time and topic.
    """

    thing: str
    number: str
    type: str
    topic: str
    client: Client
    signed: date
    start: date
    end: date
    value: int
    currency: str
    parent: str | None = None
    lookalike: bool = False

    @property
    def is_over(self) -> bool:
        """Whether the contract has run out."""
        return self.end < TODAY


class ContractBook:
    """Makes contracts with running numbers for each year and type."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._serials: dict[str, int] = {}
        self.engagements: list[Engagement] = []

    def master(self, client: Client) -> Engagement:
        """A frame for all later work; it has no value of its own."""
        signed = date(2015, 1, 1) + timedelta(days=self._rng.randrange(2600))
        return self._add("msa", "Master Services Agreement", client, signed, 365 * 10, 0)

    def work(self, client: Client, topic: str, parent: Engagement | None, year: int = 0) -> Engagement:
        """A statement of work, under the master agreement if there is one."""
        earliest = parent.signed if parent else date(2019, 1, 1)
        signed = earliest + timedelta(days=self._rng.randrange(30, 1600))
        if year:
            signed = date(year, self._rng.randrange(1, 13), self._rng.randrange(1, 28))
        value = self._rng.randrange(30, 900) * 1000 + self._rng.choice((0, 0, 500))
        return self._add("sow", topic, client, signed, self._rng.randrange(90, 700), value, parent)

    def change(self, work: Engagement, number: int) -> Engagement:
        """A change order to a statement of work."""
        signed = work.start + timedelta(days=20 + 45 * number)
        value = round(work.value * self._rng.uniform(0.05, 0.3), -2)
        topic = f"Change Order {number} {work.topic}"
        return self._add("change_order", topic, work.client, signed, 120, int(value), work)

    def lookalike(self, client: Client, topic: str, year: int) -> None:
        """Two works of one client, year and topic, told apart by number, first day and value."""
        first = replace(self.work(client, topic, None, year), lookalike=True)
        second = replace(
            first,
            thing=f"engagement-{len(self.engagements) + 1}",
            number=self._number("sow", first.signed),
            start=first.start + timedelta(days=17),
            value=first.value + 24_500,
        )
        self.engagements[-1:] = [first, second]

    def _number(self, type_: str, signed: date) -> str:
        prefix = {"msa": "MSA", "sow": "SOW", "change_order": "CO"}[type_]
        key = f"{prefix}-{signed.year}"
        self._serials[key] = self._serials.get(key, 0) + 1
        return f"{key}-{100 + self._serials[key]:04d}"

    def _add(
        self, type_: str, topic: str, client: Client, signed: date, days: int, value: int,
        parent: Engagement | None = None,
    ) -> Engagement:  # fmt: skip
        start = signed + timedelta(days=self._rng.randrange(0, 40))
        currency = table("currency")[client.address.country]
        found = Engagement(
            f"engagement-{len(self.engagements) + 1}", self._number(type_, signed), type_, topic, client,
            signed, start, start + timedelta(days=days), value, currency, parent.thing if parent else None,
        )  # fmt: skip
        self.engagements.append(found)
        return found


def engagements(clients: tuple[Client, ...], twin_contracts: int, rng: Random) -> tuple[Engagement, ...]:
    """About 500 contracts; two works of one client never have the same topic unless that is planted."""
    book = ContractBook(rng)
    for client in clients:
        if happens(rng, 0.27):
            continue
        parent = book.master(client) if happens(rng, 0.25) else None
        for topic in rng.sample(words("topic"), rng.choice((0, 1, 1, 1, 2))):
            work = book.work(client, topic, parent)
            for number in range(1, rng.choice((1, 1, 1, 1, 1, 2, 3))):
                book.change(work, number)
    for client in rng.sample([c for c in clients if not c.in_group], twin_contracts):
        book.lookalike(client, "Advisory Retainer", 2025)
    return tuple(book.engagements)
