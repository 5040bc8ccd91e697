# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""A bench as one writes it down: signals as attributes, conditions, faults, expectations."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import doppelpack
import numpy as np
import pytest
from conftest import ROOT
from doppelpack import Bench, DataError, ExpectationError, faults
from doppelpack.faults import cell_self_discharge, ntc_offset, ntc_open, sense_wire_open, shunt_gain
from doppelpack.units import A, K, V, W, degC, kW, minutes, percent, s


@pytest.fixture
def b() -> Bench:
    bench = Bench(initial_soc=0.6)
    bench.run(5)
    return bench


# ---- the page of the lab book ---------------------------------------------------------------


def test_a_page_of_the_lab_book() -> None:
    with Bench("dyness-bx51100", seed=1) as b:
        b.charge(50 * A)
        b.run_until(b.cell[7].voltage > 3.35)
        b.inject(ntc_open(sensor=2))
        b.expect(b.charge_gate.open, within=10 * s)


def test_the_page_of_the_readme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("matplotlib")
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "python" / "README.md").read_text("utf-8")
    (page,) = re.findall(r"```python\n(from doppelpack import Bench\n.*?)```", text, re.DOTALL)
    exec(page, {})
    assert (tmp_path / "opened.png").exists()


# ---- signals --------------------------------------------------------------------------------


def test_signals_are_attributes_with_and_without_their_unit(b: Bench) -> None:
    assert b.cell[7].voltage.name == b.pack.cell[7].voltage_V.name == "pack1/cell07/voltage_V"
    assert b.ntc[2].temperature.name == "pack1/ntc2/T_degC"
    assert b.rs485.from_pack.name == "rs485_1/from_pack"
    assert b.inverter.heard.warning.cell_ov.name == "inverter1/heard/warning/cell-ov"
    assert b.panel.soc1.colour.name == "panel1/soc1/colour"
    assert b.site.house.is_control


def test_every_signal_of_the_catalogue_is_an_attribute(b: Bench) -> None:
    found = []

    def walk(group: Any) -> None:
        for name in dir(group):
            if name.startswith("_"):
                continue
            below = getattr(group, name)
            if isinstance(below, doppelpack.signal.Signal):
                found.append(below.name)
            else:
                for each in below if isinstance(below, doppelpack.tree.Family) else [below]:
                    walk(each)

    for root in dict.fromkeys(name.partition("/")[0] for name in b.signals):
        walk(getattr(b, re.sub(r"_?1$", "", root)))
    assert set(found) == set(b.signals)


def test_truth_and_measurement_are_told_apart() -> None:
    b = Bench(initial_soc=0.8, bms_soc=0.6)
    b.run(2)
    assert float(b.pack.soc) == pytest.approx(0.8, abs=0.01)
    assert float(b.bms.soc) == pytest.approx(0.6, abs=0.01)
    assert b.cell[1].voltage.name != b.bms.cell[1].voltage.name
    with pytest.raises(AttributeError):
        b.soc  # type: ignore[attr-defined]  # noqa: B018 (whose?)


def test_values_of_a_signal(b: Bench) -> None:
    assert b.cell[7].voltage.value == b["pack1/cell07/voltage_V"]
    assert b.cell[7].voltage.quantity.to(V) == b["pack1/cell07/voltage_V"]
    assert b.charge_gate.text == "closed"
    assert repr(b.bms.state) == "<bms1/state = standby>"
    assert b.bms.state.title == "operating state"
    history = b.cell[7].voltage.history
    assert np.shares_memory(history, b.recorded("pack1/cell07/voltage_V"))
    assert len(history) == len(b.time)


def test_controls_can_be_set(b: Bench) -> None:
    b.inverter.demand.set(2 * kW)
    assert b["inverter1/demand_W"] == 2000
    b.inverter.obeys_limits.set("no")
    assert b.inverter.obeys_limits.text == "no"
    with pytest.raises(DataError, match="pack1/soc"):
        b.pack.soc.set(1)


