"""Highlights: the pieces are the value, whatever the text, and nothing masked is ever among them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdm.access.principal import Principal, Role
from mdm.entities import Sensitivity
from mdm.hub import Hub
from mdm.query.highlights import _marked, highlights
from mdm.testing import make_golden, record


@given(text=st.text(max_size=30), value=st.text(min_size=1, max_size=60))
def test_the_pieces_are_the_value(text: str, value: str) -> None:
    for one in _marked(text, {"name": value}):
        assert "".join(part.text for part in one.parts) == value
        assert all(part.text for part in one.parts)


@given(value=st.from_regex(r"[a-z]{3,12}( [a-z]{3,12}){0,3}", fullmatch=True))
def test_a_value_is_marked_by_itself(value: str) -> None:
    (found,) = _marked(value, {"name": value})

    assert [part.matched for part in found.parts] == [True]


@pytest.mark.parametrize(
    ("text", "value", "matched"),
    [
        ("pyne", "Harbour & Pine Ltd", ["Pine"]),  # one letter wrong
        ("muller", "Müller GmbH", ["Müller"]),  # without its accent
        ("harb", "Harbour & Pine", ["Harbour"]),  # its beginning
        ("ha", "Harbour & Pine", []),  # too short to mean anything
        ("c10 023", "C-10 023", ["C-10 023"]),  # a code, however it is written
        ("oneill", "Sean O'Neill", ["O'Neill"]),
        ("zebra", "Harbour & Pine", []),
    ],
)
def test_what_is_like_the_text_is_marked(text: str, value: str, matched: list[str]) -> None:
    found = _marked(text, {"name": value})

    assert [part.text for one in found for part in one.parts if part.matched] == matched


def test_a_masked_value_is_never_highlighted(hub: Hub) -> None:
    make_golden(hub, "client", "c-1", {"crm": record("1", name="Harbour Pine", country="GB")})
    blind = Principal(
        name="blind", roles=frozenset({Role.viewer}), sees=frozenset({Sensitivity.public}), audited=False
    )

    with hub.read(blind) as session:
        hidden = highlights(hub, session, "harbour", [("client", "c-1")])
    with hub.read() as session:
        shown = highlights(hub, session, "harbour", [("client", "c-1")])

    masked = {a.name for a in hub.registry["client"].attributes if a.sensitivity is not Sensitivity.public}
    assert {one.attribute for one in shown["client", "c-1"]} == {"name"}
    assert not {one.attribute for one in hidden["client", "c-1"]} & masked
