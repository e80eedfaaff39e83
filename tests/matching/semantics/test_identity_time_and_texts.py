"""Known pairs of dates, numbers of authorities, codes, amounts, titles and texts."""

from __future__ import annotations

import pytest
from stdnum.de import vat as german_vat

from mdm_matching.semantics import (
    BirthDate,
    BirthDay,
    BirthYear,
    Category,
    Code,
    Date,
    FreeText,
    Identifier,
    Lei,
    Money,
    NationalId,
    Number,
    RegistrationNumber,
    TaxId,
    Title,
)
from mdm_matching.semantics.calendar_dates import read_date
from mdm_matching.semantics.quantities import plain, read_number


@pytest.mark.parametrize(
    ("value", "order", "expected"),
    [
        ("1990-03-14", "", "1990-03-14"),
        ("1990-03-14T10:00:00Z", "", "1990-03-14"),
        ("19900314", "", "1990-03-14"),
        ("14.03.1990", "", "1990-03-14"),
        ("14 March 1990", "", "1990-03-14"),
        ("March 14, 1990", "", "1990-03-14"),
        ("14. März 1990", "", "1990-03-14"),
        ("le 14 mars 1990", "", "1990-03-14"),
        ("14/03/1990", "", "1990-03-14"),
        ("03/14/1990", "", "1990-03-14"),
        ("03/04/1990", "dmy", "1990-04-03"),
        ("03/04/1990", "mdy", "1990-03-04"),
        ("03/04/1990", "", "1990"),
        ("1990", "", "1990"),
        ("1990.0", "", "1990"),
        ("1990-03", "", "1990-03"),
        ("1990-00-00", "", "1990"),
        ("1990-02-30", "", None),
        ("1861-87-23", "", None),
        ("31.11.1990", "", None),
        ("Q3 2021", "", None),
        ("soon", "", None),
    ],
)
def test_a_date_is_read_without_guessing(value, order, expected):
    found = read_date(value, order)

    assert (found.iso() if found else None) == expected


@pytest.mark.parametrize(
    ("semantic", "left", "right", "expected"),
    [
        pytest.param(BirthDate(), "1990-03-14", "14.03.1990", "same birth date", id="two formats"),
        pytest.param(BirthDate(), "1990-03-04", "1990-04-03", "day and month swapped", id="swapped"),
        pytest.param(BirthDate(), "1990-03-14", "1990-03-15", "one digit apart or two swapped", id="digit"),
        pytest.param(
            BirthDate(), "1990-03-14", "1909-03-14", "one digit apart or two swapped", id="digits of the year"
        ),
        pytest.param(BirthDate(), "1990", "1990-03-14", "agree as far as known", id="year alone"),
        pytest.param(
            BirthDate(), "1990-01-01", "1990-03-14", "agree as far as known", id="default 1 January"
        ),
        pytest.param(BirthDate(), "1990-03-14", "1965-03-14", "same day of another year", id="another year"),
        pytest.param(BirthDate(), "1990-03-14", "1990-11-27", "same year", id="same year"),
        pytest.param(BirthDate(), "1990-03-14", "1965-11-27", "different birth date", id="another person"),
        pytest.param(BirthDate(), "1990-02-30", "1990-03-14", None, id="impossible"),
        pytest.param(BirthYear(), "1990", "1991", "one year apart, or one digit", id="next year"),
        pytest.param(BirthYear(), "1990.0", "1990", "same birth year", id="read as a number"),
        pytest.param(BirthDay(), "5", "05", "same birth day", id="leading zero"),
        pytest.param(BirthDay(), "45", "5", None, id="no such day"),
        pytest.param(Date(), "2018-11-22", "2018-12-02", "within a month", id="start postponed"),
        pytest.param(Date(), "2001.0", "2001", "same date", id="year of publication"),
        pytest.param(Date(), "2018-11-22", "2012-01-05", "different date", id="years apart"),
    ],
)
def test_dates(agreement, semantic, left, right, expected):
    assert agreement(semantic, left, right) == expected


def test_a_first_of_january_makes_no_key_of_its_day():
    found = BirthDate().standardise("1990-01-01")

    assert found is not None
    assert found.weak_keys == ("y1990",)


VALID, OTHER = "136695976", "811907980"


