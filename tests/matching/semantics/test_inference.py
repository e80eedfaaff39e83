"""What a column is taken for, from its name and its values."""

from __future__ import annotations

import pytest

from mdm_matching.semantics import TaxId, infer
from mdm_matching.semantics.column_names import kind_of_name

GIVEN = ["Robert", "Anna", "Peter", "Maria", "John", "Susan", "Paul", "Laura"]
FAMILY = ["Winter", "Okonkwo", "Ferreira", "Lindqvist", "Marsh", "Tanaka", "Weiss", "Dunne"]
FIRMS = [
    "Winter Tools GmbH",
    "Okonkwo Foods Ltd",
    "Marsh Steel Inc.",
    "Lindqvist AB",
    "Tanaka KK",
    "Dunne plc",
    "Weiss AG",
    "Alba Srl",
]
DATES = [
    "1990-03-14",
    "1985-11-02",
    "1971-07-30",
    "1964-01-22",
    "1999-12-05",
    "1958-06-17",
    "1980-09-09",
    "1976-04-28",
]
STREETS = [
    "12 Main Street",
    "4 Oak Road",
    "77 Hill Lane",
    "9 Church Street",
    "31 Park Avenue",
    "5 Mill Road",
    "8 Elm Court",
    "6 West Street",
]
PHONES = [
    "212-555-0123",
    "(415) 998-7711",
    "312 763 8888",
    "+1 646 555 0199",
    "503-555-1212",
    "617 555 4433",
    "206-555-9090",
    "702 555 1000",
]
CODES = [
    "PRJ-93083",
    "PRJ-12345",
    "PRJ-55012",
    "PRJ-77410",
    "PRJ-31877",
    "PRJ-90210",
    "PRJ-44821",
    "PRJ-60606",
]
TITLES = [
    "Boiler Migration Arden",
    "Office Relocation Corby",
    "Data Audit Leeds",
    "Fleet Renewal Bath",
    "Bridge Repair York",
    "Roof Works Hull",
    "Payroll Switch Ely",
    "Web Redesign Deal",
]
NUMBERS = [str(number) for number in (4975843, 2898842, 7864178, 7313566, 4605726, 5510205, 3688155, 7423497)]


@pytest.mark.parametrize(
    ("column", "values", "expected"),
    [
        pytest.param("fname_c1", [name.upper() for name in GIVEN], "given_name", id="opaque given name"),
        pytest.param("fname_c2", GIVEN, "given_name", id="second given name"),
        pytest.param("lname_c1", FAMILY, "family_name", id="opaque family name"),
        pytest.param("lname_c2", FAMILY, "family_name", id="second family name"),
        pytest.param(
            "by",
            ["1949", "1968", "1930", "1957", "1966", "1929", "1967", "1942"],
            "birth_year",
            id="birth year",
        ),
        pytest.param("bm", ["7", "9", "4", "12", "1", "8", "8", "12"], "birth_month", id="birth month"),
        pytest.param("bd", ["22", "27", "30", "2", "13", "4", "25", "31"], "birth_day", id="birth day"),
        pytest.param("dob", DATES, "birth_date", id="dob"),
        pytest.param(
            "date_of_birth", [d.replace("-", "") for d in DATES], "birth_date", id="compact birth date"
        ),
        pytest.param("Geburtsdatum", DATES, "birth_date", id="German birth date"),
        pytest.param(
            "address_1",
            ["stanley street", "pinkerton circuit", "tindal court", "dryandra road"] * 2,
            "street",
            id="street without number",
        ),
        pytest.param("soc_sec_id", NUMBERS, "identifier", id="social security number without country"),
        pytest.param(
            "postcode_fake",
            ["en9 2ln", "wc2h 7lt", "sw1a 1aa", "m1 1ae"] * 2,
            "postcode",
            id="word after the name",
        ),
        pytest.param("suburb", ["yarra", "redan", "hamilton", "killara"] * 2, "city", id="suburb"),
        pytest.param("state", ["nsw", "vic", "qld", "wa"] * 2, "region", id="state"),
        pytest.param("street_number", ["15", "269", "287", "3"] * 2, "street_number", id="house number"),
        pytest.param("phone", PHONES, "phone", id="phone"),
        pytest.param(
            "affiliation",
            ["University of Arden", "Corby Labs, York", "ETH", "Hull College"] * 2,
            "affiliation",
            id="affiliation",
        ),
        pytest.param(
            "authors",
            ["Ann Bell, Cy Dorn", "Ed Frost", "Gil Hart, Ida Jones", "Kay Lamb"] * 2,
            "person_list",
            id="authors",
        ),
        pytest.param("venue", ["VLDB", "SIGMOD", "ICDE", "VLDB"] * 2, "category", id="venue"),
        pytest.param("title", TITLES, "title", id="title"),
        pytest.param("price", ["179.99", "$45.00", "1,200.00", "9.5"] * 2, "money", id="price"),
        pytest.param(
            "description",
            [f"{title} with all that belongs to it" for title in TITLES],
            "free_text",
            id="description",
        ),
        pytest.param("code", CODES, "code", id="code"),
        pytest.param(
            "birth_place", ["epping forest", "nazeing", "hull", "bath"] * 2, "city", id="birth place"
        ),
        pytest.param("start_date", DATES, "date", id="start date"),
        pytest.param("companyName", FIRMS, "organisation_name", id="camel case"),
        pytest.param("Raison sociale", FIRMS, "organisation_name", id="French"),
        pytest.param("apellidos", FAMILY, "family_name", id="Spanish"),
        pytest.param(
            "geo",
            ["52.52, 13.40", "48.13, 11.57", "50.11, 8.68", "53.55, 9.99"] * 2,
            "geo_point",
            id="coordinates",
        ),
    ],
)
def test_a_name_that_the_values_bear_out_decides(column, values, expected):
    found = infer({column: values})[column]

    assert found.semantic is not None
    assert found.semantic.name == expected
    assert found.why.startswith("its name says")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param([f"{a.lower()}@acme.com" for a in GIVEN], "email", id="mail addresses"),
        pytest.param([f"www.{a.lower()}.com" for a in FAMILY], "website", id="web addresses"),
        pytest.param(PHONES, "phone", id="telephone numbers"),
        pytest.param(DATES, "date", id="dates"),
        pytest.param(GIVEN, "given_name", id="given names"),
        pytest.param([f"{a} {b}" for a, b in zip(GIVEN, FAMILY, strict=True)], "full_name", id="whole names"),
        pytest.param(FIRMS, "organisation_name", id="firms"),
        pytest.param(STREETS, "street", id="streets"),
        pytest.param(CODES, "code", id="codes"),
        pytest.param(["Germany", "France", "Spain", "Italy"] * 2, "country", id="countries"),
        pytest.param(["open", "closed", "open", "open"] * 20, "category", id="few values"),
        pytest.param(["52.52, 13.40", "48.13, 11.57"] * 4, "geo_point", id="points"),
    ],
)
def test_without_a_telling_name_the_values_decide(values, expected):
    found = infer({"zzz": values})["zzz"]

    assert found.semantic is not None
    assert found.semantic.name == expected
    assert found.why.startswith("by its values")


