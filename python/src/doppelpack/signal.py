# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""Signals of a bench as objects: read, set, compared into conditions, and their history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from .condition import Combinable, Condition
from .units import Quantity, number_in, unit_called

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .bench import Bench

Comparable: TypeAlias = "float | Quantity | str"  # 3.5, 3.5 * V, "3500 mV"


def identifier(text: str) -> str:
    """A name or word of the catalogue as Python writes it: cell-ov is cell_ov."""
    return text.replace("-", "_").replace(" ", "_")


class Signal:
    """Something that can be looked at on a bench, and perhaps set. What it is says `.title`."""

    def __init__(self, bench: Bench, row: dict[str, Any]) -> None:
        self._bench = bench
        self._row = row

    @property
    def name(self) -> str:
        """As in scenario files: pack... is the truth, bms... what the firmware measured."""
        return str(self._row["key"])

    @property
    def title(self) -> str:
        """What it means."""
        return str(self._row["title"])

    @property
    def unit(self) -> str:
        """Of `.value`; empty for ratios, counts and words."""
        return str(self._row["unit"])

    @property
    def is_control(self) -> bool:
        """Whether it can be set."""
        return bool(self._row["is_control"])

    @property
    def value(self) -> float:
        """The number at this moment; of words their position. nan: unknown."""
        return self._bench[self.name]

    @property
    def text(self) -> str:
        """As people read it: "3.652 V", "open"."""
        return self._bench.word(self.name)

    @property
    def history(self) -> NDArray[np.float64]:
        """What was recorded so far, one row per `bench.time`: read-only, not copied."""
        return self._bench.recorded(self.name)

    def set(self, value: float | Quantity | str) -> None:
        """Sets a control; DataError for a signal that is none."""
        self._bench.set(self.name, value)

    def __float__(self) -> float:
        return self.value

    def __bool__(self) -> bool:
        raise TypeError(f"found {self.name!r} where yes or no is needed, expected a comparison")

    def __repr__(self) -> str:
        return f"<{self.name} = {self.text}>"

    __hash__ = object.__hash__  # == makes a condition

    def _compared(self, operator: str, value: Comparable) -> Condition:
        if isinstance(value, (Signal, Condition)):
            raise TypeError(
                f"{self.name}: found {value!r}, expected a number, a text or a quantity"
            )
        if not isinstance(value, str):
            number = number_in(self.unit, value, self.name)
            value = f"{number!r} {self.unit}".rstrip()
        return Condition(self._bench, f"{self.name} {operator} {value}")


class Number(Signal):
    """A signal with a number. Bare numbers it is compared with are in its `.unit`."""

    @property
    def quantity(self) -> Quantity:
        """The value with its unit."""
        return self.value * unit_called(self.unit)

    def __lt__(self, value: Comparable) -> Condition:
        return self._compared("<", value)

    def __le__(self, value: Comparable) -> Condition:
        return self._compared("<=", value)

    def __gt__(self, value: Comparable) -> Condition:
        return self._compared(">", value)

    def __ge__(self, value: Comparable) -> Condition:
        return self._compared(">=", value)

    def __eq__(self, value: Comparable) -> Condition:  # type: ignore[override]
        return self._compared("==", value)

    def __ne__(self, value: Comparable) -> Condition:  # type: ignore[override]
        return self._compared("!=", value)

    __hash__ = object.__hash__


class Words(Signal):
    """A signal that is one of several words, each of them an attribute: `.open` is a condition."""

    @property
    def words(self) -> list[str]:
        """What its values 0, 1, ... are called."""
        return list(self._row["words"])

    def is_(self, word: str) -> Condition:
        """The condition that it is this word."""
        if word not in self.words:
            raise AttributeError(f"{self.name}: found {word!r}, expected {', '.join(self.words)}")
        return self._compared("==", word)

    def __eq__(self, word: str) -> Condition:  # type: ignore[override]
        return self.is_(word)

    def __ne__(self, word: str) -> Condition:  # type: ignore[override]
        return ~self.is_(word)

    __hash__ = object.__hash__

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *map(identifier, self.words)]

    if not TYPE_CHECKING:  # the words are listed in groups.py

        def __getattr__(self, name: str) -> Condition:
            if name.startswith("_"):
                raise AttributeError(name)
            found = [word for word in self.words if identifier(word) == name]
            return self.is_(found[0] if found else name)


class Flag(Words, Combinable):
    """A signal that is no or yes, off or on, clear or active; by itself, that it is the latter."""

    def condition(self) -> Condition:
        return self.is_(self.words[1])

    def __bool__(self) -> bool:
        return Combinable.__bool__(self)


#: Pairs of words whose second is a yes.
FLAGS = (("no", "yes"), ("off", "on"), ("clear", "active"), ("released", "pressed"))


def make_signal(bench: Bench, row: dict[str, Any]) -> Signal:
    """The object for a row of the catalogue."""
    words = row.get("words")
    if words is None:
        return Number(bench, row)
    return Flag(bench, row) if tuple(words) in FLAGS else Words(bench, row)
