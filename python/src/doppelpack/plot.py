# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""Draws a recorded run: cells, current, SOC, what the pack did, and the verdict. Needs matplotlib.

python -m doppelpack.plot FOLDER [PNG]
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from .recording import Recording, read_recording

_BLUE, _ORANGE, _GREEN, _RED, _YELLOW = "#0072b2", "#d55e00", "#009e73", "#b2182b", "#e6a700"
_GREY, _BLACK = "#9a9a9a", "#222222"
_LEFT = 0.13  # of the width: room for the labels of the bands
_MOST_MARKS = 40  # more vertical lines than this hide the curves
_MOST_VERDICTS = 12

_Row = tuple[str, str, list[tuple[float, float]]]  # label, colour, intervals in seconds


def plot_run(run: str | PathLike[str] | Recording, png: str | PathLike[str] | None = None) -> Path:
    """Draws the run in a folder and returns the picture's path; FOLDER/run.png if none is given."""
    recording = run if isinstance(run, Recording) else read_recording(run)
    picture = Path(png) if png is not None else recording.folder / "run.png"
    figure = _draw(recording)
    picture.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(picture, dpi=130)
    return picture


def _draw(recording: Recording) -> Figure:
    end_s = _end(recording)
    unit, seconds = time_unit(end_s)
    bands = list(_band_rows(recording.events, end_s))
    verdicts = _verdict_lines(recording.result)

    heights = [2.6, 2.0, 1.4, 0.35 + 0.22 * len(bands)]
    margin_top, margin_bottom = 0.85, 0.75 + 0.21 * len(verdicts)
    height = sum(heights) + 0.25 * len(heights) + margin_top + margin_bottom
    figure = Figure(figsize=(11, height))
    grid = figure.add_gridspec(
        len(heights),
        1,
        height_ratios=heights,
        left=_LEFT,
        right=0.83,
        top=1 - margin_top / height,
        bottom=margin_bottom / height,
        hspace=0.12,
    )
    panels: list[Axes] = []
    for i in range(len(heights)):
        panels.append(figure.add_subplot(grid[i], sharex=panels[0] if panels else None))

    time = recording.time / seconds
    _draw_cells(panels[0], time, recording)
    _draw_current(panels[1], time, recording)
    _draw_soc(panels[2], time, recording)
    _draw_bands(panels[3], bands, seconds)
    draw_marks(panels, recording.events, seconds)

    for panel in panels:
        panel.set_xlim(0, max(end_s / seconds, 1e-9))
        panel.grid(True, color="#e4e4e4", linewidth=0.6)
        panel.set_axisbelow(True)
        panel.tick_params(labelsize=9, labelbottom=panel is panels[-1])
        for side in ("top", "right"):
            panel.spines[side].set_visible(False)
        _, labels = panel.get_legend_handles_labels()
        if labels:
            panel.legend(loc="upper left", bbox_to_anchor=(1.01, 1.02), frameon=False, fontsize=9)
    panels[-1].set_xlabel(f"simulated time [{unit}]", fontsize=10)

    title, subtitle, colour = _titles(recording.result)
    figure.text(_LEFT, 1 - 0.30 / height, title, fontsize=14, weight="bold", va="center")
    figure.text(_LEFT, 1 - 0.60 / height, subtitle, fontsize=9.5, va="center", color=colour)
    for i, (has_held, line) in enumerate(reversed(verdicts)):
        figure.text(
            _LEFT,
            (0.14 + 0.21 * i) / height,
            line,
            fontsize=9,
            family="monospace",
            va="center",
            color=_BLACK if has_held else _RED,
        )
    return figure


def _end(recording: Recording) -> float:
    ends = [float(recording.time[-1])] if len(recording.time) else []
    ends += [event["t_ns"] * 1e-9 for event in recording.events[-1:]]
    ends += [recording.result["simulated_s"]] if "simulated_s" in recording.result else []
    return max(ends, default=0.0)


def time_unit(end_s: float) -> tuple[str, float]:
    """The unit that suits an axis to this end, and its seconds."""
    if end_s < 180:
        return "s", 1.0
    if end_s < 3 * 3600:
        return "min", 60.0
    return ("h", 3600.0) if end_s < 3 * 86400 else ("d", 86400.0)


