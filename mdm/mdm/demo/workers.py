"""The people who work for the firm: employees, contractors, and the cases that are hard to tell."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from mdm.demo.contact import Address, Directory, Telephone
from mdm.demo.damage import Damage
from mdm.demo.identifiers import national_id
from mdm.demo.keys import slug
from mdm.demo.organisation import ACQUIRED, ACQUIRED_DOMAIN, FIRM_DOMAIN, TODAY, CostCenter, LegalEntity
from mdm.demo.vocabulary import culture, happens, words

EMPLOYEES, ACQUIRED_EMPLOYEES, CONTRACTORS = 430, 110, 60
_CULTURES = {
    "GB": ("en", "en", "en", "in", "pl"), "DE": ("de", "de", "de", "tr", "pl"), "SE": ("sv", "sv", "de",
    "in"),
    "ES": ("es", "es", "es", "fr"), "US": ("en", "en", "in", "es"), "NL": ("nl", "nl", "nl", "fr", "tr"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Worker:
    """A person as he or she really is.

    Attributes:
        nickname: short form of the given name, empty if there is none.
        former_family: family name before a marriage, which systems other than HR still show.
        company: code of the employing legal entity.
        kind: `employee` or `contractor`.
        number: HR number; a contractor's is what procurement issued.
        rehired: left and came back, so that HR has two numbers.
        moved: came with the acquired company and stands in both HR systems.
        converted: was a contractor before; the delivery tools may still show the private mailbox.
    """

    thing: str
    given: str
    nickname: str
    family: str
    born: date
    national_id: str
    email: str
    personal_email: str
    mobile: Telephone
    address: Address
    company: str
    cost_center: str
    title: str
    hired: date
    kind: str
    number: str
    former_family: str = ""
    left: date | None = None
    rehired: bool = False
    moved: bool = False
    converted: bool = False
    manager: str | None = None

    @property
    def acquired(self) -> bool:
        """Whether the acquired company hired the person."""
        return self.company == ACQUIRED


class Staff:
    """Makes people, no two of whom share a full name unless that is planted."""

    def __init__(
        self, companies: tuple[LegalEntity, ...], centers: tuple[CostCenter, ...], rng: Random
    ) -> None:
        self._rng = rng
        self._directory = Directory(rng)
        self._companies = {company.code: company for company in companies}
        self._centers = {
            company.code: [c for c in centers if c.legal_entity == company.thing and not c.valid_to]
            for company in companies
        }
        self._names: set[tuple[str, str]] = set()
        self.workers: list[Worker] = []

    def hire(self, company: str, kind: str = "employee") -> None:
        """One more person for that company."""
        rng, serial = self._rng, len(self.workers) + 1
        country = self._companies[company].country
        given, nickname, family = self._name(rng.choice(_CULTURES[country]))
        born = date(1962, 1, 1) + timedelta(days=rng.randrange(14600))
        hired = date(2012, 1, 1) + timedelta(days=rng.randrange(5300))
        gone = hired + timedelta(days=rng.randrange(200, 2500))
        self.workers.append(
            Worker(
                thing=f"worker-{serial}",
                given=given,
                nickname=nickname,
                family=family,
                born=born,
                national_id=national_id(country, born, rng),
                email=self._mailbox(given, family, company, kind),
                personal_email=f"{slug(given)}{slug(family)[:1]}{born:%y}{rng.randrange(10)}@postbox.example",
                mobile=self._directory.mobile(country),
                address=self._home(country),
                company=company,
                cost_center=rng.choice(self._centers[company]).thing,
                title=self._title(),
                hired=hired,
                kind=kind,
                number=f"X-{serial:04d}" if kind == "contractor" else f"{20000 + serial * 3}",
                left=gone if happens(rng, 0.12) and gone < TODAY else None,
            )
        )

    def _home(self, country: str) -> Address:
        return self._directory.address(self._directory.place(country))

    def _title(self) -> str:
        return self._rng.choices(words("role"), (18, 30, 25, 12, 8, 4, 3))[0]

    def _name(self, code: str) -> tuple[str, str, str]:
        names = culture(code)
        while True:
            given, nickname = self._rng.choice(self._rng.choice((names.women, names.men)))
            family = self._rng.choice(names.families)
            if (given, family) not in self._names:
                self._names.add((given, family))
                return given, nickname, family

    def _mailbox(self, given: str, family: str, company: str, kind: str) -> str:
        if kind == "contractor":
            return f"{slug(given)}@{slug(family)}-consulting.example"
        return mailbox(given, family, ACQUIRED_DOMAIN if company == ACQUIRED else FIRM_DOMAIN)


def mailbox(given: str, family: str, domain: str, serial: str = "") -> str:
    """The firm's pattern: given.family@domain, with a number where it is taken."""
    return f"{slug(given)}.{slug(family)}{serial}@{domain}"


