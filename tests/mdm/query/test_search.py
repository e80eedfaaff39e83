from __future__ import annotations

from collections.abc import Callable
from string import ascii_lowercase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdm.entities import load_registry
from mdm.errors import QueryError, UnknownEntityTypeError
from mdm.hub import Hub
from mdm.query.search import search
from mdm.query.search_terms import fold, is_word, search_terms, searched_attributes, terms_of
from mdm.testing import make_golden, record

REGISTRY = load_registry()


def found(hub: Hub, text: str, **arguments: object) -> list[str]:
    with hub.read() as session:
        hits = search(hub, session, text, **arguments)  # type: ignore[arg-type]  # of various types
        return [hit.golden_id for hit in hits]


@pytest.fixture
def firm(hub: Hub, put: Callable[..., str]) -> Hub:
    put(
        "client",
        "c-1",
        name="Harbour & Pine Ltd",
        client_number="K-10 023",
        email="office@harbourpine.example",
    )
    put("client", "c-2", name="Müller Söhne KG")
    put("client", "c-3", name="Microbrew Holdings")
    put("client", "c-4", name="Harvest Moon Bakery")
    put("worker", "w-1", given_name="Siobhán", family_name="O'Neill", national_id="8001015009087")
    put("project", "p-1", name="Harbour office move", code="P-77")
    rows = {"erp": record("9", name="Blue Fern Advisory"), "crm": record("9", name="Thornbury Consulting")}
    make_golden(hub, "client", "c-9", rows)
    return hub


MISSPELT = {
    "Harbor Pyne": "c-1",
    "pine harbour": "c-1",
    "Harbuor & Pine": "c-1",
    "K10023": "c-1",
    "k-10 023": "c-1",
    "office@harbourpine.example": "c-1",
    "Mueller Soehne": "c-2",
    "muller sohne": "c-2",
    "Nicrobrew Holdings": "c-3",
    "Siobhan ONeill": "w-1",
    "oneil": "w-1",
    "Thornbury": "c-9",  # a name that did not survive
    "P-77": "p-1",
}


def test_what_people_type_finds_what_they_mean(firm: Hub) -> None:
    assert {text: found(firm, text)[:1] for text in MISSPELT} == {text: [i] for text, i in MISSPELT.items()}


def test_the_very_name_comes_first_and_scores_one(firm: Hub) -> None:
    with firm.read() as session:
        hit, *_ = search(firm, session, "Harvest Moon Bakery")

    assert (hit.golden_id, hit.entity_type, hit.label, hit.score) == (
        "c-4",
        "client",
        "Harvest Moon Bakery",
        1.0,
    )


def test_what_is_personal_is_not_searched(firm: Hub) -> None:
    assert found(firm, "8001015009087") == []


def test_types_and_first_limit_the_hits(firm: Hub) -> None:
    assert found(firm, "harbour", types=["project"]) == ["p-1"]
    assert len(found(firm, "harbour", first=1)) == 1
    assert found(firm, "harbour", first=0) == []


@pytest.mark.parametrize("text", ["", "  ", "&&&", "zzzzqqqq", "%", "'; drop table"])
def test_a_text_that_says_nothing_finds_nothing(firm: Hub, text: str) -> None:
    assert found(firm, text) == []


def test_a_search_that_makes_no_sense_is_refused(firm: Hub) -> None:
    with pytest.raises(QueryError, match="201 characters"):
        found(firm, "x" * 201)
    with pytest.raises(UnknownEntityTypeError):
        found(firm, "x", types=["nobody"])


@given(st.text(max_size=60))
def test_a_text_shares_every_term_with_itself_and_folding_is_stable(text: str) -> None:
    words = fold(text)

    assert set(words) <= terms_of(text)
    assert fold(" ".join(words)) == words
    assert {term for term in terms_of(text) if is_word(term)} >= set(words)


@given(
    st.text(alphabet=ascii_lowercase, min_size=6, max_size=20),
    st.integers(0, 5),
    st.sampled_from(ascii_lowercase),
)
def test_a_word_with_one_wrong_letter_shares_a_term(word: str, place: int, letter: str) -> None:
    before, after = word[:place], word[place:]
    misspelt = {
        "wrong": before + letter + after[1:],
        "missing": before + after[1:],
        "too many": before + letter + after,
    }

    assert [how for how, other in misspelt.items() if not terms_of(word) & terms_of(other)] == []


def test_former_names_are_terms_and_other_values_are_not() -> None:
    claims = [{"name": {"v": "Old Name"}, "city": {"v": "Leeds"}}, {"name": {"v": "New Name"}}]

    terms = search_terms(REGISTRY["client"], claims, {"name": {"value": "New Name"}})

    assert {"old", "new", "name"} <= terms
    assert "leeds" not in terms


def test_each_type_is_searched_by_its_names_codes_and_addresses() -> None:
    searched = {t.name: [a.name for a in searched_attributes(t)] for t in REGISTRY}

    assert searched == {
        "legal_entity": ["code", "name", "tax_id"],
        "cost_center": ["code", "name"],
        "client": [
            "name", "display_name", "client_number", "tax_id", "registration_number", "lei", "website",
            "email",
        ],
        "worker": ["worker_number", "given_name", "family_name", "preferred_name", "email"],
        "engagement": ["number", "title"],
        "project": ["code", "name"],
        "assignment": [],
        "rate": [],
    }  # fmt: skip