def _titles(result: dict[str, Any]) -> tuple[str, str, str]:
    if not result:
        return "run without a result", "not finished", _GREY
    passed = bool(result["has_passed"])
    verdict = "passed" if passed else "FAILED"
    if not result["expectations"]:
        verdict = "no expectations"
    subtitle = "   |   ".join(
        [
            verdict,
            f"{result['product']}, seed {result['seed']}",
            f"{result['simulated_s']:.0f} s at {result['real_time_factor']:.0f} x real time",
            f"event log {result['event_log_sha256'][:12]}",
        ]
    )
    return str(result["title"] or result["scenario"]), subtitle, _GREEN if passed else _RED


def _verdict_lines(result: dict[str, Any]) -> list[tuple[bool, str]]:
    lines = []
    for verdict in result.get("expectations", []):
        text = f"{'ok  ' if verdict['has_held'] else 'FAIL'}  {verdict['name']}"
        if verdict.get("measured_s") is not None:
            text += f": {verdict['measured_s']:.3f} s"
            if verdict.get("limit_s") is not None:
                text += f" of {verdict['limit_s']:g} s"
        if not verdict["has_held"] and verdict.get("reason"):
            text += f" ({verdict['reason']})"
        lines.append((bool(verdict["has_held"]), text if len(text) <= 130 else text[:127] + "..."))
    if len(lines) > _MOST_VERDICTS:
        lines.sort(key=lambda line: line[0])
        rest = len(lines) - _MOST_VERDICTS + 1
        lines = [*lines[: _MOST_VERDICTS - 1], (True, f"      and {rest} more")]
    return lines


# ---- panels --------------------------------------------------------------------------------


def _draw_cells(panel: Axes, time: NDArray[np.float64], recording: Recording) -> None:
    signals = recording.signals
    cells = [name for name in signals if name.startswith("pack1/cell") and "/voltage_V" in name]
    for i, name in enumerate(cells):
        label = f"{len(cells)} cells" if i == 0 else None
        panel.plot(time, signals[name], color=_GREY, linewidth=0.6, alpha=0.8, label=label)
    panel.set_ylabel("cell voltage [V]", fontsize=10)
    if cells:
        voltages = np.array([signals[name] for name in cells])
        panel.plot(time, voltages.max(axis=0), color=_ORANGE, linewidth=1.4, label="highest")
        panel.plot(time, voltages.min(axis=0), color=_BLUE, linewidth=1.4, label="lowest")
    else:
        _plot(panel, time, recording, "pack1/cell_max_V", "highest", _ORANGE)
        _plot(panel, time, recording, "pack1/cell_min_V", "lowest", _BLUE)
    _plot(panel, time, recording, "bms1/cell_max_V", "highest, measured", _ORANGE, style=":")
    _plot(panel, time, recording, "bms1/cell_min_V", "lowest, measured", _BLUE, style=":")


def _draw_current(panel: Axes, time: NDArray[np.float64], recording: Recording) -> None:
    panel.axhline(0, color=_BLACK, linewidth=0.6)
    panel.set_ylabel("current [A]\n+ charges", fontsize=10)
    _plot(panel, time, recording, "bms1/ccl_A", "CCL", _GREEN, style="--", steps=True)
    _plot(
        panel, time, recording, "bms1/dcl_A", "- DCL", _YELLOW, style="--", steps=True, factor=-1.0
    )
    _plot(panel, time, recording, "pack1/current_A", "pack", _BLACK)


def _draw_soc(panel: Axes, time: NDArray[np.float64], recording: Recording) -> None:
    panel.set_ylabel("SOC [%]", fontsize=10)
    panel.set_ylim(-4, 104)
    _plot(panel, time, recording, "pack1/soc", "true", _BLACK, factor=100.0)
    _plot(panel, time, recording, "bms1/soc", "BMS", _ORANGE, style="--", factor=100.0)


