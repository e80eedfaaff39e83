"""Where things are and how they are reached: addresses and telephone numbers, none of them issued twice."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from mdm.demo.vocabulary import Place, fill, places


@dataclass(frozen=True, slots=True)
class Address:
    """A street with its number, and the town."""

    street: str
    city: str
    region: str
    postcode: str
    country: str


@dataclass(frozen=True, slots=True)
class Telephone:
    """A number in its parts, such as 44, 117 and 4960123."""

    country: str
    area: str
    subscriber: str

    @property
    def international(self) -> str:
        """As +44 117 4960123."""
        return f"+{self.country} {self.area} {self.subscriber}"

    @property
    def spaced(self) -> str:
        """As +44 (0)117 496 0123; America has no zero to put into brackets."""
        if self.country == "1":
            return f"+1 ({self.area}) {self.subscriber[:3]}-{self.subscriber[3:]}"
        return f"+{self.country} (0){self.area} {self.subscriber[:3]} {self.subscriber[3:]}"

    @property
    def bare(self) -> str:
        """As 00441174960123."""
        return f"00{self.country}{self.area}{self.subscriber}"


_MOBILES = {
    "GB": ("44", "7400", "######"),
    "DE": ("49", "151", "########"),
    "SE": ("46", "70", "174####"),
    "ES": ("34", "6", "11######"),
    "US": ("1", "617", "55501##"),
    "NL": ("31", "6", "1#######"),
}


class Directory:
    """Hands out addresses and numbers, each once."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._taken: set[Telephone] = set()
        self._streets: set[tuple[str, str]] = set()

    def place(self, countries: str = "") -> Place:
        """A town, in one of these countries (codes joined by spaces; any if empty)."""
        return self._rng.choice(
            [town for town in places() if not countries or town.country in countries.split()]
        )

    def address(self, town: Place) -> Address:
        """A house of that town which nobody else has."""
        while True:
            name, number = self._rng.choice(town.streets), self._rng.randrange(1, 180)
            street = f"{number} {name}" if town.country in ("GB", "IE", "US", "FR") else f"{name} {number}"
            if (street, town.city) not in self._streets:
                self._streets.add((street, town.city))
                return Address(street, town.city, town.region, fill(town.postcode, self._rng), town.country)

    def telephone(self, town: Place) -> Telephone:
        """A fixed number of that town; a mobile one where the town's numbers have run out."""
        return self._free(town.telephone) or self.mobile(town.country)

    def mobile(self, country: str) -> Telephone:
        """A mobile number of that country, of Germany where the list has none."""
        found = self._free(_MOBILES.get(country, _MOBILES["DE"]))
        return found or self.mobile("DE")

    def _free(self, pattern: tuple[str, str, str]) -> Telephone | None:
        country, area, subscriber = pattern
        for _ in range(40):
            number = Telephone(country, area, fill(subscriber, self._rng))
            if number not in self._taken:
                self._taken.add(number)
                return number
        return None
