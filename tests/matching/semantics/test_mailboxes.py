"""Which name parts of mail addresses may be of one person."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from mdm_matching.semantics.mailboxes import Mailboxes

ALIKE = [
    ("jane.doe", "jane_doe1"),  # the same letters
    ("jane.doe", "doe.jane"),  # the same names
    ("jane.smith", "jsmith"),  # an initial before the name
    ("jane.smith", "smithj7"),  # and after it
    ("smith-jane", "j.smith"),  # however it is divided
]
UNLIKE = [
    ("jane.doe", "jdoe"),  # a name of three letters says too little
    ("jane.smith", "janesmyth"),
    ("anna", "anna1"),  # four letters
    ("jane.mary.smith", "jsmith"),  # three names
    ("123", "456"),  # no letter
    ("li.wu", "wu.lu"),
]


@pytest.mark.parametrize(
    ("pair", "expected"), [(pair, True) for pair in ALIKE] + [(pair, False) for pair in UNLIKE]
)
def test_name_parts_are_alike_or_not_whichever_stands_left(pair: tuple[str, str], expected: bool) -> None:
    every = [part for row in ALIKE + UNLIKE for part in row]
    mailboxes = Mailboxes.of(every)
    places = np.array([every.index(part) for part in pair], np.int32)

    told = [bool(mailboxes.alike(places[[a]], places[[b]])[0]) for a, b in permutations(range(2))]

    assert told == [expected, expected]
