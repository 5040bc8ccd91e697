# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""simulate_cell() against closed forms and conservation laws."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from doppelpack import DataError, data_folder, simulate_cell
from evidence.cell_text import CellNumbers, read_cell

LINEAR = CellNumbers()  # 100 Ah, OCV 3.2 V + 0.2 V * SOC


def mean_ocv_V(soc: Any) -> Any:
    return 3.2 + 0.2 * soc


def test_constant_current_is_two_exponentials() -> None:
    time_s = np.array([0.0, 0.5, 3.0, 15.0, 150.0, 600.0])
    run = simulate_cell(LINEAR.to_yaml(), time_s, np.full(6, -50.0), soc=0.5)
    soc = 0.5 - 50.0 * time_s / 3600 / 100
    rc_V = 0.45e-3 * (1 - np.exp(-time_s / 15)) + 0.5e-3 * (1 - np.exp(-time_s / 150))
    np.testing.assert_allclose(run["soc"], soc, atol=1e-12)
    np.testing.assert_allclose(
        run["voltage_V"], mean_ocv_V(soc) - 50 * (0.5e-3 + rc_V), rtol=0, atol=1e-9
    )
    assert (run["T_degC"] == 25.0).all()


def test_both_ways_to_hold_a_current() -> None:
    cell = LINEAR.to_yaml()
    ahead = simulate_cell(cell, [0, 10, 20], [30, -20, 5], soc=0.5, hold="next")
    np.testing.assert_allclose(ahead["soc"], 0.5 + np.array([0, 300, 100]) / 360e3, atol=1e-12)
    behind = simulate_cell(cell, [0, 10, 20], [99, 30, -20], soc=0.5, hold="previous")
    np.testing.assert_allclose(behind["soc"], ahead["soc"], atol=1e-12)
    # The same cell at the same instant, seen under another current: R0 apart.
    np.testing.assert_allclose(
        behind["voltage_V"] - ahead["voltage_V"], 0.5e-3 * np.array([69, 50, -25]), atol=1e-9
    )


def test_electrical_energy_is_chemical_energy_plus_heat() -> None:
    time_s = np.arange(0.0, 1801.0)
    current_A = 80.0 * np.sign(np.sin(time_s / 97)) * (time_s < 1500)
    run = simulate_cell(LINEAR.to_yaml(), time_s, current_A, soc=0.5, hold="previous")
    before = simulate_cell(LINEAR.to_yaml(), time_s, np.roll(current_A, -1), soc=0.5)
    np.testing.assert_allclose(before["soc"], run["soc"], atol=1e-12)
    # Voltage right after a switching instant and right before the next one.
    mean_V = (before["voltage_V"][:-1] + run["voltage_V"][1:]) / 2
    electrical_J = np.sum(mean_V * current_A[1:])
    z = run["soc"]
    chemical_J = 360e3 * (3.2 * (z[-1] - z[0]) + 0.1 * (z[-1] ** 2 - z[0] ** 2))
    assert run["heat_J"][-1] > 5000
    assert electrical_J - chemical_J == pytest.approx(run["heat_J"][-1], rel=2e-3)
    assert (np.diff(run["heat_J"][:1500]) > 0).mean() > 0.9


def test_one_thermal_node_relaxes_to_its_surroundings() -> None:
    time_s = np.linspace(0.0, 7200.0, 13)
    run = simulate_cell(
        LINEAR.to_yaml(),
        time_s,
        np.zeros(13),
        soc=0.5,
        T_degC=45.0,
        ambient_degC=5.0,
        cooling_W_per_K=1.0,
    )
    np.testing.assert_allclose(run["T_degC"], 5 + 40 * np.exp(-time_s / 2080), atol=0.01)


def test_an_adiabatic_cell_keeps_its_heat() -> None:
    run = simulate_cell(LINEAR.to_yaml(), [0, 1800], [-100, -100], soc=0.9, cooling_W_per_K=0.0)
    assert run["T_degC"][-1] - 25 == pytest.approx(run["heat_J"][-1] / 2080, rel=1e-9)
    assert run["heat_J"][-1] == pytest.approx(100**2 * 1.45e-3 * 1800, rel=0.05)


