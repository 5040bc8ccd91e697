# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""Numbers with units as texts, and texts as numbers."""

import math
import re
from dataclasses import dataclass

from .marked_yaml import Node

_AMOUNT = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*([A-Za-z%][A-Za-z0-9/%]*)?")


@dataclass(frozen=True)
class Amount:
    """A number as people write it: 12 K, 80 %, 3."""

    number: float
    unit: str

    def __str__(self) -> str:
        return with_unit(self.number, self.unit)


def with_unit(number: float, unit: str) -> str:
    """Six digits: short enough for a command line, and the same on every machine."""
    return f"{number:.6g} {unit}".rstrip()


def rounded(number: float) -> float:
    """The number that with_unit() writes."""
    return float(f"{number:.6g}")


def parse(text: str) -> Amount | None:
    found = _AMOUNT.fullmatch(text.strip())
    return Amount(float(found[1]), found[2] or "") if found else None


def amount_of(node: Node) -> Amount:
    amount = parse(node.text())
    if amount is None or not math.isfinite(amount.number):
        node.refuse("a number, with its unit where it has one")
    return amount


def range_of(node: Node) -> tuple[Amount, Amount]:
    """[from, to], rising, in one unit."""
    items = node.items(2)
    low, high = amount_of(items[0]), amount_of(items[1])
    if low.unit != high.unit:
        items[1].refuse(f"the unit of the first, {low.unit or 'none'}")
    if low.number >= high.number:
        items[1].refuse(f"more than {low}")
    return low, high
