"""Affiliations: what is read as institution and town, how two compare, and what brings them together."""

from __future__ import annotations

import pytest

from mdm_matching.semantics import Affiliation
from mdm_matching.semantics.affiliation_reading import read_affiliation
from mdm_matching.semantics.initials import initials_run

SAME = "same institution and town"
SHORTER = "same institution, spelt, ordered or shortened differently, or one town unsaid"
INITIALS = "same institution, initials on one side"


@pytest.mark.parametrize(
    ("value", "institution", "town"),
    [
        pytest.param(
            "Dept. of Physics, Univ. of Arden, 12345 Ardenham, Freedonia; e-mail: jo@arden.edu",
            "university of arden",
            "ardenham freedonia",
            id="department, postcode and mail set aside",
        ),
        pytest.param(
            "Arden Systems, Inc., Ardenham, CA", "arden systems inc", "ardenham", id="form after comma"
        ),
        pytest.param(
            "ARDX Computer Science Department, Ardenham", "ardx", "ardenham", id="beside its department"
        ),
        pytest.param("Department of Physics University of Arden", "university of arden", "", id="no comma"),
        pytest.param(
            "University of New Mexico, USA", "university of new mexico", "", id="region in the name"
        ),
        pytest.param("Arden Research CA USA", "arden research", "", id="country at the end"),
        pytest.param("University of Texas, Austin, TX", "university of texas austin", "", id="several seats"),
        pytest.param(
            "Arden Labs, 12 Mill Road, Ardenham, UK", "arden labs", "ardenham", id="street set aside"
        ),
        pytest.param("LMU, Munich, Germany", "lmu", "muenchen", id="a town of several names"),
        pytest.param("; ,", "", "", id="nothing but marks"),
        pytest.param(
            "Information Sciences Research Center, Arden Laboratories, Ardenham",
            "arden laboratories",
            "ardenham",
            id="a piece without a name of its own is a part",
        ),
        pytest.param(
            "College of Information Sciences, The Arden State University",
            "the arden state university",
            "",
            id="a college without a name of its own is a part",
        ),
        pytest.param("Artificial Intelligence Lab, MIT", "mit", "", id="a field is a part"),
        pytest.param("Univerity of Arden", "university of arden", "", id="a slip in a common word"),
        pytest.param("A & T Labs", "at labs", "", id="an and inside a name"),
    ],
)
def test_an_affiliation_is_taken_apart(value, institution, town):
    reading = read_affiliation(value)

    assert " ".join(reading.institution) == institution
    assert " ".join(reading.place) == town


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        pytest.param(
            "Dept. of Physics, University of Arden", "Univ. of Arden", SAME, id="department set aside"
        ),
        pytest.param(
            "Universität Arden, Institut für Informatik", "Arden University", SHORTER, id="languages"
        ),
        pytest.param("Arden Almaro", "Arden Almaro Research Center", SHORTER, id="common words left out"),
        pytest.param("TU Ardenham", "Ardenham University of Technology", SHORTER, id="technical university"),
        pytest.param("Arden University, Ardenham", "Arden University", SHORTER, id="a town unsaid"),
        pytest.param("MIT, Cambridge", "Massachusetts Institute of Technology", INITIALS, id="initials"),
        pytest.param(
            "IIT Bombay", "Indian Institute of Technology, Mumbai", INITIALS, id="initials and a town"
        ),
        pytest.param(
            "UW-Madison", "University of Wisconsin, Madison", INITIALS, id="two initials beside a word"
        ),
        pytest.param("Arden University", "Arden Hospital", "same institution, other part", id="part"),
        pytest.param(
            "Arden, Oldtown",
            "Arden Almaro Labs, Oldtown",
            "one name has a further word, same town",
            id="site",
        ),
        pytest.param("Arden Labs", "Arden Almaro Labs", "one name has a further word", id="further word"),
        pytest.param("Arden Labs, Oldtown", "Arden Labs, Newville", "same institution, other town", id="far"),
        pytest.param(
            "Arden Oldtown Labs", "Arden Newville Labs", "some words of its own in common", id="two sites"
        ),
        pytest.param(
            "University of California, Berkeley, USA",
            "University of California, Davis, USA",
            "different institution",
            id="two campuses",
        ),
        pytest.param(
            "City University of Hong Kong",
            "Hong Kong University of Science and Technology",
            "different institution",
            id="a town's universities",
        ),
        pytest.param(
            "Institute of Technology", "Institute of Physics", "different institution", id="nameless"
        ),
    ],
)
def test_affiliations(agreement, left, right, expected):
    assert agreement(Affiliation(), left, right) == expected
    assert agreement(Affiliation(), right, left) == expected


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param("KAIST", "Korea Advanced Institute of Science and Technology", id="initials"),
        pytest.param(
            "IIT, Bombay", "Indian Institute of Technology, Mumbai", id="initials of the first words"
        ),
        pytest.param("Arden", "Arden Almaro Research Center", id="one word of its own"),
        pytest.param("Almaro Labs, Oldtown", "Research Center, Oldtown", id="a town"),
        pytest.param("Vandermeer Research", "Vanderemer Corporation", id="swapped letters in its own word"),
        pytest.param("UCLA", "University of California, Los Angeles", id="initials of a town's article"),
    ],
)
def test_variants_of_an_affiliation_meet_in_a_block(meet, left, right):
    assert meet(Affiliation(), left, right)


def test_initials_stand_for_words_that_follow_each_other():
    assert initials_run("mit", ["massachusetts", "institute", "of", "technology"]) == [0, 1, 3]
    assert initials_run("mit", ["institute", "massachusetts", "technology"]) == []
