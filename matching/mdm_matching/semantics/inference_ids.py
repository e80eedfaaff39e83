"""Which columns hold numbers of authorities, identifiers or codes."""

from __future__ import annotations

from mdm_matching.semantics.authority_ids import Lei, NationalId, TaxId
from mdm_matching.semantics.category import Category
from mdm_matching.semantics.code import Code, Identifier
from mdm_matching.semantics.inference_table import Found, Table, percent


def tax_id(name: str, table: Table) -> Found | None:
    profile = table.profiles[name]
    if profile.codes < 0.6:
        return None
    valid = profile.valid_tax_ids(table.contexts(name))
    if valid >= 0.6:
        return TaxId(table.country), f"the check digits of {percent(valid)} hold"
    return (
        Identifier(),
        f"the check digits of just {percent(valid)} hold, so it counts as a number that cannot be checked",
    )


def lei(name: str, table: Table) -> Found | None:
    found = table.profiles[name].leis
    if found >= 0.6:
        return Lei(), f"the check digits of {percent(found)} hold"
    return (
        (Identifier(), "its values carry no valid check digits")
        if table.profiles[name].codes >= 0.5
        else None
    )


def national_id(name: str, table: Table) -> Found | None:
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
            return rules, f"the check digits of {percent(checked)} hold"
    return Identifier(), "it has no country whose check digits could be tested"


def code(name: str, table: Table) -> Found | None:
    profile = table.profiles[name]
    if profile.codes < 0.5:
        return None
    if profile.repeats >= 4:
        return Category(), f"each value occurs {profile.repeats:.0f} times on average, so it groups records"
    return Code(), f"{percent(profile.codes)} look like codes"


def related_code(name: str, table: Table) -> Found | None:
    profile = table.profiles[name]
    if profile.repeats >= 1.5 or profile.codes < 0.5:
        return Category(), f"each value occurs {profile.repeats:.1f} times on average, so it groups records"
    return Code(), f"{percent(profile.codes)} look like codes"
