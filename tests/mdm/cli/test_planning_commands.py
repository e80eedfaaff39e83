"""`mdm train`, `mdm plan` and `mdm apply` on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Mdm = Callable[..., Any]
TOWNS = ["Bristol", "Leeds", "York", "Bath"]


@pytest.fixture
def loaded(mdm: Mdm, folder: Path) -> Path:
    for source, suffix in (("crm", "Ltd"), ("erp", "Limited")):
        lines = [f"{source}{t},{t} Lantern {suffix},{t},{t.lower()}lantern.co.uk" for t in TOWNS]
        (folder / f"{source}.csv").write_text("\n".join(["id,name,city,website", *lines]) + "\n")
        mdm("load", "--source", source, "--entity", "client", f"{source}.csv")
    return folder


def test_a_model_is_trained_planned_and_applied(mdm: Mdm, loaded: Path) -> None:
    trained = json.loads(mdm("train", "--entity", "client", "--json").out)
    model = json.loads((loaded / "client-model.json").read_text())
    assert (trained["records"], trained["file"]) == (8, "client-model.json")
    model["match_threshold"], model["review_threshold"] = 90.0, 80.0
    (loaded / "strict.json").write_text(json.dumps(model))

    planned = mdm("plan", "--model", "strict.json", "--entity", "client", "--out", "plan.json")
    again = json.loads(mdm("plan", "--model", "strict.json", "--out", "plan.json", "--json").out)

    assert "4 split" in planned.out
    assert "Split:\n  client-" in planned.out
    assert "Nothing was changed" in planned.err
    assert again["counts"]["split"] == 4
    assert "4 split" in mdm("apply", "plan.json").out
    assert len(mdm("crosswalk", "--entity", "client", "--format", "csv").out.splitlines()) == 9
    assert mdm("verify").code == 0
    refused = mdm("apply", "plan.json")
    assert (refused.code, "plan again" in refused.sentence) == (1, True)


def test_a_rule_changed_in_the_settings_is_planned_and_applied(mdm: Mdm, loaded: Path) -> None:
    (loaded / "mdm.toml").write_text('[survivorship.client]\nname = "prefer(crm)"\n')

    assert "4 values" in mdm("plan", "--out", "plan.json").out
    assert "Limited" in mdm("export", "--entity", "client", "--format", "csv").out
    assert "4 values" in mdm("apply", "plan.json").out
    assert "Limited" not in mdm("export", "--entity", "client", "--format", "csv").out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("plan", "--model", "none.json"), "holds no model"),
        (("apply", "none.json"), "is no plan"),
        (("train", "--entity", "rate"), "nothing to train"),
        (("train", "--entity", "vendor"), "no entity type"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(mdm: Mdm, words: tuple[str, ...], sentence: str) -> None:
    outcome = mdm(*words)

    assert outcome.code in (1, 2)
    assert sentence in outcome.sentence
