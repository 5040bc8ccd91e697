# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""Paced benches in a lab book: `Bench.timing`, `real_time`, `timing_budget`."""

import os
from typing import Any

import pytest
from doppelpack import Bench, DataError
from doppelpack.units import V, s

OUT_OF_REACH = 1e6  # simulated seconds per second


def test_as_fast_as_possible_has_no_timing() -> None:
    with Bench() as b:
        b.run(1)
        assert b.timing is None


def test_a_paced_bench_says_how_late_it_was() -> None:
    with Bench(speed=50, timing_budget=0.005 * s) as b:
        assert b.timing is None  # it has not begun
        b.run(1)
        timing = b.timing
        result = b.finish()["timing"]
    assert timing is not None
    assert (timing.speed, timing.budget_ms) == (50, 5)
    assert timing.slots == result["slots"] > 0
    assert timing.max_us == pytest.approx(result["lateness_us"]["max"], abs=0.001)
    assert 0 <= timing.p50_us <= timing.p99_us <= timing.p99_9_us
    assert f"{timing.slots} slots" in str(timing)


def test_what_cannot_be_kept_up_with_is_not_valid() -> None:
    with Bench(speed=OUT_OF_REACH) as b:
        b.run(2000)
        timing = b.timing
    assert timing is not None
    assert not timing.is_valid
    assert timing.reason
    assert str(timing).startswith(f"timing not valid, {timing.reason}")


def test_real_time_is_asked_for_and_undone() -> None:
    before = os.sched_getscheduler(0)
    with Bench(real_time=True) as b:
        b.run(0.05)
        timing = b.timing
    assert timing is not None
    assert timing.speed == 1
    assert "spin 100 us" in timing.scheduling
    assert any("SCHED_FIFO" in line for line in timing.scheduling)  # as granted or refused
    assert any("memory" in line for line in timing.scheduling)
    assert os.sched_getscheduler(0) == before


def test_real_time_may_have_another_speed() -> None:
    with Bench.from_scenario("over-charge", speed=20, real_time=True) as b:
        b.run(1)
        timing = b.timing
    assert timing is not None
    assert timing.speed == 20
    assert "spin 100 us" in timing.scheduling


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"timing_budget": 0.001}, "timing_budget: found a bench that is not paced"),
        ({"timing_budget": 2.0, "speed": 1}, "timing_budget: found 2.0, expected"),
        ({"timing_budget": 3 * V, "speed": 1}, "timing_budget: "),
        ({"real_time": True, "speed": 0.0}, "speed: found 0.0, expected"),
    ],
)
def test_what_makes_no_sense_is_one_line(options: dict[str, Any], says: str) -> None:
    with pytest.raises(DataError) as raised:
        Bench(**options)
    assert str(raised.value).startswith(says)
