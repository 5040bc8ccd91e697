# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""The rows of the fault matrix that take years: no scenario lasts so long, but ageing runs do."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

Run = Callable[..., CompletedProcess[str]]


def aged(run: Run, folder: Path, *arguments: str) -> dict[str, float]:
    finished = run("age", *arguments, "--out", folder, timeout=600)
    assert finished.returncode == 0, finished.stderr
    last: dict[str, float] = json.loads((folder / "ageing.json").read_text("utf-8"))
    return last


def test_res_k1_six_thousand_cycles_leave_about_60_percent(run: Run, tmp_path: Path) -> None:
    """fault_matrix.md, section 5: 6000 cycles at 25 degC, about 60 % capacity left."""
    last = aged(run, tmp_path, "residential-6k5", "--cycles", "6000", "--cycles-per-day", "24")
    assert 0.55 < last["soh"] < 0.65


def test_pyl_k2_imbalance_emerges_from_ageing_alone(run: Run, tmp_path: Path) -> None:
    """Section 5: 3 to 4 years of deep cycles with temperature spread."""
    deep = ("--years", "4", "--depth", "95 %", "--ambient", "35 degC", "--c-rate", "1")
    last = aged(run, tmp_path, "pylontech-us5000", *deep)
    with (tmp_path / "ageing.csv").open(newline="", encoding="utf-8") as file:
        spreads = [float(row["spread"]) for row in csv.DictReader(file)]
    assert last["spread"] > 1.1 * spreads[0]  # of the cells as they were made
    assert last["spread"] > 1.25 * min(spreads)
    assert last["soh"] < 0.95
