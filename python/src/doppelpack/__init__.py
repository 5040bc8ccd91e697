# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""A LiFePO4 home-storage pack, its firmware, its buses and an inverter, simulated.

    from doppelpack import Bench
    from doppelpack.faults import ntc_open
    from doppelpack.units import A, minutes, s

    with Bench("dyness-bx51100", seed=1) as b:
        b.charge(50 * A)
        b.run_for(10 * minutes)
        b.inject(ntc_open(sensor=2))
        b.expect(b.charge_gate.open, within=2 * s)

Drawings are in doppelpack.plot (needs matplotlib), fixtures for pytest in doppelpack.pytest_plugin.
"""

from ._core import (
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
from .bench import Bench
from .faults import Fault  # the module takes the place of _core.faults, and can be called like it
from .timing import Timing
from .verdict import ExpectationError, Verdict

__all__ = [
    "Bench",
    "DataError",
    "ExpectationError",
    "Fault",
    "PortError",
    "Snapshot",
    "Timing",
    "Verdict",
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
