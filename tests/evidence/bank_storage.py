# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""A full 4S bank of 500 Ah left alone for two months: does the voltage drift as the model's does?

The author's estimate of what its monitors and its self-discharge take together is 13.3 +/- 4.5 mA.
The voltmeter shows hundredths of a volt and reads 20 to 30 mV per cell less than any LFP table says
of a full cell, so only the drift counts.
"""

import csv
from datetime import datetime

import numpy as np
from doppelpack import simulate_cell

from evidence.cell_text import read_cell
from evidence.dataset import COMMITTED, Array, Curve, Figure, Report

FOLDER = COMMITTED / "lfp_bank_storage"
CAPACITY_Ah = 500.0
SERIES = 4
DRAIN_A = (0.0088, 0.0133, 0.0178)
FULL = datetime(2025, 11, 5)  # charged to 14.55 V the evening before
SETTLED_day = 7.0  # what is above the plateau has relaxed
CHARGE_A = 25.0


def measured() -> tuple[Array, Array]:
    """Day since FULL, and voltage per cell: daily means of the hourly extremes."""
    by_day: dict[int, list[float]] = {}
    with (FOLDER / "combined_output.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            day = (datetime.strptime(row["Date"], "%d/%m/%Y") - FULL).days
            by_day.setdefault(day, []).append((float(row["Min"]) + float(row["Max"])) / 2 / SERIES)
    days = sorted(day for day in by_day if day >= 0)
    return np.array(days) + 0.5, np.array([np.mean(by_day[day]) for day in days])


def simulated_V(day: Array, drain_A: float) -> Array:
    """Charged from 70 % so that it stands on the charge branch, then drained."""
    charge_s = 0.3 * CAPACITY_Ah / CHARGE_A * 3600
    time_s = np.concatenate([[0.0, charge_s], charge_s + day * 86400])
    current_A = np.full(time_s.size, -drain_A)
    current_A[0] = CHARGE_A
    cell = read_cell().with_(coulombic_efficiency=1.0).to_yaml()
    run = simulate_cell(cell, time_s, current_A, soc=0.7, capacity_Ah=CAPACITY_Ah)
    return run["voltage_V"][2:]


def drift_mV(day: Array, voltage_V: Array) -> float:
    """Fall of the line through everything after SETTLED_day, over the whole time since then."""
    settled = day > SETTLED_day
    slope_V, _ = np.polyfit(day[settled], voltage_V[settled], 1)
    return float(-1e3 * slope_V * (day[-1] - SETTLED_day))


def report() -> Report:
    day, voltage_V = measured()
    model = {drain_A: simulated_V(day, drain_A) for drain_A in DRAIN_A}
    settled = day > SETTLED_day
    shift_V = np.mean((voltage_V - model[DRAIN_A[1]])[settled])
    drifts = {drain_A: drift_mV(day, values) for drain_A, values in model.items()}
    mean_drift = drift_mV(day, voltage_V)
    return Report(
        name="lfp_bank_storage",
        title="LFP bank in storage, 12.8 V 500 Ah, hourly voltage, W. Collis",
        licence="CC BY 4.0",
        compared=f"fall of the cell voltage from day {SETTLED_day:.0f} to {day[-1]:.0f} after a "
        "full charge; the default cell, nothing fitted",
        figures=[
            Figure("measured", mean_drift, "mV per cell"),
            *(
                Figure(f"model, drained by {1e3 * drain_A:.1f} mA", fall, "mV per cell")
                for drain_A, fall in drifts.items()
            ),
            Figure("model at 13.3 mA minus measured", abs(drifts[0.0133] - mean_drift), "mV", 12.0),
        ],
        curves=[
            Curve(
                "measured; model drained by 13.3 mA, shifted",
                day,
                voltage_V,
                model[DRAIN_A[1]] + shift_V,
            )
        ],
        axes=("day", "voltage per cell (V)"),
        remark="Most of the model's fall is hysteresis: a few percent of discharge lead from the "
        "charge branch towards the other one.",
    )
