# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""A LiFePO4 home-storage pack, its firmware, its buses and an inverter, simulated.

    from doppelpack import Bench

    with Bench("generic-16s", initial_soc=0.3) as bench:
        bench.set("inverter1/demand_W", "3 kW")
        bench.run(600)
        bench.inject("ntc-open", target=2)
        assert bench.run_until("bms1/charge_gate == open", timeout=2)

Drawings of recorded runs are in doppelpack.plot (needs matplotlib).
"""

from ._core import (
    Bench,
    DataError,
    PortError,
    Snapshot,
    __version__,
    check,
    data_folder,
    faults,
    inverters,
    products,
    run_scenario,
    scenarios,
    signals,
    simulate_cell,
)

__all__ = [
    "Bench",
    "DataError",
    "PortError",
    "Snapshot",
    "__version__",
    "check",
    "data_folder",
    "faults",
    "inverters",
    "products",
    "run_scenario",
    "scenarios",
    "signals",
    "simulate_cell",
]
