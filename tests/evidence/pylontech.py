# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""A real 15S module balancing overnight at full charge. Not in the repository.

The BMS reports 0 A, but cells without a bleeder rise: the charger trickles. Trickle and bleeder
current are fitted to two hours, with the SOC of each cell; the next two hours are held out. What is
tested is the slope of the OCV above 100 %, where balancing happens.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from doppelpack import simulate_cell

from evidence.cell_text import read_cell
from evidence.dataset import Array, Figure, Parameter, Report, fit, internal_folder, rms

CELLS = 15
DEFECTIVE = 12
CAPACITY_Ah = 50.0
FIRST_s, SPLIT_s, LAST_s = 0.5 * 3600, 2.5 * 3600, 4.5 * 3600


@dataclass(frozen=True)
class Night:
    time_s: Array
    cell_V: Array  # shape (time, cell)
    bleeds: Array  # likewise, 0 or 1


def read_night(file: Path) -> Night:
    with file.open(encoding="utf-8") as stream:
        names = stream.readline().strip().split(",")
    rows = np.genfromtxt(file, delimiter=",", skip_header=1, dtype=str)
    seconds = rows[:, 0].astype("datetime64[s]").astype(np.int64)
    time_s = (seconds - seconds[0]).astype(float)
    kept = (time_s >= FIRST_s) & (time_s < LAST_s) & (np.diff(time_s, prepend=-1.0) > 0)
    healthy = [i for i in range(CELLS) if i != DEFECTIVE]

    def columns(prefix: str, suffix: str) -> Array:
        at = [names.index(f"{prefix}{i:02d}{suffix}") for i in healthy]
        return np.asarray(rows[kept][:, at].astype(float))

    return Night(time_s[kept] - FIRST_s, columns("v", "_V"), columns("bal", ""))


def simulated_V(night: Night, p: Array) -> Array:
    """p: trickle and bleeder current (A), then the SOC of each cell over 1 at the start."""
    cell = read_cell().with_(coulombic_efficiency=1.0)
    # The model's SOC starts at 1 at most: shift the table instead of the cell.
    columns = []
    for i in range(night.cell_V.shape[1]):
        shift = float(p[2 + i])
        table = tuple((z - shift, v) for z, v in cell.ocv_V)
        run = simulate_cell(
            cell.with_(ocv_V=table).to_yaml(),
            night.time_s,
            p[0] - p[1] * night.bleeds[:, i],
            soc=1.0,
            capacity_Ah=CAPACITY_Ah,
        )
        columns.append(run["voltage_V"])
    return np.transpose(columns)


def report() -> Report | None:
    folder = internal_folder("pylontech_us2000c_15s")
    if folder is None:
        return None
    night = read_night(folder / "bat6_20260713_overnight_20s.csv")
    seen = night.time_s < SPLIT_s - FIRST_s

    def residual_mV(p: Array) -> Array:
        return ((simulated_V(night, p) - night.cell_V)[seen] * 1e3).ravel()

    cells = night.cell_V.shape[1]
    start_soc = np.interp(
        night.cell_V[0], *np.transpose([(v, z) for z, v in read_cell().ocv_V if z >= 0.996])
    )
    found = fit(
        [
            Parameter(0.03, 0.0, 0.2),
            Parameter(0.05, 0.01, 0.3),
            *(Parameter(float(z) - 1, -0.005, 0.009) for z in start_soc),
        ],
        residual_mV,
        evaluations=40,
    )
    error_mV = (simulated_V(night, found) - night.cell_V) * 1e3
    still_mV = (night.cell_V - night.cell_V[seen][-1]) * 1e3
    return Report(
        name="pylontech_us2000c_15s",
        title="Pylontech US2000C, 15S 50 Ah, balancing overnight at full charge (G. Pollak-Diener)",
        licence="CC BY-NC 4.0; not in this repository",
        compared=f"trickle and bleeder current and {cells} initial SOCs fitted to two hours, the "
        "next two held out; OCV of the default cell; its defective cell left out",
        figures=[
            Figure("two hours, fitted", rms(error_mV[seen]), "mV rms", 4.0),
            Figure("next two hours, held out", rms(error_mV[~seen]), "mV rms", 12.0),
            Figure("the same if nothing moved", rms(still_mV[~seen]), "mV rms"),
            Figure("bleeder current", 1e3 * float(found[1]), "mA"),
            Figure("trickle current", 1e3 * float(found[0]), "mA"),
        ],
        remark="Weak evidence. While all cells bleed, only the difference of the two currents "
        "shows; cells that stop bleeding tell them apart. Both come out at more than the 30 to "
        "100 mA of usual bleeders: the OCV between 3.4 and 3.6 V may be too flat, by up to a "
        "factor of two.",
    )
