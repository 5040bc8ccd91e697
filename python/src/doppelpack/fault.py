# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""What can be injected, with the names of its target and severity; made from the catalogue."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any

from ._core import DataError
from .signal import identifier
from .units import Quantity, number_in

if TYPE_CHECKING:
    from .bench import Bench

#: What a fault's target is called as an argument, and in words.
TARGETS = {
    "cell": ("cell", "the cell"),
    "ntc": ("sensor", "the thermistor"),
    "sense wire": ("wire", "the sense wire"),
}


@dataclass(frozen=True)
class Fault:
    """One fault at one place, for Bench.inject(). Made by the functions of doppelpack.faults."""

    key: str
    target: int = 0  # from 1; 0: the pack as a whole
    severity: float | None = None  # in the unit of the catalogue; None: its default
    pack: int = 1


class FaultKind:
    """A function that makes faults of one kind; help() says what it does and takes."""

    def __init__(self, row: dict[str, Any]) -> None:
        self._row = row
        self.__name__ = identifier(row["key"])
        self.__doc__ = describe(row)
        self._names = parameters_of(row)

    def __call__(self, *values: int | float | Quantity, pack: int = 1, **named: Any) -> Fault:
        given = self._bound(values, named)
        target = self._target(given)
        severity = given.get(self._names[-1]) if self._row.get("severity") else None
        if severity is not None:
            severity = self._severity(severity)
        return Fault(self._row["key"], target, severity, pack)

    def __repr__(self) -> str:
        return f"<fault {self.__name__}({', '.join(self._names)})>"

    def _bound(self, values: tuple[Any, ...], named: dict[str, Any]) -> dict[str, Any]:
        given = {**dict(zip(self._names, values, strict=False)), **named}
        unknown = [name for name in named if name not in self._names]
        if unknown or len(given) < len(values) + len(named) or len(values) > len(self._names):
            expected = ", ".join([*self._names, "pack"])
            found = ", ".join([*map(repr, values), *named])
            raise TypeError(f"{self.__name__}: found {found}, expected {expected}")
        return given

    def _target(self, given: dict[str, Any]) -> int:
        if self._row["target"] == "pack":
            return 0
        name, what = TARGETS[self._row["target"]]
        target = given.get(name)
        if isinstance(target, bool) or not isinstance(target, int) or target < 1:
            found = "nothing" if target is None else repr(target)
            raise DataError(
                f"{self.__name__}: {name}: found {found}, expected the number of {what}, from 1"
            )
        return target

    def _severity(self, value: float | Quantity) -> float:
        spec = self._row["severity"]
        field = f"{self.__name__}: {self._names[-1]}"
        number = number_in(spec["unit"], value, field)
        if not spec["min"] <= number <= spec["max"]:
            limits = f"{spec['min']:g} to {spec['max']:g} {spec['unit']}".rstrip()
            raise DataError(f"{field}: found {value}, expected {limits}")
        return number


class InjectedFault(str):
    """The id of a fault that has been put on. At the end of a `with` block it is taken away."""

    _bench: Bench

    def __new__(cls, bench: Bench, text: str) -> InjectedFault:
        made = super().__new__(cls, text)
        made._bench = bench
        return made

    def clear(self) -> None:
        """Takes the fault away."""
        self._bench.clear(self)

    def __enter__(self) -> InjectedFault:
        return self

    def __exit__(
        self,
        type_: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if value is None:
            self.clear()


def parameters_of(row: dict[str, Any]) -> list[str]:
    """The names of its arguments beside `pack`: the target, if it has one, then the severity."""
    names = [TARGETS[row["target"]][0]] if row["target"] in TARGETS else []
    return names + ([identifier(row["severity"]["name"])] if row.get("severity") else [])


def describe(row: dict[str, Any]) -> str:
    """The docstring of a fault."""
    lines = [row["title"][0].upper() + row["title"][1:] + ".", ""]
    if row["target"] in TARGETS:
        name, what = TARGETS[row["target"]]
        lines.append(f"{name}: number of {what}, from 1.")
    if spec := row.get("severity"):
        unit = spec["unit"] or "a number"
        lines.append(
            f"{identifier(spec['name'])}: {unit}, {spec['min']:g} to {spec['max']:g}; "
            f"{spec['default']:g} when None."
        )
    lines += ["pack: number of the pack of a bank, from 1.", f"Found by: {row['found_by']}."]
    return "\n".join(textwrap.fill(line, 92, subsequent_indent="    ") for line in lines)
