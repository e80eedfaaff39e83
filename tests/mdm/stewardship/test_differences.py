"""What is marked is what differs, and nothing of either value is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdm.stewardship import Mark, differences
from mdm.stewardship.differences import Segments, mark_of


def marked(segments: Segments) -> list[str]:
    return [piece.text for piece in segments if piece.differs]


@given(st.text(max_size=60), st.text(max_size=60))
def test_the_pieces_of_each_side_join_to_its_value(left: str, right: str) -> None:
    one, other = differences(left, right)

    assert ("".join(p.text for p in one), "".join(p.text for p in other)) == (left, right)


@given(st.text(max_size=60), st.text(max_size=60))
def test_what_is_not_marked_is_equal_on_both_sides(left: str, right: str) -> None:
    one, other = differences(left, right)

    assert "".join(p.text for p in one if not p.differs) == "".join(p.text for p in other if not p.differs)


@given(st.text(max_size=60))
def test_equal_values_have_no_mark(value: str) -> None:
    assert [marked(side) for side in differences(value, value)] == [[], []]


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        pytest.param("Harbour Pine", "Harbor Pine", (["u"], []), id="one letter within a word"),
        pytest.param("Acme GmbH", "Acme Ltd", (["GmbH"], ["Ltd"]), id="words that are not alike, as a whole"),
        pytest.param("Kestrel Bau", "Kestrel", ([" Bau"], []), id="a word that the other lacks"),
    ],
)
def test_marks_letters_of_like_words_and_whole_words_else(
    left: str, right: str, expected: tuple[list[str], list[str]]
) -> None:
    one, other = differences(left, right)

    assert (marked(one), marked(other)) == expected


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("a", "a", Mark.equal),
        ("Größe & Co.", "GROSSE Co", Mark.alike),
        ("a", "b", Mark.different),
        ("a", None, Mark.left_only),
        (None, "b", Mark.right_only),
        (None, None, None),
    ],
)
def test_says_how_two_values_stand_to_each_other(
    left: str | None, right: str | None, expected: Mark | None
) -> None:
    assert mark_of(left, right) == expected