def workers(
    companies: tuple[LegalEntity, ...], centers: tuple[CostCenter, ...], damage: Damage, rng: Random
) -> tuple[Worker, ...]:
    """About 600 people, with what life did to some of them."""
    staff = Staff(companies, centers, rng)
    own = [company.code for company in companies if company.code != ACQUIRED]
    for _ in range(EMPLOYEES):
        staff.hire(rng.choices(own, (30, 34, 12, 12, 12))[0])
    for _ in range(ACQUIRED_EMPLOYEES):
        staff.hire(ACQUIRED)
    for _ in range(CONTRACTORS):
        staff.hire(rng.choice(own), "contractor")
    found = staff.workers
    _live(found, damage, rng)
    _relate(found, {company.code: company.country for company in companies}, damage, rng)
    return tuple(_with_managers(found, rng))


def _live(found: list[Worker], damage: Damage, rng: Random) -> None:
    """Marriages, returns, changes of employer and of contract, each to people of their own."""
    own = [k for k, worker in enumerate(found) if worker.kind == "employee" and not worker.acquired]
    rng.shuffle(own)
    for place in [own.pop() for _ in range(damage.marriages)]:
        worker = found[place]
        names = {(other.given, other.family) for other in found}
        families = [other.family for other in found if other.company == worker.company]
        family = rng.choice([family for family in families if (worker.given, family) not in names])
        found[place] = replace(worker, former_family=worker.family, family=family)
    for place in [own.pop() for _ in range(damage.rehires)]:
        left = found[place].hired - timedelta(days=rng.randrange(300, 1500))
        found[place] = replace(found[place], rehired=True, left=None, hired=max(left, date(2011, 1, 1)))
    for place in [own.pop() for _ in range(damage.converted)]:
        found[place] = replace(found[place], converted=True, left=None)
    for place, worker in enumerate(found):
        if worker.acquired and happens(rng, 0.3):
            found[place] = replace(worker, moved=True)


def _relate(found: list[Worker], countries: dict[str, str], damage: Damage, rng: Random) -> None:
    """Twins of another given name, and children named like their parents; under the same roof."""
    plain = [
        k for k, w in enumerate(found)
        if w.kind == "employee" and not (w.acquired or w.rehired or w.converted or w.former_family or w.left)
    ]  # fmt: skip
    chosen = rng.sample(plain, 2 * (damage.twins + damage.generations))
    for number, (first, second) in enumerate(zip(chosen[::2], chosen[1::2], strict=True)):
        country = countries[found[first].company]
        elder = replace(found[first], born=found[first].born.replace(year=1962 + number, day=11))
        elder = replace(elder, national_id=national_id(country, elder.born, rng))
        twin = number < damage.twins
        given = found[second].given if twin else elder.given
        born = elder.born if twin else date(1989, 1 + elder.born.month % 12, 23)
        found[first] = elder
        found[second] = replace(
            found[second], given=given, family=elder.family, address=elder.address, company=elder.company,
            cost_center=elder.cost_center, born=born, national_id=national_id(country, born, rng),
            nickname=found[second].nickname if twin else elder.nickname,
            email=mailbox(given, elder.family, FIRM_DOMAIN, "" if twin else "2"),
        )  # fmt: skip


def _with_managers(found: list[Worker], rng: Random) -> list[Worker]:
    """Everybody but partners and contractors reports to somebody of the same company further up."""
    seniors: dict[str, list[str]] = {}
    for worker in found:
        if worker.title in words("role")[-4:] and worker.kind == "employee" and not worker.left:
            seniors.setdefault(worker.company, []).append(worker.thing)
    return [
        replace(worker, manager=rng.choice(others)) if worker.title != "Partner" and others else worker
        for worker in found
        for others in [[thing for thing in seniors.get(worker.company, []) if thing < worker.thing]]
    ]
