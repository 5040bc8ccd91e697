# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""Snapshots and forks of a bench."""

from pathlib import Path

import pytest
from doppelpack import Bench, DataError, Snapshot


def charging() -> Bench:
    bench = Bench(initial_soc=0.6)
    bench.set("inverter1/demand_W", "3 kW")
    bench.run(30)
    return bench


def test_a_fork_does_what_the_bench_does() -> None:
    bench = charging()
    fork = bench.fork()
    assert fork.now == bench.now == 30
    for each in (bench, fork):
        each.inject("ntc-open", target=2)
        each.run(10)
    assert fork.event_log_sha256 == bench.event_log_sha256
    assert fork["pack1/current_A"] == bench["pack1/current_A"]


def test_forks_know_nothing_of_each_other() -> None:
    bench = charging()
    faulty = bench.fork()
    faulty.inject("ntc-open", target=2)
    faulty.run(5)
    bench.run(5)
    assert (faulty.word("bms1/charge_gate"), bench.word("bms1/charge_gate")) == ("open", "closed")


def test_a_bench_goes_back_and_does_the_same_again(tmp_path: Path) -> None:
    bench = charging()
    bench.snapshot().save(tmp_path / "charging.state")
    bench.run(20)
    once = bench.event_log_sha256, bench["pack1/soc"]
    bench.finish()
    snapshot = Snapshot.load(tmp_path / "charging.state")
    assert (snapshot.now, snapshot.scenario) == (30, "generic-16s")
    bench.restore(snapshot)
    assert bench.now == 30
    bench.run(20)
    assert (bench.event_log_sha256, bench["pack1/soc"]) == once


def test_recording_begins_at_the_snapshot() -> None:
    fork = charging().fork()
    fork.run(5)
    assert fork.time[0] == 30
    assert [event["event"] for event in fork.events][:1] == ["start"]


def test_a_fork_of_a_snapshot() -> None:
    bench = charging()
    snapshot = bench.snapshot()
    bench.run(100)
    assert bench.fork(snapshot).now == 30


def test_a_snapshot_of_something_else_is_refused() -> None:
    with pytest.raises(DataError, match="snapshot.fingerprint: found one of another"):
        Bench(initial_soc=0.7).restore(charging().snapshot())


def test_time_does_not_go_back_outside(tmp_path: Path) -> None:
    bench = Bench(out=tmp_path / "out")
    with pytest.raises(ValueError, match="a bench with ports or a folder goes on only"):
        bench.restore(bench.snapshot())


def test_a_finished_bench_has_no_more_moments() -> None:
    bench = charging()
    bench.finish()
    with pytest.raises(ValueError, match="finished"):
        bench.snapshot()
