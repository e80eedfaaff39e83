"""How values wear out: what happens to names, streets and numbers on their way into a system."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from random import Random

from anyascii import anyascii

from mdm.demo.book import Book
from mdm.demo.contact import Address, Telephone
from mdm.demo.damage import Damage
from mdm.demo.organisation import TODAY
from mdm.demo.vocabulary import happens, table

_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ẞ": "SS"}
)
PLACEHOLDERS = ("n/a", "-", "unknown", "N/A", "none")


class Wear:
    """Wears values out with the chances of a `Damage`, and counts what it did."""

    def __init__(self, damage: Damage, book: Book, rng: Random) -> None:
        self.damage = damage
        self.rng = rng
        self._book = book

    def befalls(self, kind: str, share: float | None = None) -> bool:
        """Whether this damage happens here, counted if so; the share is that of the `Damage` unless given."""
        chance = float(getattr(self.damage, kind)) if share is None else share
        done = happens(self.rng, chance)
        if done:
            self._book.happened(kind)
        return done

    def optional(self, value: str, keep: float = 1.0) -> str | None:
        """The value, None where the system lacks it (`keep` is the share that has it), or a placeholder."""
        if not happens(self.rng, keep) or self.befalls("blank"):
            return None
        return self.rng.choice(PLACEHOLDERS) if self.befalls("placeholder") else value

    def typo(self, text: str) -> str:
        """Two letters swapped, one dropped or one doubled, never the first of a word."""
        places = [
            k
            for k in range(1, len(text) - 2)
            if text[k].isalpha() and text[k + 1].isalpha() and text[k - 1] != " "
        ]
        if not places:
            return text
        place = self.rng.choice(places)
        style = self.rng.randrange(3)
        if style == 0 and text[place] != text[place + 1]:
            return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
        return text[:place] + (text[place + 1 :] if style == 1 else text[place] + text[place:])

    def transliterated(self, text: str) -> str:
        """Without umlauts and accents: as two letters or as the bare one."""
        return str(anyascii(text.translate(_UMLAUTS) if happens(self.rng, 0.6) else text))

    def organisation(self, core: str, form: str) -> str:
        """An organisation's name as somebody keyed it: other legal form or none, and at most one slip."""
        if self.befalls("legal_form"):
            form = self.rng.choice(("", "", table("longer")[form]))
        if shortened(core) != core and self.befalls("abbreviation"):
            core = shortened(core)
        elif self.befalls("typo"):
            core = self.typo(core)
        elif not core.isascii() and self.befalls("transliteration"):
            core = self.transliterated(core)
        if " & " in core and happens(self.rng, 0.3):
            core = core.replace(" & ", " and ")
        return f"{core} {form}".strip()

    def address(self, now: Address, former: Address) -> Address:
        """The address, perhaps the one from before the move, perhaps with a shorter street."""
        seen = former if self.befalls("stale_address") else now
        street = seen.street
        if shortened(street) != street and self.befalls("abbreviation"):
            street = shortened(street)
        if not street.isascii() and self.befalls("transliteration"):
            street = self.transliterated(street)
        return Address(street, seen.city, seen.region, seen.postcode, seen.country)

    def telephone(self, number: Telephone) -> str:
        """The number in one of the ways in which people write it."""
        return self.rng.choice((number.international, number.international, number.spaced, number.bare))

    def moment(self, oldest_days: int = 700) -> datetime:
        """When the system last changed a row: within that many days before today."""
        return self._on_day(self.rng.randrange(1, oldest_days))

    def long_ago(self) -> datetime:
        """When a row was last changed that nobody keeps any more: three to seven years ago."""
        return self._on_day(self.rng.randrange(1100, 2600))

    def _on_day(self, days: int) -> datetime:
        day = datetime.combine(TODAY - timedelta(days=days), time(tzinfo=UTC))
        return day + timedelta(seconds=self.rng.randrange(25_000, 68_000))


def shortened(text: str) -> str:
    """The text with the words abbreviated that have a usual short form; "straße" also at a word's end."""
    words = table("shorter")
    text = " ".join(words.get(word, word) for word in text.split(" "))
    return text.replace("straße", "str.").replace("strasse", "str.")


def capitals(text: str) -> str:
    """As old terminals stored it: SCHROEDER, MUENCHEN."""
    return text.translate(_UMLAUTS).upper()


def iso(moment: datetime) -> str:
    """As 2026-03-05T09:12:44Z."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def sap_date(moment: datetime) -> str:
    """As /Date(1772701964000)/: milliseconds since 1970."""
    return f"/Date({int(moment.timestamp()) * 1000})/"
