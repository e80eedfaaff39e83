from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdm.intake.amounts import number
from mdm.intake.moments import instant, iso_day
from mdm.intake.transforms import compile_transform


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1234.5", 1234.5),
        ("1,234.50", 1234.5),
        ("1.234,50", 1234.5),
        ("1 234,50", 1234.5),
        ("1\u202f234,50", 1234.5),
        ("1'234.50", 1234.5),
        ("€ 1.234,50", 1234.5),
        ("1,234.50 USD", 1234.5),
        ("$1,234.50", 1234.5),
        ("EUR 12", 12.0),
        ("1,234,567", 1234567.0),
        ("1.234.567", 1234567.0),
        ("1,5", 1.5),
        ("-7", -7.0),
        ("\N{MINUS SIGN}7", -7.0),
        ("1e3", 1000.0),
        (" 12 ", 12.0),
        (12, 12.0),
        (Decimal("12.30"), 12.3),
    ],
)
def test_a_number_is_read_where_only_one_reading_is_possible(text: object, expected: float) -> None:
    assert number(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "1,234",
        "abc",
        "12%",
        "1.2.3",
        "1,23,4",
        "nan",
        "inf",
        "1_000",
        True,
        float("nan"),
        "--1",
        "€",
        10**400,
    ],
)
def test_what_is_no_number_or_could_be_two_is_refused(text: object) -> None:
    with pytest.raises(ValueError):
        number(text)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_that_python_writes_is_read_back(value: float) -> None:
    assert number(repr(value)) == value


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-03-31", "2026-03-31"),
        ("20260331", "2026-03-31"),
        ("2026-03-31T23:30:00-05:00", "2026-03-31"),
        ("2026-03-31 10:00", "2026-03-31"),
        ("31/03/2026", "2026-03-31"),
        (date(2026, 3, 31), "2026-03-31"),
        (datetime(2026, 3, 31, 10, tzinfo=UTC), "2026-03-31"),
    ],
)
def test_a_day_is_read_in_iso_8601_or_a_named_format(value: object, expected: str) -> None:
    assert iso_day(value, ["%d/%m/%Y"]) == expected


@pytest.mark.parametrize(
    "value", ["31.02.2026", "2026-02-30", "03/31/26", "soon", "Q3 2026", "2026", 45000, True]
)
def test_what_is_no_day_is_never_guessed(value: object) -> None:
    with pytest.raises(ValueError, match="is no date"):
        iso_day(value, ["%d/%m/%Y"])


def test_an_instant_without_a_zone_is_utc() -> None:
    assert instant("2026-03-01T12:00:00") == datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert instant("2026-03-01T12:00:00.000+0200") == datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert instant(date(2026, 3, 1)) == datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("transform", "value", "expected"),
    [
        ("strip", " a ", "a"),
        ("lower", "ACME", "acme"),
        ("upper", "de", "DE"),
        ("title", "main street", "Main Street"),
        ("first_line", "\n1 Quay Road\nFloor 2", "1 Quay Road"),
        ("given_name", "Amara Ngozi Okoye", "Amara Ngozi"),
        ("given_name", "Okoye, Amara", "Amara"),
        ("given_name", "Cher", ""),
        ("family_name", "Amara Okoye", "Okoye"),
        ("family_name", "Okoye, Amara", "Okoye"),
        ("family_name", "Ludwig van Beethoven", "van Beethoven"),
        ("family_name", "Ana de la Cruz", "de la Cruz"),
        ("family_name", "Martin King, Jr.", "King"),
        ("family_name", "Cher", "Cher"),
        ("split:,:0", "Berlin, DE", "Berlin"),
        ("split:,:-1", "Berlin, DE", "DE"),
        ("split::::1", "a::b", "b"),
        ("split:,:5", "Berlin", None),
        ("prefix:DE", "123", "DE123"),
        ("remove_prefix:C-", "C-17", "17"),
        ("digits", "+44 (20) 79", "442079"),
        ("cents", "12345", 123.45),
        ("date", "2026-03-31T10:00:00Z", "2026-03-31"),
        ("epoch_ms", 1793606400000, "2026-11-02T08:00:00+00:00"),
        ("ms_date", "/Date(1793606400000+0000)/", "2026-11-02T08:00:00+00:00"),
        ("join", ["1 Quay Road", None, " Floor 2"], "1 Quay Road, Floor 2"),
        ("join: / ", ["a", "b"], "a / b"),
    ],
)
def test_a_transform_does_one_small_thing(transform: str, value: object, expected: object) -> None:
    assert compile_transform(transform)(value) == expected


@pytest.mark.parametrize(
    ("transform", "says"),
    [
        ("uper", "did you mean 'upper'"),
        ("split:,", "position"),
        ("prefix", "needs a text"),
        ("lower:x", "no transform"),
    ],
)
def test_a_transform_that_does_not_exist_is_refused(transform: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        compile_transform(transform)