@pytest.mark.parametrize(
    ("left", "right", "countries", "expected"),
    [
        pytest.param(f"DE {VALID}", f"de{VALID[:3]}.{VALID[3:]}", ("", ""), "same tax id", id="punctuation"),
        pytest.param(f"DE{VALID}", VALID, ("", "Germany"), "same tax id", id="country in its own column"),
        pytest.param(
            f"DE{VALID}", VALID, ("", ""), "same number, country missing on one side", id="country missing"
        ),
        pytest.param(f"DE{VALID}", f"DE{OTHER}", ("", ""), "two different tax ids", id="two taxpayers"),
        pytest.param(
            f"DE{VALID}", "IT00743110157", ("", ""), "tax ids of two countries", id="a number in each country"
        ),
        pytest.param("DE136695977", f"DE{VALID}", ("", ""), None, id="wrong check digit"),
        pytest.param(
            "12-3456789", "12-3456798", ("US", "US"), "one sign apart, not checked", id="no check digits"
        ),
        pytest.param("n/a", f"DE{VALID}", ("", ""), None, id="placeholder"),
        pytest.param("000000000", f"DE{VALID}", ("", ""), None, id="zeros"),
    ],
)
def test_tax_ids(agreement, left, right, countries, expected):
    assert german_vat.is_valid(VALID)
    assert german_vat.is_valid(OTHER)
    assert agreement(TaxId("country"), left, right, countries) == expected


def test_different_valid_ids_forbid_a_link_and_nothing_less_does():
    assert TaxId.exclusive
    assert TaxId.levels[-1].label == "two different tax ids"
    assert not Identifier.exclusive
    assert not Code.exclusive


@pytest.mark.parametrize(
    ("semantic", "left", "right", "expected"),
    [
        pytest.param(
            Lei(),
            "5493001KJTIIGC8Y1R12",
            "5493 001k jtii gc8y 1r12",
            "same legal entity identifier",
            id="blanks",
        ),
        pytest.param(Lei(), "5493001KJTIIGC8Y1R13", "5493001KJTIIGC8Y1R12", None, id="wrong check digits"),
        pytest.param(
            RegistrationNumber(),
            "HRB 12345",
            "Amtsgericht Arden HRB 12345",
            "same number, country or court missing on one side",
            id="court unsaid",
        ),
        pytest.param(
            RegistrationNumber(),
            "Amtsgericht Arden, HRB 12345",
            "HRB 12345 Arden",
            "same register number",
            id="court before or behind",
        ),
        pytest.param(
            RegistrationNumber(),
            "HRB 12345 B, Amtsgericht Arden (Oldtown)",
            "AG Arden HRB 12345B",
            "same number, country or court missing on one side",
            id="letter behind, and a part of the court unsaid",
        ),
        pytest.param(
            RegistrationNumber(),
            "AG Arden HRB 12345",
            "AG Oldtown HRB 98765",
            "registers of two countries or courts",
            id="two courts, as after a move, do not forbid a link",
        ),
        pytest.param(
            RegistrationNumber(),
            "HRB 12345",
            "HRA 98765",
            "two different register numbers",
            id="two registers",
        ),
        pytest.param(RegistrationNumber(), "HRB 0000", "HRB 0000", None, id="zeros stand for no number"),
        pytest.param(NationalId(), "688-17-0969", "688170969", "same national id", id="punctuation"),
        pytest.param(NationalId(), "688170969", "688170996", "one sign apart, not checked", id="slip"),
        pytest.param(NationalId(), "688170969", "402113557", "two different national ids", id="two people"),
        pytest.param(
            Identifier(),
            "US326279817",
            "326279817",
            "same digits, prefix or zeros missing on one side",
            id="prefix",
        ),
        pytest.param(
            Identifier(), "326279817", "326279871", "one digit apart or two swapped", id="slip of a number"
        ),
        pytest.param(Identifier(), "326279817", "840012377", "different number", id="two numbers"),
        pytest.param(Code(), "PRJ-93083", "prj 93083", "same code", id="punctuation"),
        pytest.param(
            Code(), "PRJ-93083", "P93083", "same digits, other prefix or zeros", id="shortened prefix"
        ),
        pytest.param(Code(), "0093083", "93083", "same digits, other prefix or zeros", id="leading zeros"),
        pytest.param(
            Code(), "2100-123456", "00123456", "one code ends with the other", id="company in front"
        ),
        pytest.param(Code(), "K93083", "K93038", "one sign apart or two swapped", id="slip"),
        pytest.param(Code(), "K93083", "K11275", "different code", id="two codes"),
    ],
)
def test_identifiers_and_codes(agreement, semantic, left, right, expected):
    assert agreement(semantic, left, right) == expected


@pytest.mark.parametrize(
    ("left", "right"), [("PRJ-93083", "P93083"), ("2100-123456", "00123456"), ("K-0012345", "12345")]
)
def test_variants_of_a_code_meet_in_a_block(meet, left, right):
    assert meet(Code(), left, right)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1.234,50 €", ("1234.5", "EUR")),
        ("USD 1,234.50", ("1234.5", "USD")),
        ("1 234 567", ("1234567", "")),
        ("1,234", ("1234", "")),
        ("0,125", ("0.125", "")),
        ("2.5m", ("2500000", "")),
        ("(1,200.00)", ("-1200", "")),
        ("CHF 12'000.-", ("12000", "CHF")),
        ("about twelve", None),
        ("10 to 20", None),
    ],
)
def test_a_number_is_read_as_it_was_meant(value, expected):
    found = read_number(value)

    assert ((plain(found[0]), found[1]) if found else None) == expected


