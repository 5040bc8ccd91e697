# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""Measured cells against the model, with the fits that `make evidence` has left in tests/data/.

Nothing is fitted here: each test looks at what its fit has not seen.
"""

import numpy as np
import pytest
from doppelpack import check
from evidence import bank_storage, half_cells, sony, xu2015
from evidence.cell_text import read_cell
from evidence.dataset import COMMITTED, FITTED, kept_cell, rms


def test_the_default_cell_is_made_of_the_half_cells_it_names() -> None:
    error_mV = half_cells.default_error_mV()
    assert rms(error_mV) < 0.5
    assert np.max(np.abs(error_mV)) < 1.0


@pytest.mark.parametrize(
    ("name", "bound_mV"), [("lithiumwerks_apr18650m1b", 2.5), ("sony_us26650_simses", 4.0)]
)
def test_half_cells_give_the_ocv_of_other_makers(name: str, bound_mV: float) -> None:
    assert half_cells.held_out_rms_mV(name, kept_cell(name)) < bound_mV
    # The default cell has its graphite step elsewhere: the measure tells cells apart.
    assert half_cells.held_out_rms_mV(name, "lfp-100ah") > 2 * bound_mV


def test_hysteresis_and_entropy_are_those_of_the_sony_tables() -> None:
    assert rms(sony.half_gap_error_mV()) < 0.1
    assert rms(sony.entropic_error_mV_per_K()) < 0.001


def test_resistance_over_soc_and_temperature_has_the_shape_of_the_sony_table() -> None:
    relative = sony.model_ratio() / sony.measured_ratio() - 1
    assert rms(relative[:, 1]) < 0.08  # 25 degC, which the factors were made from
    # 10 and 40 degC; the discharge at 10 degC and 10 % SOC is beyond any Arrhenius factor.
    others = relative[:, [0, 2]]
    others[1, 0, 0] = 0.0
    assert rms(others) < 0.1


def test_a_discharge_at_1C_between_two_that_were_fitted() -> None:
    assert rms(xu2015.error_mV(kept_cell("xu2015_prismatic"), xu2015.HELD_OUT)) < 25


def test_a_stored_bank_drifts_as_measured_within_a_factor_of_two() -> None:
    day, voltage_V = bank_storage.measured()
    measured = bank_storage.drift_mV(day, voltage_V)
    model = bank_storage.drift_mV(day, bank_storage.simulated_V(day, 0.0133))
    assert 0.5 * measured < model < 2 * measured


def test_fitted_cells_are_cell_files() -> None:
    files = sorted(COMMITTED.glob(f"*/{FITTED}"))
    assert len(files) == 3
    for file in files:
        assert check(file) == "cell"


def test_numbers_survive_being_written_as_a_cell_file() -> None:
    cell = read_cell()
    assert cell.r0_Ohm == pytest.approx(0.5e-3)
    assert cell.r2_activation_J_per_mol == pytest.approx(17e3)
    assert cell.ocv_V[2] == pytest.approx((0.0, 2.832))
    assert cell.entropic_V_per_K[0] == pytest.approx((0.0, -0.49e-3))
