"""The rules by which a column's kind and values lead to a semantic type."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from mdm_matching.semantics.affiliation import Affiliation
from mdm_matching.semantics.authority_ids import Lei, NationalId, RegistrationNumber, TaxId
from mdm_matching.semantics.birth_date_parts import BirthDay, BirthMonth, BirthYear
from mdm_matching.semantics.category import Category
from mdm_matching.semantics.city import City, Region
from mdm_matching.semantics.code import Code, Identifier
from mdm_matching.semantics.country import Country
from mdm_matching.semantics.date import BirthDate, Date
from mdm_matching.semantics.email import Email
from mdm_matching.semantics.family_name import FamilyName
from mdm_matching.semantics.full_address import FullAddress
from mdm_matching.semantics.full_name import FullName, RelatedPerson
from mdm_matching.semantics.geo_point import GeoPoint
from mdm_matching.semantics.given_name import GivenName, MiddleName
from mdm_matching.semantics.organisation_name import OrganisationName, RelatedOrganisation
from mdm_matching.semantics.person_list import PersonList
from mdm_matching.semantics.phone import Phone
from mdm_matching.semantics.postcode import Postcode
from mdm_matching.semantics.quantities import Money, Number
from mdm_matching.semantics.semantic_type import SemanticType
from mdm_matching.semantics.street import Street, StreetNumber
from mdm_matching.semantics.title import FreeText, Title
from mdm_matching.semantics.value_profile import ValueProfile
from mdm_matching.semantics.website import Website

Found = tuple[SemanticType | None, str]


@dataclass(frozen=True, slots=True)
class Table:
    """All columns of a file together: what one is may depend on what the others are.

    Attributes:
        kinds: what each column's name hints at, "" for nothing.
        profiles: what each column's values look like.
        columns: the values themselves.
    """

    kinds: Mapping[str, str]
    profiles: Mapping[str, ValueProfile]
    columns: Mapping[str, Sequence[str | None]]

    def has(self, *kinds: str) -> bool:
        """Whether some column with values hints at one of these kinds."""
        return any(kind in kinds and self.profiles[name].sample for name, kind in self.kinds.items())

    @property
    def country(self) -> str | None:
        """The column that names each record's country."""
        return next(
            (
                name
                for name, kind in self.kinds.items()
                if kind == "country" and self.profiles[name].countries >= 0.5
            ),
            None,
        )

    @property
    def people(self) -> bool:
        """Whether the records are people."""
        return self.has("given_name", "family_name", "birth_date")

    def contexts(self, name: str) -> list[str]:
        """The country beside each value of a column's sample."""
        country = self.country
        if country is None:
            return []
        beside = dict(zip(self.columns[name], self.columns[country], strict=False))
        return [beside.get(value) or "" for value in self.profiles[name].sample]


def _percent(share: float) -> str:
    return f"{share:.0%} of its values"


def date_order(values: Sequence[str]) -> str:
    """The order of dates such as 25/12/1990 that the column shows: "dmy", "mdy", or "" if it shows neither or both."""
    first, second = False, False
    for value in values:
        parts = value.strip().replace("-", "/").split("/")
        if (
            len(parts) == 3
            and all(part.isdigit() for part in parts[:2])
            and len(parts[0]) < 3
            and len(parts[2]) >= 4
        ):
            first |= int(parts[0]) > 12
            second |= int(parts[1]) > 12
    return "" if first == second else "dmy" if first else "mdy"


def by_name(name: str, table: Table) -> Found | None:
    """The type that the column's name proposes, if the values bear it out; None if they do not or it proposes none."""
    rule = _NAME_RULES.get(table.kinds[name])
    return rule(name, table) if rule else None


def _when(
    share: str, least: float, make: Callable[[], SemanticType], what: str
) -> Callable[[str, Table], Found | None]:
    """A rule: the type, if at least so much of the values looks as it should."""

    def rule(name: str, table: Table) -> Found | None:
        found: float = getattr(table.profiles[name], share)
        return (make(), f"{_percent(found)} {what}") if found >= least else None

    return rule


def _always(
    make: Callable[[], SemanticType], what: str = "nothing in its values speaks against it"
) -> Callable[[str, Table], Found | None]:
    return lambda name, table: (make(), what)


def _birth_date(name: str, table: Table) -> Found | None:
    profile = table.profiles[name]
    if profile.dates < 0.5:
        return None
    return BirthDate(date_order(profile.sample)), f"{_percent(profile.dates)} read as dates"


