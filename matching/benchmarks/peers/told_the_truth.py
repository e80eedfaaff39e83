"""A model that is told the truth, for the ceiling: gradient boosting, asked about folds it has not seen.

    python told_the_truth.py ASKED.npz ANSWER.npy

ASKED holds `features`, `same` and `fold`, one row per pair; ANSWER the chance of each pair.
"""

from __future__ import annotations

import os
import sys

os.environ.setdefault("OMP_NUM_THREADS", "1")  # threads that wait for each other are slower on a busy machine

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

MOST = 300_000  # pairs it learns from


def main() -> None:
    asked = np.load(sys.argv[1])
    features, same, fold = asked["features"], asked["same"], asked["fold"]
    chance = np.zeros(len(same))
    for held in np.unique(fold):
        known = np.flatnonzero(fold != held)
        if len(known) > MOST:
            known = np.random.default_rng(0).choice(known, MOST, replace=False)
        # A column that is blank in all of them teaches nothing, and the learner refuses it.
        told = ~np.isnan(features[known]).all(axis=0)
        learner = HistGradientBoostingClassifier(max_iter=150, random_state=0)
        learner.fit(features[known][:, told], same[known])
        chance[fold == held] = learner.predict_proba(features[fold == held][:, told])[:, 1]
    np.save(sys.argv[2], chance)


if __name__ == "__main__":
    main()
