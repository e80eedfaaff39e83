"""Which given names are one name: short forms, pet names and the forms of other languages."""

from __future__ import annotations

from functools import cache, lru_cache

from nicknames import NickNamer

from mdm_matching.semantics.word_tables import lines

# Pairs of the nicknames package that no one uses so.
_NOT_KIN = (("robert", "bill"), ("robert", "billy"), ("bill", "robert"), ("billy", "robert"))
_NOTHING: frozenset[str] = frozenset()


@cache
def _short_forms() -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """The English pairs of the nicknames package: short forms by full name, and full names by short form."""
    namer = NickNamer()
    short, full = namer.nickname_lookup, namer.canonical_lookup
    for name, nickname in _NOT_KIN:
        short.get(name, set()).discard(nickname)
        full.get(nickname, set()).discard(name)
    return short, full


@cache
def _families() -> dict[str, frozenset[int]]:
    """For each name of our own table the lines it stands on."""
    found: dict[str, set[int]] = {}
    for number, line in enumerate(lines("given_names.txt")):
        for token in line.split():
            found.setdefault(token, set()).add(number)
    return {token: frozenset(numbers) for token, numbers in found.items()}


@cache
def _heads() -> tuple[str, ...]:
    return tuple(line.split()[0] for line in lines("given_names.txt"))


@lru_cache(maxsize=1 << 17)
def roots(token: str) -> tuple[str, ...]:
    """Full names that a given name may stand for, in the order of the alphabet.

    Itself if none is known; at most three.
    """
    own = {_heads()[number] for number in _families().get(token, _NOBODY)}
    if not own:
        own = set(_short_forms()[1].get(token, ()))
        own = {_heads()[min(_families()[name])] if name in _families() else name for name in own}
    return tuple(sorted(own)[:3]) or (token,)


_NOBODY: frozenset[int] = frozenset()


def is_known_given_name(token: str) -> bool:
    """Whether a word stands in one of the tables of given names."""
    shorts, fulls = _short_forms()
    return token in shorts or token in fulls or token in _families()


@lru_cache(maxsize=1 << 18)
def are_kin(one: str, other: str) -> bool:
    """Whether one name is a short or foreign form of the other, or both are of a third: Bob, Rob, Robert."""
    if one == other:
        return True
    shorts, fulls = _short_forms()
    if other in shorts.get(one, ()) or one in shorts.get(other, ()):
        return True
    if _families().get(one, _NOBODY) & _families().get(other, _NOBODY):
        return True
    return (
        bool(fulls.get(one, _NOTHING) & fulls.get(other, _NOTHING))
        if one in fulls and other in fulls
        else False
    )
