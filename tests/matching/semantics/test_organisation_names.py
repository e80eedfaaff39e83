"""Known pairs of organisations' names: what is one firm, what is a family, what is neither."""

from __future__ import annotations

import pytest

from mdm_matching.semantics import OrganisationName
from mdm_matching.semantics.legal_forms import split_legal_form
from mdm_matching.semantics.text import words

SAME = "same name and legal form"
FORM_MISSING = "same name, legal form missing on one side"
SPELT = "same name spelt, ordered or abbreviated differently"
OTHER_FORM = "same name, other legal form"
INITIALS = "one is the initials of the other"
FURTHER = "one name has a further word"
FAMILY = "same name, other division, place or holding"
SOME = "some words of its own in common"
DIFFERENT = "different name"


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        pytest.param("Siemens AG", "SIEMENS Aktiengesellschaft", SAME, id="case and spelled-out legal form"),
        pytest.param(
            "Müller & Söhne GmbH & Co. KG",
            "Mueller und Soehne GmbH & Co KG",
            SAME,
            id="umlauts and ampersand",
        ),
        pytest.param(
            "Radwold Log. Corp.", "Radwold Logistics", SPELT, id="a trade word shortened, after a brand"
        ),
        pytest.param(
            "Quantum Corp.", "Quantumscape Corp.", SOME, id="a brand that begins another is another"
        ),
        pytest.param("Ordo:AO+", "Ordo AO", SAME, id="a sign behind the legal form"),
        pytest.param("Ørsted A/S", "Orsted AS", SAME, id="Danish letters and slashed legal form"),
        pytest.param(
            "Spółka Nowak Sp. z o.o.",
            "Spolka Nowak spółka z ograniczoną odpowiedzialnością",
            SAME,
            id="Polish",
        ),
        pytest.param("Grupo Sol S.A. de C.V.", "Grupo Sol SA de CV", SAME, id="Mexican legal form"),
        pytest.param("株式会社トヨタ", "トヨタ株式会社", SAME, id="Japanese legal form before or behind"),
        pytest.param("ООО Ромашка", "Romashka OOO", SAME, id="Cyrillic, legal form in front"),
        pytest.param("The Kroger Co.", "Kroger Company (The)", SAME, id="article in front or behind"),
        pytest.param("Apple Inc.", "Apple Inc. - Common Stock", SAME, id="security of a listing"),
        pytest.param(
            "Alphabet Inc. (Class A)", "Alphabet Inc. Class C Capital Stock", SAME, id="two share classes"
        ),
        pytest.param(
            "Intl Mfg Svcs Ltd",
            "International Manufacturing Services Limited",
            SAME,
            id="trade abbreviations",
        ),
        pytest.param(
            "Lakeside Foods Pvt. Ltd.", "Lakeside Foods Private Limited", SAME, id="Indian legal form"
        ),
        pytest.param(
            "J.P. Morgan Chase", "JP Morgan Chase & Co", FORM_MISSING, id="dotted initials, form missing"
        ),
        pytest.param("Acme Tools", "Acme Tools GmbH", FORM_MISSING, id="legal form on one side"),
        pytest.param("Bakery Schulze", "Schulze Bakery", SPELT, id="words reordered"),
        pytest.param("Micro Soft Ltd", "Microsoft Limited", SPELT, id="a blank inside the name"),
        pytest.param("Vandermeer Foods BV", "Vandermeere Foods B.V.", SPELT, id="slip of the pen"),
        pytest.param(
            "Brightwater Constr. Ltd", "Brightwater Construction Ltd", SAME, id="shortened trade word"
        ),
        pytest.param("Zentrum Apotheken", "Zentrum Apotheke", SAME, id="plural"),
        pytest.param("KKR & Co.", "KKR & Co. Inc.", FORM_MISSING, id="one says less of the legal form"),
        pytest.param("Acme GmbH", "Acme AG", OTHER_FORM, id="two legal forms"),
        pytest.param("IBM", "International Business Machines Corp", INITIALS, id="acronym"),
        pytest.param("BASF", "Badische Anilin- und Soda-Fabrik", INITIALS, id="acronym without the and"),
        pytest.param("Winterbourne Okonkwo Ltd", "Winterbourne Ltd", FURTHER, id="second partner dropped"),
        pytest.param("Harris Engineering GmbH", "Harris Logistics GmbH", FAMILY, id="two divisions"),
        pytest.param("Nordwind Deutschland GmbH", "Nordwind France SAS", FAMILY, id="two countries"),
        pytest.param("Acme Holdings Ltd", "Acme Ltd", FAMILY, id="holding and operating company"),
        pytest.param("Kestrel Leasing", "Kestrel", FAMILY, id="leasing arm"),
        pytest.param("Delta Plant 1 GmbH", "Delta Plant 2 GmbH", FAMILY, id="numbered sites"),
        pytest.param(
            "Nordwind Logisstik GmbH", "Nordwind Logistik GmbH", SPELT, id="slip inside a trade word"
        ),
        pytest.param(
            "Nordwind Vers. AG", "Nordwind Versicherungen AG", SAME, id="shortened trade word, German"
        ),
        pytest.param(
            "Nordwind Serices Ltd", "Nordwind Services Ltd", SPELT, id="letter missing in a trade word"
        ),
        pytest.param("Kestrel Designated Activity Company", "Kestrel DAC", SAME, id="Irish legal form"),
        pytest.param(
            "Kestrel Energy, Inc (Holding Co) Common Stock",
            "Kestrel Energy Inc.",
            SAME,
            id="a listing's remark",
        ),
        pytest.param(
            "Kestrel plc (Ireland) Ordinary Shares", "Kestrel plc", SAME, id="place of registration"
        ),
        pytest.param("Kestrel, Inc. New Common Stock", "Kestrel", FORM_MISSING, id="new shares"),
        pytest.param("Kestrel Energy (D/B/A) Common Stock", "Kestrel Energy", SAME, id="doing business as"),
        pytest.param("Kestrel (France) SA", "Kestrel SA", FAMILY, id="brackets inside a name stay"),
        pytest.param(
            "Arden Equity Partners IV, Inc.", "Arden Equity Partners 4 Inc", SAME, id="Roman number"
        ),
        pytest.param("Arden Equity Partners IV", "Arden Equity Partners VI", FAMILY, id="two of a series"),
        pytest.param(
            "Vor Laboratories Inc.", "Aen Laboratories Inc.", DIFFERENT, id="two brands, one long word"
        ),
        pytest.param("Quantum Corporation", "Quantumscape Corporation", SOME, id="a brand begins another"),
        pytest.param("Enovix Biopharma Inc", "Enovxi Biopharma Inc", SPELT, id="slip in a brand"),
        pytest.param("Smith Brothers Painting", "Smith Abernathy Solicitors", SOME, id="a surname in common"),
        pytest.param("Deutsche Bank AG", "Deutsche Telekom AG", DIFFERENT, id="only general words in common"),
        pytest.param(
            "International Consulting Services",
            "Global Consulting Services",
            DIFFERENT,
            id="trade words alone",
        ),
        pytest.param("Sony", "Intel", DIFFERENT, id="nothing in common"),
        pytest.param(
            "Bararris Consulting GmbH", "Garitek Consultng AB", DIFFERENT, id="a slip of a trade word alone"
        ),
        pytest.param(
            "Salanmont Optics SA", "Zelenmont Optica AB", DIFFERENT, id="a kin of a trade word alone"
        ),
    ],
)
def test_names_of_organisations(agreement, left, right, expected):
    assert agreement(OrganisationName(), left, right) == expected
    assert agreement(OrganisationName(), right, left) == expected


