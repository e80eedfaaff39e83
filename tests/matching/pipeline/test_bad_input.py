"""Records that nobody would wish for: a sane answer or a clear error, never a crash."""

from __future__ import annotations

import numpy as np
import pytest

from mdm_matching import MatchModel, NoEvidenceError, match
from mdm_matching.semantics import BirthDate, City, Email, FullName, OrganisationName, Phone

PERSON = {"name": FullName(), "email": Email(), "phone": Phone()}


def people(rows: int) -> list[str]:
    """Names that are all different."""
    draw = np.random.default_rng(3).integers(97, 123, (rows, 9)).tolist()
    return [bytes(letters[:4]).decode() + " " + bytes(letters[4:]).decode() + "son" for letters in draw]


def test_no_column_is_an_error_that_says_what_to_do():
    with pytest.raises(NoEvidenceError, match="name the type of at least one column"):
        match({})


def test_no_row_gives_no_cluster():
    found = match({"name": [], "email": []}, semantics=PERSON)

    assert (len(found.labels), len(found.pairs.left), found.plan.pairs) == (0, 0, 0)


def test_one_row_is_a_cluster_of_its_own():
    found = match({"name": ["Anna Smith"], "email": ["a.smith@acme.com"]})

    assert found.labels.tolist() == [0]


def test_rows_that_are_all_equal_are_one_thing():
    found = match({"name": ["Anna Smith"] * 3000, "email": ["anna.smith@acme.com"] * 3000}, semantics=PERSON)

    assert set(found.labels.tolist()) == {0}
    assert len(found.pairs.left) == 2999


def test_a_column_that_is_blank_throughout_says_nothing():
    names = people(200)
    beside = match({"name": names, "email": [None] * 200, "phone": [""] * 200}, semantics=PERSON)
    alone = match({"name": names}, semantics={"name": FullName()})

    assert beside.labels.tolist() == alone.labels.tolist()


@pytest.mark.parametrize("semantic", [FullName(), OrganisationName(), City()], ids=lambda s: s.name)
def test_values_of_ten_megabytes_are_read_in_part(semantic):
    long = "abc de f " * 1_100_000
    found = match({"name": [long, long, "Anna Smith", long + "x"]}, semantics={"name": semantic})

    pairs = set(zip(found.pairs.left.tolist(), found.pairs.right.tolist(), strict=True))
    assert {(0, 1), (0, 3)} <= pairs <= {(0, 1), (0, 3), (1, 3)}
    assert len(set(found.pairs.weight.tolist())) == 1


def test_mixed_scripts_emoji_and_broken_signs_match_nothing_they_should_not():
    names = [
        "Анна Смит",
        "アンナ 😀",
        "😀😀",
        "株式会社トヨタ",
        "Anna\u202eSmith",
        "a\x00b",
        " \ud800x",
        "Anna Smith",
    ]
    found = match({"name": names * 2, "email": ["😀@b.de", "я@пример.рф", None, "x", "@", "", " ", "\n"] * 2})

    joined = {(label, name) for label, name in zip(found.labels.tolist(), names * 2, strict=True)}
    assert len({label for label, _ in joined}) == len(joined) >= 8


def test_a_value_that_all_records_share_makes_no_explosion_of_pairs():
    rows = 5_000
    columns = {"name": people(rows), "city": ["Paris"] * rows, "phone": ["+49 711 123456"] * rows}
    found = match(columns, semantics={"name": FullName(), "city": City(), "phone": Phone()})

    assert found.plan.pairs < 20 * rows
    assert len(found.pairs.left) < 20 * rows
    assert len(set(found.labels.tolist())) > 0.9 * rows


def test_a_truth_left_in_is_named():
    names = people(60)
    found = match(
        {"name": names + names, "code": [f"T{n:05d}" for n in (*range(60), *range(60))]},
    )

    assert "code" in found.leaks


def test_a_column_that_is_no_answer_is_not_named():
    names = people(60)
    found = match({"name": names + names, "city": ["Paris", "Rome"] * 60}, semantics={"name": FullName()})

    assert found.leaks == ("name",)


def test_a_model_made_for_other_columns_finds_no_evidence():
    model = MatchModel.default("firm", {"company": OrganisationName()})
    found = match({"name": ["Anna Smith", "Anna Smith"]}, model=model)

    assert found.labels.tolist() == [0, 1]


def test_the_plan_bounds_the_pairs_and_says_which_keys_make_them():
    names = people(500)
    found = match(
        {"name": names + names, "city": ["Paris", "Rome"] * 500}, semantics=PERSON | {"city": City()}
    )
    said: list[str] = []
    match({"name": names + names}, semantics={"name": FullName()}, progress=said.append)

    assert len(found.pairs.left) <= found.plan.pairs
    assert found.plan.pairs == found.plan.equal + found.plan.alone + sum(
        kind.pairs for kind in found.plan.kinds
    )
    assert ("name",) in [kind.columns for kind in found.plan.kinds]
    assert [text for text in said if text.startswith("expect at most ") and "by name" in text]
    expected = next(place for place, text in enumerate(said) if text.startswith("expect"))
    assert expected < said.index("compare")


def test_the_plan_bounds_the_pairs_of_weak_keys_by_themselves():
    dates = [f"19{50 + n // 12}-{n % 12 + 1:02d}-17" for n in range(100)]
    found = match({"birth_date": dates * 3, "city": people(300)}, semantics={"birth_date": BirthDate()})

    assert sum(kind.pairs for kind in found.plan.kinds) < len(found.pairs.left) <= found.plan.pairs
