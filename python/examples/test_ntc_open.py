# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""A thermistor breaks 40 minutes into a charge: does the pack stop, and does the inverter hear why?

Run it with: pytest python/examples/test_ntc_open.py
"""

from pathlib import Path

import can
from doppelpack import Bench
from doppelpack.faults import ntc_open
from doppelpack.units import A, minutes, s


def test_charging_stops_when_a_thermistor_breaks(tmp_path: Path) -> None:
    with Bench("pylontech-us5000", initial_soc=0.2, out=tmp_path) as b:
        b.charge(40 * A)
        b.run_for(40 * minutes)
        b.expect(b.pack.current > 39 * A)

        b.inject(ntc_open(sensor=2))
        b.expect(b.charge_gate.open, within=2 * s)
        b.run_for(1.5 * s)  # every frame is sent once a second

    alarms = [f for f in can.LogReader(tmp_path / "can1.log") if f.arbitration_id == 0x359]
    under_temperature = [bool(frame.data[0] & 0x10) for frame in alarms]
    assert under_temperature[-1]
    assert not any(under_temperature[:-2])