def test_packs_of_a_bank_have_numbers(tmp_path: Path) -> None:
    file = tmp_path / "bank.yaml"
    file.write_text(
        "scenario: bank\ntitle: two packs\nproduct: pylontech-us5000\nduration: 1 min\n"
        "initial: {soc: 60 %, dip: 0}\nbank: {packs: [{initial: {soc: 55 %, dip: 1}}]}\n"
    )
    b = Bench.from_scenario(file)
    assert float(b.pack[2].soc) == pytest.approx(0.55, abs=0.01)
    assert b.bms[2].cell[3].voltage.name == "bms2/cell03/voltage_V"
    with pytest.raises(IndexError, match=r"pack: found 3, expected one of .*: 1, 2"):
        b.pack[3]


@pytest.mark.parametrize(
    ("mistake", "error", "says"),
    [
        (lambda b: b.pack.volts, AttributeError, "pack1: found no 'volts'"),
        (lambda b: b.pack.curent, AttributeError, "near: current"),
        (lambda b: b.cell[17], IndexError, "cell: found 17, expected a number from 1 to 16"),
        (lambda b: b.cell[0], IndexError, "cell: found 0"),
        (lambda b: b.bms.state.standbye, AttributeError, "found 'standbye', expected off, "),
        (lambda b: b.bms.state == "standbye", AttributeError, "found 'standbye'"),
        (lambda b: b.bms.soc > b.pack.soc, TypeError, "expected a number"),
    ],
)
def test_what_is_not_there_is_one_line(
    b: Bench, mistake: Callable[[Bench], Any], error: type[Exception], says: str
) -> None:
    with pytest.raises(error) as caught:
        mistake(b)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


# ---- conditions -----------------------------------------------------------------------------


def test_comparisons_are_the_texts_of_scenario_files(b: Bench) -> None:
    texts = {
        b.cell[7].voltage > 3.5: "pack1/cell07/voltage_V > 3.5 V",
        b.cell[7].voltage >= 3500 * V / 1000: "pack1/cell07/voltage_V >= 3.5 V",
        b.bms.soc == 80 * percent: "bms1/soc == 0.8",
        b.pack.T_max < 45 * degC: "pack1/T_max_degC < 45.0 degC",
        b.bms.ccl <= "50 A": "bms1/ccl_A <= 50 A",
        b.charge_gate.open: "bms1/charge_gate == open",
        b.bms.state != "standby": "not (bms1/state == standby)",
        b.bms.state.self_test: "bms1/state == self-test",
        ~b.protection.cell_ov: "not (bms1/protection/cell-ov == active)",
    }
    for condition, text in texts.items():
        assert str(condition) == text
        assert b.holds(condition) == b.holds(text)


def test_conditions_combine(b: Bench) -> None:
    low, high, gate = b.bms.soc < 0.2, b.bms.soc > 0.5, b.charge_gate.closed
    assert ((low | high) & gate).now
    assert not (low | (high & ~gate)).now
    assert str((low | high) & gate).startswith("(bms1/soc < 0.2 or bms1/soc > 0.5) and ")
    many = gate
    for _ in range(100):
        many = many & gate
    assert many.now, "as long as one likes"


def test_flags_are_conditions_by_themselves(b: Bench) -> None:
    assert b.bms.is_charge_allowed.now
    assert (b.bms.is_charge_allowed & ~b.bms.buzzer).now
    assert not (b.protection.cell_ov | b.failure.afe_silent).now


@pytest.mark.parametrize(
    "mistake",
    [
        lambda b: b.bms.soc > 0.1 and b.bms.soc < 0.9,
        lambda b: 0.1 < b.bms.soc < 0.9,
        lambda b: not b.charge_gate.open,
        lambda b: bool(b.bms.is_charge_allowed),
        lambda b: bool(b.bms.soc),
    ],
)
def test_what_would_drop_a_part_of_a_condition_is_refused(
    b: Bench, mistake: Callable[[Bench], Any]
) -> None:
    with pytest.raises(TypeError, match="where yes or no is needed, expected"):
        mistake(b)


def test_a_condition_belongs_to_its_bench(b: Bench) -> None:
    other = Bench()
    with pytest.raises(TypeError, match="another bench"):
        b.run_until(other.charge_gate.open, timeout=1)
    with pytest.raises(TypeError, match="two benches"):
        b.charge_gate.open & other.charge_gate.open


