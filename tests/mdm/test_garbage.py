"""Garbage is collected seldom while many objects are made, and as before afterwards."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from mdm.garbage import SELDOM, collected_seldom


@pytest.fixture(autouse=True)
def usual() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(701, 11, 12)
    yield
    gc.set_threshold(*before)


def test_it_is_as_before_when_the_last_of_several_has_ended() -> None:
    one, other = collected_seldom(), collected_seldom()
    one.__enter__()
    other.__enter__()
    assert gc.get_threshold() == SELDOM
    one.__exit__(None, None, None)
    assert gc.get_threshold() == SELDOM
    other.__exit__(None, None, None)
    assert gc.get_threshold() == (701, 11, 12)


def test_it_is_as_before_after_an_error() -> None:
    with pytest.raises(KeyError), collected_seldom():
        raise KeyError
    assert gc.get_threshold() == (701, 11, 12)
