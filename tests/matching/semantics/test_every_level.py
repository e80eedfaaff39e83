"""A ladder for each semantic type: for every level of agreement, in order, a known pair that reaches it.

Two values, and where the level hangs on it what stands in the context column of each.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import pytest

from mdm_matching import semantics
from mdm_matching.semantics import SemanticType, Several, Title

# What several values have in common is told by the levels of each: test_several.py.
# These levels are told from both columns of a name together: test_crossed_names.py.
CROSSED = "given and family name the other way round"
TYPES = [
    kind()
    for kind in vars(semantics).values()
    if inspect.isclass(kind) and issubclass(kind, SemanticType) and kind not in {SemanticType, Several}
]
# Words that hardly any record holds, as a model that counted them knows.
WORDS = dict.fromkeys(("lathe", "grey", "stand", "bench", "green", "chair", "belt"), 0.2)
COUNTED = {"title": Title(words=WORDS, rare_word=0.001)}

FIRMS = [
    ("Siemens AG", "SIEMENS Aktiengesellschaft"),
    ("Acme Tools", "Acme Tools GmbH"),
    ("Bakery Schulze", "Schulze Bakery"),
    ("Acme GmbH", "Acme AG"),
    ("IBM", "International Business Machines Corp"),
    ("Winterbourne Okonkwo Ltd", "Winterbourne Ltd"),
    ("Harris Engineering GmbH", "Harris Logistics GmbH"),
    ("Smith Brothers Painting", "Smith Abernathy Solicitors"),
    ("Sony", "Intel"),
]
PEOPLE = [
    ("Smith, John", "John Smith"),
    ("Nguyen Van Minh", "Minh Van Nguyen"),
    ("Bob Smith", "Robert Smith"),
    ("Jon Smyth", "John Smith"),
    ("Hoste", "Dixon Hoste"),
    ("Mary Smith", "John Smith"),
    ("John Smith", "John Brown"),
    ("John Smith Jr.", "Smith, John Sr"),
    ("John Smith", "Peter Brown"),
]
LADDERS: dict[str, list[tuple[str, ...]]] = {
    "affiliation": [
        ("Dept. of Physics, University of Arden", "Univ. of Arden"),
        ("Arden University, Ardenham", "Arden University"),
        ("MIT, Cambridge", "Massachusetts Institute of Technology"),
        ("Arden University", "Arden Hospital"),
        ("Arden, Oldtown", "Arden Almaro Labs, Oldtown"),
        ("Arden Labs", "Arden Almaro Labs"),
        ("Arden Labs, Oldtown", "Arden Labs, Newville"),
        ("Arden Oldtown Labs", "Arden Newville Labs"),
        ("Institute of Technology", "Institute of Physics"),
    ],
    "birth_date": [
        ("1990-03-14", "14.03.1990"),
        ("1990-03-04", "1990-04-03"),
        ("1990-03-14", "1990-03-15"),
        ("1990", "1990-03-14"),
        ("1990-03-14", "1965-03-14"),
        ("1990-03-14", "1990-11-27"),
        ("1990-03-14", "1965-11-27"),
    ],
    "birth_day": [("5", "05"), ("12", "13"), ("5", "28")],
    "birth_month": [("3", "03"), ("3", "11")],
    "birth_year": [("1990.0", "1990"), ("1990", "1991"), ("1990", "1965")],
    "category": [("Male", "m"), ("Cust Serv", "Customer Service"), ("Active", "Closed")],
    "city": [
        ("Munich", "München"),
        ("Halle", "Halle Saale"),
        ("Greensborough", "Greensboroug"),
        ("Leeds", "Bristol"),
    ],
    "code": [
        ("PRJ-93083", "prj 93083"),
        ("PRJ-93083", "P93083"),
        ("2100-123456", "00123456"),
        ("K93083", "K93038"),
        ("K93083", "K11275"),
    ],
    "country": [("Deutschland", "DEU"), ("Austria", "Australia")],
    "date": [
        ("2018-11-22", "22 Nov 2018"),
        ("2018-03-04", "2016-03-04"),
        ("2018", "2018-11-22"),
        ("2018-11-22", "2018-12-02"),
        ("2018-11-22", "2019-07-05"),
        ("2018-11-22", "2012-01-05"),
    ],
    "email": [
        ("Jane.Doe+news@Gmail.com", "janedoe@googlemail.com"),
        ("jane.doe@acme.com", "jane.deo@acme.com"),
        ("jane.doe@acme.com", "jane.doe@home.net"),
        ("jane.miller@acme.com", "jmiller@gmail.com"),
        ("jane.miller@acme.com", "bob.frost@acme.com"),
        ("ann@gmail.com", "bob@gmail.com"),
    ],
    "exact_key": [("K-1", "K-1"), ("K-1", "k1")],
    "family_name": [
        ("Müller", "Mueller"),
        ("van der Berg", "Berg"),
        ("Johnson", "Jonson"),
        ("Smith", "Smith-Jones"),
        ("Catherine", "Kathryn"),
        ("Smith Jr", "Smith Sr."),
        (CROSSED, CROSSED),
        ("Smith", "Brown"),
    ],
    "free_text": [
        ("Grey lathe with stand", "GREY LATHE, with stand."),
        (
            "grey heavy lathe, wooden stand, belt, cord, cover, knob, lamp, vice and oak",
            "heavy grey lathe, wooden stand, belt, cord, cover, knob, lamp, vice and ash",
        ),
        ("grey heavy lathe with wooden stand", "heavy lathe, grey"),
        ("grey lathe XR5500", "Kestrel heavy duty XR5500 turning bench"),
        ("grey heavy lathe wooden stand", "grey heavy lathe wooden bench"),
        ("grey heavy lathe wooden stand", "grey heavy garden chair"),
        ("grey heavy lathe", "wooden garden chair"),
    ],
    "full_address": [
        ("12 Main St, Arden 10115", "12 Main Street, Arden, 10115"),
        ("12 Main St, 10115 Arden", "Main Street 12, Arden"),
        ("12 Main St, Oldtown", "12 Main St, Newville"),
        ("12 Main St, Arden", "Main Street, Arden"),
        ("12 Main St, Arden", "40 Main St, Arden"),
        ("12 Main St, Arden", "7 Walnut Lane, Arden"),
        ("12 Main St, Arden", "7 Walnut Lane, Corby"),
    ],
    "full_name": PEOPLE,
    "geo_point": [
        ("52.52, 13.405", "POINT(13.405 52.52)"),
        ("52.5200, 13.4050", "52.5203, 13.4050"),
        ("52.52, 13.405", "52.525, 13.405"),
        ("52.52, 13.405", "52.6, 13.405"),
        ("52.52, 13.405", "48.137, 11.575"),
    ],
    "given_name": [
        ("Jürgen", "Juergen"),
        ("Mary Ann", "Maryann"),
        ("Michael", "Micheal"),
        ("Bob", "Robert"),
        ("Hans-Peter", "Hans"),
        ("J", "John"),
        ("Juliane", "Julienne"),
        (CROSSED, CROSSED),
        ("Anna", "Peter"),
    ],
    "identifier": [
        ("326-279-817", "326279817"),
        ("US326279817", "326279817"),
        ("326279817", "326279871"),
        ("326279817", "840012377"),
    ],
    "lei": [
        ("5493001KJTIIGC8Y1R12", "5493 001k jtii gc8y 1r12"),
        ("5493001KJTIIGC8Y1R12", "HWUPKR0MPOU8FGXBT394"),
    ],
    "middle_name": [
        ("Jürgen", "Juergen"),
        ("Mary Ann", "Maryann"),
        ("Michael", "Micheal"),
        ("Bob", "Robert"),
        ("Hans-Peter", "Hans"),
        ("J", "John"),
        ("Juliane", "Julienne"),
        ("Anna", "Peter"),
    ],
    "money": [
        ("1.234,50 €", "EUR 1234.5"),
        ("1000 USD", "1000"),
        ("1000", "950"),
        ("1000 USD", "1000 EUR"),
        ("1000", "700"),
        ("1000", "90000"),
    ],
    "national_id": [
        ("688-17-0969", "688170969"),
        ("688-17-0969", "688170969", "US", ""),
        ("688170969", "688170996"),
        ("688170969", "402113557", "US", "GB"),
        ("688170969", "402113557"),
    ],
    "number": [("2001.0", "2001"), ("1000", "1005"), ("1000", "950"), ("100", "300")],
    "organisation_name": FIRMS,
    "person_list": [
        ("Ann Bell, Cy Dorn", "Ann Bell; Cy Dorn"),
        ("Ann Bell, Cy Dorn", "C. Dorn and A. Bell"),
        ("Ann Bell, Cy Dorn", "Ann Bell"),
        ("Ann Bell, Cy Dorn", "Ann Bell, Ed Frost"),
        ("Ann Bell", "Ed Frost"),
    ],
    "phone": [
        ("1-800-FLOWERS", "1-800-356-9377"),
        ("0711-123456", "+49711123456"),
        ("212 555 0123", "212 555 0132"),
        ("212 555 0123", "212 555 9871"),
        ("212 555 0123", "415 998 7711"),
    ],
    "postcode": [
        ("D-10115", "10115"),
        ("02138", "2138"),
        ("10115", "10151"),
        ("EN9 2LN", "EN9 7QY"),
        ("10115", "80331"),
    ],
    "reference": [("crm:17", "crm:17"), ("crm:17", "crm:18")],
    "region": [("California", "CA"), ("Oberfranken", "Oberfraken"), ("Ohio", "Iowa")],
    "registration_number": [
        ("HRB 012345", "hrb-12345"),
        ("07496944", "7496944", "GB", ""),
        ("HRB 12345", "HRB 12354"),
        ("Amtsgericht Arden HRB 12345", "HRB 12345 (AG Oldtown)"),
        ("HRB 12345", "HRA 98765"),
    ],
    "related_organisation": FIRMS,
    "related_person": PEOPLE,
    "source_system": [("crm", "crm"), ("crm", "erp")],
    "street": [
        ("Hauptstr. 12a", "12a Hauptstraße"),
        ("12 Main Street", "12 Main St, Apt 4"),
        ("12 Chestnut Street", "12 Chesnut St"),
        ("Chestnut Street", "12 Chestnut St"),
        ("12 Chestnut Street", "13 Chestnut Street"),
        ("12 Chestnut Street", "240 Chestnut Street"),
        ("12 Chestnut Street", "12 Walnut Lane"),
        ("12 Chestnut Street", "7 Walnut Lane"),
    ],
    "street_number": [("012", "12.0"), ("12", "12a"), ("12", "13"), ("12", "345")],
    "tax_id": [
        ("DE 136695976", "de136.695976"),
        ("DE136695976", "136695976"),
        ("US 12-3456789", "US 12-3456798"),
        ("DE136695976", "IT00743110157"),
        ("DE136695976", "DE811907980"),
    ],
    "title": [
        ("Budget Review 2024-Q4", "Budget Review Q4 2024"),
        ("Boiler Migration Arden Phase 1", "Arden Boiler Migr. Ph I"),
        ("Boiler Migration Arden", "Boiler Migration Arden Phase 2"),
        ("grey lathe XR5500", "Kestrel stand XR5500 bench"),
        ("grey lathe XR5500", "Kestrel stand XR5500GB bench"),
        ("grey lathe stand", "grey lathe"),
        ("grey lathe almaro", "almaro bench green"),
        ("grey lathe stand bench", "grey lathe stand green"),
        ("Boiler Migration Arden Phase 1", "Boiler Migration Arden Phase 2"),
        ("grey lathe stand", "grey lathe chair belt"),
        ("Garden Redesign", "Payroll Audit Corby"),
    ],
    "website": [
        ("https://www.acme.co.uk/contact?x=1", "shop.acme.co.uk"),
        ("acme.com", "acme.de"),
        ("brightwater.com", "brigthwater.com"),
        ("acme.com", "zenith.org"),
    ],
}


def rungs() -> Iterator[object]:
    """Each type with each pair of its ladder and the level that it must reach."""
    for semantic in TYPES:
        for level, pair in zip(semantic.levels, LADDERS[semantic.name], strict=True):
            if level.label != CROSSED:
                yield pytest.param(semantic, pair, level.label, id=f"{semantic.name}: {level.label}")


@pytest.mark.parametrize(("semantic", "pair", "expected"), list(rungs()))
def test_every_level_of_every_type_is_reached_by_a_known_pair(agreement, semantic, pair, expected):
    semantic = COUNTED.get(semantic.name, semantic)

    left, right, *contexts = pair
    there = tuple(contexts) or ("", "")

    assert agreement(semantic, left, right, there) == expected
    assert agreement(semantic, right, left, there[::-1]) == expected