def _within(
    lowest: int, highest: int, make: Callable[[], SemanticType]
) -> Callable[[str, Table], Found | None]:
    def rule(name: str, table: Table) -> Found | None:
        def fits(value: str) -> bool:
            text = value.strip().removesuffix(".0")
            return text.isascii() and text.isdigit() and lowest <= int(text[:9]) <= highest

        share = table.profiles[name].row_share(fits)
        return (make(), f"{_percent(share)} lie between {lowest} and {highest}") if share >= 0.9 else None

    return rule


def _birth_day(name: str, table: Table) -> Found | None:
    return _within(1, 31, BirthDay)(name, table) or _birth_date(name, table)


def _date(name: str, table: Table) -> Found | None:
    profile = table.profiles[name]
    if profile.dates < 0.6:
        return None
    return Date(date_order(profile.sample)), f"{_percent(profile.dates)} read as dates"


def _phone(name: str, table: Table) -> Found | None:
    found = table.profiles[name].phones
    return (Phone(table.country), f"{_percent(found)} read as telephone numbers") if found >= 0.4 else None


def _tax_id(name: str, table: Table) -> Found | None:
    profile = table.profiles[name]
    if profile.codes < 0.6:
        return None
    valid = profile.valid_tax_ids(table.contexts(name))
    if valid >= 0.6:
        return TaxId(table.country), f"the check digits of {_percent(valid)} hold"
    return (
        Identifier(),
        f"the check digits of just {_percent(valid)} hold, so it counts as a number that cannot be checked",
    )


def _lei(name: str, table: Table) -> Found | None:
    found = table.profiles[name].leis
    if found >= 0.6:
        return Lei(), f"the check digits of {_percent(found)} hold"
    return (
        (Identifier(), "its values carry no valid check digits")
        if table.profiles[name].codes >= 0.5
        else None
    )


def _national_id(name: str, table: Table) -> Found | None:
    profile = table.profiles[name]
    if profile.codes < 0.6:
        return None
    country = table.country
    rules = NationalId(country)
    if country:
        read = [
            rules.standardise(value, beside)
            for value, beside in zip(profile.sample, table.contexts(name), strict=True)
        ]
        checked = sum(found is not None and found.parts[2] == "checked" for found in read) / max(1, len(read))
        if checked >= 0.6:
            return rules, f"the check digits of {_percent(checked)} hold"
    return Identifier(), "it has no country whose check digits could be tested"


def _code(name: str, table: Table) -> Found | None:
    profile = table.profiles[name]
    if profile.codes < 0.5:
        return None
    if profile.repeats >= 4:
        return Category(), f"each value occurs {profile.repeats:.0f} times on average, so it groups records"
    return Code(), f"{_percent(profile.codes)} look like codes"


def _related_code(name: str, table: Table) -> Found | None:
    profile = table.profiles[name]
    if profile.repeats >= 1.5 or profile.codes < 0.5:
        return Category(), f"each value occurs {profile.repeats:.1f} times on average, so it groups records"
    return Code(), f"{_percent(profile.codes)} look like codes"


def _organisation(name: str, table: Table) -> Found | None:
    profile = table.profiles[name]
    if profile.emails > 0.5 or (profile.letters < 0.2 and profile.codes > 0.8):
        return None
    if table.people and not profile.legal_forms > 0.9:
        return RelatedOrganisation(), "the file is about people, so it is where they belong"
    return OrganisationName(), f"{_percent(profile.legal_forms)} carry a legal form"


def _related_organisation(name: str, table: Table) -> Found | None:
    profile = table.profiles[name]
    if profile.codes > 0.8:
        return _related_code(name, table)
    if profile.person_names > 0.7 and profile.legal_forms < 0.05 and profile.trade_words < 0.1:
        return RelatedPerson(), f"{_percent(profile.person_names)} read as names of people"
    named = table.has("name", "organisation_name", "title", "full_name", "given_name", "family_name")
    if not named:
        return OrganisationName(), "no other column names the record"
    return RelatedOrganisation(), "another column names the record itself"


def _related_person(name: str, table: Table) -> Found | None:
    profile = table.profiles[name]
    if profile.codes > 0.6:
        return _related_code(name, table)
    if profile.legal_forms > 0.3:
        return RelatedOrganisation(), f"{_percent(profile.legal_forms)} carry a legal form"
    return (
        (RelatedPerson(), f"{_percent(profile.person_names)} read as names of people")
        if profile.words >= 1.3
        else None
    )