def test_values_overrule_a_wrong_name():
    found = infer({"email": DATES})["email"]

    assert found.semantic is not None
    assert found.semantic.name == "date"
    assert "but its values do not" in found.why


@pytest.mark.parametrize(
    ("column", "values", "reason"),
    [
        pytest.param("orig_source", ["a.csv", "b.csv"] * 4, "where or when", id="provenance"),
        pytest.param("source", ["crm", "erp"] * 4, "where or when", id="source"),
        pytest.param("record_id", [str(n) for n in range(8)], "key", id="row key"),
        pytest.param("cluster_id", ["1", "2"] * 4, "label of clusters", id="truth left in"),
        pytest.param("changed_at", DATES, "where or when", id="clock"),
        pytest.param("fax", [None, "", "  "], "blank", id="blank column"),
        pytest.param("country", ["DE"] * 8, "same value", id="constant column"),
        pytest.param("note", ["n/a", "unknown"] * 4, "say nothing", id="placeholders"),
    ],
)
def test_what_identifies_nothing_is_no_evidence(column, values, reason):
    found = infer({column: values})[column]

    assert found.semantic is None
    assert reason in found.why


def test_a_plain_name_is_read_from_the_company_it_keeps():
    assert infer({"name": FIRMS})["name"].semantic.name == "organisation_name"
    assert infer({"name": TITLES, "code": CODES})["name"].semantic.name == "title"
    people = [f"{a} {b}" for a, b in zip(GIVEN, FAMILY, strict=True)]
    assert infer({"name": people})["name"].semantic.name == "full_name"


def test_an_employer_of_people_is_a_relation_and_not_their_name():
    found = infer({"first_name": GIVEN, "last_name": FAMILY, "employer": FIRMS})

    assert found["employer"].semantic.name == "related_organisation"
    assert found["employer"].semantic.group == "relation"


def test_a_manager_of_something_is_a_relation():
    people = [f"{a} {b}" for a, b in zip(GIVEN, FAMILY, strict=True)]

    assert infer({"name": TITLES, "manager": people})["manager"].semantic.name == "related_person"


def test_a_tax_id_whose_check_digits_hold_is_exclusive_and_another_is_not():
    valid = ["DE136695976", "DE811907980", "IT00743110157", "FR61954506077"]
    broken = ["DE136695971", "DE811907981", "IT00743110151", "FR62954506077"]

    assert isinstance(infer({"tax_id": valid})["tax_id"].semantic, TaxId)
    assert infer({"tax_id": broken})["tax_id"].semantic.name == "identifier"


def test_the_country_column_becomes_the_context():
    found = infer(
        {"tax_id": ["136695976", "811907980"], "country": ["Germany", "Deutschland"], "phone": PHONES[:2]}
    )

    assert found["tax_id"].semantic == TaxId(country="country")
    assert found["phone"].semantic.context == "country"


def test_the_order_of_slashed_dates_is_learnt_from_the_values():
    assert infer({"dob": ["25/12/1990", "03/04/1985"]})["dob"].semantic.order == "dmy"
    assert infer({"dob": ["12/25/1990", "03/04/1985"]})["dob"].semantic.order == "mdy"
    assert infer({"dob": ["02/03/1990", "03/04/1985"]})["dob"].semantic.order == ""


def test_no_columns_and_no_rows_infer_nothing():
    assert infer({}) == {}
    assert infer({"name": []})["name"].semantic is None


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("birthDate", "birth_date"),
        ("First Name", "given_name"),
        ("NACHNAME", "family_name"),
        ("ust_idnr", "tax_id"),
        ("company_code", "related_code"),
        ("postal-code", "postcode"),
        ("code postal", "postcode"),
        ("Telefon", "phone"),
        ("E-Mail", "email"),
        ("emailAddress", "email"),
        ("street_address", "street"),
        ("HouseNumber", "street_number"),
        ("jobTitle", "job_title"),
        ("zzz", ""),
    ],
)
def test_the_words_of_a_columns_name_hint_at_its_kind(name, kind):
    assert kind_of_name(name) == kind
