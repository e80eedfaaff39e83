"""The firm's clients: groups of up to three levels, single companies, and what unlike ones share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from mdm.demo.contact import Address, Directory, Telephone
from mdm.demo.damage import Damage
from mdm.demo.identifiers import registration_number, tax_id
from mdm.demo.keys import slug
from mdm.demo.vocabulary import Place, culture, happens, places, table, words

GROUPS, SINGLE_COMPANIES = 58, 190


@dataclass(frozen=True, slots=True)
class Client:
    """A client as it really is.

    Attributes:
        brand: what its group is called; shared by parent and subsidiaries.
        core: the name without the legal form.
        parent: thing of the parent.
        level: 1 for a parent or a single company, 2 and 3 below.
        in_group: has a parent or subsidiaries, so that brand, site and address say little of which one it is.
        former: the address before the office moved.
        origin: `firm`, `acquired` (came with the acquired company) or `both`.
        shares_contact: telephone and mailbox are those of a business centre.
    """

    thing: str
    brand: str
    core: str
    form: str
    address: Address
    former: Address
    tax_id: str
    registration_number: str
    domain: str
    email: str
    phone: Telephone
    industry: str
    number: str
    origin: str
    parent: str | None = None
    level: int = 1
    in_group: bool = False
    shares_contact: bool = False

    @property
    def name(self) -> str:
        """The full legal name."""
        return f"{self.core} {self.form}"


class ClientBook:
    """Makes clients whose names, brands and numbers are their own."""

    def __init__(self, directory: Directory, rng: Random) -> None:
        self._directory = directory
        self._rng = rng
        self._cores: set[str] = set()
        self._brands: set[str] = set()
        self.clients: list[Client] = []

    def group(self, size: int, origin: str) -> None:
        """A parent and its subsidiaries; in a group of four or more some lie on the third level."""
        town = self._directory.place()
        brand = self._brand()
        trade = self._rng.choice(words(f"trade.{table('language')[town.country]}"))
        cores = self._cores_of_group(brand, trade, size)
        top = self._client(brand, cores[0], town, origin)
        self.clients.append(replace(top, in_group=True))
        family = [self.clients[-1]]
        for core in cores[1:]:
            parent = self._rng.choice(family[1:3]) if len(family) > 2 and happens(self._rng, 0.4) else top
            family.append(self._subsidiary(parent, core))
            self.clients.append(family[-1])

    def _cores_of_group(self, brand: str, trade: str, size: int) -> list[str]:
        """Different names below one brand, the parent's first."""
        endings = [*words("unit")[1:], *self._rng.sample(words("trade.en"), 5)]
        adjectives = list(table("adjective").values())
        below = [self._rng.choice((f"{trade} {word}", word)) for word in self._rng.sample(adjectives, 3)]
        head = f"{brand} Holding" if happens(self._rng, 0.5) else f"{brand} {trade}"
        names = [f"{brand} {word}" for word in (*self._rng.sample(endings, 6), *below)]
        self._rng.shuffle(names)
        return [head, *[name for name in dict.fromkeys(names) if name != head][: size - 1]]

    def _subsidiary(self, parent: Client, core: str) -> Client:
        """Sixty in a hundred use the parent's site and mailbox, some its building and switchboard."""
        country = next((code for code, word in table("adjective").items() if core.endswith(f" {word}")), "")
        rng = self._rng
        same_town = not country and happens(rng, 0.5)
        town = _town_of(parent) if same_town else self._directory.place(country or parent.address.country)
        child = self._client(parent.brand, core, town, parent.origin)
        child = replace(child, parent=parent.thing, level=min(parent.level + 1, 3), in_group=True)
        if happens(rng, 0.6):
            child = replace(child, domain=parent.domain, email=f"info@{parent.domain}")
        if same_town and happens(rng, 0.6):
            child = replace(child, address=parent.address, former=parent.former, phone=parent.phone)
        return child

    def single(self, origin: str) -> None:
        """A company of its own: a coined brand, a founder's name, two founders, or a town with a trade."""
        town = self._directory.place()
        language = table("language")[town.country]
        trades = words(f"trade.{language}")
        families = culture(language).families
        while True:
            style = self._rng.random()
            trade = self._rng.choice(trades)
            if style < 0.6:
                brand = self._brand()
                core = f"{brand} {trade}"
            elif style < 0.8:
                brand = self._rng.choice(families)
                core = f"{brand} {trade}"
            elif style < 0.9:
                brand = core = " & ".join(self._rng.sample(families, 2))
            else:
                brand = core = f"{town.city} {trade}"
            if core not in self._cores:
                break
        self.clients.append(self._client(brand, core, town, origin))

    def _brand(self) -> str:
        while True:
            brand = self._rng.choice(words("first")) + self._rng.choice(words("second"))
            if brand not in self._brands:
                self._brands.add(brand)
                return brand

    def _client(self, brand: str, core: str, town: Place, origin: str) -> Client:
        rng, serial = self._rng, len(self.clients) + 1
        self._cores.add(core)
        domain = f"{slug(core)}.example"
        return Client(
            thing=f"client-{serial}", brand=brand, core=core, form=rng.choice(words(f"form.{town.country}")),
            address=self._directory.address(town), former=self._directory.address(self._former_town(town)),
            tax_id=tax_id(town.country, rng), registration_number=registration_number(town.country, rng),
            domain=domain, email=f"{rng.choice(('info', 'office', 'ap', 'contact'))}@{domain}",
            phone=self._directory.telephone(town), industry=rng.choice(words("industry")),
            number=f"{10000 + serial * 7}", origin=origin,
        )  # fmt: skip

    def _former_town(self, town: Place) -> Place:
        return town if happens(self._rng, 0.7) else self._directory.place(town.country)


def clients(damage: Damage, rng: Random) -> tuple[Client, ...]:
    """About 400 clients, a third of them in no group; parents come before their subsidiaries."""
    book = ClientBook(Directory(rng), rng)
    for _ in range(GROUPS):
        book.group(rng.choice((2, 2, 3, 3, 4, 5, 6)), _origin(rng))
    for _ in range(SINGLE_COMPANIES):
        book.single(_origin(rng))
    return tuple(_share_business_centres(book.clients, damage, rng))


def _town_of(client: Client) -> Place:
    return next(town for town in places() if town.city == client.address.city)


def _origin(rng: Random) -> str:
    return rng.choices(("firm", "acquired", "both"), (70, 18, 12))[0]


def _share_business_centres(found: list[Client], damage: Damage, rng: Random) -> list[Client]:
    """Eight single companies each move behind one switchboard, one mailbox and one front door."""
    directory = Directory(rng)
    tenants = rng.sample(
        [k for k, client in enumerate(found) if not client.in_group], 8 * damage.business_centres
    )
    for centre in range(damage.business_centres):
        town = directory.place("GB" if centre % 2 else "DE")
        address, phone = directory.address(town), directory.telephone(town)
        for place in tenants[centre * 8 : centre * 8 + 8]:
            found[place] = replace(
                found[place], address=address, phone=phone, shares_contact=True,
                email=f"reception@maildesk-{slug(town.city)}.example",
            )  # fmt: skip
    return found
