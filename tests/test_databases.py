"""The fixtures that every other test stands on."""

from __future__ import annotations

import socket

import pytest
from sqlalchemy import create_engine, inspect, make_url, text


@pytest.mark.parametrize("turn", ["first", "second"])
def test_each_test_has_an_empty_database_of_its_own(database_url: str, turn: str) -> None:
    engine = create_engine(database_url)
    before = inspect(engine).get_table_names()
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE left_behind (turn VARCHAR(9))"))
        connection.execute(text("INSERT INTO left_behind VALUES (:turn)"), {"turn": turn})
        turns = connection.scalars(text("SELECT turn FROM left_behind")).all()
    engine.dispose()

    assert before == []
    assert turns == [turn]


def test_both_databases_are_addressed_as_the_hub_expects(database_url: str) -> None:
    assert make_url(database_url).drivername in {"sqlite", "postgresql+psycopg"}


def test_a_connection_that_would_leave_the_machine_is_refused() -> None:
    with socket.socket() as one, pytest.raises(PermissionError, match="must not leave this machine"):
        one.connect(("192.0.2.1", 80))
