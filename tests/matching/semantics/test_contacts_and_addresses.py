"""Known pairs of mail addresses, telephone numbers, web addresses and postal addresses."""

from __future__ import annotations

import pytest

from mdm_matching.semantics import (
    City,
    Country,
    Email,
    FullAddress,
    GeoPoint,
    Phone,
    Postcode,
    Region,
    Street,
    StreetNumber,
    Website,
)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        pytest.param(
            "Jane.Doe+news@Gmail.com", "janedoe@googlemail.com", "same address", id="dots and tags at Gmail"
        ),
        pytest.param(
            "jane.doe@acme.com", "jane.deo@acme.com", "one slip of the pen apart", id="letters swapped"
        ),
        pytest.param(
            "jane.doe1@a.com", "jane.doe2@a.com", "similar name part", id="another number is another person"
        ),
        pytest.param(
            "jane.doe@acme.com",
            "jane.doe@home.net",
            "same name part at another domain",
            id="changed employer",
        ),
        pytest.param(
            "jane.miller@acme.com", "jmiller@gmail.com", "similar name part", id="initial and family name"
        ),
        pytest.param(
            "jane.miller@acme.com",
            "bob.frost@acme.com",
            "same firm's domain, another person",
            id="colleagues",
        ),
        pytest.param("info@acme.com", "info@other.com", "different address", id="role accounts of two firms"),
        pytest.param("ann@gmail.com", "bob@gmail.com", "different address", id="one provider"),
        pytest.param("no-at-sign", "jane@acme.com", None, id="malformed"),
        pytest.param("noreply@acme.com", "noreply@acme.com", None, id="nobody's address"),
        pytest.param("jane@example.com", "jane@example.com", None, id="example domain"),
    ],
)
def test_mail_addresses(agreement, left, right, expected):
    assert agreement(Email(), left, right) == expected


@pytest.mark.parametrize(
    ("left", "right", "countries", "expected"),
    [
        pytest.param(
            "+49 711 123456", "0711 123456", ("", "DE"), "same number", id="trunk zero with its country"
        ),
        pytest.param(
            "+49 (0)711/123456",
            "0049 711 123456",
            ("", ""),
            "same number",
            id="zero in brackets, 00 for plus",
        ),
        pytest.param(
            "(212) 555-0123", "+1 212 555 0123 ext. 4", ("US", ""), "same number", id="extension set aside"
        ),
        pytest.param("1-800-FLOWERS", "1-800-356-9377", ("US", "US"), "same number", id="letters"),
        pytest.param(
            "06 1234 5678", "+39 06 1234 5678", ("IT", ""), "same number", id="Italy keeps the zero"
        ),
        pytest.param(
            "763 8888",
            "312-763-8888",
            ("", ""),
            "same number, country or area code missing on one side",
            id="local",
        ),
        pytest.param(
            "0711-123456",
            "+49711123456",
            ("", ""),
            "same number, country or area code missing on one side",
            id="national",
        ),
        pytest.param("212 555 0123", "212 555 0132", ("", ""), "one digit apart or two swapped", id="slip"),
        pytest.param(
            "212 555 0123", "212 555 9871", ("", ""), "same exchange, other extension", id="one switchboard"
        ),
        pytest.param("212 555 0123", "415 998 7711", ("", ""), "different number", id="another number"),
        pytest.param("000000000", "212 555 0123", ("", ""), None, id="zeros"),
        pytest.param("12", "212 555 0123", ("", ""), None, id="too short"),
        pytest.param("call me", "212 555 0123", ("", ""), None, id="words"),
    ],
)
def test_telephone_numbers(agreement, left, right, countries, expected):
    assert agreement(Phone("country"), left, right, countries) == expected


def test_a_shortened_number_meets_the_whole_one_in_a_block(meet):
    assert meet(Phone(), "763 8888", "+1 312 763 8888")


def test_the_first_key_of_a_number_stands_for_all_of_it():
    one, other = Phone().standardise("+49 711 123456"), Phone().standardise("0711 123456")

    assert one is not None
    assert other is not None
    assert one.keys[0] == other.keys[0] == "711123456"


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        pytest.param(
            "https://www.acme.co.uk/contact?x=1", "shop.acme.co.uk", "same domain", id="host and path"
        ),
        pytest.param("HTTP://ACME.COM", "acme.com.", "same domain", id="case and final dot"),
        pytest.param("acme.com", "acme.de", "same name under another ending", id="another ending"),
        pytest.param("brightwater.com", "brigthwater.com", "one slip of the pen apart", id="slip"),
        pytest.param("acme.com", "zenith.org", "different domain", id="another domain"),
        pytest.param("facebook.com/acme", "acme.com", None, id="social network"),
        pytest.param("no website", "acme.com", None, id="words"),
    ],
)
def test_web_addresses(agreement, left, right, expected):
    assert agreement(Website(), left, right) == expected