def _plot(
    panel: Axes,
    time: NDArray[np.float64],
    recording: Recording,
    name: str,
    label: str,
    colour: str,
    *,
    style: str = "-",
    steps: bool = False,
    factor: float = 1.0,
) -> None:
    values = recording.signals.get(name)
    if values is None:
        return
    panel.plot(
        time,
        values * factor,
        color=colour,
        linewidth=1.4,
        linestyle=style,
        label=label,
        drawstyle="steps-post" if steps else "default",
    )


def _draw_bands(panel: Axes, rows: list[_Row], seconds: float) -> None:
    for i, (_, colour, intervals) in enumerate(rows):
        panel.broken_barh(
            [(begin / seconds, (end - begin) / seconds) for begin, end in intervals],
            (i - 0.32, 0.64),
            facecolors=colour,
        )
    panel.set_ylim(len(rows) - 0.4, -0.6)
    panel.set_yticks(range(len(rows)), labels=[label for label, _, _ in rows])


def draw_marks(panels: list[Axes], events: list[dict[str, Any]], seconds: float) -> None:
    """Vertical lines where something was done to the pack, named at the first panel."""
    marks = [
        (event["t_ns"] * 1e-9 / seconds, _mark(event))
        for event in events
        if event["event"] in ("entry", "fault", "button", "note")
    ]
    if len(marks) > _MOST_MARKS:
        return
    for x in {x for x, _ in marks}:
        for panel in panels:
            panel.axvline(x, color=_GREY, linewidth=0.8, linestyle=(0, (4, 3)), zorder=0.5)
    labels: dict[float, list[str]] = {}
    for x, text in marks:
        if text not in labels.setdefault(x, []):
            labels[x].append(text)
    for x, texts in labels.items():
        panels[0].annotate(
            ", ".join(texts),
            (x, 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(2, 3),
            textcoords="offset points",
            fontsize=8,
            color="#555555",
            annotation_clip=True,
        )


def _mark(event: dict[str, Any]) -> str:
    if event["event"] == "fault":
        return f"{event['id']} {'on' if event['is_active'] else 'off'}"
    if event["event"] == "entry":
        return str(event["id"])
    return "button" if event["event"] == "button" else str(event["text"])[:30]


# ---- bands from events ----------------------------------------------------------------------


def _band_rows(events: list[dict[str, Any]], end_s: float) -> Iterator[_Row]:
    """What was active when: both gates always, the rest only if it ever was."""
    kinds: list[tuple[str, str, str, Callable[[str], str]]] = [
        ("fault", "id", _RED, lambda key: f"fault {key}"),
        ("protection", "rule", _ORANGE, lambda key: f"protection {key}"),
        ("warning", "rule", _YELLOW, lambda key: f"warning {key}"),
    ]
    for kind, field, colour, label in kinds:
        of_kind = [event for event in events if event["event"] == kind]
        for key in dict.fromkeys(str(event[field]) for event in of_kind):
            mine = ((e["t_ns"], e["is_active"]) for e in of_kind if str(e[field]) == key)
            yield label(key), colour, _intervals(mine, end_s)
    for gate, colour in (("charge", _GREEN), ("discharge", _BLUE)):
        mine = (
            (e["t_ns"], e["is_closed"])
            for e in events
            if e["event"] == "gate" and e["gate"] == gate
        )
        yield f"{gate} gate", colour, _intervals(mine, end_s)


def _intervals(changes: Iterable[tuple[int, bool]], end_s: float) -> list[tuple[float, float]]:
    intervals = []
    begin: float | None = None
    for t_ns, is_on in changes:
        if is_on and begin is None:
            begin = t_ns * 1e-9
        elif not is_on and begin is not None:
            intervals.append((begin, t_ns * 1e-9))
            begin = None
    if begin is not None:
        intervals.append((begin, max(end_s, begin)))
    return intervals


def _main(arguments: list[str]) -> int:
    if not 1 <= len(arguments) <= 2:
        print("usage: python -m doppelpack.plot FOLDER [PNG]", file=sys.stderr)
        return 2
    try:
        print(plot_run(*arguments))
    except (ValueError, OSError) as error:
        print(f"doppelpack.plot: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
