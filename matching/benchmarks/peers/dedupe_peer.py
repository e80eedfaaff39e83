"""dedupe: fields as in its examples, a hundred questions answered from the truth, threshold 0.5 as there."""

from __future__ import annotations

import os
import random
import re
from collections import defaultdict
from importlib.metadata import version

import dedupe
import numpy as np
from contest import LINKS, NoSetUpError, contend
from dedupe import variables
from unidecode import unidecode

ANSWERS = 100
# Columns as texts, short texts, and values that are equal or not; from the examples for data of that kind.
FIELDS = {
    "fake_1000": (("first_name", "surname", "city", "email"), ("dob",), ()),
    "chicago_childcare": (("site_name", "address", "phone"), (), ("zip",)),
    "febrl3": (
        ("given_name", "surname", "address_1"),
        ("date_of_birth", "soc_sec_id", "postcode"),
        ("street_number",),
    ),
    "febrl4": (
        ("given_name", "surname", "address_1"),
        ("date_of_birth", "soc_sec_id", "postcode"),
        ("street_number",),
    ),
    "rldata10000": (("fname_c1", "lname_c1"), ("by", "bm", "bd"), ()),
    "people": (
        ("first_name", "last_name", "street", "email"),
        ("birth_date", "postcode", "phone", "national_id"),
        (),
    ),
    "orgs": (("name", "street", "city", "website"), ("postcode", "phone", "tax_id"), ()),
}


def cleaned(value):
    """As dedupe's examples clean: plain letters, single spaces, lower case."""
    if value is None:
        return None
    return re.sub(r"\s+", " ", unidecode(value)).strip().lower() or None


def solve(name, columns, same):
    fields = FIELDS.get(name.split("_1")[0] if name.startswith(("people", "orgs")) else name)
    if fields is None or name in LINKS:
        raise NoSetUpError("no example of dedupe fits this set")
    random.seed(1)
    np.random.seed(1)  # dedupe draws from both
    kinds = (variables.String, variables.ShortString, variables.Exact)
    made, used = [], []
    for kind, names in zip(kinds, fields, strict=True):
        for column in names:
            made.append(kind(column, has_missing=None in columns[column]))
            used.append(column)
    rows = len(columns["record_id"])
    records = {row: {column: cleaned(columns[column][row]) for column in used} for row in range(rows)}
    places = defaultdict(list)
    for row, record in records.items():
        places[tuple(record.values())].append(row)
    matcher = dedupe.Dedupe(made, num_cores=os.cpu_count())
    matcher.prepare_training(records, sample_size=1500)
    given = 0
    for _ in range(ANSWERS):
        try:
            ((one, other),) = matcher.uncertain_pairs()
        except (IndexError, ValueError):
            break
        ends = (places[tuple(one.values())], places[tuple(other.values())])
        answer = any(same(a, b) for a in ends[0] for b in ends[1] if a != b)
        matcher.mark_pairs(
            {"match": [(one, other)] if answer else [], "distinct": [] if answer else [(one, other)]}
        )
        given += 1
    matcher.train()
    scored = matcher.score(matcher.pairs(records))
    pairs = np.array(scored["pairs"]).astype(np.int64).reshape(-1, 2)
    score = np.array(scored["score"], float)
    labels = np.arange(rows)
    for members, _ in matcher.cluster(scored, 0.5):
        ids = [int(row) for row in members]
        labels[ids] = min(ids)
    return {
        "labels": labels,
        "left": pairs[:, 0],
        "right": pairs[:, 1],
        "score": score,
        "version": version("dedupe"),
        "answers": given,
    }


if __name__ == "__main__":
    contend(solve)