# ---- what one does --------------------------------------------------------------------------


def test_a_current_is_held_while_the_voltage_rises(b: Bench) -> None:
    b.charge(30 * A)
    b.run_for(1 * minutes)
    before = float(b.pack.terminal)
    assert float(b.pack.current) == pytest.approx(30, abs=0.1)
    b.run_for(20 * minutes)
    assert float(b.pack.terminal) > before
    assert float(b.pack.current) == pytest.approx(30, abs=0.1)


def test_charge_discharge_and_rest_replace_each_other(b: Bench) -> None:
    b.charge(30 * A)
    b.run(10)
    b.discharge(1 * kW)
    b.run(10)
    power_W = float(b.pack.current) * float(b.inverter.pack_heard)
    assert power_W == pytest.approx(-1000, rel=0.05)
    b.discharge(20 * A)
    b.run(10)
    assert float(b.pack.current) == pytest.approx(-20, abs=0.2)
    b.rest()
    b.run(10)
    assert float(b.pack.current) == pytest.approx(0, abs=0.2)
    assert float(b.inverter.demand_W) == float(b.inverter.demand_A) == 0


def test_charging_sees_the_limits_that_the_pack_sends(b: Bench) -> None:
    b.charge(500 * A)
    b.run(20)
    assert float(b.pack.current) == pytest.approx(float(b.inverter.ccl), abs=1)


def test_a_site_is_not_argued_with(b: Bench) -> None:
    b.set("site/is_active", "yes")
    with pytest.raises(DataError, match="charge: found a site that drives the inverter"):
        b.charge(1 * kW)


