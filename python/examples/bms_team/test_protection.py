# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""What our firmware promises, against a pack with an inverter that does not listen.

pytest python/examples/bms_team
"""

from pathlib import Path

import pytest
from doppelpack import Bench
from doppelpack.faults import sense_wire_open
from doppelpack.pytest_plugin import Benches
from doppelpack.units import A, V, kW, minutes, s


def stubborn(bench: Benches, core: Path, **options: object) -> Bench:
    """Our core in its own process, in front of an inverter that ignores every limit."""
    return bench("generic-16s", bms=core, isolated=True, inverter="disobedient-charger", **options)


@pytest.mark.parametrize("seed", range(1, 6))
def test_no_cell_is_charged_beyond_what_it_stands(bench: Benches, core: Path, seed: int) -> None:
    b = stubborn(bench, core, seed=seed, initial_soc=0.97, soc_spread=0.005)
    b.run_for(20)
    b.charge(2.8 * kW)
    b.run_until(b.charge_gate.open, timeout=30 * minutes)
    b.expect(b.protection.cell_ov)
    b.expect(b.pack.cell_max < 3.75 * V)
    b.expect(b.pack.current < 0.5 * A, within=1 * s, stays=10 * s)


def test_an_empty_pack_is_not_emptied_further(bench: Benches, core: Path) -> None:
    b = stubborn(bench, core, initial_soc=0.03)
    b.run_for(20)
    b.discharge(3 * kW)
    b.run_until(b.discharge_gate.open, timeout=30 * minutes)
    b.expect(b.protection.cell_uv)
    b.expect(b.pack.cell_min > 2.3 * V)


def test_heat_opens_both_gates(bench: Benches, core: Path) -> None:
    b = stubborn(bench, core, temperature_degC=64)
    b.expect(b.charge_gate.open & b.discharge_gate.open, within=5 * s)


@pytest.mark.xfail(strict=True, reason="no check of the sense wires yet: our ticket 17")
def test_a_broken_sense_wire_is_noticed(bench: Benches, core: Path) -> None:
    b = stubborn(bench, core)
    b.run_for(10)
    b.inject(sense_wire_open(wire=8))
    b.expect(b.charge_gate.open & b.failure.sense_wire, within=10 * s)
