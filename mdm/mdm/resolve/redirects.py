"""Where an id that no longer stands for itself leads, and which id it was merged into.

`redirected_to` is one hop to the golden record that holds its records. `merged_into` makes a tree of it: an
unmerge of a tree takes along what was merged into an id before. So the tree is mended when an id is led to
where the one that it was merged into is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlmodel import col

from mdm.resolve.ledger import Ledger
from mdm.store.decisions import IssuedId
from mdm.unit_of_work import UnitOfWork


def redirect(uow: UnitOfWork, ledger: Ledger, loser: IssuedId, survivor: IssuedId) -> None:
    """Redirect an id, and every id that redirected to it, to the survivor: one hop always."""
    own = sorted(ledger.own(loser))
    uow.session.flush()
    led = select(IssuedId).where(col(IssuedId.redirected_to) == loser.golden_id)
    followers = {issued.golden_id: issued for issued in uow.session.scalars(led)}
    for issued in followers.values():
        # Evidence may have led it here long after it was merged into an id that went elsewhere.
        if not _is_below(issued, loser.golden_id, followers):
            issued.merged_into = loser.golden_id
    # The followers first: the store refuses a second hop, even for a moment.
    for group in (followers.values(), (loser,)):
        for issued in group:
            issued.redirected_to, issued.redirected_at, issued.redirect_cause = (
                survivor.golden_id,
                uow.now,
                "merge",
            )
        uow.session.flush()
    loser.merged_into, loser.own_records = survivor.golden_id, own


def _is_below(issued: IssuedId, golden_id: str, followers: Mapping[str, IssuedId]) -> bool:
    """Whether an id was merged into another, or into one of its followers that was."""
    above = issued.merged_into
    while above != golden_id:
        if above is None or above not in followers:
            return False
        above = followers[above].merged_into
    return True


def revive(issued: IssuedId) -> str | None:
    """Let an id stand for itself again; which id it was merged into."""
    above = issued.merged_into
    issued.redirected_to, issued.redirected_at, issued.redirect_cause = None, None, ""
    issued.merged_into, issued.own_records = None, []
    return above


def mend_trees(ids: Iterable[IssuedId], revived: Mapping[str, str | None]) -> None:
    """Put what stays behind when an id comes back below the id that this one was below.

    Args:
        ids: those that may have been merged into one that came back, where they lead settled.
        revived: each id that came back, and what it was merged into.
    """
    for issued in ids:
        above = issued.merged_into
        if not issued.redirected_to or above not in revived or above == issued.redirected_to:
            continue
        while above is not None and above in revived and above != issued.redirected_to:
            above = revived[above]
        issued.merged_into = above or issued.redirected_to
