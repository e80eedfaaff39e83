"""Web addresses and domains."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from mdm_matching.semantics.domains import is_public_host, own_label, registrable_domain
from mdm_matching.semantics.semantic_type import Level, SemanticType, Standard
from mdm_matching.semantics.string_measures import first_level, typing_slip

_HOST = re.compile(r"^(?:[a-z][a-z0-9+.-]*:/*)?(?:[^/@\s]*@)?([^/:?#\s]+)")
_WELL_FORMED = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)+")


@dataclass(frozen=True, slots=True)
class Website(SemanticType):
    """A web address or a domain.

    Only the registered domain counts: "https://www.acme.co.uk/contact" is "acme.co.uk". Pages at a social
    network, a mail provider or a site builder are no evidence. Firms of one family share a domain, so it
    loses its force when many differently named records hold it.
    """

    name: ClassVar[str] = "website"
    levels: ClassVar[tuple[Level, ...]] = (
        Level("same domain", 0.78, 0.07),
        Level("same name under another ending", 0.05, 0.02),
        Level("one slip of the pen apart", 0.02, 0.004),
        Level("different domain", 0.15, 0.906),
    )
    group: ClassVar[str] = "contact"
    shared_limit: ClassVar[int] = 12

    def standardise(self, value: str, context: str = "") -> Standard | None:
        text = value.strip().lower()
        if not text.isascii():
            try:
                text = text.encode("idna").decode("ascii")
            except UnicodeError:
                return None
        found = _HOST.match(text)
        host = found.group(1).strip(".") if found else ""
        if not _WELL_FORMED.fullmatch(host) or is_public_host(host):
            return None
        domain = registrable_domain(host)
        if not domain or is_public_host(domain):
            return None
        label = own_label(domain)
        return Standard(
            domain, (domain, f"l:{label}") if len(label) > 3 else (domain,), (f"l:{label[:6]}",), (label,)
        )

    def compare(self, left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.uint8]:
        labels_left, labels_right = [v.parts[0] for v in left], [v.parts[0] for v in right]
        same = np.fromiter(
            (a == b for a, b in zip(labels_left, labels_right, strict=True)), np.bool_, len(left)
        )
        return first_level([(same, 1), (typing_slip(labels_left, labels_right), 2)], 3)
