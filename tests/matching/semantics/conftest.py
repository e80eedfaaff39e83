"""How two raw values compare, for the tables of known pairs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mdm_matching.semantics import SemanticType

Compare = Callable[..., str | None]


@pytest.fixture
def agreement() -> Compare:
    """The label of the level at which two raw values agree; None if one of them is no evidence."""

    def compare(
        semantic: SemanticType, left: str, right: str, contexts: tuple[str, str] = ("", "")
    ) -> str | None:
        one, other = semantic.standardise(left, contexts[0]), semantic.standardise(right, contexts[1])
        if one is None or other is None:
            return None
        return semantic.levels[
            0 if one.text == other.text else int(semantic.compare([one], [other])[0])
        ].label

    return compare


@pytest.fixture
def weight() -> Callable[[SemanticType, str, str], float]:
    """The evidence in bits of two raw values."""

    def weigh(semantic: SemanticType, left: str, right: str) -> float:
        one, other = semantic.standardise(left), semantic.standardise(right)
        assert one is not None
        assert other is not None
        return semantic.levels[
            0 if one.text == other.text else int(semantic.compare([one], [other])[0])
        ].weight

    return weigh


@pytest.fixture
def meet() -> Callable[[SemanticType, str, str], bool]:
    """Whether two raw values share a strong block key."""

    def share(semantic: SemanticType, left: str, right: str) -> bool:
        one, other = semantic.standardise(left), semantic.standardise(right)
        assert one is not None
        assert other is not None
        return bool(set(one.keys) & set(other.keys))

    return share
