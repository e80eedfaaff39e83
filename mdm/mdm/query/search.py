"""Search by name across entity types: candidates share a term with the text, the most alike come first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz import fuzz, process
from rapidfuzz.distance import JaroWinkler
from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from mdm.access.view import View, view_of
from mdm.entities import EntityType
from mdm.errors import QueryError
from mdm.history.when import NOW, When
from mdm.query.pages import checked_first
from mdm.query.search_terms import fold, is_word, joined, searched_attributes, terms_of
from mdm.query.search_then import (
    Posting,
    Then,
    all_terms_then,
    cells_then,
    postings_then,
    terms_then,
)
from mdm.stewardship.labels import GoldenLabel, stored_label
from mdm.store.chunks import rows_in
from mdm.store.derived import GoldenRecord, SearchTerm

if TYPE_CHECKING:
    from mdm.hub import Hub

LONGEST_QUERY = 200
"""Characters of a search text at most."""

POSTINGS = 5000
"""Rows of the term index read at most per search; rare terms are read first."""

CANDIDATES = 200
"""Golden records that are ranked."""

LEAST = 0.6
"""A candidate less alike than this is no hit."""

SHARE_OF_WORDS = 0.75
"""How much the words weigh in the score; the rest is how alike the label is as a whole."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A golden record that a search found.

    Attributes:
        score: how alike the text and the record's name are, 0 to 1; 1 is the very name.
    """

    golden_id: str
    entity_type: str
    label: str
    score: float


def search(  # what is searched, and when
    hub: Hub,
    session: Session,
    text: str,
    types: Collection[str] | None = None,
    first: int = 20,
    when: When = NOW,
) -> list[Hit]:
    """The golden records whose name, code or address is most like the text, best first.

    Typing errors, missing accents and another order of the words are forgiven: "Harbor Pyne" finds
    "Harbour & Pine".

    Args:
        types: only these entity types; None for all.
        first: how many hits at most, 0 to 200.
        when: what the hub would have answered then, or what was so called on a day.

    Raises:
        UnknownEntityTypeError: one of the types is not declared.
        QueryError: the text is too long, or the page size does not make sense.
    """
    if len(text) > LONGEST_QUERY:
        raise QueryError(f"The search text has {len(text)} characters; search for {LONGEST_QUERY} or fewer.")
    wanted = [t.name for t in hub.registry] if types is None else [hub.registry[name].name for name in types]
    view = view_of(session)
    wanted = [name for name in wanted if _searchable(view, hub.registry[name])]
    words = fold(text)
    if not words or checked_first(first) == 0:
        return []
    terms = terms_of(text) | {joined(text)}
    then = None if when.is_now else terms_then(hub, session, terms, wanted, when)
    candidates = _candidates(session, terms, wanted, then)
    if then is None:
        view.saw(candidates)  # the statement has asked
    visible = view.visible(session, candidates)
    candidates = [golden_id for golden_id in candidates if golden_id in visible][:CANDIDATES]
    if not candidates:
        return []
    if then is None:
        found = _described(hub, session, candidates)
    else:
        found = _described_then(hub, session, candidates, then, when)
    labels, known = [label for label, _ in found], [own for _, own in found]
    likeness = _likeness(words, joined(text), known)
    hits = [_hit(label, words, share) for label, share in zip(labels, likeness, strict=True)]
    ranked = sorted(hits, key=lambda hit: (-hit.score, hit.label, hit.golden_id))
    return [hit for hit in ranked if hit.score >= LEAST][:first]


def _searchable(view: View, entity_type: EntityType) -> bool:
    """Whether whoever asks sees every attribute that records of the type are found by."""
    return view.masked(entity_type).isdisjoint(a.name for a in searched_attributes(entity_type))


def _candidates(
    session: Session, terms: Collection[str], types: Sequence[str], then: Then | None
) -> list[str]:
    """The golden records that share most with the text; a rare term counts for more than a frequent one."""
    if then is None:
        postings = _postings(session, terms, types)
    else:
        postings = postings_then(session, then, terms, types, POSTINGS)
    weights: defaultdict[str, float] = defaultdict(float)
    for golden_id, holders in postings:
        weights[golden_id] += 1.0 / (1.0 + log(holders))
    return sorted(weights, key=lambda i: (-weights[i], i))


def _postings(session: Session, terms: Collection[str], types: Sequence[str]) -> list[Posting]:
    """Who holds these terms: terms are taken from the rarest on while all their rows are few enough.

    The first one is taken anyway.
    """
    term, entity_type = col(SearchTerm.term), col(SearchTerm.entity_type)
    asked = (term.in_(sorted(terms)), entity_type.in_(types))
    counted = select(term, func.count().label("holders")).where(*asked).group_by(term).cte("counted")
    order = (counted.c.holders, counted.c.term)
    running = func.sum(counted.c.holders).over(order_by=order, rows=(None, 0)).label("running")
    ranked = select(counted, running).cte("ranked")
    query = (
        select(col(SearchTerm.golden_id), ranked.c.holders)
        .join(ranked, ranked.c.term == term)
        .where(or_(ranked.c.running <= POSTINGS, ranked.c.running == ranked.c.holders), *asked)
        .where(*view_of(session).rows_of_ids(entity_type, col(SearchTerm.golden_id)))
        .order_by(col(SearchTerm.golden_id))
        .limit(POSTINGS)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def _described(
    hub: Hub, session: Session, golden_ids: Collection[str]
) -> list[tuple[GoldenLabel, list[str]]]:
    """What each of these golden records is called, and the whole words among its terms; in their order."""
    view, own = view_of(session), aliased(SearchTerm)
    terms = (
        select(func.aggregate_strings(col(own.term), " "))
        .where(col(own.golden_id) == col(GoldenRecord.golden_id))
        .scalar_subquery()
    )
    record = (GoldenRecord.golden_id, GoldenRecord.entity_type, GoldenRecord.state, GoldenRecord.cells)
    query = select(*(col(column) for column in record), terms)
    found: dict[str, tuple[GoldenLabel, list[str]]] = {}
    for golden_id, name, state, cells, text in rows_in(
        session, query, col(GoldenRecord.golden_id), golden_ids
    ):
        words = sorted(term for term in text.split(" ") if is_word(term))
        found[golden_id] = (stored_label(view, hub.registry[name], golden_id, cells, state), words)
    return [found[golden_id] for golden_id in golden_ids if golden_id in found]


def _described_then(
    hub: Hub, session: Session, golden_ids: Collection[str], then: Then, when: When
) -> list[tuple[GoldenLabel, list[str]]]:
    """The same as they were."""
    view, cells = view_of(session), cells_then(session, golden_ids, when)
    terms = all_terms_then(session, then, golden_ids)
    found = []
    for golden_id in golden_ids:
        name, state, own = cells[golden_id]
        words = sorted(term for term in terms.get(golden_id, ()) if is_word(term))
        found.append((stored_label(view, hub.registry[name], golden_id, own, state), words))
    return found


def _likeness(words: Sequence[str], whole: str, known: Sequence[Sequence[str]]) -> list[float]:
    """How well the words of the text are found among each candidate's: the mean, weighted by length.

    A code or address that is found as a whole counts as found, whatever its pieces.
    """
    vocabulary = sorted({word for own in known for word in own})
    places = {word: k for k, word in enumerate(vocabulary)}
    alike = process.cdist(words, vocabulary, scorer=JaroWinkler.normalized_similarity, dtype=np.float64)
    lengths = np.array([len(word) for word in words], dtype=np.float64)
    shares: list[float] = []
    for own in known:
        best = alike[:, [places[word] for word in own]].max(axis=1) if own else np.zeros(len(words))
        share = float((best * lengths).sum() / lengths.sum())
        shares.append(1.0 if whole in own else share)
    return shares


def _hit(label: GoldenLabel, words: Sequence[str], share: float) -> Hit:
    whole = fuzz.token_sort_ratio(" ".join(words), " ".join(fold(label.label))) / 100.0
    score = SHARE_OF_WORDS * share + (1.0 - SHARE_OF_WORDS) * whole
    return Hit(label.golden_id, label.entity_type, label.label, round(score, 4))
