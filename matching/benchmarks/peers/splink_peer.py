"""Splink on DuckDB: comparisons, block rules and training as in its demonstrations for data of that kind."""

from __future__ import annotations

import logging
from importlib.metadata import version

import duckdb
import numpy as np
import pandas as pd
import splink.comparison_library as cl
from contest import LINKS, NoSetUpError, components, contend
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

# The probability at which the demonstrations cluster.
CLUSTER_AT = 0.95


def _term(column):
    return cl.ExactMatch(column).configure(term_frequency_adjustments=True)


def fake_1000():
    comparisons = [
        cl.ForenameSurnameComparison("first_name", "surname"),
        cl.DateOfBirthComparison("dob", input_is_string=True),
        _term("city"),
        cl.EmailComparison("email"),
    ]
    rules = [block_on("first_name"), block_on("surname"), block_on("dob"), block_on("email")]
    sure = ["l.first_name = r.first_name and levenshtein(r.dob, l.dob) <= 1", "l.email = r.email"]
    return (
        comparisons,
        rules,
        (sure, 0.7),
        [block_on("dob"), block_on("email"), block_on("first_name", "surname")],
    )


def febrl():
    comparisons = [
        cl.NameComparison("given_name"),
        cl.NameComparison("surname"),
        cl.DateOfBirthComparison(
            "date_of_birth", input_is_string=True, datetime_format="%Y%m%d", invalid_dates_as_null=True
        ),
        cl.DamerauLevenshteinAtThresholds("soc_sec_id", [2]),
        _term("street_number"),
        _term("postcode"),
    ]
    rules = [block_on(name) for name in ("soc_sec_id", "given_name", "surname", "date_of_birth", "postcode")]
    sure = [
        "l.soc_sec_id = r.soc_sec_id",
        "l.given_name = r.given_name and l.surname = r.surname and l.date_of_birth = r.date_of_birth",
    ]
    return comparisons, rules, (sure, 0.9), [block_on("date_of_birth"), block_on("postcode")]


def rldata10000():
    comparisons = [
        cl.NameComparison("fname_c1"),
        cl.NameComparison("lname_c1"),
        _term("year"),
        _term("bm"),
        _term("bd"),
    ]
    rules = [
        block_on("fname_c1", "lname_c1"), block_on("fname_c1", "year"), block_on("lname_c1", "year"),
        block_on("year", "bm", "bd"), block_on("lname_c1", "bm", "bd"), block_on("fname_c1", "bm", "bd"),
    ]  # fmt: skip
    sure = ["l.fname_c1 = r.fname_c1 and l.lname_c1 = r.lname_c1 and l.year = r.year"]
    return comparisons, rules, (sure, 0.8), [block_on("fname_c1", "lname_c1"), block_on("year", "bm", "bd")]


def historical_50k():
    comparisons = [
        cl.ForenameSurnameComparison("first_name", "surname"),
        cl.DateOfBirthComparison("dob", input_is_string=True),
        cl.PostcodeComparison("postcode_fake"),
        _term("birth_place"),
        _term("occupation"),
    ]
    rules = [
        block_on("substr(first_name,1,3)", "substr(surname,1,4)"), block_on("surname", "dob"),
        block_on("first_name", "dob"), block_on("postcode_fake", "first_name"),
        block_on("postcode_fake", "surname"), block_on("dob", "birth_place"),
        block_on("substr(postcode_fake,1,3)", "dob"), block_on("substr(postcode_fake,1,3)", "first_name"),
        block_on("substr(postcode_fake,1,3)", "surname"),
        block_on("substr(first_name,1,2)", "substr(surname,1,2)", "substr(dob,1,4)"),
    ]  # fmt: skip
    sure = [
        "l.first_name = r.first_name and l.surname = r.surname and l.dob = r.dob",
        "l.dob = r.dob and l.postcode_fake = r.postcode_fake",
    ]
    return comparisons, rules, (sure, 0.6), [block_on("first_name", "surname"), block_on("dob")]


