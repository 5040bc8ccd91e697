# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""The same scenario and seed give the same event log, whoever runs it and however it is watched."""

import re
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import doppelpack
import numpy as np
import pytest
from doppelpack import Bench

SCENARIO = "over-charge"
Run = Callable[..., CompletedProcess[str]]


def reported_hash(finished: CompletedProcess[str]) -> str:
    (found,) = re.findall(r"sha256 ([0-9a-f]{64})", finished.stdout)
    return str(found)


@pytest.mark.parametrize("seed", [1, 4711])
def test_program_and_package_agree(run: Run, seed: int) -> None:
    first = run("run", SCENARIO, "--seed", seed)
    second = run("run", SCENARIO, "--seed", seed)
    package = doppelpack.run_scenario(SCENARIO, seed=seed)
    hashes = {reported_hash(first), reported_hash(second), package["event_log_sha256"]}
    assert len(hashes) == 1


def test_another_seed_is_another_specimen(run: Run) -> None:
    first = run("run", SCENARIO, "--seed", 1)
    second = run("run", SCENARIO, "--seed", 2)
    assert reported_hash(first) != reported_hash(second)


def test_the_hash_is_that_of_the_file(run: Run, tmp_path: Path) -> None:
    import hashlib

    finished = run("run", SCENARIO, "--out", tmp_path)
    assert (
        reported_hash(finished)
        == hashlib.sha256((tmp_path / "events.jsonl").read_bytes()).hexdigest()
    )


def busy(bench: Bench, watch: Callable[[], object] = lambda: None) -> str:
    bench.run(2)
    watch()
    bench.set("inverter1/demand_W", 2500)
    bench.run(20)
    watch()
    bench.inject("ntc-open", target=1)
    bench.run(5)
    watch()
    return bench.event_log_sha256


def test_watching_changes_nothing(tmp_path: Path) -> None:
    plain = busy(Bench())
    eager = Bench(record=["*"], record_period=0.01, out=tmp_path)

    def look() -> None:
        for name in eager.signals:
            assert isinstance(eager[name], float)
            eager.word(name)
            eager.recorded(name)

    assert busy(eager, look) == plain


def test_pauses_change_nothing() -> None:
    def run_all(steps: list[float]) -> tuple[str, float]:
        bench = Bench()
        bench.set("inverter1/demand_W", 2500)
        for step in steps:
            bench.run(step)
        return bench.event_log_sha256, bench["pack1/soc"]

    assert run_all([12]) == run_all([0.001] * 2000 + [10]) == run_all([0.1234, 0.8766, 11])


def test_pacing_changes_nothing() -> None:
    assert busy(Bench(speed=20)) == busy(Bench())


def test_benches_take_turns() -> None:
    alone = busy(Bench(seed=5)), busy(Bench("pylontech-us5000", seed=6))

    first, second = Bench(seed=5), Bench("pylontech-us5000", seed=6)
    for bench in (first, second):
        bench.run(2)
        bench.set("inverter1/demand_W", 2500)
    for _ in range(20):
        first.run(1)
        second.run(1)
    for bench in (second, first):
        bench.inject("ntc-open", target=1)
    first.run(5)
    second.run(5)
    assert (first.event_log_sha256, second.event_log_sha256) == alone


def test_a_bench_goes_on_when_another_one_is_gone() -> None:
    expected = busy(Bench())
    bench = Bench()
    other = Bench("pylontech-us5000")
    other.run(1)
    other.close()
    del other
    assert busy(bench) == expected


def test_the_same_seed_gives_the_same_numbers() -> None:
    def currents() -> np.ndarray:
        bench = Bench(seed=9)
        bench.set("inverter1/demand_W", -3000)
        bench.run(30)
        return bench.recorded("bms1/current_A")

    assert np.array_equal(currents(), currents())
