"""Known pairs of people's names."""

from __future__ import annotations

import pytest

from mdm_matching.semantics import FamilyName, FullName, GivenName, MiddleName, PersonList, RelatedPerson
from mdm_matching.semantics.given_name_kin import are_kin, roots
from mdm_matching.semantics.person_words import person_words


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        pytest.param("Jürgen", "Juergen", "same given name", id="umlaut written out"),
        pytest.param("Jürgen", "Jurgen", "same given name spelt otherwise", id="umlaut dropped"),
        pytest.param("Søren", "Soren", "same given name", id="Danish o"),
        pytest.param("Mary Ann", "Maryann", "same given name spelt otherwise", id="a blank"),
        pytest.param("Hans Peter", "Peter Hans", "same given name spelt otherwise", id="order of two names"),
        pytest.param("Michael", "Micheal", "one slip of the pen apart", id="letters swapped"),
        pytest.param("Bob", "Robert", "short form or other form of the name", id="nickname"),
        pytest.param("Peggy", "Margaret", "short form or other form of the name", id="unlike nickname"),
        pytest.param("Bob", "Rob", "short form or other form of the name", id="two nicknames of one name"),
        pytest.param("Sepp", "Josef", "short form or other form of the name", id="Bavarian nickname"),
        pytest.param("Giovanni", "Johannes", "short form or other form of the name", id="two languages"),
        pytest.param("Santi", "Santiago", "short form or other form of the name", id="beginning of the name"),
        pytest.param("Hans-Peter", "Hans", "one of several given names", id="second name left out"),
        pytest.param("J", "John", "initial of the name", id="initial"),
        pytest.param("J.R.", "John Ronald", "initial of the name", id="two initials"),
        pytest.param("Kristy", "Kirsty", "one slip of the pen apart", id="swapped inside"),
        pytest.param("Anna", "Peter", "different given name", id="another person"),
        pytest.param("Laura", "Lara", "one slip of the pen apart", id="a letter dropped"),
        pytest.param("Tom", "Tim", "different given name", id="short names differ by a letter"),
        pytest.param("J", "Peter", "different given name", id="another initial"),
    ],
)
def test_given_names(agreement, left, right, expected):
    assert agreement(GivenName(), left, right) == expected


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        pytest.param("Müller", "Mueller", "same family name", id="umlaut written out"),
        pytest.param("O'Brien", "OBrien", "same family name", id="apostrophe"),
        pytest.param("Łukaszewski", "Lukaszewski", "same family name", id="Polish l"),
        pytest.param("Strauß", "Strauss", "same family name", id="sharp s"),
        pytest.param("van der Berg", "Berg", "same family name spelt otherwise", id="particle left out"),
        pytest.param("Smith", "Smith-Jones", "one part of a double name", id="double name after marriage"),
        pytest.param("García López", "García", "one part of a double name", id="second surname left out"),
        pytest.param("Johnson", "Jonson", "one slip of the pen apart", id="letter dropped"),
        pytest.param("Maier", "Mayer", "one slip of the pen apart", id="letter changed"),
        pytest.param("Smith Jr", "Smith Sr.", "same family name, other generation", id="father and son"),
        pytest.param("Smith II", "Smith III", "same family name, other generation", id="second and third"),
        pytest.param("Smith Jr", "Smith", "same family name spelt otherwise", id="generation on one side"),
        pytest.param("Smith", "Brown", "different family name", id="another family"),
    ],
)
def test_family_names(agreement, left, right, expected):
    assert agreement(FamilyName(), left, right) == expected


