"""ETag, If-Match and If-None-Match: who writes says what they saw, who reads need not read it again.

https://www.rfc-editor.org/rfc/rfc9110#name-conditional-requests
"""

from __future__ import annotations

import re

from starlette.exceptions import HTTPException

from mdm.errors import StaleVersionError

TAG = re.compile(r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"')


def quoted(tag: str) -> str:
    """A tag as the header ETag carries it."""
    return f'"{tag}"'


def is_known(if_none_match: str | None, tag: str) -> bool:
    """Whether the asker has this state already."""
    if if_none_match is None:
        return False
    return if_none_match.strip() == "*" or any(one == tag for _, one in TAG.findall(if_none_match))


def seen_tags(if_match: str | None) -> str:
    """The header If-Match of a write.

    Raises:
        HTTPException: 428, it is missing: what nobody looked at is not overwritten.
    """
    if if_match is None or not if_match.strip():
        raise HTTPException(428, "Send If-Match with the ETag that a GET of the golden record gave you.")
    return if_match


def check_seen(if_match: str, tag: str, golden_id: str) -> None:
    """Refuse a write if the state is another one than the writer saw; `*` is any state.

    Raises:
        StaleVersionError: it has changed, or the tag is weak, which stands for no exact state.
    """
    if if_match.strip() == "*" or any(one == tag and not weak for weak, one in TAG.findall(if_match)):
        return
    raise StaleVersionError(f"{golden_id} has changed since you looked; GET it again and send its new ETag.")
