# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""Which of the recorded signals somebody means, and which moment."""

from __future__ import annotations

import fnmatch
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from ._core import DataError
from .signal import Signal
from .units import Quantity, seconds_of

if TYPE_CHECKING:
    from .bench import Bench

#: Seconds, an event of bench.events, the id of a fault or an entry, or the kind of an event.
Moment: TypeAlias = "float | Quantity | str | dict[str, Any]"


def chosen(recorded: Sequence[str], what: Sequence[str | Signal]) -> list[str]:
    """The recorded signals that fit; a pattern may leave pack1/ and the like away."""
    names: dict[str, None] = {}
    for each in what:
        pattern = each.name if isinstance(each, Signal) else each
        fits = [
            name
            for name in recorded
            if fnmatch.fnmatchcase(name, pattern)
            or fnmatch.fnmatchcase(name.partition("/")[2], pattern)
        ]
        if not fits:
            raise DataError(f"{pattern}: found no recorded signal like it; see .recorded_signals")
        names.update(dict.fromkeys(fits))
    return list(names)


def moment_s(bench: Bench, around: Moment) -> float:
    """When it was, in seconds."""
    if isinstance(around, dict):
        return float(around["t_ns"]) * 1e-9
    if not isinstance(around, str):
        return seconds_of(around, "around")
    for event in bench.events:
        if around in (event.get("id"), event.get("fault"), event["event"]):
            return float(event["t_ns"]) * 1e-9
    raise DataError(f"around: found {around!r}, expected the id of an event, or its kind")
