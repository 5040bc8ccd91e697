# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""One page on a sweep: how its measures are distributed, and on what, and the worst cases."""

import shlex
from collections.abc import Sequence
from html import escape
from io import StringIO
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from .plan import Case, Measure, Plan
from .variables import Axis, Draw

_BLUE, _LIGHT = "#0072b2", "#9ecae1"
_WORST = 3  # cases of each measure
_FAILED = 20
_BINS = 12  # of a variable with more values
_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:76rem;margin:2rem auto;padding:0 1rem;color:#222}
table{border-collapse:collapse;margin:.5rem 0 1.5rem}
th,td{padding:.2rem .7rem;text-align:left;border-bottom:1px solid #ddd}
td.n{text-align:right;font-variant-numeric:tabular-nums}
code{font-size:13px;white-space:pre-wrap}
svg{max-width:100%;height:auto}
"""


def write_summary(plan: Plan, table: Path, page: Path, base: Path, sha256: str) -> None:
    """The same table gives the same bytes."""
    rows = pq.read_table(table)
    parts = [
        f"<h1>{escape(plan.title)}</h1>",
        f"<p>Sweep <b>{escape(plan.key)}</b>: {_counts(rows)}.</p>",
        f"<p><code>campaign sha256 {sha256}</code></p>",
        _table_of_measures(plan, rows),
        *(_section(plan, measure, rows, base) for measure in plan.measures),
        _failures(plan, rows, base),
    ]
    head = f'<meta charset="utf-8"><title>{escape(plan.title)}</title><style>{_STYLE}</style>'
    text = (
        f'<!doctype html><html lang="en"><head>{head}</head><body>{"".join(parts)}</body></html>\n'
    )
    page.write_text(text, "utf-8")


def reproducer(case: Case, base: Path) -> str:
    """The command that runs one case again."""
    sets = [f"--set {shlex.quote(f'{path}={text}')}" for path, text in case.settings.items()]
    return " ".join(["doppelpack run", shlex.quote(str(base)), *sets, f"--seed {case.seed}"])


def _counts(rows: pa.Table) -> str:
    errors = rows.num_rows - rows["error"].null_count
    passed = pc.sum(rows["has_passed"]).as_py() or 0
    failed = rows.num_rows - passed - errors
    return f"{rows.num_rows} cases, {passed} passed, {failed} failed, {errors} did not run"


def _numbers(rows: pa.Table, name: str) -> NDArray[np.float64]:
    """A column, not a number where it has none."""
    column = rows[name].cast(pa.float64()).to_numpy()
    return np.asarray(column, dtype=np.float64)


def _table_of_measures(plan: Plan, rows: pa.Table) -> str:
    shares = (0, 5, 50, 95, 100)
    head = "".join(f"<th>{name}</th>" for name in ("lowest", "5 %", "median", "95 %", "highest"))
    lines = []
    for measure in plan.measures:
        values = _numbers(rows, measure.name)
        values = values[np.isfinite(values)]
        cells = (
            [f"{value:.6g}" for value in np.percentile(values, shares)] if values.size else [""] * 5
        )
        numbers = "".join(f'<td class="n">{cell}</td>' for cell in cells)
        what = escape(f"{measure.kind} {measure.of}")
        lines.append(
            f"<tr><td>{escape(measure.name)}</td><td><code>{what}</code></td>"
            f'<td class="n">{values.size}</td>{numbers}</tr>'
        )
    return (
        f"<table><tr><th>measure</th><th>of</th><th>cases</th>{head}</tr>{''.join(lines)}</table>"
    )


def _section(plan: Plan, measure: Measure, rows: pa.Table, base: Path) -> str:
    values = _numbers(rows, measure.name)
    if not np.isfinite(values).any():
        return f"<h2>{escape(measure.name)}</h2><p>No case has a value.</p>"
    order = np.argsort(values if measure.worst == "low" else -values, kind="stable")
    worst = [int(i) for i in order[:_WORST] if np.isfinite(values[i])]
    lines = "".join(_line(plan, rows, i, f"{values[i]:.6g}", base) for i in worst)
    drawing = _drawing(plan, measure, values, rows)
    head = "<tr><th>case</th><th>worst</th><th>again</th></tr>"
    return f"<h2>{escape(measure.name)}</h2>{drawing}<table>{head}{lines}</table>"


def _line(plan: Plan, rows: pa.Table, i: int, text: str, base: Path) -> str:
    number = rows["case"][i].as_py()
    again = escape(reproducer(plan.case(number), base))
    return (
        f'<tr><td class="n">{number}</td><td>{escape(text)}</td><td><code>{again}</code></td></tr>'
    )


def _failures(plan: Plan, rows: pa.Table, base: Path) -> str:
    passed = np.asarray(rows["has_passed"].to_numpy(zero_copy_only=False), dtype=bool)
    failed = np.flatnonzero(~passed)
    if len(failed) == 0:
        return "<h2>Failures</h2><p>None.</p>"
    lines = "".join(
        _line(
            plan,
            rows,
            int(i),
            rows["error"][int(i)].as_py() or rows["failed"][int(i)].as_py(),
            base,
        )
        for i in failed[:_FAILED]
    )
    more = f"<p>And {len(failed) - _FAILED} more.</p>" if len(failed) > _FAILED else ""
    head = "<tr><th>case</th><th>why</th><th>again</th></tr>"
    return f"<h2>Failures</h2><table>{head}{lines}</table>{more}"


def _drawing(plan: Plan, measure: Measure, values: NDArray[np.float64], rows: pa.Table) -> str:
    """A histogram, and beside it the measure over each variable, as SVG."""
    across = 1 + len(plan.variables)
    figure = Figure(figsize=(3.6 * across, 2.9), layout="constrained")
    panels: Sequence[Axes] = figure.subplots(1, across, squeeze=False)[0]
    panels[0].hist(values[np.isfinite(values)], bins=30, color=_BLUE)
    panels[0].set_xlabel(measure.name)
    panels[0].set_ylabel("cases")
    for panel, variable in zip(panels[1:], plan.variables, strict=True):
        _draw_over(panel, variable, values, rows)
        panel.set_ylabel(measure.name)
    text = StringIO()
    with mpl.rc_context({"svg.hashsalt": "doppelpack", "svg.fonttype": "none"}):
        figure.savefig(text, format="svg", metadata={"Date": None})
    svg = text.getvalue()
    return svg[svg.index("<svg") :]


def _draw_over(
    panel: Axes, variable: Axis | Draw, values: NDArray[np.float64], rows: pa.Table
) -> None:
    places, labels, groups = _groups(variable, values, rows)
    quantiles = np.array([np.percentile(group, (5, 50, 95)) for group in groups]).T
    if labels:
        panel.set_xticks(places, labels, rotation=30, ha="right", fontsize=8)
        panel.vlines(places, quantiles[0], quantiles[2], color=_LIGHT, linewidth=6)
        panel.plot(places, quantiles[1], "o", color=_BLUE)
    else:
        panel.fill_between(places, quantiles[0], quantiles[2], color=_LIGHT, linewidth=0)
        panel.plot(places, quantiles[1], color=_BLUE, marker="o", markersize=3)
    unit = variable.unit if isinstance(variable, Axis) else variable.distribution.unit
    panel.set_xlabel(f"{variable.name} [{unit}]" if unit else variable.name)


def _groups(
    variable: Axis | Draw, values: NDArray[np.float64], rows: pa.Table
) -> tuple[list[float], list[str], list[NDArray[np.float64]]]:
    """Where values of the variable lie, their names unless they are numbers, and the measure."""
    known = np.isfinite(values)
    column: Any = rows[variable.name].to_numpy(zero_copy_only=False)
    names, where = np.unique(column[known], return_inverse=True)
    if isinstance(names[0], str):
        groups = [values[known][where == i] for i in range(len(names))]
        return [float(i) for i in range(len(names))], [str(name) for name in names], groups
    numbers = np.asarray(column[known], np.float64)
    edges = (
        names if len(names) <= 2 * _BINS else np.quantile(names, np.linspace(0, 1, _BINS + 1))[:-1]
    )
    where = np.searchsorted(edges, numbers, side="right") - 1
    there = [i for i in range(len(edges)) if (where == i).any()]
    places = [float(numbers[where == i].mean()) for i in there]
    return places, [], [values[known][where == i] for i in there]