def test_run_until_without_a_timeout_does_not_fail_in_silence(
    b: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    b.charge(30 * A)
    assert b.run_until(b.pack.current > 10)
    assert b.now < 10
    monkeypatch.setattr("doppelpack.bench._PATIENCE_S", 60.0)  # not a day
    with pytest.raises(ExpectationError, match="no timeout"):
        b.run_until(b.pack.soc > 2)


# ---- faults ---------------------------------------------------------------------------------


def test_every_fault_of_the_catalogue_is_a_function() -> None:
    for row in doppelpack.faults():
        kind = getattr(faults, row["key"].replace("-", "_"))
        assert kind.__name__ in dir(faults)
        assert row["title"][1:40] in kind.__doc__.replace("\n    ", " ")


def test_a_fault_names_its_target_and_severity(b: Bench) -> None:
    assert ntc_open(sensor=2) == ntc_open(2)
    assert b.inject(ntc_open(sensor=2)) == "ntc-open-2"
    assert b.inject(cell_self_discharge(cell=3, current=500 * A / 1000)) == "cell-self-discharge-3"
    assert b.inject(sense_wire_open(wire=1), id="wire") == "wire"
    b.inject(shunt_gain(gain=90 * percent))
    injected = [e for e in b.events if e["event"] == "fault"]
    assert [(e["fault"], e["target"], e["severity"]) for e in injected[1:]] == [
        ("cell-self-discharge", 3, 0.5),
        ("sense-wire-open", 1, 0.0),
        ("shunt-gain", 0, 0.9),
    ]


def test_a_fault_is_taken_away_by_its_handle_or_at_the_end_of_a_block(b: Bench) -> None:
    drift = b.inject(ntc_offset(sensor=1, offset=30 * K))
    b.expect(b.bms.ntc[1].temperature > 45, within=5 * s)
    drift.clear()
    b.expect(b.bms.ntc[1].temperature < 30, within=5 * s)
    with b.inject(ntc_open(sensor=2)):
        b.expect(b.charge_gate.open, within=5 * s)
    with pytest.raises(DataError, match="ntc-open-2"):
        b.clear("ntc-open-2")


@pytest.mark.parametrize(
    ("mistake", "says"),
    [
        (lambda: ntc_open(), "ntc_open: sensor: found nothing, expected the number of the"),  # type: ignore[call-arg]
        (lambda: ntc_open(sensor=0), "ntc_open: sensor: found 0"),
        (lambda: ntc_open(sensor=True), "ntc_open: sensor: found True"),
        (lambda: ntc_open(cell=1), "ntc_open: found cell, expected sensor, pack"),  # type: ignore[call-arg]
        (lambda: ntc_open(1, 2), "ntc_open: found 1, 2, expected sensor, pack"),  # type: ignore[call-arg,misc]
        (lambda: ntc_offset(1, offset=61), "ntc_offset: offset: found 61, expected -60 to 60 K"),
        (lambda: ntc_offset(1, offset=5 * V), "ntc_offset: offset: found 5 V, expected a diff"),
        (lambda: faults.ntc_opem, "found no 'ntc_opem'; near: ntc_open"),  # type: ignore[attr-defined]
        (lambda: Bench().inject(ntc_open(1), target=2), "fault: found a target"),
        (lambda: Bench().inject(ntc_open(99)), "99"),
    ],
)
def test_what_is_no_fault_is_one_line(mistake: Callable[[], Any], says: str) -> None:
    with pytest.raises((DataError, TypeError, AttributeError)) as caught:
        mistake()
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


# ---- expectations ---------------------------------------------------------------------------


def test_what_holds_has_a_margin(b: Bench) -> None:
    b.inject(ntc_open(sensor=2))
    verdict = b.expect(b.charge_gate.open, within=10 * s)
    assert verdict.has_held
    assert verdict.measured_s == pytest.approx(b.now - 5, abs=1e-6)
    assert verdict.margin_s == pytest.approx(15 - b.now, abs=1e-6)
    assert b.verdicts == [verdict]


def test_what_comes_too_late_is_still_measured_and_time_stands_at_the_limit(b: Bench) -> None:
    b.inject(ntc_open(sensor=2))
    with pytest.raises(ExpectationError) as caught:
        b.expect(b.charge_gate.open, within=0.5 * s, name="it stops")
    verdict = caught.value.verdict
    assert b.now == pytest.approx(5.5)
    assert verdict.measured_s is not None
    assert verdict.measured_s > 0.5
    assert verdict.margin_s is not None
    assert verdict.margin_s < 0
    line = str(caught.value)
    assert line.startswith("FAILED: it stops: ")
    assert re.search(
        r" s of 0\.5 s, margin -0\.\d+ s; at the limit bms1/charge_gate is closed$", line
    )
    assert "\n" not in line
    assert b.verdicts == [verdict]


def test_expectations_of_this_moment_and_of_a_while(b: Bench) -> None:
    b.expect(b.charge_gate.closed)
    b.expect(b.charge_gate.closed, stays=3 * s)
    assert b.now == pytest.approx(8)
    with pytest.raises(ExpectationError, match="now bms1/charge_gate is closed"):
        b.expect(b.charge_gate.open)
    b.inject(ntc_open(sensor=2))
    with pytest.raises(ExpectationError, match="held no longer, bms1/charge_gate is open"):
        b.expect(b.charge_gate.closed, stays=60 * s)
    assert b.now < 20
    verdict = b.expect(b.charge_gate.open, within=1, stays=2)
    assert verdict.measured_s == 0


def test_expectations_until_something_happens(b: Bench) -> None:
    b.charge(30 * A)
    b.expect(b.charge_gate.closed, until=b.pack.current > 20, within=60 * s)
    with pytest.raises(ExpectationError, match="held no longer"):
        b.expect(b.pack.soc < 0.6, until=b.charge_gate.open, within=60 * minutes)
    with pytest.raises(ExpectationError, match="what ends it did not come"):
        b.expect(b.charge_gate.closed, until=b.charge_gate.open, within=10 * s)


def test_verdicts_have_those_of_the_scenario_at_the_end() -> None:
    b = Bench.from_scenario("ntc-open-during-charge")
    b.run()
    b.expect(b.pack.soc > 0)
    result = b.finish()
    assert [each.name for each in b.verdicts] == [each["name"] for each in result["expectations"]]
    assert b.verdicts[0].kind == "now"
    within = [each for each in b.verdicts if each.kind == "within"]
    assert within
    assert all(each.margin_s is not None and each.margin_s >= 0 for each in within)


def test_a_power_in_watts_is_what_the_inverter_wishes(b: Bench) -> None:
    b.charge(1500 * W)
    assert b["inverter1/demand_W"] == 1500
