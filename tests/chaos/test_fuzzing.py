"""A sample of the fuzzing campaign S3; `make chaos ARGS='--only S3'` runs the whole one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fuzzing import DOORS, GRANTS, fuzz, served

pytestmark = pytest.mark.timeout(300)  # a machine that does much else at once needs its time

EXAMPLES = {"rest": 3, "graphql": 3}
FEWEST = {"rest": 300, "graphql": 90}
"""Cases: with fewer, schemathesis has not reached what it should. Together they are about 2,000."""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    """Address and keys of a hub that all these tests share: what one breaks, the others may stumble over."""
    folder = tmp_path_factory.mktemp("fuzzed")
    with served(f"sqlite:///{(folder / 'hub.db').as_posix()}") as found:
        yield found


@pytest.mark.parametrize("role", GRANTS)
@pytest.mark.parametrize("door", DOORS)
def test_whatever_a_generator_sends_the_hub_fails_never(
    hub: tuple[str, dict[str, str]], tmp_path: Path, role: str, door: str
) -> None:
    address, keys = hub

    found = fuzz(address, keys[role], door, tmp_path, examples=EXAMPLES[door], seed=4711)

    assert found.failures == ()
    assert found.cases >= FEWEST[door]
