# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""OCV curves as the difference of two measured half cells.

The default cell's table claims to be made of these half cells; the OCV of two other makers' cells
is fitted by moving the window of each electrode, with every other 5 % of SOC held out.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from evidence.cell_text import CellNumbers, read_cell
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
    rest_voltage_V,
    rms,
)

FOLDER = COMMITTED / "lfp_halfcell_haidi"
LITHIUM_WERKS = COMMITTED / "lithiumwerks_apr18650m1b"
SONY = COMMITTED / "sony_us26650_simses"
HOLD_OUT_WIDTH = 0.05
COMMENT = (
    "SPDX-FileCopyrightText: 2026 The doppelpack authors",
    "SPDX-License-Identifier: Apache-2.0",
)

Potential = Callable[[Array], Array]


@dataclass(frozen=True)
class Window:
    """Which part of each electrode the cell uses: normalised capacity at 0 and at 100 % SOC."""

    x0: float
    x100: float
    y0: float
    y100: float

    def ocv_V(self, soc: Array) -> Array:
        cathode, anode = potentials_V()
        return cathode(self.y0 + (self.y100 - self.y0) * soc) - anode(
            self.x0 + (self.x100 - self.x0) * soc
        )


# cell_models reference, 1.1: what the default table was made with.
DEFAULT = Window(x0=0.007, x100=0.850, y0=0.085, y100=0.9905)


def potentials_V() -> tuple[Potential, Potential]:
    """Cathode and anode over normalised capacity: mean of lithiation and delithiation at C/50."""
    rows = read_csv(FOLDER / "haidi18650_halfcell_C50_C20.csv")
    x, anode_V, cathode_V = rows[:, 0], rows[:, 1:3].mean(axis=1), rows[:, 3:5].mean(axis=1)
    return lambda y: np.interp(y, x, cathode_V), lambda z: np.interp(z, x, anode_V)


def fit_window(soc: Array, ocv_V: Array) -> Window:
    found = fit(
        [
            Parameter(0.02, 0.0, 0.15),
            Parameter(0.7, 0.4, 1.0),
            Parameter(0.02, 0.0, 0.2),
            Parameter(0.99, 0.9, 1.0),
        ],
        lambda p: (Window(*p).ocv_V(soc) - ocv_V) * 1e3,
        evaluations=400,
    )
    return Window(*map(float, found))


def measured_curves() -> dict[str, tuple[Array, Array]]:
    """SOC and OCV of the two full cells, 10..90 %: beyond, electrolyte and C rate decide."""
    curves = {}
    for name, file in (
        (LITHIUM_WERKS.name, LITHIUM_WERKS / "pocv_C32_mean.csv"),
        (SONY.name, SONY / "CLFP_Sony_US26650_OCV.csv"),
    ):
        soc, ocv_V = read_csv(file).T
        inside = (soc > 0.1) & (soc < 0.9)
        curves[name] = soc[inside], ocv_V[inside]
    return curves


def is_held_out(soc: Array) -> Array:
    return np.asarray(np.floor(soc / HOLD_OUT_WIDTH) % 2 == 1)


def held_out_rms_mV(name: str, cell: str) -> float:
    soc, ocv_V = measured_curves()[name]
    held = is_held_out(soc)
    return 1e3 * rms(rest_voltage_V(cell, soc[held]) - ocv_V[held])


def default_error_mV() -> Array:
    """The shipped table at its own points, 1..100 %, against the half cells it is made of."""
    soc, table_V = np.transpose([row for row in read_cell().ocv_V if 0.01 <= row[0] <= 1.0])
    return np.asarray((table_V - DEFAULT.ocv_V(soc)) * 1e3)


def refit(name: str) -> str:
    soc, ocv_V = measured_curves()[name]
    seen = ~is_held_out(soc)
    window = fit_window(soc[seen], ocv_V[seen])
    grid = np.linspace(0.0, 1.0, 201)
    rising_V = np.maximum.accumulate(window.ocv_V(grid))
    return CellNumbers(
        key="fitted-cell",
        title=f"OCV of {name} from half cells",
        sources=(f"made by make evidence from {name} and lfp_halfcell_haidi",),
        comment=COMMENT,
        ocv_V=tuple(zip(map(float, grid), np.round(rising_V, 6).tolist(), strict=True)),
    ).to_yaml()


def report_full_cell(name: str, title: str, licence: str, publish: bool) -> Report:
    cell = refit(name)
    if publish:
        keep_fitted(cell, name)
    soc, ocv_V = measured_curves()[name]
    model_V = rest_voltage_V(cell, soc)
    held = is_held_out(soc)

    def curve(part: str, rows: Array) -> Curve:
        gaps = np.where(rows, 1.0, np.nan)
        return Curve(part, soc * 100, ocv_V * gaps, model_V * gaps)

    return Report(
        name=name,
        title=title,
        licence=licence,
        compared="four window limits of the half cells fitted to the OCV between 10 and 90 % SOC; "
        "every other 5 % held out",
        figures=[
            Figure("fitted", 1e3 * rms((model_V - ocv_V)[~held]), "mV rms", 4.0),
            Figure("held out", held_out_rms_mV(name, cell), "mV rms", 4.5),
        ],
        curves=[curve("fitted", ~held), curve("held out", held)],
        axes=("SOC (%)", "OCV (V)"),
    )


def report_default() -> Report:
    error_mV = default_error_mV()
    soc = np.linspace(0.01, 1.0, 200)
    return Report(
        name="lfp_halfcell_haidi",
        title="LFP and graphite half cells at C/50 (HAIDI 18650), the default cell's own source",
        licence="MIT",
        compared="the OCV table of lfp-100ah against U_LFP(0.085 + 0.9055 z) - "
        "U_gr(0.007 + 0.843 z); nothing fitted",
        figures=[
            Figure("table against its source", rms(error_mV), "mV rms", 1.0),
            Figure("worst point", float(np.max(np.abs(error_mV))), "mV", 3.0),
        ],
        curves=[Curve("", soc * 100, DEFAULT.ocv_V(soc), rest_voltage_V("lfp-100ah", soc))],
        axes=("SOC (%)", "OCV (V)"),
    )
