"""Which claim of a parent is not applied because it would close a loop: a pure function of the claims.

In every loop the claim that its source changed last gives way, and the next best parent takes its place,
until no loop is left. So the answer depends on what is claimed and on nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mdm.survivorship import NO_CLOCK, Claim, SourceOrder


@dataclass(frozen=True, slots=True)
class RefusedClaim:
    """A claim that is kept but not applied.

    Attributes:
        golden_id: the record whose parent it names.
        path: the loop that it would close, from the record by its parent back to it.
    """

    golden_id: str
    claim: Claim
    path: tuple[str, ...]


def refuse_loops(
    ranked: Mapping[str, Sequence[Claim]], order: SourceOrder
) -> dict[str, tuple[RefusedClaim, ...]]:
    """The claims to refuse, by golden id.

    Args:
        ranked: golden id to the claims of its parent, best first; a claim's value is the parent's golden id.
    """
    left = {golden_id: list(claims) for golden_id, claims in sorted(ranked.items()) if claims}
    refused: dict[str, list[RefusedClaim]] = {}
    while loops := list(_loops({golden_id: str(claims[0].value) for golden_id, claims in left.items()})):
        for loop in loops:
            offender = max(loop, key=lambda golden_id: _newest(left[golden_id][0], order))
            claim, place = left[offender].pop(0), loop.index(offender)
            path = (*loop[place:], *loop[:place], offender)
            refused.setdefault(offender, []).append(RefusedClaim(offender, claim, path))
            if not left[offender]:
                del left[offender]
    return {golden_id: tuple(claims) for golden_id, claims in refused.items()}


def _newest(claim: Claim, order: SourceOrder) -> tuple[object, ...]:
    return (claim.changed_at or NO_CLOCK, order.rank(claim.source), claim.source_key, claim.token)


def _loops(parents: Mapping[str, str]) -> Iterator[list[str]]:
    """Every loop, each once, child before parent."""
    seen: set[str] = set()
    for start in parents:
        walked: list[str] = []
        node = start
        while node in parents and node not in seen:
            seen.add(node)
            walked.append(node)
            node = parents[node]
        if node in walked:
            yield walked[walked.index(node) :]
