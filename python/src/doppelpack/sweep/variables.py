# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""What differs from case to case: axes, whose values are all combined, and draws by chance."""

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

from .amounts import Amount, amount_of, parse, range_of, rounded, with_unit
from .marked_yaml import Node

Value = float | str
Settings = dict[str, str]  # path in the scenario: text

_MOST_VALUES = 1_000_000


@dataclass(frozen=True)
class Choice:
    """One value of a variable: what a table says of it, and what it sets."""

    shown: Value
    settings: Settings


@dataclass(frozen=True)
class Axis:
    """A variable that takes each of its values."""

    name: str
    unit: str
    choices: tuple[Choice, ...]
    node: Node

    @property
    def is_number(self) -> bool:
        return all(isinstance(choice.shown, float) for choice in self.choices)


class Distribution(ABC):
    """From a chance in [0, 1) to a value."""

    unit = ""
    is_number = True

    @abstractmethod
    def at(self, chance: float) -> Value: ...

    @abstractmethod
    def extremes(self) -> Sequence[Value]:
        """Values that between them show whether all are allowed."""


class Uniform(Distribution):
    """Between two values, evenly, or evenly in the logarithm."""

    def __init__(self, low: Amount, high: Amount, is_log: bool = False) -> None:
        self.low, self.high, self.is_log, self.unit = low.number, high.number, is_log, low.unit

    def at(self, chance: float) -> float:
        if self.is_log:
            return rounded(self.low * math.exp(chance * math.log(self.high / self.low)))
        return rounded(self.low + (self.high - self.low) * chance)

    def extremes(self) -> Sequence[float]:
        return self.at(0.0), self.at(1.0)


class Normal(Distribution):
    """A bell, cut off outside of `within`."""

    def __init__(self, mean: Amount, spread: Amount, within: tuple[Amount, Amount]) -> None:
        self.low, self.high, self.unit = within[0].number, within[1].number, mean.unit
        self._bell = NormalDist(mean.number, spread.number)
        self._from, self._to = self._bell.cdf(self.low), self._bell.cdf(self.high)

    def at(self, chance: float) -> float:
        share = self._from + (self._to - self._from) * chance
        if not 0.0 < share < 1.0:
            return self.low if share <= 0.0 else self.high
        return rounded(min(max(self._bell.inv_cdf(share), self.low), self.high))

    def extremes(self) -> Sequence[float]:
        return rounded(self.low), rounded(self.high)


class OneOf(Distribution):
    """One of a list, each as likely as the others."""

    def __init__(self, texts: Sequence[str]) -> None:
        amounts = [parse(text) for text in texts]
        units = {amount.unit if amount else None for amount in amounts}
        self.values: list[Value] = list(texts)
        self.is_number = len(units) == 1 and None not in units
        if self.is_number:
            self.values = [amount.number for amount in amounts if amount]
            self.unit = units.pop() or ""

    def at(self, chance: float) -> Value:
        return self.values[int(chance * len(self.values))]

    def extremes(self) -> Sequence[Value]:
        return self.values


@dataclass(frozen=True)
class Draw:
    """A variable that chance decides, in each case anew."""

    name: str
    paths: tuple[str, ...]
    distribution: Distribution
    node: Node

    def choice(self, value: Value) -> Choice:
        text = value if isinstance(value, str) else with_unit(value, self.distribution.unit)
        return Choice(value, dict.fromkeys(self.paths, text))


def read_axis(node: Node) -> Axis:
    section = node.section(("name", "set", "values", "linspace", "log", "choices"))
    name = node.need("name").text()
    kind = _one_of(node, ("values", "linspace", "log", "choices"))
    if kind == "choices":
        if "set" in section:
            section["set"].refuse('none beside "choices"')
        return _bundles(name, node)
    paths = _paths(node)
    unit, values = _listed(section["values"]) if kind == "values" else _spaced(node, kind)
    shown = [
        (value, value if isinstance(value, str) else with_unit(value, unit)) for value in values
    ]
    choices = tuple(Choice(value, dict.fromkeys(paths, text)) for value, text in shown)
    return Axis(name, unit, choices, node)


def read_draw(node: Node) -> Draw:
    kinds = ("uniform", "log-uniform", "normal", "one-of")
    section = node.section(("name", "set", *kinds))
    kind = _one_of(node, kinds)
    what = section[kind]
    if kind == "one-of":
        distribution: Distribution = OneOf([item.text() for item in what.items()])
    elif kind == "normal":
        distribution = _read_normal(what)
    else:
        low, high = range_of(what)
        if kind == "log-uniform" and low.number <= 0:
            what.refuse("a range above 0")
        distribution = Uniform(low, high, kind == "log-uniform")
    return Draw(node.need("name").text(), _paths(node), distribution, node)


def _one_of(node: Node, kinds: Sequence[str]) -> str:
    given = [key for key in node.map() if key in kinds]
    if len(given) != 1:
        raise node.wrong(
            f"found {' and '.join(given) or 'none'}, expected one of {', '.join(kinds)}"
        )
    return given[0]


def _paths(node: Node) -> tuple[str, ...]:
    where = node.need("set")
    if isinstance(where.value, list):
        return tuple(item.text() for item in where.items())
    return (where.text(),)


def _bundles(name: str, node: Node) -> Axis:
    bundles = node.need("choices").map()
    choices = [
        Choice(label, {path: value.text() for path, value in bundle.map().items()})
        for label, bundle in bundles.items()
    ]
    return Axis(name, "", tuple(choices), node)


def _listed(node: Node) -> tuple[str, list[Value]]:
    values = OneOf([item.text() for item in node.items()])
    return values.unit, values.values


def _spaced(node: Node, kind: str) -> tuple[str, list[Value]]:
    what = node.map()[kind]
    if len(what.items(3)) != 3:
        what.refuse("[from, to, how many]")
    low, high = range_of(what)
    if kind == "log" and low.number <= 0:
        what.refuse("a range above 0")
    steps = what.items()[2].whole(2, _MOST_VALUES) - 1
    spread = Uniform(low, high, kind == "log")
    return low.unit, [spread.at(i / steps) for i in range(steps + 1)]


def _read_normal(node: Node) -> Normal:
    node.section(("mean", "spread", "within"))
    mean, spread = amount_of(node.need("mean")), amount_of(node.need("spread"))
    unit = "K" if mean.unit == "degC" else mean.unit
    if spread.unit != unit or spread.number <= 0:
        node.need("spread").refuse(f"a positive number in {unit or 'no unit'}")
    within = range_of(node.need("within"))
    if within[0].unit != mean.unit:
        node.need("within").refuse(f"a range in {mean.unit or 'no unit'}")
    normal = Normal(mean, spread, within)
    if normal.extremes()[0] >= normal.extremes()[1] or normal._to - normal._from < 1e-6:
        node.need("within").refuse("a range that holds a good part of the bell")
    return normal