def people():
    comparisons = [
        cl.ForenameSurnameComparison("first_name", "last_name"),
        cl.DateOfBirthComparison("birth_date", input_is_string=True),
        cl.JaroWinklerAtThresholds("street", [0.9]),
        _term("postcode"),
        cl.DamerauLevenshteinAtThresholds("phone", [1]),
        cl.EmailComparison("email"),
        cl.DamerauLevenshteinAtThresholds("national_id", [1]),
    ]
    rules = [
        block_on("national_id"), block_on("email"), block_on("phone"), block_on("last_name", "birth_date"),
        block_on("first_name", "birth_date"), block_on("postcode", "birth_date"),
        block_on("first_name", "last_name", "postcode"), block_on("first_name", "last_name", "city"),
    ]  # fmt: skip
    sure = ["l.national_id = r.national_id", "l.email = r.email"]
    return comparisons, rules, (sure, 0.6), [block_on("first_name", "last_name"), block_on("birth_date")]


def orgs():
    comparisons = [
        cl.JaroWinklerAtThresholds("name", [0.95, 0.88, 0.75]),
        cl.JaroWinklerAtThresholds("street", [0.9]),
        _term("postcode"),
        _term("country"),
        cl.DamerauLevenshteinAtThresholds("phone", [1]),
        _term("website"),
        cl.DamerauLevenshteinAtThresholds("tax_id", [1]),
    ]
    rules = [
        block_on("tax_id"), block_on("website"), block_on("phone"), block_on("name"),
        block_on("split_part(name, ' ', 1)", "postcode"), block_on("split_part(name, ' ', 1)", "city"),
    ]  # fmt: skip
    return (
        comparisons,
        rules,
        (["l.tax_id = r.tax_id"], 0.5),
        [block_on("name"), block_on("tax_id"), block_on("postcode")],
    )


SET_UPS = {
    "fake_1000": fake_1000, "febrl3": febrl, "febrl4": febrl, "rldata10000": rldata10000,
    "historical_50k": historical_50k, "people": people, "orgs": orgs,
}  # fmt: skip


def solve(name, columns, _):
    logging.getLogger("splink").setLevel(logging.ERROR)
    set_up = SET_UPS.get(name.split("_1")[0] if name[:4] in ("peop", "orgs") else name)
    if set_up is None:
        raise NoSetUpError("no demonstration of Splink fits this set")
    comparisons, rules, (sure, recall), blocks = set_up()
    frame = pd.DataFrame(
        {key: pd.Series(values, dtype=object) for key, values in columns.items() if key != "source"}
    )
    frame = frame.drop(columns="record_id").map(
        lambda value: value.lower() if isinstance(value, str) else None
    )
    frame = frame.rename(columns={"by": "year"})  # SQL keeps "by" for itself
    frame["row"] = np.arange(len(frame))
    connection = duckdb.connect()
    api = DuckDBAPI(connection=connection)
    link = name in LINKS
    settings = SettingsCreator(
        unique_id_column_name="row",
        link_type="link_only" if link else "dedupe_only",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=rules,
        retain_intermediate_calculation_columns=False,
        retain_matching_columns=False,
    )
    origin = np.array(columns["source"])
    parts = [frame[origin == one] for one in sorted(set(columns["source"]))] if link else [frame]
    tables = []
    for number, part in enumerate(parts):
        connection.register(f"given_{number}", part)
        connection.execute(f"create table taken_{number} as select * from given_{number}")
        tables.append(
            api.register(connection.table(f"taken_{number}"), dataset_display_name=f"part_{number}")
        )
    linker = Linker(tables if link else tables[0], settings)
    linker.training.estimate_probability_two_random_records_match(sure, recall=recall)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for block in blocks:
        linker.training.estimate_parameters_using_expectation_maximisation(block)
    predicted = linker.inference.predict(threshold_match_weight=-20).as_pandas_dataframe()
    left, right = predicted["row_l"].to_numpy(), predicted["row_r"].to_numpy()
    chosen = predicted["match_probability"].to_numpy() >= CLUSTER_AT
    labels = components(len(frame), left[chosen], right[chosen])
    return {
        "labels": labels,
        "left": left,
        "right": right,
        "score": predicted["match_weight"],
        "version": version("splink"),
    }


if __name__ == "__main__":
    contend(solve)
