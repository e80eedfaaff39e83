"""How long a worker may take to start."""

from __future__ import annotations

from mdm.app.patience import Start


def test_a_slow_worker_is_told_of_every_two_minutes_and_replaced_after_ten() -> None:
    start = Start(at=1000.0)
    seen = [(s, str(start.step(1000.0 + s, slow=120, hopeless=600))) for s in range(0, 601, 10)]

    assert [(s, step) for s, step in seen if step != "wait"] == [
        (120, "tell"), (240, "tell"), (360, "tell"), (480, "tell"), (600, "again"),
    ]  # fmt: skip


def test_a_worker_in_time_is_left_alone() -> None:
    assert Start(at=5.0).step(124.9, slow=120, hopeless=600) == "wait"
