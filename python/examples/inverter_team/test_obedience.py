# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""Does our inverter do what a battery says? A model of it here; the real one by `compat --can`.

pytest python/examples/inverter_team
"""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from doppelpack.faults import can_unplugged, ntc_open
from doppelpack.pytest_plugin import Benches
from doppelpack.units import A, kW, s

OURS = Path(__file__).with_name("our-inverter.yaml")
PROGRAM = os.environ.get("DOPPELPACK") or shutil.which("doppelpack")


@pytest.fixture(scope="module")
def grades(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The report of the obedience test."""
    if PROGRAM is None:
        pytest.skip("doppelpack is not on the PATH, and DOPPELPACK does not name it")
    out = tmp_path_factory.mktemp("compat")
    command = [PROGRAM, "compat", "--inverter", OURS, "--out", out]
    subprocess.run(command, check=False, capture_output=True)
    report: dict[str, Any] = json.loads((out / "compat.json").read_text(encoding="utf-8"))
    return report


def test_every_item_that_can_be_seen_is_obeyed(grades: dict[str, Any]) -> None:
    seen = {item["id"]: item["grade"] for item in grades["items"]}
    assert seen
    disobeyed = {key: grade for key, grade in seen.items() if grade not in WANTED}
    assert not disobeyed


WANTED = {"obeyed", "not observable"}


def test_it_stops_when_the_battery_is_silent(bench: Benches) -> None:
    b = bench("pylontech-us5000", inverter=OURS, initial_soc=0.5)
    b.charge(2 * kW)
    b.run_for(30)
    b.expect(b.inverter.current > 20 * A)
    b.inject(can_unplugged())
    b.expect(b.inverter.current < 0.5 * A, within=10 * s, stays=30 * s)


@pytest.mark.parametrize("product", ["pylontech-us5000", "dyness-bx51100", "pylontech-us3000c"])
def test_it_never_exceeds_the_limit_it_was_told(bench: Benches, product: str) -> None:
    b = bench(product, inverter=OURS, initial_soc=0.5)
    b.charge(6 * kW)
    b.run_for(60)
    b.expect(b.inverter.current <= b.bms.ccl.value + 1.0)


def test_an_alarm_of_the_battery_ends_the_charge(bench: Benches) -> None:
    b = bench("pylontech-us5000", inverter=OURS, initial_soc=0.5)
    b.charge(2 * kW)
    b.run_for(60)
    b.inject(ntc_open(sensor=2))
    b.expect(b.inverter.target < 0.5 * A, within=5 * s)
