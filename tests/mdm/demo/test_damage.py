"""Each kind of damage, found in the exports themselves and not in what the generator counted."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from stdnum.eu import vat

from mdm.demo import Damage

if TYPE_CHECKING:
    from conftest import Demo

PLANTED_IN_THE_FIRM = {"twins", "generations", "business_centres"}


def test_every_kind_of_damage_was_done(demo: Demo) -> None:
    kinds = {kind.name for kind in fields(Damage)} - PLANTED_IN_THE_FIRM

    assert set(demo.summary.damage) == kinds


def test_clients_lie_on_three_levels(demo: Demo) -> None:
    parents = {
        key[2]: values["parent"].partition(":")[2]
        for key, _, values in demo.values("client", "salesforce")
        if values.get("parent")
    }
    grandchildren = [key for key, parent in parents.items() if parent in parents]

    assert len(parents) > 80
    assert len(grandchildren) >= 5


def test_names_differ_between_systems(demo: Demo) -> None:
    names = demo.by_thing("client", "name")

    assert sum(len(stated) > 1 for stated in names.values()) > 200


def test_rows_in_capitals_lost_their_umlauts(demo: Demo) -> None:
    loud = [values["name"] for _, _, values in demo.values("client") if values["name"].isupper()]

    assert len(loud) > 15
    assert not any(set(name) & set("ÄÖÜäöüß") for name in loud)


def test_some_offices_have_moved(demo: Demo) -> None:
    towns = demo.by_thing("client", "postcode")

    assert sum(len(stated) > 1 for stated in towns.values()) > 20


def test_some_tax_ids_fail_their_check(demo: Demo) -> None:
    stated = [values["tax_id"] for _, _, values in demo.values("client") if values.get("tax_id")]
    european = [number for number in stated if number[:2] in ("DE", "GB", "FR", "NL", "SE", "ES", "IE", "AT")]
    wrong = [number for number in european if not number.startswith("GB") and not vat.is_valid(number)]

    assert 4 <= len(wrong) <= 40


def test_some_subsidiaries_carry_the_tax_id_of_their_parent(demo: Demo) -> None:
    shared = {number: count for number, count in demo.held_by("client", "tax_id").items() if count > 1}
    real = [number for number in shared if vat.is_valid(number) or "-" in number or number.startswith("CHE")]

    assert len(real) >= 3


def test_branches_carry_the_tax_id_of_their_own_company(demo: Demo) -> None:
    branches = [
        (thing, values["tax_id"])
        for _, thing, values in demo.values("client")
        if "Niederlassung" in values["name"]
    ]
    stated = demo.by_thing("client", "tax_id")

    assert len(branches) == Damage().branches
    assert all(number in stated[thing] for thing, number in branches)


def test_unlike_clients_share_switchboards_and_mailboxes(demo: Demo) -> None:
    mailboxes = demo.held_by("client", "email")
    at_centres = [count for box, count in mailboxes.items() if "@maildesk-" in box and count >= 5]

    assert len(at_centres) == Damage().business_centres
    assert sum(2 <= count <= 6 for count in mailboxes.values()) > 20


def test_placeholders_stand_for_values_and_for_whole_rows(demo: Demo) -> None:
    phones = [values.get("phone") for _, _, values in demo.values("client")]
    names = {values["name"] for _, _, values in demo.values("client")}

    assert sum(phone in ("n/a", "N/A", "-", "unknown", "none") for phone in phones) >= 5
    assert {"Test GmbH", "DUMMY CUSTOMER"} <= names


def test_some_clients_were_entered_twice_and_the_older_row_is_years_old(demo: Demo) -> None:
    rows: dict[str, list[Any]] = defaultdict(list)
    for key, thing, _ in demo.values("client", "salesforce"):
        rows[thing].append(demo.exports.live[key].changed_at)
    gaps = [max(moments) - min(moments) for moments in rows.values() if len(moments) > 1]

    assert gaps
    assert all(gap.days > 365 for gap in gaps)


def test_people_go_by_short_names_and_former_names(demo: Demo) -> None:
    given = demo.by_thing("worker", "given_name")
    family = demo.by_thing("worker", "family_name")

    assert any(
        {"William", "Bill"} <= names or {"Katherine", "Kate"} <= names for names in given.values()
    ) or (sum(len(names) > 1 for names in given.values()) > 30)
    assert sum(len(names) > 1 for names in family.values()) > 20


def test_given_and_family_names_are_swapped_now_and_then(demo: Demo) -> None:
    given, family = demo.by_thing("worker", "given_name"), demo.by_thing("worker", "family_name")

    assert sum(bool(given[thing] & family[thing]) for thing in given if thing in family) >= 2


def test_rehires_have_two_numbers_in_one_hr_system(demo: Demo) -> None:
    rows = Counter(thing for _, thing, _ in demo.values("worker", "bamboohr"))
    numbers = demo.by_thing("worker", "worker_number", "bamboohr")
    back = [thing for thing, count in rows.items() if count == 2]

    assert len(back) == Damage().rehires
    assert all(len(numbers[thing]) == 2 for thing in back)


def test_contractors_became_employees_under_the_private_mailbox(demo: Demo) -> None:
    at_home = demo.by_thing("worker", "personal_email", "bamboohr")
    in_psa = demo.by_thing("worker", "email", "kantata")

    assert sum(bool(at_home.get(thing, set()) & mailboxes) for thing, mailboxes in in_psa.items()) >= 3


def test_twins_share_birth_date_name_and_address(demo: Demo) -> None:
    people: dict[Any, set[tuple[str, str]]] = defaultdict(set)
    for _, thing, values in demo.values("worker", "bamboohr"):
        if values.get("street"):
            people[values["birth_date"], values["street"]].add((thing, values["given_name"]))
    twins = [found for found in people.values() if len({thing for thing, _ in found}) == 2]

    assert len(twins) == Damage().twins
    assert all(len({given for _, given in found}) == 2 for found in twins)


def test_parents_and_children_share_name_and_address(demo: Demo) -> None:
    homes: dict[Any, set[tuple[str, Any]]] = defaultdict(set)
    for _, thing, values in demo.values("worker", "bamboohr"):
        if values.get("street"):
            homes[values["street"], values["city"]].add((thing, values["birth_date"]))
    generations = [people for people in homes.values() if len({born for _, born in people}) == 2]

    assert len(generations) == Damage().generations


def test_birth_dates_and_national_ids_stand_in_hr_alone(demo: Demo) -> None:
    sources = {
        key[1]
        for key, _, values in demo.values("worker")
        if values.get("birth_date") or values.get("national_id")
    }

    assert sources == {"bamboohr", "successfactors"}


def test_projects_come_in_phases_and_titles_recur_at_other_clients(demo: Demo) -> None:
    rows = demo.values("project", "kantata")
    titles: dict[str, set[Any]] = defaultdict(set)
    for _, _, values in rows:
        titles[values["name"]].add(values.get("client"))
    names = {(values["name"], values.get("client")) for _, _, values in rows}
    phased = [
        name for name, client in names if "Phase 1" in name and (name.replace("1", "2"), client) in names
    ]

    assert len(phased) > 20
    assert sum(len(found) > 2 for found in titles.values()) > 40


def test_codes_of_cost_centers_are_issued_again_after_years(demo: Demo) -> None:
    reissued = [code for code, count in demo.held_by("cost_center", "code").items() if count > 1]
    ended = [values for _, _, values in demo.values("cost_center") if values.get("status") == "closed"]

    assert len(reissued) == Damage().reissued_codes
    assert len(ended) == Damage().reissued_codes


def test_repeated_requests_left_equal_rows_under_two_keys(demo: Demo) -> None:
    allocations = Counter(thing for _, thing, _ in demo.values("assignment"))
    rates = Counter(thing for _, thing, _ in demo.values("rate"))

    assert sum(count == 2 for count in allocations.values()) > 15
    assert sum(count == 2 for count in rates.values()) > 3
