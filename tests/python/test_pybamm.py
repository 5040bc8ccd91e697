# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""The default cell against PyBaMM's Thevenin model; see evidence/against_pybamm.py for what is
compared with what. Needs requirements-evidence.txt, `make evidence` runs it.
"""

import os

import numpy as np
import pytest
from evidence.against_pybamm import compare

os.environ.setdefault("PYBAMM_DISABLE_TELEMETRY", "true")
pytest.importorskip("pybamm", reason="pybamm is not installed; make evidence installs it")


def test_voltage_and_temperature_agree_over_a_drive_cycle() -> None:
    both = compare(hours=2.0)
    # The profile is worth something: both directions, a third of the capacity, kelvins of heating.
    assert both.current_A.min() < -120
    assert both.current_A.max() > 90
    assert np.ptp(both.ours["soc"]) > 0.3
    assert np.ptp(both.theirs["T_degC"]) > 2
    np.testing.assert_allclose(both.ours["soc"], both.theirs["soc"], rtol=0, atol=1e-5)
    assert both.rms_V() < 0.1e-3
    assert both.worst_V() < 1e-3
    assert both.worst_K() < 0.02
