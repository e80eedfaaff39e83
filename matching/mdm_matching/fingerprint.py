"""Fingerprints: 63-bit numbers that stand for texts, the same in every process and on every machine."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

# The sign bit stays clear, so that every fingerprint fits a signed BIGINT.
_MASK = (1 << 63) - 1
_WHOLE = (1 << 64) - 1


def fingerprint(text: str) -> int:
    """A number from 0 to 2**63 - 1 that stands for the text."""
    return (
        int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big") & _MASK
    )


def fingerprints(texts: Iterable[str]) -> NDArray[np.int64]:
    """The fingerprint of each text, in their order."""
    digests = b"".join(
        [blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest() for text in texts]
    )
    return np.frombuffer(digests, ">u8").astype(np.int64) & _MASK


def mixed(left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
    """One fingerprint for each pair of fingerprints; which stands left matters.

    The mixing is that of SplitMix64 (https://prng.di.unimi.it/splitmix64.c).
    """
    z = left.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + right.astype(np.uint64)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    mixed_fingerprint: NDArray[np.int64] = (z & np.uint64(_MASK)).astype(np.int64)
    return mixed_fingerprint


def pair_marks(one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.int64]:
    """A fingerprint of each pair of records by what they say, whichever of the two stands first.

    Pairs are sampled by it: the same ones whatever the order of the rows.

    Args:
        one: the contents of the one record of each pair, as `StandardTable.contents` has them.
        other: those of the other.
    """
    return mixed(np.minimum(one, other), np.maximum(one, other))


def mixed_numbers(left: int, right: int) -> int:
    """What `mixed` makes of a single pair of fingerprints."""
    z = (left * 0x9E3779B97F4A7C15 + right) & _WHOLE
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _WHOLE
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _WHOLE
    return (z ^ (z >> 31)) & _MASK
