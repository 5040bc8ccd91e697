# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""What a Bench can do."""

import gc
import json
import signal
import subprocess
import sys
from pathlib import Path

import doppelpack
import numpy as np
import pytest
from conftest import events_of
from doppelpack import Bench


def test_powers_up_and_closes_its_gates() -> None:
    bench = Bench()
    assert bench.now == 0
    assert bench.duration is None
    assert bench.product == "generic-16s"
    assert bench.run_until("bms1/charge_gate == closed and bms1/discharge_gate == closed", 5)
    assert 0 < bench.now < 5


def test_starts_as_it_was_told() -> None:
    bench = Bench("pylontech-us5000", initial_soc=0.8, bms_soc=0.6, temperature_degC=31, seed=7)
    bench.run(2)
    assert bench.seed == 7
    assert bench["pack1/soc"] == pytest.approx(0.8, abs=0.001)
    assert bench["bms1/soc"] == pytest.approx(0.6, abs=0.001)
    assert bench["pack1/T_max_degC"] == pytest.approx(31, abs=0.1)


def test_soc_spread_spreads_the_cells() -> None:
    alike, spread = Bench(), Bench(soc_spread=0.02)
    cells = [name for name in alike.signals if name.endswith("/soc") and "pack1/cell" in name]
    assert len(cells) == 16
    assert np.std([alike[cell] for cell in cells]) == 0
    assert 0.005 < np.std([spread[cell] for cell in cells]) < 0.05


def test_run_moves_time_by_what_was_asked() -> None:
    bench = Bench()
    bench.run(1.25)
    bench.run(0.001)
    bench.run(0)
    assert bench.now == pytest.approx(1.251, abs=1e-9)


def test_run_until_stops_at_the_condition_or_at_the_timeout() -> None:
    bench = Bench()
    bench.run(5)
    bench.set("inverter1/demand_W", 1000)
    assert bench.run_until("pack1/current_A > 5 A", timeout=20)
    then = bench.now
    assert bench.run_until("pack1/current_A > 5 A", timeout=20)
    assert bench.now == then, "what holds already needs no time"
    assert not bench.run_until("pack1/soc > 99 %", timeout=1.5)
    assert bench.now == pytest.approx(then + 1.5, abs=1e-9)


def test_the_inverter_does_what_it_is_told_with_number_or_text() -> None:
    bench = Bench(initial_soc=0.5)
    bench.run(5)
    bench.set("inverter1/demand_W", "-1 kW")
    bench.run(10)
    assert bench["inverter1/demand_W"] == -1000
    assert bench["pack1/current_A"] == pytest.approx(-19, abs=2)
    bench.set("inverter1/obeys_limits", False)
    assert bench.word("inverter1/obeys_limits") == "no"
    bench.set("inverter1/obeys_limits", "yes")
    assert bench["inverter1/obeys_limits"] == 1


def test_words() -> None:
    bench = Bench()
    bench.run(3)
    assert bench.word("bms1/charge_gate") == "closed"
    assert bench.word("bms1/state") == "standby"
    assert bench.word("pack1/cell_max_V").endswith(" V")
    assert isinstance(bench["bms1/charge_gate"], float)


def test_fault_on_and_off() -> None:
    bench = Bench()
    bench.run(5)
    assert bench.inject("ntc-open", target=2) == "ntc-open-2"
    assert bench.inject("ntc-offset", target=1, severity="5 K", id="drift") == "drift"
    assert bench.run_until("bms1/charge_gate == open", timeout=5)
    bench.clear("ntc-open-2")
    bench.clear("drift")
    faults = [
        (event["id"], event["is_active"]) for event in bench.events if event["event"] == "fault"
    ]
    assert faults == [
        ("ntc-open-2", True),
        ("drift", True),
        ("ntc-open-2", False),
        ("drift", False),
    ]


def test_severity_as_text_is_the_same_as_the_number() -> None:
    hashes = set()
    for severity in (0.05, "0.05 Ohm", "50 mOhm"):
        bench = Bench()
        bench.inject("terminal-short", severity=severity)
        bench.run(1)
        hashes.add(bench.event_log_sha256)
    assert len(hashes) == 1


def test_button() -> None:
    bench = Bench()
    bench.run(1)
    bench.press("reset", seconds=0.5)
    assert bench.word("bms1/button/reset") == "pressed"
    bench.run(0.6)
    assert bench.word("bms1/button/reset") == "released"


