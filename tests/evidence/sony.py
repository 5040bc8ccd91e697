# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""Naumann's tables of the Sony US26650 against the shapes that the default cell took from them."""

import numpy as np
from doppelpack import simulate_cell

from evidence.cell_text import read_cell
from evidence.dataset import COMMITTED, Array, Curve, Figure, Report, read_csv, rms

FOLDER = COMMITTED / "sony_us26650_simses"
PULSE_S = 60.0  # "tens of seconds"
PULSE_C = 0.5
SOC = np.arange(0.1, 0.91, 0.1)  # beyond, a pulse ends on the steep ends of the OCV
T_degC = (10.0, 25.0, 40.0)


def half_gap_error_mV() -> Array:
    soc, hysteresis_V = read_csv(FOLDER / "CLFP_Sony_US26650_HystV.csv").T
    points, half_gap_V = np.transpose(read_cell().half_gap_V)
    inside = (points >= 0.05) & (points <= 1.0)
    error_V = half_gap_V - np.interp(points, soc, hysteresis_V) / 2
    return np.asarray(error_V[inside] * 1e3)


def entropic_error_mV_per_K() -> Array:
    soc, entropic = read_csv(FOLDER / "CLFP_Sony_US26650_entropy.csv").T
    points, ours = np.transpose(read_cell().entropic_V_per_K)
    return np.asarray(ours - np.interp(points, soc, entropic)) * 1e3


def measured_ratio() -> Array:
    """R over that in discharge at 25 degC and 50 %: shape (charge or discharge, T, SOC)."""
    rows = read_csv(FOLDER / "CLFP_Sony_US26650_Rint.csv")
    picked = np.round(SOC * 10).astype(int)
    charge, discharge = rows[picked, 2:5].T, rows[picked, 6:9].T
    return np.asarray(np.array([charge, discharge]) / rows[5, 7])


def pulse_resistance_Ohm(sign: float, T_cell_degC: float, soc: float) -> float:
    """What the default cell loses after a pulse, the change of its OCV and hysteresis left out."""
    cell = read_cell().with_(half_gap_V=((0.0, 0.0), (1.0, 0.0)), instant_V=0.0)
    current_A = sign * PULSE_C * cell.capacity_Ah
    pulse = simulate_cell(
        cell.to_yaml(), [0.0, PULSE_S], [current_A] * 2, soc=soc, T_degC=T_cell_degC
    )
    rest = simulate_cell(cell.to_yaml(), [0.0], [0.0], soc=pulse["soc"][-1])
    return float((pulse["voltage_V"][-1] - rest["voltage_V"][0]) / current_A)


def model_ratio() -> Array:
    ratio = np.array(
        [
            [[pulse_resistance_Ohm(sign, T, float(z)) for z in SOC] for T in T_degC]
            for sign in (1.0, -1.0)
        ]
    )
    return np.asarray(ratio / ratio[1, 1, 4])


def report() -> Report:
    measured, model = measured_ratio(), model_ratio()
    relative = model / measured - 1
    names = [f"{way} {T:.0f} °C" for way in ("charge", "discharge") for T in T_degC]
    return Report(
        name="sony_us26650_shape",
        title="Sony US26650FTC1, 3 Ah: hysteresis, entropy, resistance over SOC and temperature",
        licence="BSD-3-Clause",
        compared=f"the default cell's tables and its resistance after {PULSE_S:.0f} s, relative to "
        "discharge at 25 °C and 50 %; SOC factors come from the 25 °C columns, activation energies "
        "from their temperature dependence at 50 %",
        figures=[
            Figure("half gap", rms(half_gap_error_mV()), "mV rms", 0.5),
            Figure("entropic coefficient", rms(entropic_error_mV_per_K()), "mV/K rms", 0.001),
            Figure("resistance, 25 °C", 100 * rms(relative[:, 1]), "% rms", 12.0),
            Figure("resistance, 10 and 40 °C", 100 * rms(relative[:, [0, 2]]), "% rms", 20.0),
        ],
        curves=[
            Curve(
                name, SOC * 100, measured.reshape(-1, SOC.size)[i], model.reshape(-1, SOC.size)[i]
            )
            for i, name in enumerate(names)
        ],
        axes=("SOC (%)", "resistance, relative"),
        remark="The factors are applied to the RC pairs only, as CALCE's flat R0 says, so the "
        "model's dependence on SOC is flatter than the table's by intent.",
    )
