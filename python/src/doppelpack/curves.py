# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""Draws what a bench has recorded so far, around a moment if one is given. Needs matplotlib."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .plot import draw_marks, time_unit
from .recorded import Moment, chosen, moment_s
from .signal import Signal
from .units import Quantity, seconds_of

if TYPE_CHECKING:
    from .bench import Bench

_USUAL = ("pack1/cell*/voltage_V", "pack1/current_A", "pack1/soc")
_MOST_LABELS = 10  # more lines than this are told apart by nobody


def draw(
    bench: Bench, what: Sequence[str | Signal], around: Moment | None, span: float | Quantity
) -> Figure:
    """The picture of Bench.plot(), which says what the arguments mean."""
    names = chosen(bench.recorded_signals, what or _USUAL)
    begin_s, end_s = _window(bench, around, seconds_of(span, "span"))
    unit, seconds = time_unit(end_s)
    rows = _rows_within(bench, begin_s, end_s)
    panels_of = _by_unit(bench, names)
    figure = Figure(figsize=(11, 0.9 + 2.2 * len(panels_of)), layout="constrained")
    panels: list[Axes] = list(figure.subplots(len(panels_of), sharex=True, squeeze=False)[:, 0])
    for panel, (label, of_unit) in zip(panels, panels_of.items(), strict=True):
        _draw_lines(panel, bench, of_unit, rows, seconds)
        panel.set_ylabel(label)
        panel.grid(True, color="#e4e4e4", linewidth=0.6)
    events = [each for each in bench.events if begin_s <= each["t_ns"] * 1e-9 <= end_s]
    draw_marks(panels, events, seconds)
    panels[-1].set_xlim(begin_s / seconds, max(end_s, begin_s + 1e-9) / seconds)
    panels[-1].set_xlabel(f"simulated time [{unit}]")
    figure.suptitle(f"{bench.product}, seed {bench.seed}", fontsize=10)
    return figure


def _window(bench: Bench, around: Moment | None, span_s: float) -> tuple[float, float]:
    if around is None:
        return (float(bench.time[0]) if len(bench.time) else 0.0), bench.now
    middle_s = moment_s(bench, around)
    return max(0.0, middle_s - span_s / 2), min(bench.now, middle_s + span_s / 2)


def _by_unit(bench: Bench, names: list[str]) -> dict[str, list[str]]:
    """One panel for each unit; what has words shares one with the bare numbers."""
    units = {row["key"]: row["unit"] for row in bench.catalogue()}
    panels: dict[str, list[str]] = {}
    for name in names:
        panels.setdefault(units[name], []).append(name)
    return panels


def _rows_within(bench: Bench, begin_s: float, end_s: float) -> slice:
    """Those of the window, and one more on either side, so that lines reach its edges."""
    first = int(bench.time.searchsorted(begin_s, side="left"))
    last = int(bench.time.searchsorted(end_s, side="right"))
    return slice(max(0, first - 1), last + 1)


def _draw_lines(panel: Axes, bench: Bench, names: list[str], rows: slice, seconds: float) -> None:
    has_labels = len(names) <= _MOST_LABELS
    time = bench.time[rows] / seconds
    for name in names:
        label = name if has_labels else None
        panel.plot(time, bench.recorded(name)[rows], linewidth=1.2, label=label)
    if has_labels:
        panel.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), frameon=False, fontsize=8)
    else:
        panel.set_title(f"{len(names)} signals", loc="right", fontsize=8)