def test_recorded_rows_come_without_a_copy() -> None:
    bench = Bench(record_period=0.1)
    bench.run(5)
    time, soc = bench.time, bench.recorded("pack1/soc")
    assert time.dtype == soc.dtype == np.float64
    assert len(time) == len(soc)
    assert np.allclose(time, 0.1 * np.arange(len(time)))
    assert np.shares_memory(soc, bench.recorded("pack1/soc"))
    for array in (time, soc):
        assert not array.flags.writeable
        with pytest.raises(ValueError, match="WRITEABLE"):
            array.setflags(write=True)


def test_recorded_rows_outlive_growth_and_bench() -> None:
    bench = Bench(record=["pack1/current_A"], record_period=0.001)
    bench.set("inverter1/demand_W", 2000)
    bench.run(3)
    early = bench.recorded("pack1/current_A")
    copy = early.copy()
    bench.run(30)
    late = bench.recorded("pack1/current_A")
    assert len(late) > 10 * len(early) - 100
    assert np.array_equal(late[: len(early)], copy)
    bench.close()
    del bench
    gc.collect()
    assert np.array_equal(early, copy)


def test_what_is_recorded_can_be_chosen() -> None:
    bench = Bench(record=["pack1/cell*/voltage_V", "bms1/soc"])
    assert len(bench.recorded_signals) == 17
    with pytest.raises(doppelpack.DataError, match="pack1/soc"):
        bench.recorded("pack1/soc")


def test_events_are_those_of_the_file(tmp_path: Path) -> None:
    bench = Bench(out=tmp_path)
    bench.run(5)
    bench.inject("ntc-open", target=1)
    bench.run(5)
    assert len(bench.events) > 5
    assert bench.events == events_of(tmp_path)
    assert list(bench.events[0])[:2] == ["t_ns", "event"]


def test_finish_gives_what_is_in_the_file(tmp_path: Path) -> None:
    bench = Bench(out=tmp_path, seed=3)
    bench.run(10)
    result = bench.finish()
    assert result == json.loads((tmp_path / "result.json").read_text())
    assert result["has_passed"] is True
    assert result["seed"] == 3
    assert result["simulated_s"] == pytest.approx(10)
    assert result["event_log_sha256"] == bench.event_log_sha256
    assert bench.finish() == result
    with pytest.raises(ValueError, match="finished"):
        bench.run(1)
    assert bench["pack1/soc"] > 0, "a finished bench can still be read"


def test_context_manager_finishes_and_closes(tmp_path: Path) -> None:
    with Bench(out=tmp_path) as bench:
        bench.run(1)
    assert (tmp_path / "result.json").exists()
    with pytest.raises(ValueError, match="closed"):
        bench["pack1/soc"]
    with pytest.raises(ValueError, match="closed"):
        bench.run(1)


def test_context_manager_does_not_judge_an_aborted_run(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="on purpose"), Bench(out=tmp_path) as bench:
        bench.run(1)
        raise RuntimeError("on purpose")
    assert not (tmp_path / "result.json").exists()


def test_product_and_inverter_by_path() -> None:
    (product,) = (p for p in doppelpack.products() if p["key"] == "pylontech-us5000")
    (inverter,) = (i for i in doppelpack.inverters() if i["key"] == "hybrid-5k")
    bench = Bench(Path(product["file"]), inverter=inverter["file"])
    assert bench.product == "pylontech-us5000"


@pytest.mark.parametrize("action", ["run(1e6)", "run_until('pack1/soc > 2', 1e6)"])
def test_ctrl_c_interrupts(action: str) -> None:
    # The first line: a CI runner may start all with SIGINT ignored, and children inherit that.
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "import doppelpack; b = doppelpack.Bench(speed=1)\n"
        f"print('go', flush=True); b.{action}"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "go\n"
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=10)
        finally:
            process.kill()
    assert "KeyboardInterrupt" in errors
    assert process.returncode == -signal.SIGINT


def test_a_port_of_a_bench_can_be_used_from_outside(tmp_path: Path) -> None:
    log = tmp_path / "outside.log"
    with Bench(can=[f"candump:{log}"]) as bench:
        bench.run(3)
    assert "305#" in log.read_text()
    assert "351#" in log.read_text()