OTHERWISE = "same street and number, written otherwise"


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        pytest.param("Hauptstr. 12a", "12a Hauptstraße", "same street and number", id="German compound"),
        pytest.param(
            "6441 N Central Avenue",
            "6441 north central ave",
            "same street and number",
            id="direction and type",
        ),
        pytest.param("PO Box 12", "P.O. Box 12", "same street and number", id="post box"),
        pytest.param("707 E 37th St", "707 east 37th street", "same street and number", id="numbered street"),
        pytest.param("12 Main Street", "12 Main St, Apt 4", OTHERWISE, id="flat on one side"),
        pytest.param("Unit 4, 106 Madison Rd", "106 Madison Road", OTHERWISE, id="unit in front"),
        pytest.param("12 Main Street", "12 Main", OTHERWISE, id="type left out"),
        pytest.param(
            "12 Chestnut Street", "12 Chesnut St", "same number, street a slip of the pen apart", id="slip"
        ),
        pytest.param(
            "Chestnut Street",
            "12 Chestnut St",
            "same street, number missing on one side",
            id="number missing",
        ),
        pytest.param(
            "12 Chestnut Street", "13 Chestnut Street", "same street, number a digit apart", id="next door"
        ),
        pytest.param(
            "12 Chestnut Street", "240 Chestnut Street", "same street, other number", id="down the street"
        ),
        pytest.param(
            "12 Chestnut Street", "12 Walnut Lane", "same number, other street", id="another street"
        ),
        pytest.param("12 Chestnut Street", "7 Walnut Lane", "different street", id="nothing in common"),
    ],
)
def test_streets(agreement, left, right, expected):
    assert agreement(Street(), left, right) == expected


@pytest.mark.parametrize(
    ("semantic", "left", "right", "expected"),
    [
        pytest.param(City(), "Munich", "München", "same city", id="a city's English name"),
        pytest.param(City(), "Köln", "Cologne", "same city", id="another"),
        pytest.param(City(), "St. Louis", "Saint Louis", "same city", id="saint"),
        pytest.param(City(), "Springfield (Ill.)", "Springfield", "same city", id="brackets"),
        pytest.param(City(), "Halle", "Halle Saale", "one name holds the other", id="river left out"),
        pytest.param(City(), "Greensborough", "Greensboroug", "one slip of the pen apart", id="slip"),
        pytest.param(City(), "Leeds", "Bristol", "different city", id="another city"),
        pytest.param(Region(), "California", "CA", "same region", id="abbreviated state"),
        pytest.param(Region(), "NSW", "New South Wales", "same region", id="Australian state"),
        pytest.param(Region(), "Bavaria", "Bayern", "same region", id="English name"),
        pytest.param(Region(), "Ohio", "Iowa", "different region", id="another state"),
        pytest.param(Postcode(), "D-10115", "10115", "same postcode", id="country's letter"),
        pytest.param(Postcode(), "60639-1234", "60639", "same postcode", id="long ZIP code"),
        pytest.param(Postcode(), "en9 2ln", "EN92LN", "same postcode", id="British, blank"),
        pytest.param(Postcode(), "02138", "2138", "same but for a leading zero", id="zero lost"),
        pytest.param(Postcode(), "10115", "10151", "one digit apart or two swapped", id="swapped"),
        pytest.param(Postcode(), "EN9 2LN", "EN9 7QY", "same district", id="British district"),
        pytest.param(Postcode(), "10115", "80331", "different postcode", id="another city"),
        pytest.param(Postcode(), "00000", "10115", None, id="zeros"),
        pytest.param(Country(), "Deutschland", "DEU", "same country", id="own name and alpha-3"),
        pytest.param(Country(), "276", "Allemagne", "same country", id="number and French name"),
        pytest.param(Country(), "U.S.A.", "United States of America", "same country", id="dotted"),
        pytest.param(Country(), "England", "UK", "same country", id="part of the United Kingdom"),
        pytest.param(Country(), "Austria", "Australia", "different country", id="alike but not the same"),
        pytest.param(
            StreetNumber(), "12", "12a", "same number, letter or flat missing on one side", id="letter"
        ),
        pytest.param(StreetNumber(), "012", "12.0", "same house number", id="zeros"),
        pytest.param(StreetNumber(), "12", "345", "different house number", id="another door"),
    ],
)
def test_places(agreement, semantic, left, right, expected):
    assert agreement(semantic, left, right) == expected


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        pytest.param(
            "12 Main St, Arden 10115", "12 Main Street, Arden, 10115", "same address", id="punctuation"
        ),
        pytest.param(
            "12 Main St, 10115 Arden",
            "Main Street 12, Arden",
            "same number, and nearly all words",
            id="postcode missing",
        ),
        pytest.param(
            "12 Main St, Arden", "40 Main St, Arden", "same street, other number", id="another number"
        ),
        pytest.param("12 Main St, Arden", "7 Walnut Lane, Corby", "different address", id="another address"),
    ],
)
def test_whole_addresses(agreement, left, right, expected):
    assert agreement(FullAddress(), left, right) == expected


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("52.52, 13.405", "POINT(13.405 52.52)", "same point"),
        ("52.5200, 13.4050", "52.5203, 13.4050", "within 50 metres"),
        ("52.52, 13.405", "52.525, 13.405", "within a kilometre"),
        ("52.52, 13.405", "52.6, 13.405", "within 25 kilometres"),
        ("52.52, 13.405", "48.137, 11.575", "farther apart"),
        ("0, 0", "52.52, 13.405", None),
        ("91, 13", "52.52, 13.405", None),
    ],
)
def test_points_on_the_map(agreement, left, right, expected):
    assert agreement(GeoPoint(), left, right) == expected


def test_points_on_both_sides_of_a_cells_edge_share_a_weak_key():
    one, other = GeoPoint().standardise("52.51999, 13.405"), GeoPoint().standardise("52.52001, 13.405")

    assert one is not None
    assert other is not None
    assert set(one.weak_keys) & set(other.weak_keys)
