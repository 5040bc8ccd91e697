# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""Numbers with units: `50 * A`, `3.65 * V`, `40 * minutes`, `25 * degC`.

Where a name says the unit (`seconds`, `voltage_V`) a bare number does, too. What does not fit is a
DataError: `found 50 A, expected a time, such as 2 s`. Products and quotients are worked out:
`48 * V * (50 * A)` is a power. `degC` is a point on a scale, `K` a difference between two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from ._core import DataError

__all__ = [
    "MW", "A", "Ah", "Duration", "F", "H", "J", "K", "Ohm", "Quantity", "S", "V", "W", "Wh", "bit",
    "d", "degC", "h", "hours", "kA", "kOhm", "kV", "kW", "kWh", "mA", "mAh", "mOhm", "mV", "min",
    "minutes", "ms", "ns", "percent", "s", "seconds", "us",
]  # fmt: skip

_Exponents: TypeAlias = tuple[int, int, int, int]  # of volt, ampere, second, kelvin

# What the results of arithmetic are called, with an example; factors are seconds per hour.
_NAMES: dict[_Exponents, tuple[str, float, str]] = {
    (0, 0, 0, 0): ("", 1.0, "a number"),
    (1, 0, 0, 0): ("V", 1.0, "a voltage"),
    (0, 1, 0, 0): ("A", 1.0, "a current"),
    (0, 0, 1, 0): ("s", 1.0, "a time"),
    (0, 0, 0, 1): ("K", 1.0, "a difference of temperatures"),
    (1, 1, 0, 0): ("W", 1.0, "a power"),
    (0, 1, 1, 0): ("Ah", 3600.0, "a charge"),
    (1, 1, 1, 0): ("J", 1.0, "an energy"),
    (1, -1, 0, 0): ("Ohm", 1.0, "a resistance"),
    (-1, 1, 0, 0): ("S", 1.0, "a conductance"),
    (-1, 1, 1, 0): ("F", 1.0, "a capacitance"),
    (1, -1, 1, 0): ("H", 1.0, "an inductance"),
    (0, 0, -1, 0): ("bit/s", 1.0, "a rate"),
    (1, 1, 0, -1): ("W/K", 1.0, "a thermal conductance"),
    (1, 1, 1, -1): ("J/K", 1.0, "a heat capacity"),
    (0, 1, -1, 0): ("A/s", 1.0, "a slope of current"),
    (1, 0, 0, -1): ("V/K", 1.0, "a temperature coefficient"),
    (0, 2, 1, 0): ("A2s", 1.0, "a melting integral"),
}


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Quantity:
    """A number with its unit. Made by multiplying: `50 * A`; read with `.to(A)`."""

    base: float  # in V, A, s, K and what they are multiplied to; degC as it is
    exponents: _Exponents
    is_point: bool = False  # on the scale of degC

    if not TYPE_CHECKING:
        __array_ufunc__ = None  # a NumPy number times a unit is a quantity

    def to(self, unit: Quantity) -> float:
        """The number before that unit: `(2 * kW).to(W) == 2000`."""
        self._expect_like(unit)
        return self.base / unit.base

    def __mul__(self, other: float | Quantity) -> Quantity:
        if not isinstance(other, Quantity):
            return Quantity(self.base * float(other), self.exponents, self.is_point)
        self._expect_no_point(other)
        a, b = self.exponents, other.exponents
        return Quantity(
            self.base * other.base, (a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3])
        )

    def __rmul__(self, number: float) -> Quantity:
        return self * number

    def __truediv__(self, other: float | Quantity) -> Quantity:
        if not isinstance(other, Quantity):
            return Quantity(self.base / float(other), self.exponents, self.is_point)
        self._expect_no_point(other)
        a, b = self.exponents, other.exponents
        return Quantity(
            self.base / other.base, (a[0] - b[0], a[1] - b[1], a[2] - b[2], a[3] - b[3])
        )

    def __rtruediv__(self, number: float) -> Quantity:
        return Quantity(float(number), (0, 0, 0, 0)) / self

    def __add__(self, other: Quantity) -> Quantity:
        if not isinstance(other, Quantity):
            return NotImplemented
        if self.exponents != other.exponents or (self.is_point and other.is_point):
            raise DataError(f"found {self} + {other}, expected two quantities of one kind")
        return Quantity(
            self.base + other.base, self.exponents, is_point=self.is_point or other.is_point
        )

    def __sub__(self, other: Quantity) -> Quantity:
        if not isinstance(other, Quantity):
            return NotImplemented
        if self.exponents != other.exponents or (other.is_point and not self.is_point):
            raise DataError(f"found {self} - {other}, expected two quantities of one kind")
        return Quantity(
            self.base - other.base, self.exponents, is_point=self.is_point and not other.is_point
        )

    def __neg__(self) -> Quantity:
        return self * -1.0

    def __abs__(self) -> Quantity:
        return self * -1.0 if self.base < 0 else self

    def __float__(self) -> float:
        """Of a bare ratio only: `float(80 * percent) == 0.8`."""
        self._expect_like(percent)
        return self.base

    def __lt__(self, other: Quantity) -> bool:
        self._expect_like(other)
        return self.base < other.base

    def __le__(self, other: Quantity) -> bool:
        self._expect_like(other)
        return self.base <= other.base

    def __gt__(self, other: Quantity) -> bool:
        return not self <= other

    def __ge__(self, other: Quantity) -> bool:
        return not self < other

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Quantity)
            and (self.exponents, self.is_point) == (other.exponents, other.is_point)
            and self.base == other.base
        )

    def __hash__(self) -> int:
        return hash((self.base, self.exponents, self.is_point))

    def __str__(self) -> str:
        unit, factor, _ = self._name()
        return f"{self.base / factor:.10g} {unit}".rstrip()

    __repr__ = __str__

    @property
    def kind(self) -> str:
        """What it is, with its article: "a current"."""
        return self._name()[2]

    def _name(self) -> tuple[str, float, str]:
        if self.is_point:
            return "degC", 1.0, "a temperature"
        volt, ampere, second, kelvin = self.exponents
        unnamed = f"V^{volt} A^{ampere} s^{second} K^{kelvin}", 1.0, "a product of units"
        return _NAMES.get(self.exponents, unnamed)

    def _expect_like(self, other: Quantity) -> None:
        if not isinstance(other, Quantity):
            raise DataError(f"found {other!r}, expected {self.kind} with its unit")
        if (self.exponents, self.is_point) != (other.exponents, other.is_point):
            raise DataError(f"found {self}, expected {other.kind}")

    def _expect_no_point(self, other: Quantity) -> None:
        if self.is_point or other.is_point:
            raise DataError(f"found {self} and {other} in a product, expected K, not degC")