@pytest.mark.parametrize(
    ("semantic", "left", "right", "expected"),
    [
        pytest.param(Money(), "1.234,50 €", "EUR 1234.5", "same amount", id="two spellings"),
        pytest.param(Money(), "1000 USD", "1000 EUR", "two currencies", id="two currencies"),
        pytest.param(Money(), "1000", "950", "within a tenth", id="revised"),
        pytest.param(Money(), "1000", "90000", "different amount", id="another amount"),
        pytest.param(Number(), "2001.0", "2001", "same number", id="decimal zero"),
        pytest.param(Number(), "100", "300", "different number", id="another number"),
        pytest.param(Category(), "Male", "m", "same value", id="gender"),
        pytest.param(
            Category(),
            "Cust Serv",
            "Customer Service",
            "nearly the same value, or one holds the other",
            id="shortened",
        ),
        pytest.param(Category(), "Active", "Closed", "different value", id="two values"),
    ],
)
def test_amounts_and_categories(agreement, semantic, left, right, expected):
    assert agreement(semantic, left, right) == expected


SIBLING = "same words, other phase, lot, year or model"
SPELT = "same words, ordered, spelt or shortened differently"


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        pytest.param(
            "Boiler Migration Arden Phase 1", "Arden Boiler Migr. Ph I", SPELT, id="order, shortened, Roman"
        ),
        pytest.param(
            "Boiler Migration Arden Phase 1", "Boiler Migration Arden Phase 2", SIBLING, id="two phases"
        ),
        pytest.param("Framework Agreement 2023", "Framework Agreement 2024", SIBLING, id="two years"),
        pytest.param("Road Works Lot A", "Road Works Lot B", SIBLING, id="two lots"),
        pytest.param("Lathe XR5500 grey", "Lathe XR5600 grey", SIBLING, id="two models"),
        pytest.param(
            "Boiler Migration Arden",
            "Boiler Migration Arden Phase 2",
            "same words, phase, lot or year missing on one side",
            id="phase missing",
        ),
        pytest.param("Human Resources Arden 2", "Arden - HR 2", SPELT, id="abbreviated"),
        pytest.param(
            "Query Processing in Large Archives", "Query procesing in large archives", SPELT, id="slip"
        ),
        pytest.param("Garden Redesign", "Payroll Audit Corby", "different title", id="nothing in common"),
        pytest.param(
            "Kestrel Turntable - PSLX350H",
            "Belt-Drive Record Player PS-LX350H",
            "a model number or rare word in common",
            id="a divided model number",
        ),
        pytest.param(
            "Budget Review 2024-Q4",
            "Budget Review Q4 2024",
            "same title",
            id="a year and a quarter are no model number",
        ),
    ],
)
def test_titles(agreement, left, right, expected):
    assert agreement(Title(), left, right) == expected


def test_a_sibling_phase_is_strong_evidence_against(weight):
    assert weight(Title(), "Boiler Migration Arden Phase 1", "Boiler Migration Arden Phase 2") < -3


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Boiler Migration Arden Phase 1", "Arden Boiler Migr Ph 1"),
        ("Grey lathe XR5500 with stand", "Acme XR5500"),
        ("Mill XR5500GR", "Grey lathe XR5500"),
        ("Tax Waraston", "Tax (Wara)"),
        ("Canon Ink Cartridge PG50", "Black cartridge PG-50 for printers"),
        ("Acme Coffeemaker DCC2000", "DCC-2000 Percolator"),
        ("Almaro Recorder SDV296", "Zephyria SD-V296"),
        ("Sony LCS-TWA/R Carrying Case", "Pouch (LCS-TWA/R)"),
        ("Almaro Q 320 Grill", "Garden barbecue Q320"),
        ("Almaro Camera G10", "Zephyria G10"),
    ],
)
def test_variants_of_a_title_meet_in_a_block(meet, left, right):
    assert meet(Title(), left, right)


@pytest.mark.parametrize(
    ("left", "right"), [("Audit 2024-Q4", "Rollout 2024-Q4"), ("Lathe 12 kg", "Chair 12kg")]
)
def test_a_part_of_a_year_or_a_measure_brings_no_titles_together(meet, left, right):
    assert not meet(Title(), left, right)


def test_descriptions_agree_by_their_words(agreement):
    long = "Grey lathe XR5500 with stand and a spare belt for heavy duty work"

    assert agreement(FreeText(), long, long.upper() + ".") == "same text"
    assert agreement(FreeText(), long, "XR5500 lathe, grey, with stand") == "one text holds the other"
    assert agreement(FreeText(), long, "Wooden garden chair, folding") == "different text"