def test_a_specimen_scales() -> None:
    time_s, current_A = [0, 100, 300], np.array([-50.0, 20.0, 20.0])
    whole = simulate_cell("lfp-100ah", time_s, current_A, soc=0.5)
    half = simulate_cell("lfp-100ah", time_s, current_A / 2, soc=0.5, capacity_Ah=50)
    np.testing.assert_allclose(half["voltage_V"], whole["voltage_V"], rtol=0, atol=1e-9)
    np.testing.assert_allclose(half["heat_J"], whole["heat_J"] / 2, rtol=1e-9)
    plain = simulate_cell(LINEAR.to_yaml(), time_s, current_A, soc=0.5)
    stiff = simulate_cell(LINEAR.to_yaml(), time_s, current_A, soc=0.5, resistance_factor=0.5)
    np.testing.assert_allclose(stiff["heat_J"], plain["heat_J"] / 2, rtol=1e-9)


def test_the_length_of_a_step_does_not_matter() -> None:
    arguments: Any = ("lfp-100ah", [0, 1000, 3000], [-50, 80, 80])
    coarse = simulate_cell(*arguments, soc=0.4, cooling_W_per_K=1, max_step_s=1.0)
    fine = simulate_cell(*arguments, soc=0.4, cooling_W_per_K=1, max_step_s=0.1)
    np.testing.assert_allclose(coarse["voltage_V"], fine["voltage_V"], rtol=0, atol=0.1e-3)
    np.testing.assert_allclose(coarse["T_degC"], fine["T_degC"], rtol=0, atol=0.02)


def test_a_cell_is_a_key_a_path_or_a_text(tmp_path: Path) -> None:
    file = data_folder() / "cells" / "lfp-100ah.yaml"
    by_key = simulate_cell("lfp-100ah", [0, 60], [10, 10], soc=0.5)
    for cell in (file, str(file), file.read_text(), read_cell().to_yaml()):
        other = simulate_cell(cell, [0, 60], [10, 10], soc=0.5)
        assert {name: list(values) for name, values in other.items()} == {
            name: list(values) for name, values in by_key.items()
        }


@pytest.mark.parametrize(
    ("mistake", "words"),
    [
        (lambda: simulate_cell("lfp-100", [0], [0], soc=0.5), ["lfp-100", "lfp-100ah"]),
        (lambda: simulate_cell("no/such.yaml", [0], [0], soc=0.5), ["no/such.yaml"]),
        (lambda: simulate_cell("cell: x\ntitle: y\n", [0], [0], soc=0.5), ["1: ", "sources"]),
        (lambda: simulate_cell("lfp-100ah", [], [], soc=0.5), ["time_s"]),
        (lambda: simulate_cell("lfp-100ah", [[0]], [0], soc=0.5), ["time_s", "dimension"]),
        (lambda: simulate_cell("lfp-100ah", [0, 1], [0], soc=0.5), ["current_A", "time_s"]),
        (lambda: simulate_cell("lfp-100ah", [0, 0], [0, 0], soc=0.5), ["time_s[1]"]),
        (lambda: simulate_cell("lfp-100ah", [0], [np.nan], soc=0.5), ["current_A[0]", "nan"]),
        (lambda: simulate_cell("lfp-100ah", [0], [0], soc=50), ["soc", "50"]),
        (lambda: simulate_cell("lfp-100ah", [0], [0], soc=0.5, T_degC=300), ["T_degC", "300"]),
        (
            lambda: simulate_cell("lfp-100ah", [0], [0], soc=0.5, cooling_W_per_K=-1.0),
            ["cooling_W_per_K", "-1"],
        ),
        (lambda: simulate_cell("lfp-100ah", [0], [0], soc=0.5, capacity_Ah=0), ["capacity_Ah"]),
        (lambda: simulate_cell("lfp-100ah", [0], [0], soc=0.5, max_step_s=60), ["max_step_s"]),
        (lambda: simulate_cell("lfp-100ah", [0], [0], soc=0.5, hold="both"), ["hold", "both"]),
    ],
)
def test_mistakes_are_answered_in_one_line(mistake: Callable[[], Any], words: list[str]) -> None:
    with pytest.raises(DataError) as caught:
        mistake()
    text = str(caught.value)
    assert "\n" not in text
    for word in words:
        assert word in text