@pytest.mark.parametrize(
    ("name", "core", "form"),
    [
        ("Meier GmbH & Co. KG", "meier", "gmbh co kg"),
        ("The Limited", "the limited", ""),
        ("Limited Brands Inc", "limited brands", "inc"),
        ("Acme Co., Ltd.", "acme", "ltd"),
        ("PT Indofood Tbk", "indofood", "pt tbk pt"),
        ("Foo Corporation Company", "foo", "corp co"),
        ("Nestlé S.A.", "nestle", "sa"),
        ("Acme Pty Ltd", "acme", "pty ltd"),
        ("Bravo Kft.", "bravo", "kft"),
        ("Alfa d.o.o.", "alfa", "doo"),
        ("Beta s.r.o.", "beta", "sro"),
        ("Gamma Oyj", "gamma", "oyj"),
    ],
)
def test_the_legal_form_is_set_aside_and_a_name_stays(name, core, form):
    found = split_legal_form(words(name))

    assert (" ".join(found[0]), set(found[1].split())) == (core, set(form.split()))


@pytest.mark.parametrize("name", ["The Limited Co", "GmbH", "Inc", "株式会社", "The Company", "S.A."])
def test_a_name_of_nothing_but_legal_form_keeps_its_words(name):
    found = OrganisationName().standardise(name)

    assert found is not None
    assert found.text


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param("Bakery Schulze", "Schulze Bakery GmbH", id="reordered"),
        pytest.param("Winterbourne Okonkwo Partners", "Winterbourne Okonkwo", id="word dropped"),
        pytest.param("International Business Machines", "IBM", id="initials"),
        pytest.param("Harrisson Engineering", "Harison Engineering", id="sounds alike"),
        pytest.param("Müller Textil", "Mueller Textil", id="umlaut"),
        pytest.param("Micro Soft", "Microsoft", id="blank"),
    ],
)
def test_variants_of_a_name_meet_in_a_block(meet, left, right):
    assert meet(OrganisationName(), left, right)


def test_the_note_says_what_was_set_aside():
    found = OrganisationName().standardise("Acme Inc. Class A Common Stock")

    assert found is not None
    assert found.note == "legal form inc set aside; share class set aside"


def test_families_weigh_against_and_equal_names_for_a_match(weight):
    family = weight(OrganisationName(), "Harris Engineering GmbH", "Harris Logistics GmbH")
    same = weight(OrganisationName(), "Harris Engineering GmbH", "Harris Engineering")

    assert family < 0 < same