def _name(name: str, table: Table) -> Found | None:
    """A column that is just called "name": what it names, the values and the other columns tell."""
    profile = table.profiles[name]
    if profile.legal_forms >= 0.25:
        return OrganisationName(), f"{_percent(profile.legal_forms)} carry a legal form"
    if profile.person_names >= 0.4 and profile.trade_words < 0.3:
        return FullName(), f"{_percent(profile.person_names)} read as names of people"
    if table.has("tax_id", "registration_number", "website", "lei", "identifier"):
        return OrganisationName(), "the other columns are those of firms"
    if table.has("money", "free_text", "code", "date", "quantity", "related_code"):
        return Title(), "the other columns are those of projects, products or the like"
    if table.has("birth_date", "national_id"):
        return FullName(), "the other columns are those of people"
    if profile.legal_forms + profile.trade_words >= 0.3 or table.has(
        "street", "full_address", "phone", "city"
    ):
        return OrganisationName(), f"{_percent(profile.trade_words)} carry a word of trade"
    return (Title(), "its values are short texts") if profile.words >= 2 else None


def _single_name(make: Callable[[], SemanticType]) -> Callable[[str, Table], Found | None]:
    def rule(name: str, table: Table) -> Found | None:
        profile = table.profiles[name]
        if profile.letters < 0.7:
            return None
        if profile.words > 1.6 and profile.person_names > 0.5:
            return FullName(), f"{_percent(profile.person_names)} read as whole names of people"
        return make(), f"{_percent(profile.letters)} are words"

    return rule


def _full_name(name: str, table: Table) -> Found | None:
    profile = table.profiles[name]
    if profile.letters < 0.6 or profile.legal_forms > 0.3:
        return None
    return FullName(), f"{_percent(profile.person_names)} read as names of people"


def _street(name: str, table: Table) -> Found | None:
    profile = table.profiles[name]
    if profile.words > 5 and not table.has("city", "postcode"):
        return (
            FullAddress(),
            f"it has {profile.words:.0f} words on average, and city or postcode have no column",
        )
    return (
        (Street(), f"{_percent(profile.streets)} read as street and number") if profile.emails < 0.5 else None
    )


def _money(name: str, table: Table) -> Found | None:
    profile = table.profiles[name]
    return (Money(), f"{_percent(profile.numbers)} read as amounts") if profile.numbers >= 0.6 else None


def _title(name: str, table: Table) -> Found | None:
    profile = table.profiles[name]
    if profile.repeats >= 8 and profile.distinct < 200:
        return Category(), f"each value occurs {profile.repeats:.0f} times on average, so it groups records"
    if profile.codes > 0.8 or (profile.letters < 0.1 and profile.words < 1.5):
        return None
    return Title(), f"its values have {profile.words:.0f} words on average"


def _free_text(name: str, table: Table) -> Found | None:
    profile = table.profiles[name]
    if profile.repeats >= 8 and profile.distinct < 200:
        return Category(), f"each value occurs {profile.repeats:.0f} times on average, so it groups records"
    return (
        (FreeText(), f"its values have {profile.words:.0f} words on average")
        if profile.words >= 2.5
        else None
    )


