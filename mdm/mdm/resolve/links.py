"""The one event of a resolution that names every link it changed: records that moved, and open questions.

A record's link to its golden record is certain; a task is a possible link, or a possible duplicate, between
two golden records. Who follows the change feed hears of all that one input did at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from mdm.history.noting import MovedLink
from mdm.resolve.conflicts import Question, QueueChange
from mdm.unit_of_work import UnitOfWork

LINKS_CHANGED = "links.changed"

MOST_NAMED = 200
"""Links or questions of one kind that the event names; of more it tells how many, and `mdm links` which."""


@dataclass
class ChangedLinks:
    """What a resolution has changed so far, by entity type."""

    _moved: dict[str, list[MovedLink]] = field(default_factory=dict)
    _opened: dict[str, dict[str, Question]] = field(default_factory=dict)
    _closed: dict[str, dict[str, Question]] = field(default_factory=dict)

    def moved(self, entity_type: str, links: Sequence[MovedLink]) -> None:
        """Note records that belong elsewhere now; one that moves twice has come from where it was first."""
        self._moved.setdefault(entity_type, []).extend(links)

    def asked(self, entity_type: str, change: QueueChange) -> None:
        """Note questions that were opened or closed; one that is opened again was never closed."""
        opened, closed = self._opened.setdefault(entity_type, {}), self._closed.setdefault(entity_type, {})
        for new, gone, more in ((opened, closed, change.opened), (closed, opened, change.closed)):
            for question in more:
                if gone.pop(question.task, None) is None:
                    new[question.task] = question

    def tell(self, uow: UnitOfWork) -> None:
        """Write the event, if anything changed."""
        details = {
            "links": _named({name: [_link(one) for one in links] for name, links in self._moved.items()}),
            "opened": _named(
                {n: [_question(q) for q in found.values()] for n, found in self._opened.items()}
            ),
            "closed": _named(
                {n: [_question(q) for q in found.values()] for n, found in self._closed.items()}
            ),
        }
        told = {name: by_type for name, by_type in details.items() if by_type}
        types = sorted({name for by_type in told.values() for name in by_type})
        if types:
            uow.tell(LINKS_CHANGED, types[0] if len(types) == 1 else "", "links", told)


def _named(by_type: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """By entity type the links in order, or how many there are."""
    return {
        name: _in_order(links) if len(links) <= MOST_NAMED else {"count": len(links)}
        for name, links in sorted(by_type.items())
        if links
    }


def _in_order(links: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(links, key=lambda link: (str(link.get("task", "")), int(link.get("record", 0))))


def _link(link: MovedLink) -> dict[str, Any]:
    return {"record": link.record, "golden_id": link.golden_id, "before": link.before}


def _question(question: Question) -> dict[str, Any]:
    return {"task": question.task, "kind": question.kind, "golden_ids": list(question.golden_ids)}
