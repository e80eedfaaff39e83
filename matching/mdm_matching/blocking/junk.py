"""Junk values: a switchboard number or a placeholder address that many unlike records share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def junk_keys(
    keys: NDArray[np.int64], companions: NDArray[np.int64], limits: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The keys that records of too many different names hold, ascending.

    Args:
        keys: one entry per record and key.
        companions: how that record is named, as a fingerprint.
        limits: how many different names may share that key; 0 for any number.
    """
    judged = limits > 0
    keys, companions, limits = keys[judged], companions[judged], limits[judged]
    if not len(keys):
        return keys
    order = np.lexsort((companions, keys))
    keys, companions, limits = keys[order], companions[order], limits[order]
    new_key = np.append(True, keys[1:] != keys[:-1])
    new_name = new_key | np.append(True, companions[1:] != companions[:-1])
    starts = np.flatnonzero(new_key)
    names = np.add.reduceat(new_name.astype(np.int64), starts)
    return keys[starts][names > limits[starts]]
