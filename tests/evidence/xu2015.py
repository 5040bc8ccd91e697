# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""Xu 2015, a prismatic LFP cell: discharge at C/2 and 2C fitted, 1C held out.

The curves are read off a printed figure, 15 to 21 points each; the currents are known as C rates
only, so the cell here is one of 1 Ah.
"""

import numpy as np
from doppelpack import simulate_cell

from evidence.cell_text import CellNumbers
from evidence.dataset import (
    COMMITTED,
    Array,
    Curve,
    Figure,
    Parameter,
    Report,
    fit,
    keep_fitted,
    read_csv,
    rms,
)
from evidence.half_cells import COMMENT, Window

FOLDER = COMMITTED / "xu2015_prismatic"
FILES = {0.5: "05C", 1.0: "1C", 2.0: "2C"}
SEEN, HELD_OUT = (0.5, 2.0), 1.0
# Beyond, the curve falls by volts within the width of the printed line.
LARGEST_SHARE = 0.8


def measured(c_rate: float) -> tuple[Array, Array]:
    """Time and voltage, without the first point (an instant the figure cannot resolve)."""
    time_s, voltage_V = read_csv(FOLDER / f"Xu_2015_voltageCurve_{FILES[c_rate]}.csv")[1:].T
    kept = time_s * c_rate < LARGEST_SHARE * 3600
    return time_s[kept], voltage_V[kept]


def simulated_V(cell: str, c_rate: float, time_s: Array) -> Array:
    with_start_s = np.concatenate([[0.0], time_s])
    current_A = np.full(with_start_s.size, -c_rate)
    run = simulate_cell(cell, with_start_s, current_A, soc=1.0)
    return run["voltage_V"][1:]


def error_mV(cell: str, c_rate: float) -> Array:
    time_s, voltage_V = measured(c_rate)
    return (simulated_V(cell, c_rate, time_s) - voltage_V) * 1e3


def make_cell(p: Array) -> CellNumbers:
    grid = np.linspace(0.0, 1.0, 101)
    window = Window(x0=p[0], x100=p[1], y0=p[2], y100=p[3])
    ocv_V = np.maximum.accumulate(window.ocv_V(grid))
    factor = tuple(zip((0.0, 0.15, 0.4, 0.7, 1.0), (*map(float, p[8:12]), 1.0), strict=True))
    return CellNumbers(
        key="fitted-cell",
        title="Xu 2015, prismatic LFP cell, per Ah",
        sources=("made by make evidence from xu2015_prismatic and lfp_halfcell_haidi",),
        comment=COMMENT,
        capacity_Ah=float(p[4]),
        ocv_V=tuple(zip(map(float, grid), np.round(ocv_V, 6).tolist(), strict=True)),
        r0_Ohm=float(p[5]),
        r1_Ohm=float(p[6]),
        r2_Ohm=float(p[7]),
        tau2_s=150.0,
        rc_discharge=factor,
    )


def refit() -> str:
    found = fit(
        [
            Parameter(0.02, 0.0, 0.15),
            Parameter(0.8, 0.4, 1.0),
            Parameter(0.05, 0.0, 0.2),
            Parameter(0.99, 0.9, 1.0),
            Parameter(1.0, 0.95, 1.1),
            Parameter(0.05, 0.001, 0.2),
            Parameter(0.03, 0.001, 0.2),
            Parameter(0.03, 0.001, 0.2),
            *[Parameter(1.0, 0.3, 6.0)] * 4,
        ],
        lambda p: np.concatenate([error_mV(make_cell(p).to_yaml(), c) for c in SEEN]),
        evaluations=150,
    )
    return make_cell(found).to_yaml()


def report(publish: bool) -> Report:
    cell = refit()
    if publish:
        keep_fitted(cell, FOLDER.name)
    curves = []
    for c_rate in FILES:
        time_s, voltage_V = measured(c_rate)
        part = f"{c_rate:g}C, " + ("held out" if c_rate == HELD_OUT else "fitted")
        curves.append(
            Curve(part, time_s / 3600 * c_rate, voltage_V, simulated_V(cell, c_rate, time_s))
        )
    return Report(
        name="xu2015_prismatic",
        title="Xu 2015, commercial prismatic LFP cell: discharge at C/2, 1C and 2C",
        licence="MIT",
        compared="window of the half cells, capacity, R0, R1, R2 and their change with SOC fitted "
        f"to C/2 and 2C over the first {100 * LARGEST_SHARE:.0f} % of the charge; 1C held out",
        figures=[
            Figure(
                "C/2 and 2C, fitted",
                rms(np.concatenate([error_mV(cell, c) for c in SEEN])),
                "mV rms",
                12.0,
            ),
            Figure("1C, held out", rms(error_mV(cell, HELD_OUT)), "mV rms", 25.0),
        ],
        curves=curves,
        axes=("charge taken, over nominal capacity", "voltage (V)"),
        remark="Read off a printed figure. On the plateau C/2 to 1C costs 64 mV, 1C to 2C 80 mV. A "
        "resistance that does not depend on current puts 1C a third of the way, 16 mV above what "
        "was read. The model has no resistance that falls with current, and here, without data on "
        "cooling, none of the warming at 2C.",
    )
