# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""The default cell beside the same cell in PyBaMM's Thevenin model (needs pybamm and scipy).

What has to be said about the comparison:

- PyBaMM's equivalent circuits have no hysteresis and no Coulombic efficiency: both are switched off
  in our cell. Everything else is that of the shipped cell: OCV, entropic coefficient, R0, R1, R2
  with their dependence on temperature, and for the RC pairs on SOC and direction.
- Heat is defined alike: PyBaMM's sum over the elements of -I * overpotential is our
  i (v - OCV), what an RC pair stores included; the reversible heat is I T dU/dT in both.
- PyBaMM's entropic coefficient is a function of OCV, ours of SOC: the profile stays where the OCV
  rises strictly. Its cell is cooled by a jig; one with an endless heat capacity stands for ambient.
- Its tables are piecewise linear between 4001 points of SciPy's PCHIP, so not ours in any way.
- Its current is a linear interpolant: steps are ramps of a millisecond, at which its solver stops.
- Positive current charges our cell and discharges PyBaMM's.
"""

import os
import time
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from doppelpack import simulate_cell
from numpy.typing import NDArray

from evidence.cell_text import CellNumbers, Table, read_cell

Array: TypeAlias = NDArray[Any]

T_AMBIENT_degC = 12.0
COOLING_W_per_K = 1.5
INITIAL_SOC = 0.75
STEP_S = 10.0
EDGE_S = 1e-3
GAS_J_per_mol_K = 8.314462618


@dataclass(frozen=True)
class Comparison:
    time_s: Array
    current_A: Array
    ours: dict[str, Array]
    theirs: dict[str, Array]
    our_seconds: float
    their_seconds: float

    def rms_V(self) -> float:
        return float(np.sqrt(np.mean((self.ours["voltage_V"] - self.theirs["voltage_V"]) ** 2)))

    def worst_V(self) -> float:
        return float(np.max(np.abs(self.ours["voltage_V"] - self.theirs["voltage_V"])))

    def worst_K(self) -> float:
        return float(np.max(np.abs(self.ours["T_degC"] - self.theirs["T_degC"])))


def comparable_cell() -> CellNumbers:
    return read_cell().with_(
        half_gap_V=((0.0, 0.0), (1.0, 0.0)), instant_V=0.0, coulombic_efficiency=1.0
    )


def drive_profile(hours: float = 2.0) -> tuple[Array, Array]:
    """Time of each step and its current: driving and being charged, a rest between, up to 1.8C."""
    random = np.random.default_rng(7)
    time_s = np.arange(0.0, hours * 3600 + STEP_S / 2, STEP_S)
    phase = time_s / (hours * 3600)
    slow_A = -75.0 * np.sin(2 * np.pi * phase)
    fast_A = random.normal(0.0, 50.0, time_s.size)
    current_A = np.clip(slow_A + fast_A, -180.0, 120.0)
    starts = np.concatenate([[0], np.cumsum(random.integers(1, 4, time_s.size))])  # 10..30 s each
    current_A = current_A[starts[np.searchsorted(starts, np.arange(time_s.size), "right") - 1]]
    is_driven = (phase < 0.45) | (phase > 0.55)
    current_A = np.where(is_driven, current_A - np.mean(current_A[is_driven]), 0.0)
    return time_s, np.round(current_A, 1)


def compare(hours: float = 2.0) -> Comparison:
    time_s, current_A = drive_profile(hours)
    cell = comparable_cell()
    started = time.perf_counter()
    ours = simulate_cell(
        cell.to_yaml(),
        time_s,
        current_A,
        soc=INITIAL_SOC,
        T_degC=T_AMBIENT_degC,
        cooling_W_per_K=COOLING_W_per_K,
        hold="previous",
    )
    our_seconds = time.perf_counter() - started
    theirs, their_seconds = _solve_with_pybamm(cell, time_s, current_A)
    return Comparison(time_s, current_A, ours, theirs, our_seconds, their_seconds)


def _solve_with_pybamm(
    cell: CellNumbers, time_s: Array, current_A: Array
) -> tuple[dict[str, Array], float]:
    os.environ.setdefault("PYBAMM_DISABLE_TELEMETRY", "true")
    import pybamm

    # The current that has flowed up to time k changes a millisecond after time k.
    edges_s = np.ravel(np.column_stack([time_s, time_s + EDGE_S]))[:-1]
    levels_A = np.ravel(np.column_stack([current_A, np.roll(current_A, -1)]))[:-1]
    model = pybamm.equivalent_circuit.Thevenin(options={"number of rc elements": 2})
    simulation = pybamm.Simulation(
        model,
        parameter_values=pybamm.ParameterValues(_parameters(cell, edges_s, levels_A)),
        solver=pybamm.IDAKLUSolver(rtol=1e-8, atol=1e-10),
    )
    simulation.solve(edges_s)  # builds the model, not counted
    started = time.perf_counter()
    solution = simulation.solve(edges_s)
    seconds = time.perf_counter() - started
    names = {
        "voltage_V": "Voltage [V]",
        "soc": "SoC",
        "T_degC": "Cell temperature [degC]",
    }
    return {ours: np.asarray(solution[name](time_s)) for ours, name in names.items()}, seconds


def _parameters(cell: CellNumbers, edges_s: Array, levels_A: Array) -> dict[str, Any]:
    import pybamm
    from scipy.interpolate import PchipInterpolator

    grid = np.linspace(0.0, 1.0, 4001)

    def over_soc(table: Table) -> Array:
        soc, value = np.transpose(table)
        return np.asarray(PchipInterpolator(soc, value)(grid))

    def ocv(soc: Any) -> Any:
        return pybamm.Interpolant(grid, over_soc(cell.ocv_V), soc, "ocv")

    def entropic(ocv_V: Any, T_degC: Any) -> Any:
        strict = (grid >= 0.2) & (grid <= 0.79)
        return pybamm.Interpolant(
            over_soc(cell.ocv_V)[strict],
            over_soc(cell.entropic_V_per_K)[strict],
            ocv_V,
            "entropic",
        )

    def arrhenius(activation_J_per_mol: float, T_degC: Any) -> Any:
        inverse_K = 1 / (T_degC + 273.15) - 1 / 298.15
        return pybamm.exp(activation_J_per_mol / GAS_J_per_mol_K * inverse_K)

    def r0(T_degC: Any, current_A: Any, soc: Any) -> Any:
        return cell.r0_Ohm * arrhenius(cell.r0_activation_J_per_mol, T_degC)

    def resistance(r_Ohm: float, activation_J_per_mol: float) -> Any:
        discharge, charge = over_soc(cell.rc_discharge), over_soc(cell.rc_charge)

        def r(T_degC: Any, current_A: Any, soc: Any) -> Any:
            factor = (current_A > 0) * pybamm.Interpolant(grid, discharge, soc, "dis") + (
                current_A <= 0
            ) * pybamm.Interpolant(grid, charge, soc, "chg")
            return r_Ohm * factor * arrhenius(activation_J_per_mol, T_degC)

        return r

    r1 = resistance(cell.r1_Ohm, cell.r1_activation_J_per_mol)
    r2 = resistance(cell.r2_Ohm, cell.r2_activation_J_per_mol)
    ambient_K = T_AMBIENT_degC + 273.15
    return {
        "chemistry": "ecm",
        "Initial SoC": INITIAL_SOC,
        "Initial temperature [K]": ambient_K,
        "Ambient temperature [K]": ambient_K,
        "Cell capacity [A.h]": cell.capacity_Ah,
        "Nominal cell capacity [A.h]": cell.capacity_Ah,
        "Current function [A]": lambda t: pybamm.Interpolant(edges_s, -levels_A, t, "current"),
        "Upper voltage cut-off [V]": 5.0,
        "Lower voltage cut-off [V]": 1.0,
        "Cell thermal mass [J/K]": cell.heat_capacity_J_per_K,
        "Cell-jig heat transfer coefficient [W/K]": COOLING_W_per_K,
        "Jig thermal mass [J/K]": 1e12,
        "Jig-air heat transfer coefficient [W/K]": 1.0,
        "Open-circuit voltage [V]": ocv,
        "Entropic change [V/K]": entropic,
        "R0 [Ohm]": r0,
        "R1 [Ohm]": r1,
        "C1 [F]": lambda T, i, z: cell.tau1_s / r1(T, i, z),
        "Element-1 initial overpotential [V]": 0.0,
        "R2 [Ohm]": r2,
        "C2 [F]": lambda T, i, z: cell.tau2_s / r2(T, i, z),
        "Element-2 initial overpotential [V]": 0.0,
    }
