from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, contextmanager
from pathlib import Path

import pytest
from sqlmodel import Session

from mdm.access import Principal
from mdm.change_feed import Tail, following
from mdm.errors import RefusedError, StoreError
from mdm.hub import Hub
from mdm.testing import hub_at, record, take_in


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    opened = hub_at(f"sqlite:///{(tmp_path / 'hub.db').as_posix()}")
    yield opened
    opened.close()


def arrive(hub: Hub, key: str) -> None:
    take_in(hub, "crm", "client", [record(key, name=f"Firm {key} of Leeds")])


async def until(tail: Tail, last: int, after: int | None = 0) -> list[int]:
    """The numbers that a follower hears up to `last`."""
    heard: list[int] = []
    async with aclosing(tail.follow(after)) as pages:
        async for page in pages:
            heard += [change.number for change in page.changes]
            if heard[-1] >= last:
                break
    return heard


def test_a_follower_hears_what_was_and_then_what_comes_without_a_gap(hub: Hub) -> None:
    arrive(hub, "A")

    async def both() -> list[int]:
        tail = Tail(hub, interval=0.01)
        listening = asyncio.create_task(until(tail, 6))
        await asyncio.to_thread(arrive, hub, "B")
        return await listening

    assert asyncio.run(both()) == [1, 2, 3, 4, 5, 6]


def test_without_a_number_a_follower_hears_only_what_comes(hub: Hub) -> None:
    arrive(hub, "A")

    async def later() -> list[int]:
        tail = Tail(hub, interval=0.01)
        pages = tail.follow(None)
        first = asyncio.ensure_future(anext(pages))
        while tail._watching is None:
            await asyncio.sleep(0)
        await asyncio.to_thread(arrive, hub, "B")
        page = await first
        await pages.aclose()
        return [change.number for change in page.changes]

    assert asyncio.run(later()) == [4, 5, 6]


def test_a_slow_follower_holds_nobody_up_and_misses_nothing(hub: Hub) -> None:
    async def race() -> tuple[list[int], list[int]]:
        tail = Tail(hub, interval=0.01)
        slow = tail.follow(0)
        for key in "ABC":
            await asyncio.to_thread(arrive, hub, key)
        quick = await until(tail, 9)
        heard: list[int] = []
        while len(heard) < 9:
            heard += [change.number for change in (await anext(slow)).changes]
        await slow.aclose()
        return quick, heard

    quick, heard = asyncio.run(race())
    assert quick == heard == list(range(1, 10))


def test_an_outage_of_the_store_is_waited_out(hub: Hub) -> None:
    arrive(hub, "A")

    class Flaky:
        reads = 0

        @contextmanager
        def read(self, principal: Principal | None = None) -> Iterator[Session]:
            self.reads += 1
            if self.reads in {2, 3}:
                raise StoreError("gone for a moment")
            with hub.read() as session:
                yield session

    assert asyncio.run(until(Tail(Flaky(), interval=0.01), 3)) == [1, 2, 3]


def test_closing_ends_every_follower(hub: Hub) -> None:
    async def closed() -> list[object]:
        tail = Tail(hub, interval=0.01)

        async def all_of(pages: AsyncIterator[object]) -> list[object]:
            return [page async for page in pages]

        waiting = asyncio.create_task(all_of(tail.follow(0)))
        while tail._watching is None:
            await asyncio.sleep(0)
        tail.close()
        return await waiting

    assert asyncio.run(closed()) == []


def test_one_follower_too_many_is_refused(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "MOST_FOLLOWERS", 0)

    with pytest.raises(RefusedError, match="/api/v1/changes"):
        asyncio.run(until(Tail(hub), 1))