_NAME_RULES: dict[str, Callable[[str, Table], Found | None]] = {
    "birth_date": _birth_date,
    "birth_year": _within(1500, 2100, BirthYear),
    "birth_month": _within(1, 12, BirthMonth),
    "birth_day": _birth_day,
    "birth_place": _always(City),
    "email": _when("emails", 0.4, Email, "read as addresses"),
    "website": _when("web_addresses", 0.4, Website, "read as web addresses"),
    "phone": _phone,
    "lei": _lei,
    "tax_id": _tax_id,
    "national_id": _national_id,
    "registration_number": lambda name, table: (
        (RegistrationNumber(table.country), "it looks like codes")
        if table.profiles[name].codes >= 0.4
        else None
    ),
    "identifier": _when("codes", 0.6, Identifier, "look like codes"),
    "gender": _always(Category),
    "middle_name": _when("letters", 0.7, MiddleName, "are words"),
    "given_name": _single_name(GivenName),
    "family_name": _single_name(FamilyName),
    "full_name": _full_name,
    "related_person": _related_person,
    "related_organisation": _related_organisation,
    "authors": _when("letters", 0.5, PersonList, "are words"),
    "affiliation": _always(Affiliation),
    "organisation_name": _organisation,
    "address_extra": _always(Street),
    "street_number": _when("numbers", 0.5, StreetNumber, "are numbers"),
    "full_address": _always(FullAddress),
    "street": _street,
    "city": _when("letters", 0.6, City, "are words"),
    "postcode": lambda name, table: (
        (Postcode(), "its values hold digits") if table.profiles[name].letters <= 0.4 else None
    ),
    "country": _when("countries", 0.4, Country, "are countries"),
    "region": _when("letters", 0.6, Region, "are words"),
    "geo_point": _when("points", 0.5, GeoPoint, "are points on the map"),
    "job_title": _always(Category),
    "date": _date,
    "money": _money,
    "quantity": _when("numbers", 0.6, Number, "are numbers"),
    "related_code": _related_code,
    "code": _code,
    "category": lambda name, table: (
        Category(),
        f"each value occurs {table.profiles[name].repeats:.1f} times on average",
    ),
    "title": _title,
    "free_text": _free_text,
    "name": _name,
}


def by_values(name: str, table: Table) -> Found:
    """The type that the values alone suggest."""
    profile = table.profiles[name]
    return _by_shape(profile, table) or _by_words(profile, table)


def _by_shape(profile: ValueProfile, table: Table) -> Found | None:
    """Values that betray themselves by their signs."""
    shapes: tuple[tuple[float, float, Callable[[], SemanticType], str], ...] = (
        (profile.emails, 0.7, Email, "are mail addresses"),
        (profile.leis, 0.7, Lei, "are legal entity identifiers with valid check digits"),
        (profile.points, 0.8, GeoPoint, "are points on the map"),
        (profile.web_addresses, 0.7, Website, "are web addresses"),
        (profile.whole_dates, 0.8, lambda: Date(date_order(profile.sample)), "read as dates"),
        (profile.british_postcodes, 0.7, Postcode, "are postcodes"),
        (profile.written_phones, 0.7, lambda: Phone(table.country), "are telephone numbers"),
    )
    for share, least, make, what in shapes:
        if share >= least:
            return make(), f"{_percent(share)} {what}"
    if profile.countries >= 0.9 and profile.distinct > 1 and profile.words < 3:
        return Country(), f"{_percent(profile.countries)} are countries"
    if profile.digits_only >= 0.9:
        return _by_digits(profile)
    if profile.decimals >= 0.5 and profile.numbers >= 0.8:
        return Number(), f"{_percent(profile.numbers)} are numbers"
    if profile.codes >= 0.8:
        return (Category() if profile.repeats >= 4 else Code()), f"{_percent(profile.codes)} look like codes"
    return None


def _by_digits(profile: ValueProfile) -> Found:
    if profile.years >= 0.9:
        return Date(), f"{_percent(profile.years)} are years"
    if profile.repeats >= 4 or profile.share(lambda value: len(value.strip()) < 4) > 0.8:
        return Category(), f"each number occurs {profile.repeats:.0f} times on average"
    return Code(), f"{_percent(profile.digits_only)} are digits alone"


def _by_words(profile: ValueProfile, table: Table) -> Found:
    if profile.streets >= 0.5:
        return Street(), f"{_percent(profile.streets)} read as street and number"
    if profile.legal_forms >= 0.25:
        make = (
            RelatedOrganisation
            if table.people or table.has("organisation_name", "name")
            else OrganisationName
        )
        return make(), f"{_percent(profile.legal_forms)} carry a legal form"
    if profile.words < 1.5 and profile.given_names >= 0.45:
        return GivenName(), f"{_percent(profile.given_names)} are known given names"
    if 1.7 <= profile.words <= 4 and profile.person_names >= 0.5:
        named = table.people or table.has("name", "organisation_name", "title", "full_name")
        return (
            RelatedPerson() if named else FullName()
        ), f"{_percent(profile.person_names)} read as names of people"
    if profile.words >= 10:
        return FreeText(), f"its values have {profile.words:.0f} words on average"
    if profile.repeats >= 4 or profile.distinct < 12 or profile.words < 1.5:
        return Category(), f"each value occurs {profile.repeats:.1f} times on average"
    return Title(), f"its values have {profile.words:.0f} words on average"
