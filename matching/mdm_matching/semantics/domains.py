"""Internet domains: the part that somebody registered, and hosts that everybody uses."""

from __future__ import annotations

from functools import cache, lru_cache

from publicsuffixlist import PublicSuffixList

from mdm_matching.semantics.word_tables import lines


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@cache
def _public_hosts() -> frozenset[str]:
    return frozenset(host for line in lines("public_hosts.txt") for host in line.split())


@lru_cache(maxsize=1 << 17)
def registrable_domain(host: str) -> str:
    """The part of a host name that somebody registered: "www.shop.acme.co.uk" gives "acme.co.uk".

    "" if there is none.
    """
    found = _suffixes().privatesuffix(host)
    return str(found) if found else ""


def is_public_host(host: str) -> bool:
    """Whether a host belongs to a mail provider, a social network or a site builder."""
    return host in _public_hosts() or (host.count(".") > 1 and registrable_domain(host) in _public_hosts())


def own_label(domain: str) -> str:
    """The registered name without its ending: "acme" of "acme.co.uk"."""
    return domain.partition(".")[0]
