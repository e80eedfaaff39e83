"""Which columns hold names of people, firms or things, and texts."""

from __future__ import annotations

from collections.abc import Callable

from mdm_matching.semantics.category import Category
from mdm_matching.semantics.free_text import FreeText
from mdm_matching.semantics.full_name import FullName, RelatedPerson
from mdm_matching.semantics.inference_ids import related_code
from mdm_matching.semantics.inference_table import Found, Table, percent
from mdm_matching.semantics.organisation_name import OrganisationName, RelatedOrganisation
from mdm_matching.semantics.semantic_type import SemanticType
from mdm_matching.semantics.title import Title


def organisation(name: str, table: Table) -> Found | None:
    profile = table.profiles[name]
    if profile.emails > 0.5 or (profile.letters < 0.2 and profile.codes > 0.8):
        return None
    if table.people and not profile.legal_forms > 0.9:
        return RelatedOrganisation(), "the file is about people, so it is where they belong"
    return OrganisationName(), f"{percent(profile.legal_forms)} carry a legal form"


def related_organisation(name: str, table: Table) -> Found | None:
    profile = table.profiles[name]
    if profile.codes > 0.8:
        return related_code(name, table)
    if profile.person_names > 0.7 and profile.legal_forms < 0.05 and profile.trade_words < 0.1:
        return RelatedPerson(), f"{percent(profile.person_names)} read as names of people"
    named = table.has("name", "organisation_name", "title", "full_name", "given_name", "family_name")
    if not named:
        return OrganisationName(), "no other column names the record"
    return RelatedOrganisation(), "another column names the record itself"


def related_person(name: str, table: Table) -> Found | None:
    profile = table.profiles[name]
    if profile.codes > 0.6:
        return related_code(name, table)
    if profile.legal_forms > 0.3:
        return RelatedOrganisation(), f"{percent(profile.legal_forms)} carry a legal form"
    return (
        (RelatedPerson(), f"{percent(profile.person_names)} read as names of people")
        if profile.words >= 1.3
        else None
    )


def plain_name(name: str, table: Table) -> Found | None:
    """A column that is just called "name": what it names, the values and the other columns tell."""
    profile = table.profiles[name]
    if profile.legal_forms >= 0.25:
        return OrganisationName(), f"{percent(profile.legal_forms)} carry a legal form"
    if profile.person_names >= 0.4 and profile.trade_words < 0.3:
        return FullName(), f"{percent(profile.person_names)} read as names of people"
    if table.has("tax_id", "registration_number", "website", "lei", "identifier"):
        return OrganisationName(), "the other columns are those of firms"
    if table.has("money", "free_text", "code", "date", "quantity", "related_code"):
        return Title(), "the other columns are those of projects, products or the like"
    if table.has("birth_date", "national_id"):
        return FullName(), "the other columns are those of people"
    if profile.legal_forms + profile.trade_words >= 0.3 or table.has(
        "street", "full_address", "phone", "city"
    ):
        return OrganisationName(), f"{percent(profile.trade_words)} carry a word of trade"
    return (Title(), "its values are short texts") if profile.words >= 2 else None


def single_name(make: Callable[[], SemanticType]) -> Callable[[str, Table], Found | None]:
    def rule(name: str, table: Table) -> Found | None:
        profile = table.profiles[name]
        if profile.letters < 0.7:
            return None
        if profile.words > 1.6 and profile.person_names > 0.5:
            return FullName(), f"{percent(profile.person_names)} read as whole names of people"
        return make(), f"{percent(profile.letters)} are words"

    return rule


def full_name(name: str, table: Table) -> Found | None:
    profile = table.profiles[name]
    if profile.letters < 0.6 or profile.legal_forms > 0.3:
        return None
    return FullName(), f"{percent(profile.person_names)} read as names of people"


def title(name: str, table: Table) -> Found | None:
    profile = table.profiles[name]
    if profile.repeats >= 8 and profile.distinct < 200:
        return Category(), f"each value occurs {profile.repeats:.0f} times on average, so it groups records"
    if profile.codes > 0.8 or (profile.letters < 0.1 and profile.words < 1.5):
        return None
    return Title(), f"its values have {profile.words:.0f} words on average"


def free_text(name: str, table: Table) -> Found | None:
    profile = table.profiles[name]
    if profile.repeats >= 8 and profile.distinct < 200:
        return Category(), f"each value occurs {profile.repeats:.0f} times on average, so it groups records"
    return (
        (FreeText(), f"its values have {profile.words:.0f} words on average")
        if profile.words >= 2.5
        else None
    )
