# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""Scenarios from Python."""

import json
from pathlib import Path

import doppelpack
import pytest
from doppelpack import Bench

SHORT = """\
scenario: short
title: Charge for a while
product: pylontech-us5000
duration: 20 s
row: [RES-A3]
seed: 5
initial: {soc: 40 %}
timeline:
  - {id: begin, at: 2 s, set: {inverter1/demand_W: 1 kW}}
expect:
  - {name: it charges, proves: recovery, by: 15 s, that: pack1/current_A > 10 A}
  - {name: it does not fill up, at_end: pack1/soc < 45 %}
record: {period: 500 ms, signals: [pack1/soc, pack1/current_A]}
"""


@pytest.fixture
def short(tmp_path: Path) -> Path:
    file = tmp_path / "short.yaml"
    file.write_text(SHORT)
    return file


def test_run_scenario(short: Path, tmp_path: Path) -> None:
    result = doppelpack.run_scenario(short, out=tmp_path / "out")
    assert result["has_passed"]
    assert result["simulated_s"] == pytest.approx(20)
    assert [verdict["name"] for verdict in result["expectations"]] == [
        "it charges",
        "it does not fill up",
    ]
    assert result["rows"] == ["RES-A3"]
    assert [verdict["proves"] for verdict in result["expectations"]] == ["recovery", None]
    assert result == json.loads((tmp_path / "out" / "result.json").read_text())


def test_a_scenario_bench_is_a_bench(short: Path) -> None:
    with Bench.from_scenario(short) as bench:
        assert bench.duration == 20
        assert bench.seed == 5
        assert bench.recorded_signals == ["pack1/soc", "pack1/current_A"]
        bench.run(10)
        assert bench["pack1/current_A"] > 10
        bench.run()
        assert bench.now == 20
        assert len(bench.time) == pytest.approx(40, abs=1)
        assert bench.finish()["has_passed"]


def test_interference_can_make_it_fail(short: Path) -> None:
    with Bench.from_scenario(short) as bench:
        bench.inject("charge-mosfet-stuck-open")
        bench.run()
        result = bench.finish()
    assert not result["has_passed"]
    first, second = result["expectations"]
    assert not first["has_held"]
    assert first["reason"]
    assert second["has_held"]


@pytest.mark.parametrize(
    ("overrides", "soc"),
    [
        ({"initial.soc": "80 %"}, 0.8),
        ({"initial.soc": 0.25}, 0.25),
        ({"initial.soc": 1}, 1.0),
        ({}, 0.4),
    ],
)
def test_overrides(short: Path, overrides: dict[str, float | str], soc: float) -> None:
    bench = Bench.from_scenario(short, overrides)
    assert bench["pack1/soc"] == pytest.approx(soc)


def test_seed_replaces_that_of_the_file(short: Path) -> None:
    assert doppelpack.run_scenario(short, seed=6)["seed"] == 6


def test_check_and_the_catalogues(short: Path) -> None:
    assert doppelpack.check(short) == "scenario"
    assert doppelpack.check(doppelpack.products()[0]["file"]) == "product"
    assert doppelpack.check(doppelpack.inverters()[0]["file"]) == "inverter"
    assert (doppelpack.data_folder() / "products").is_dir()
    keys = [scenario["key"] for scenario in doppelpack.scenarios()]
    assert "over-charge" in keys
    for entry in doppelpack.products() + doppelpack.scenarios():
        assert Path(entry["file"]).is_file()
        assert entry["title"]
