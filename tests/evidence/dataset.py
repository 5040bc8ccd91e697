# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""What all data sets share: where they lie, what is reported of them, how a fit is made."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from doppelpack import simulate_cell
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]

ROOT = Path(__file__).resolve().parents[2]
COMMITTED = ROOT / "tests" / "data"
FITTED = "fitted-cell.yaml"


@dataclass(frozen=True)
class Figure:
    """One number: what it is, its value, and the bound that `make evidence` holds it to."""

    what: str
    value: float
    unit: str
    bound: float | None = None

    @property
    def is_good(self) -> bool:
        return self.bound is None or self.value <= self.bound


@dataclass(frozen=True)
class Curve:
    """A measured curve and the model's; `part` says whether the fit has seen it."""

    part: str
    x: Array
    measured: Array
    model: Array


@dataclass(frozen=True)
class Report:
    """What a data set says about the model."""

    name: str
    title: str
    licence: str
    compared: str  # one sentence: what was fitted to what, what was held out
    figures: Sequence[Figure]
    curves: Sequence[Curve] = ()  # only of data that may be published
    axes: tuple[str, str] = ("", "")
    remark: str = ""


def internal_folder(name: str) -> Path | None:
    """The folder of a data set that is not in the repository; None where there is none."""
    default = ROOT.parent / "shared" / "data"
    folder = Path(os.environ.get("DOPPELPACK_DATA", default)) / name
    return folder if folder.is_dir() else None


def read_csv(file: Path) -> Array:
    """All columns as numbers, shape (rows, columns); nan where a row has none."""
    with file.open(encoding="utf-8") as stream:
        lines = [line for line in stream if line.strip(" ;\n")]
    return np.atleast_2d(np.genfromtxt(lines[1:], delimiter=","))


def rms(difference: Array) -> float:
    return float(np.sqrt(np.mean(np.square(difference))))


def rest_voltage_V(cell: str, soc: Sequence[float] | Array) -> Array:
    """The cell at rest in the middle between its branches, as the model gives it."""
    return np.array([simulate_cell(cell, [0.0], [0.0], soc=z)["voltage_V"][0] for z in soc])


@dataclass(frozen=True)
class Parameter:
    """One number that a fit may turn, between two bounds."""

    start: float
    low: float
    high: float


def fit(
    parameters: Sequence[Parameter],
    residual: Callable[[Array], Array],
    evaluations: int = 60,
) -> Array:
    """The parameters that make the residual's sum of squares least, within their bounds."""
    from scipy.optimize import least_squares

    low = np.array([p.low for p in parameters])
    span = np.array([p.high for p in parameters]) - low
    start = (np.array([p.start for p in parameters]) - low) / span

    def scaled(u: Array) -> Array:
        return np.asarray(residual(low + span * u))

    found = least_squares(
        scaled, start, bounds=(0.0, 1.0), x_scale=0.1, diff_step=1e-4, max_nfev=evaluations
    )
    return np.asarray(low + span * found.x)


def rising_table(
    soc: Sequence[float], first_V: float, rises_V: Array
) -> Sequence[tuple[float, float]]:
    """An OCV table from its first value and the rises between its points, none below zero."""
    values = first_V + np.concatenate([[0.0], np.cumsum(rises_V)])
    return tuple(zip(map(float, soc), map(float, values), strict=True))


def keep_fitted(cell: str, name: str) -> None:
    """Puts a fitted cell where the tests find it."""
    (COMMITTED / name / FITTED).write_text(cell, encoding="utf-8")


def kept_cell(name: str) -> str:
    return (COMMITTED / name / FITTED).read_text(encoding="utf-8")
