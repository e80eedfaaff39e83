"""The model as a document, and the probability of a weight."""

from __future__ import annotations

import json

import numpy as np
import pytest

from mdm_matching import MatchModel, ModelDocumentError, probability, reasons, waterfall_svg


def test_a_model_reads_back_what_it_wrote_byte_for_byte(model, tmp_path):
    model.save(tmp_path / "model.json")
    read = MatchModel.load(tmp_path / "model.json")

    assert read == model
    assert read.to_json() == model.to_json()
    assert read.version == model.version


def test_another_threshold_is_another_version(model):
    assert model.with_thresholds(match=9.0, review=1.0).version != model.version


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 99}', "nonsense"])
def test_a_text_that_is_no_model_is_refused(text):
    with pytest.raises(ModelDocumentError):
        MatchModel.from_json(text)


def test_an_unknown_semantic_type_is_refused_by_name(model):
    body = json.loads(model.to_json())
    body["columns"][0]["semantic"] = "aura"

    with pytest.raises(ModelDocumentError, match="aura"):
        MatchModel.from_json(json.dumps(body))


def test_a_weight_of_ten_bits_is_a_thousand_to_one():
    assert probability(np.array([0.0, 10.0, -10.0])) == pytest.approx([0.5, 1024 / 1025, 1 / 1025])
    assert probability(np.array([5000.0, -5000.0])).tolist() == pytest.approx([1.0, 0.0])


def test_the_waterfall_names_every_reason_and_escapes_what_it_shows(model, make):
    found = reasons(model, make([("<anna>", "smith", "", ""), ("<anna>", "smyth", "", "")]), 0, 1)
    picture = waterfall_svg(found, model.prior)

    assert picture.startswith("<svg")
    assert picture.endswith("</svg>")
    assert "given: same" in picture
    assert "family: close" in picture
    assert "<anna>" not in picture
