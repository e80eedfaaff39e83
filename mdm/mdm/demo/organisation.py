"""The firm itself: its legal entities and its cost centers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from mdm.demo.damage import Damage
from mdm.demo.identifiers import tax_id
from mdm.demo.vocabulary import words

FIRM_DOMAIN = "aldermoor.example"
ACQUIRED_DOMAIN = "brackwater.example"
ACQUIRED = "BRW-NL"
TODAY = date(2026, 9, 30)


@dataclass(frozen=True, slots=True)
class LegalEntity:
    """A company of the firm; `digit` begins the codes of its cost centers."""

    thing: str
    code: str
    name: str
    country: str
    currency: str
    tax_id: str
    parent: str | None
    digit: int


@dataclass(frozen=True, slots=True)
class CostCenter:
    """A place where costs are collected, in force from and to a day (None: still)."""

    thing: str
    code: str
    name: str
    parent: str | None
    legal_entity: str
    valid_from: date
    valid_to: date | None = None
    other_name: str = ""


_COMPANIES = (
    ("ALD-UK", "Aldermoor Group plc", "GB", "GBP"),
    ("ALD-DE", "Aldermoor Deutschland GmbH", "DE", "EUR"),
    ("ALD-SE", "Aldermoor Nordic AB", "SE", "SEK"),
    ("ALD-ES", "Aldermoor Iberia S.L.", "ES", "EUR"),
    ("ALD-US", "Aldermoor America Inc.", "US", "USD"),
    (ACQUIRED, "Brackwater Partners B.V.", "NL", "EUR"),
)
_BYGONE = ("Print Services", "Travel Desk", "Typing Pool", "Fax Gateway", "Microfilm Archive", "Telex Room")
_RENAMED = ("Managed Run Services", "Client Success Hub", "Transformation Garage", "Insight Factory")


def legal_entities(rng: Random) -> tuple[LegalEntity, ...]:
    """The six companies; the first is the parent of all."""
    return tuple(
        LegalEntity(
            f"le-{digit}",
            code,
            name,
            country,
            currency,
            tax_id(country, rng),
            "le-1" if digit > 1 else None,
            digit,
        )
        for digit, (code, name, country, currency) in enumerate(_COMPANIES, start=1)
    )


def cost_centers(companies: tuple[LegalEntity, ...], damage: Damage, rng: Random) -> tuple[CostCenter, ...]:
    """Three levels for each company: itself, its practices, their teams; and codes issued before."""
    centers = [center for company in companies for center in _tree(company, rng)]
    leaves = [k for k, center in enumerate(centers) if center.code[-1] != "0"]
    renamed = rng.sample(
        [k for k in leaves if centers[k].code[0] != "6"], min(damage.renamed_centers, len(_RENAMED))
    )
    for name, place in zip(_RENAMED, renamed, strict=False):
        centers[place] = _renamed(centers[place], name)
    return (*centers, *_bygone([centers[k] for k in leaves if k not in renamed], damage, rng))


def _renamed(center: CostCenter, name: str) -> CostCenter:
    return CostCenter(
        center.thing,
        center.code,
        center.name,
        center.parent,
        center.legal_entity,
        center.valid_from,
        None,
        name,
    )


def _tree(company: LegalEntity, rng: Random) -> list[CostCenter]:
    """20 centers: one root, four practices and two supports, and teams of the practices."""
    start = date(2018 + company.digit % 3, 1, 1)
    root = CostCenter(
        f"cc-{company.digit}000", f"{company.digit}000", company.name, None, company.thing, start
    )
    found = [root]
    names = [*rng.sample(words("practice"), 4), *rng.sample(words("support"), 2)]
    for number, name in enumerate(names, start=1):
        code = f"{company.digit}{number}00"
        head = CostCenter(f"cc-{code}", code, name, root.thing, company.thing, start)
        found.append(head)
        teams = rng.sample(words("team"), (4, 3, 3, 3, 0, 0)[number - 1])
        found += [
            CostCenter(
                f"cc-{code[:2]}{k}5", f"{code[:2]}{k}5", f"{name} {team}", head.thing, company.thing, start
            )
            for k, team in enumerate(teams, start=1)
        ]
    return found


def _bygone(leaves: list[CostCenter], damage: Damage, rng: Random) -> list[CostCenter]:
    """Closed centers whose codes were given to others later; half were the acquired company's."""
    acquired = [center for center in leaves if center.code[0] == "6"]
    own = [center for center in leaves if center.code[0] != "6"]
    half = min(damage.reissued_codes, len(_BYGONE)) // 2
    heirs = [*rng.sample(acquired, half), *rng.sample(own, min(damage.reissued_codes, len(_BYGONE)) - half)]
    return [
        CostCenter(
            f"cc-{heir.code}-before",
            heir.code,
            name,
            None,
            heir.legal_entity,
            date(2009, 1, 1),
            date(2015, 12, 31),
        )
        for heir, name in zip(heirs, _BYGONE, strict=False)
    ]