ORDER = "same name in other order or spelling"
SHORT = "same name, given name shortened, an initial or left out"


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        pytest.param("Smith, John", "John Smith", "same name", id="comma order"),
        pytest.param("Dr. Hans-Peter Müller", "Hans Peter Mueller", "same name", id="title"),
        pytest.param("Vincent van Gogh", "van Gogh, Vincent", "same name", id="particle and comma"),
        pytest.param("Nguyen Van Minh", "Minh Van Nguyen", ORDER, id="family name first"),
        pytest.param("Anna de la Cruz", "Anna Cruz", ORDER, id="particles left out"),
        pytest.param("T. Norenman", "Terry Norenman", SHORT, id="initial"),
        pytest.param("Bob Smith", "Robert Smith", SHORT, id="nickname"),
        pytest.param("Mary Jane Watson", "Mary Watson", SHORT, id="middle name left out"),
        pytest.param("Jon Smyth", "John Smith", "same name but for slips of the pen", id="slips"),
        pytest.param("Hoste", "Dixon Hoste", "one name is a part of the other", id="family name alone"),
        pytest.param("Mary Smith", "John Smith", "same family name, other given name", id="spouses"),
        pytest.param("John Smith", "John Brown", "same given name, other family name", id="namesakes"),
        pytest.param("John Smith Jr.", "Smith, John Sr", "same name, other generation", id="father and son"),
        pytest.param("John Smith II", "John Smith III", "same name, other generation", id="second and third"),
        pytest.param("John Smith", "Peter Brown", "different name", id="strangers"),
    ],
)
def test_full_names(agreement, left, right, expected):
    assert agreement(FullName(), left, right) == expected


@pytest.mark.parametrize(
    ("value", "given", "family", "generation"),
    [
        ("John Smith", ["john"], ["smith"], ""),
        ("Smith, John A.", ["john", "a"], ["smith"], ""),
        ("Smith, Dr", [], ["smith"], ""),
        ("Ludwig van Beethoven", ["ludwig"], ["van", "beethoven"], ""),
        ("Oscar de la Renta", ["oscar"], ["de", "la", "renta"], ""),
        ("Prof. Dr. Eva Braunfels", ["eva"], ["braunfels"], ""),
        ("Martin Luther King, Jr.", ["martin", "luther"], ["king"], "jr"),
        ("Madonna", [], ["madonna"], ""),
        ("Mr.", [], ["mr"], ""),
    ],
)
def test_a_full_name_is_taken_apart(value, given, family, generation):
    found = person_words(value)

    assert found is not None
    assert (list(found.given), list(found.family), found.generation) == (given, family, generation)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param("Smith, John", "Jon Smyth", id="sounds alike"),
        pytest.param("Bob Smith", "Robert Smith", id="nickname"),
        pytest.param("Mary Jane Watson", "Mary Watson", id="middle name left out"),
        pytest.param("Minh Nguyen", "Nguyen Minh", id="order"),
    ],
)
def test_variants_of_a_whole_name_meet_in_a_block(meet, left, right):
    assert meet(FullName(), left, right)


def test_nicknames_share_a_weak_key():
    bob, robert = GivenName().standardise("Bob"), GivenName().standardise("Robert")

    assert bob is not None
    assert robert is not None
    assert set(bob.weak_keys) & set(robert.weak_keys)


def test_kinship_of_names_is_not_total():
    assert are_kin("bill", "william")
    assert not are_kin("bill", "robert")
    assert "robert" in roots("bob")


def test_a_middle_name_that_differs_opposes_less_than_a_given_name(weight):
    middle, given = weight(MiddleName(), "Ann", "Marie"), weight(GivenName(), "Ann", "Marie")

    assert given < middle < 0


def test_a_mentioned_person_weighs_less_than_the_records_own_name(weight):
    assert (
        0
        < weight(RelatedPerson(), "Eva Braunfels", "Eva Braunfels")
        < weight(FullName(), "Eva Braunfels", "Eva Braunfels")
    )


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        pytest.param("Ann Bell, Cy Dorn", "Ann Bell; Cy Dorn", "same people", id="other separator"),
        pytest.param(
            "Ann Bell, Cy Dorn",
            "C. Dorn and A. Bell",
            "same people, named or ordered differently",
            id="initials, other order",
        ),
        pytest.param(
            "Ann Bell, Cy Dorn", "Ann Bell", "the people of one list stand in the other", id="one left out"
        ),
        pytest.param("Ann Bell, Cy Dorn", "Ann Bell, Ed Frost", "some people in common", id="one in common"),
        pytest.param("Ann Bell", "Ed Frost", "different people", id="none in common"),
    ],
)
def test_lists_of_people(agreement, left, right, expected):
    assert agreement(PersonList(), left, right) == expected
