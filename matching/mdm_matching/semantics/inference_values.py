"""Which type the values of a column suggest by themselves."""

from __future__ import annotations

from collections.abc import Callable

from mdm_matching.semantics.authority_ids import Lei
from mdm_matching.semantics.category import Category
from mdm_matching.semantics.code import Code
from mdm_matching.semantics.country import Country
from mdm_matching.semantics.date import Date
from mdm_matching.semantics.email import Email
from mdm_matching.semantics.free_text import FreeText
from mdm_matching.semantics.full_name import FullName, RelatedPerson
from mdm_matching.semantics.geo_point import GeoPoint
from mdm_matching.semantics.given_name import GivenName
from mdm_matching.semantics.inference_table import Found, Table, date_order, percent
from mdm_matching.semantics.organisation_name import OrganisationName, RelatedOrganisation
from mdm_matching.semantics.phone import Phone
from mdm_matching.semantics.postcode import Postcode
from mdm_matching.semantics.quantities import Number
from mdm_matching.semantics.semantic_type import SemanticType
from mdm_matching.semantics.street import Street
from mdm_matching.semantics.title import Title
from mdm_matching.semantics.value_profile import ValueProfile
from mdm_matching.semantics.website import Website


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
            return make(), f"{percent(share)} {what}"
    if profile.countries >= 0.9 and profile.distinct > 1 and profile.words < 3:
        return Country(), f"{percent(profile.countries)} are countries"
    if profile.digits_only >= 0.9:
        return _by_digits(profile)
    if profile.decimals >= 0.5 and profile.numbers >= 0.8:
        return Number(), f"{percent(profile.numbers)} are numbers"
    if profile.codes >= 0.8:
        return (Category() if profile.repeats >= 4 else Code()), f"{percent(profile.codes)} look like codes"
    return None


def _by_digits(profile: ValueProfile) -> Found:
    if profile.years >= 0.9:
        return Date(), f"{percent(profile.years)} are years"
    if profile.repeats >= 4 or profile.share(lambda value: len(value.strip()) < 4) > 0.8:
        return Category(), f"each number occurs {profile.repeats:.0f} times on average"
    return Code(), f"{percent(profile.digits_only)} are digits alone"


def _by_words(profile: ValueProfile, table: Table) -> Found:
    if profile.streets >= 0.5:
        return Street(), f"{percent(profile.streets)} read as street and number"
    if profile.legal_forms >= 0.25:
        make = (
            RelatedOrganisation
            if table.people or table.has("organisation_name", "name")
            else OrganisationName
        )
        return make(), f"{percent(profile.legal_forms)} carry a legal form"
    if profile.words < 1.5 and profile.given_names >= 0.45:
        return GivenName(), f"{percent(profile.given_names)} are known given names"
    if 1.7 <= profile.words <= 4 and profile.person_names >= 0.5:
        named = table.people or table.has("name", "organisation_name", "title", "full_name")
        return (
            RelatedPerson() if named else FullName()
        ), f"{percent(profile.person_names)} read as names of people"
    if profile.words >= 10:
        return FreeText(), f"its values have {profile.words:.0f} words on average"
    if profile.repeats >= 4 or profile.distinct < 12 or profile.words < 1.5:
        return Category(), f"each value occurs {profile.repeats:.1f} times on average"
    return Title(), f"its values have {profile.words:.0f} words on average"
