# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""Conditions on signals, as Python writes them: `(b.cell[7].voltage > 3.5) & b.charge_gate.closed`.

A condition is the text that scenario files have; the simulator looks at it after every pass of the
firmware. It is no yes or no by itself: `.now` is what it says at this moment.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Protocol


class Judge(Protocol):
    """Who knows what a condition says now: a bench."""

    def holds(self, condition: str, /) -> bool: ...


class Combinable(ABC):
    """What `&`, `|` and `~` make conditions of."""

    __slots__ = ()

    @abstractmethod
    def condition(self) -> Condition:
        """It as a condition."""

    def __and__(self, other: Combinable) -> Condition:
        return self.condition()._joined("and", other)

    def __or__(self, other: Combinable) -> Condition:
        return self.condition()._joined("or", other)

    def __invert__(self) -> Condition:
        mine = self.condition()
        return Condition(mine.bench, f"not ({mine.text})")

    @property
    def now(self) -> bool:
        """Whether it holds at this moment."""
        mine = self.condition()
        return mine.bench.holds(mine.text)

    def __bool__(self) -> bool:
        # `a and b`, `not a` and `1 < a < 2` ask for it and would drop a part in silence.
        raise TypeError(
            f"found {self.condition().text!r} where yes or no is needed, "
            "expected .now, or & | ~ in place of and or not"
        )


class Condition(Combinable):
    """Something that holds or does not, at every moment of one bench."""

    __slots__ = ("_connective", "bench", "text")

    def __init__(self, bench: Judge, text: str, connective: str = "") -> None:
        self.bench = bench
        self.text = text  # as in scenario files
        self._connective = connective

    def condition(self) -> Condition:
        return self

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<{self.text}>"

    def _joined(self, connective: str, other: Combinable) -> Condition:
        if not isinstance(other, Combinable):
            return NotImplemented
        right = other.condition()
        if right.bench is not self.bench:
            raise TypeError(f"found conditions of two benches: {self.text!r} and {right.text!r}")
        text = f"{self._inside(connective)} {connective} {right._inside(connective)}"
        return Condition(self.bench, text, connective)

    def _inside(self, connective: str) -> str:
        """The text as an operand; the same connective needs no parentheses, however long it is."""
        return f"({self.text})" if self._connective not in ("", connective) else self.text