Duration: TypeAlias = "float | Quantity"  # a bare number is in seconds

V = Quantity(1.0, (1, 0, 0, 0))
A = Quantity(1.0, (0, 1, 0, 0))
s = seconds = Quantity(1.0, (0, 0, 1, 0))
K = Quantity(1.0, (0, 0, 0, 1))
degC = Quantity(1.0, (0, 0, 0, 1), is_point=True)
percent = Quantity(0.01, (0, 0, 0, 0))
bit = Quantity(1.0, (0, 0, 0, 0))  # 250_000 * bit / s

mV, kV = 0.001 * V, 1000 * V
mA, kA = 0.001 * A, 1000 * A
ns, us, ms = 1e-9 * s, 1e-6 * s, 0.001 * s
min = minutes = 60 * s  # noqa: A001 (the unit is called so)
h = hours = 3600 * s
d = 86400 * s
W = V * A
kW, MW = 1000 * W, 1e6 * W
Ah = A * h
mAh = 0.001 * Ah
J = W * s
Wh = W * h
kWh = 1000 * Wh
Ohm = V / A
mOhm, kOhm = 0.001 * Ohm, 1000 * Ohm
S = A / V
F = A * s / V
H = V * s / A

_BY_TEXT = {
    "": Quantity(1.0, (0, 0, 0, 0)),
    "V": V, "A": A, "s": s, "K": K, "degC": degC, "W": W, "Ah": Ah, "Wh": Wh, "J": J, "Ohm": Ohm,
    "S": S, "F": F, "H": H, "bit/s": 1 / s, "J/K": J / K, "W/K": W / K, "A/s": A / s, "V/K": V / K,
    "A2s": A * A * s,
}  # fmt: skip


def unit_called(text: str) -> Quantity:
    """The unit that a catalogue gives for a signal or a severity: "V", "degC", "" for a ratio."""
    return _BY_TEXT[text]


def number_in(unit: str, value: float | Quantity, field: str) -> float:
    """The value as a bare number in a unit of a catalogue; DataError names the field."""
    if not isinstance(value, Quantity):
        if isinstance(value, str):
            raise TypeError(f"{field}: found {value!r}, expected a number or a quantity")
        return float(value)
    try:
        return value.to(unit_called(unit))
    except DataError as error:
        raise DataError(f"{field}: {error}") from None


def seconds_of(value: Duration, field: str) -> float:
    """Seconds of a duration; bare numbers are seconds. DataError names the field."""
    return number_in("s", value, field)


def optional_seconds(value: Duration | None, field: str) -> float | None:
    """Likewise; None stays None."""
    return None if value is None else seconds_of(value, field)
