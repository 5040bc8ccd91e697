# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""A cell as numbers, to be varied by a test or a fit, and as the text of a cell file."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

Table = Sequence[tuple[float, float]]  # (SOC 0..1, value)

SHIPPED = Path(__file__).resolve().parents[2] / "scenarios" / "cells" / "lfp-100ah.yaml"


@dataclass(frozen=True)
class CellNumbers:
    """What a cell file holds, in SI. Without arguments: linear OCV, no hysteresis, no entropy."""

    key: str = "test-cell"
    title: str = "A cell of a test"
    sources: Sequence[str] = ("made up",)
    capacity_Ah: float = 100.0
    ocv_V: Table = ((0.0, 3.2), (1.0, 3.4))
    half_gap_V: Table = ((0.0, 0.0), (1.0, 0.0))
    gamma: float = 40.0
    instant_V: float = 0.0
    entropic_V_per_K: Table = ((0.0, 0.0), (1.0, 0.0))
    r0_Ohm: float = 0.5e-3
    r0_activation_J_per_mol: float = 0.0
    r1_Ohm: float = 0.45e-3
    tau1_s: float = 15.0
    r1_activation_J_per_mol: float = 0.0
    r2_Ohm: float = 0.5e-3
    tau2_s: float = 150.0
    r2_activation_J_per_mol: float = 0.0
    rc_discharge: Table = ((0.0, 1.0), (1.0, 1.0))
    rc_charge: Table = ((0.0, 1.0), (1.0, 1.0))
    heat_capacity_J_per_K: float = 2080.0
    coulombic_efficiency: float = 1.0
    comment: Sequence[str] = field(default=())

    def with_(self, **changes: Any) -> "CellNumbers":
        return replace(self, **changes)

    def to_yaml(self) -> str:
        def table(points: Table, unit: str) -> str:
            rows = [
                f"  - [{soc * 100:.6g} %, {value:.9g}{unit and ' ' + unit}]"
                for soc, value in points
            ]
            return "\n" + "\n".join(rows)

        def pair(r_Ohm: float, tau_s: float, activation: float) -> str:
            return (
                f"{{resistance: {r_Ohm:.9g} Ohm, time_constant: {tau_s:.9g} s, "
                f"activation_energy: {activation:.9g} J/mol}}"
            )

        def indented(text: str) -> str:
            return text.replace("\n", "\n  ")

        return "\n".join(
            [
                *(f"# {line}" for line in self.comment),
                f"cell: {self.key}",
                f'title: "{self.title}"',
                "sources:",
                *(f'  - "{source}"' for source in self.sources),
                f"capacity: {self.capacity_Ah:.9g} Ah",
                "ocv:" + table(self.ocv_V, "V"),
                "hysteresis:",
                f"  gamma: {self.gamma:.9g}",
                f"  instant: {self.instant_V:.9g} V",
                "  half_gap:" + indented(table(self.half_gap_V, "V")),
                "entropic_coefficient:" + table(self.entropic_V_per_K, "V/K"),
                f"r0: {{resistance: {self.r0_Ohm:.9g} Ohm, "
                f"activation_energy: {self.r0_activation_J_per_mol:.9g} J/mol}}",
                "rc1: " + pair(self.r1_Ohm, self.tau1_s, self.r1_activation_J_per_mol),
                "rc2: " + pair(self.r2_Ohm, self.tau2_s, self.r2_activation_J_per_mol),
                "rc_factor:",
                "  discharge:" + indented(table(self.rc_discharge, "")),
                "  charge:" + indented(table(self.rc_charge, "")),
                f"heat_capacity: {self.heat_capacity_J_per_K:.9g} J/K",
                f"coulombic_efficiency: {self.coulombic_efficiency:.9g}",
                "",
            ]
        )


_SCALES = {"%": 1e-2, "m": 1e-3, "k": 1e3}


def _number(text: str | float) -> float:
    """3.2 of "3.2 V", 0.0005 of "0.50 mOhm", 0.05 of "5 %"."""
    value, _, unit = str(text).partition(" ")
    is_prefixed = unit == "%" or (len(unit) > 1 and unit[0] in "mk" and not unit.startswith("mol"))
    return float(value) * (_SCALES[unit[0]] if is_prefixed else 1.0)


def _table(rows: Sequence[Sequence[str | float]]) -> Table:
    return tuple((_number(soc), _number(value)) for soc, value in rows)


def read_cell(file: Path = SHIPPED) -> CellNumbers:
    """The numbers of a cell file."""
    cell = yaml.safe_load(file.read_text(encoding="utf-8"))
    hysteresis, r0, rc1, rc2 = (cell[key] for key in ("hysteresis", "r0", "rc1", "rc2"))
    return CellNumbers(
        key=cell["cell"],
        title=cell["title"],
        sources=tuple(cell["sources"]),
        capacity_Ah=_number(cell["capacity"]),
        ocv_V=_table(cell["ocv"]),
        half_gap_V=_table(hysteresis["half_gap"]),
        gamma=_number(hysteresis["gamma"]),
        instant_V=_number(hysteresis["instant"]),
        entropic_V_per_K=_table(cell["entropic_coefficient"]),
        r0_Ohm=_number(r0["resistance"]),
        r0_activation_J_per_mol=_number(r0["activation_energy"]),
        r1_Ohm=_number(rc1["resistance"]),
        tau1_s=_number(rc1["time_constant"]),
        r1_activation_J_per_mol=_number(rc1["activation_energy"]),
        r2_Ohm=_number(rc2["resistance"]),
        tau2_s=_number(rc2["time_constant"]),
        r2_activation_J_per_mol=_number(rc2["activation_energy"]),
        rc_discharge=_table(cell["rc_factor"]["discharge"]),
        rc_charge=_table(cell["rc_factor"]["charge"]),
        heat_capacity_J_per_K=_number(cell["heat_capacity"]),
        coulombic_efficiency=_number(cell["coulombic_efficiency"]),
    )
