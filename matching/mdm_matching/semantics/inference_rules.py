"""The rules by which what a column is called and holds lead to a semantic type."""

from __future__ import annotations

from collections.abc import Callable

from mdm_matching.semantics.affiliation import Affiliation
from mdm_matching.semantics.authority_ids import RegistrationNumber
from mdm_matching.semantics.birth_date_parts import BirthDay, BirthMonth, BirthYear
from mdm_matching.semantics.category import Category
from mdm_matching.semantics.city import City, Region
from mdm_matching.semantics.code import Identifier
from mdm_matching.semantics.country import Country
from mdm_matching.semantics.date import BirthDate, Date
from mdm_matching.semantics.email import Email
from mdm_matching.semantics.family_name import FamilyName
from mdm_matching.semantics.full_address import FullAddress
from mdm_matching.semantics.geo_point import GeoPoint
from mdm_matching.semantics.given_name import GivenName, MiddleName
from mdm_matching.semantics.inference_ids import code, lei, national_id, related_code, tax_id
from mdm_matching.semantics.inference_names import (
    free_text,
    full_name,
    organisation,
    plain_name,
    related_organisation,
    related_person,
    single_name,
    title,
)
from mdm_matching.semantics.inference_table import Found, Table, always, date_order, percent, when, within
from mdm_matching.semantics.person_list import PersonList
from mdm_matching.semantics.phone import Phone
from mdm_matching.semantics.postcode import Postcode
from mdm_matching.semantics.quantities import Money, Number
from mdm_matching.semantics.street import Street, StreetNumber
from mdm_matching.semantics.website import Website


def by_name(name: str, table: Table) -> Found | None:
    """The type that the column's name proposes, if the values bear it out.

    None if they do not or it proposes none.
    """
    rule = _NAME_RULES.get(table.kinds[name])
    return rule(name, table) if rule else None


def _birth_date(name: str, table: Table) -> Found | None:
    profile = table.profiles[name]
    if profile.dates < 0.5:
        return None
    return BirthDate(date_order(profile.sample)), f"{percent(profile.dates)} read as dates"


def _birth_day(name: str, table: Table) -> Found | None:
    return within(1, 31, BirthDay)(name, table) or _birth_date(name, table)


def _date(name: str, table: Table) -> Found | None:
    profile = table.profiles[name]
    if profile.dates < 0.6:
        return None
    return Date(date_order(profile.sample)), f"{percent(profile.dates)} read as dates"


def _phone(name: str, table: Table) -> Found | None:
    found = table.profiles[name].phones
    return (Phone(table.country), f"{percent(found)} read as telephone numbers") if found >= 0.4 else None


def _street(name: str, table: Table) -> Found | None:
    profile = table.profiles[name]
    if profile.words > 5 and not table.has("city", "postcode"):
        return (
            FullAddress(),
            f"it has {profile.words:.0f} words on average, and city or postcode have no column",
        )
    return (
        (Street(), f"{percent(profile.streets)} read as street and number") if profile.emails < 0.5 else None
    )


def _money(name: str, table: Table) -> Found | None:
    profile = table.profiles[name]
    return (Money(), f"{percent(profile.numbers)} read as amounts") if profile.numbers >= 0.6 else None


_NAME_RULES: dict[str, Callable[[str, Table], Found | None]] = {
    "birth_date": _birth_date,
    "birth_year": within(1500, 2100, BirthYear),
    "birth_month": within(1, 12, BirthMonth),
    "birth_day": _birth_day,
    "birth_place": always(City),
    "email": when("emails", 0.4, Email, "read as addresses"),
    "website": when("web_addresses", 0.4, Website, "read as web addresses"),
    "phone": _phone,
    "lei": lei,
    "tax_id": tax_id,
    "national_id": national_id,
    "registration_number": lambda name, table: (
        (RegistrationNumber(table.country), "it looks like codes")
        if table.profiles[name].codes >= 0.4
        else None
    ),
    "identifier": when("codes", 0.6, Identifier, "look like codes"),
    "gender": always(Category),
    "middle_name": when("letters", 0.7, MiddleName, "are words"),
    "given_name": single_name(GivenName),
    "family_name": single_name(FamilyName),
    "full_name": full_name,
    "related_person": related_person,
    "related_organisation": related_organisation,
    "authors": when("letters", 0.5, PersonList, "are words"),
    "affiliation": always(Affiliation),
    "organisation_name": organisation,
    "address_extra": always(Street),
    "street_number": when("numbers", 0.5, StreetNumber, "are numbers"),
    "full_address": always(FullAddress),
    "street": _street,
    "city": when("letters", 0.6, City, "are words"),
    "postcode": lambda name, table: (
        (Postcode(), "its values hold digits") if table.profiles[name].letters <= 0.4 else None
    ),
    "country": when("countries", 0.4, Country, "are countries"),
    "region": when("letters", 0.6, Region, "are words"),
    "geo_point": when("points", 0.5, GeoPoint, "are points on the map"),
    "job_title": always(Category),
    "date": _date,
    "money": _money,
    "quantity": when("numbers", 0.6, Number, "are numbers"),
    "related_code": related_code,
    "code": code,
    "category": lambda name, table: (
        Category(),
        f"each value occurs {table.profiles[name].repeats:.1f} times on average",
    ),
    "title": title,
    "free_text": free_text,
    "name": plain_name,
}
