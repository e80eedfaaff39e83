"""recordlinkage: blocks and string measures as in its examples, then its unsupervised ECM classifier."""

from __future__ import annotations

import warnings
from importlib.metadata import version

import numpy as np
import pandas as pd
import recordlinkage
from contest import LINKS, NoSetUpError, components, contend

# Block keys, names compared by Jaro-Winkler at 0.85, columns compared exactly.
SET_UPS = {
    "febrl": (
        ("given_name", "surname", "date_of_birth", "soc_sec_id"),
        ("given_name", "surname", "address_1"),
        ("date_of_birth", "suburb", "state", "postcode", "soc_sec_id"),
    ),
    "fake_1000": (
        ("first_name", "surname", "dob", "email"),
        ("first_name", "surname", "email"),
        ("dob", "city"),
    ),
    "rldata10000": (("fname_c1", "lname_c1"), ("fname_c1", "lname_c1"), ("by", "bm", "bd")),
    "people": (
        ("national_id", "email", "phone", "birth_date"),
        ("first_name", "last_name", "street", "email"),
        ("birth_date", "city", "postcode", "phone", "national_id"),
    ),
    "orgs": (
        ("tax_id", "website", "phone", "name"),
        ("name", "street"),
        ("city", "postcode", "country", "phone", "website", "tax_id"),
    ),
}


def solve(name, columns, _):
    warnings.simplefilter("ignore")
    set_up = SET_UPS.get(
        "febrl" if name.startswith("febrl") else name.split("_1")[0] if name[:4] in ("peop", "orgs") else name
    )
    if set_up is None:
        raise NoSetUpError("no example of recordlinkage fits this set")
    blocks, names, exact = set_up
    frame = pd.DataFrame({key: pd.Series(values, dtype=object) for key, values in columns.items()})
    for column in {*blocks, *names, *exact}:
        frame[column] = frame[column].map(lambda value: None if value is None else str(value).lower())
    parts = [frame]
    if name in LINKS:
        parts = [frame[frame.source == source] for source in sorted(set(columns["source"]))]
    pairs = None
    for block in blocks:
        index = recordlinkage.Index()
        index.block(block)
        found = index.index(*[part.dropna(subset=[block]) for part in parts])
        pairs = found if pairs is None else pairs.union(found)
    compare = recordlinkage.Compare(n_jobs=1)
    for column in names:
        compare.string(column, column, method="jarowinkler", threshold=0.85, label=f"{column} alike")
    for column in exact:
        compare.exact(column, column, label=column)
    features = compare.compute(pairs, *parts)
    classifier = recordlinkage.ECMClassifier(binarize=0.5)
    classifier.fit_predict(features)
    score = np.clip(np.nan_to_num(np.asarray(classifier.prob(features), float)), 0, 1)
    left, right = (features.index.get_level_values(level).to_numpy() for level in (0, 1))
    chosen = score >= 0.5
    labels = components(len(frame), left[chosen], right[chosen])
    return {
        "labels": labels,
        "left": left,
        "right": right,
        "score": score,
        "version": version("recordlinkage"),
    }


if __name__ == "__main__":
    contend(solve)
