# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""Writes validation.md and its pictures."""

from collections.abc import Sequence
from pathlib import Path

from evidence.against_pybamm import Comparison
from evidence.dataset import Figure, Report

HEAD = """# Validation of the cell model

Made by `make evidence EVIDENCE_ARGS=--publish`; do not edit. `make evidence` computes every number
anew and fails when one passes its bound. What is fitted, and to what, is in `tests/evidence/`, one
file per data set; the data and their licences are in `tests/data/`. Data that must not be passed on
are read from the folder in `DOPPELPACK_DATA`; of these there are numbers here and no curves.

What is called the model here is the compiled one, through `doppelpack.simulate_cell`.
"""


def write_document(
    folder: Path, reports: Sequence[Report], missing: Sequence[str], pybamm: Comparison
) -> Path:
    pictures = folder / "validation"
    pictures.mkdir(parents=True, exist_ok=True)
    parts = [HEAD, _summary(reports), _pybamm_part(pybamm)]
    parts.append(_draw_pybamm(pybamm, pictures))
    for report in reports:
        parts.append(_report_part(report))
        if report.curves:
            _draw(report, pictures / f"{report.name}.png")
            parts.append(f"![{report.name}](validation/{report.name}.png)\n")
    for name in missing:
        parts.append(f"## {name}\n\nNot here: no such folder in `DOPPELPACK_DATA`.\n")
    file = folder / "validation.md"
    file.write_text("\n".join(parts), encoding="utf-8")
    return file


def _pybamm_part(both: Comparison) -> str:
    hours = both.time_s[-1] / 3600
    ours, current_A = both.ours, both.current_A
    current = f"{current_A.min():.0f} to {current_A.max():.0f} A on 100 Ah"
    soc = f"SOC {ours['soc'].min():.0%} to {ours['soc'].max():.0%}"
    warming = f"warming from {ours['T_degC'].min():.0f} to {ours['T_degC'].max():.1f} °C"
    return f"""## The same cell in PyBaMM

PyBaMM's Thevenin model with two RC elements and the default cell's data, hysteresis switched off,
over {hours:.0f} h of driving and charging: {current}, {soc}, {warming}. What is compared with what,
and why that is fair, is said in `tests/evidence/against_pybamm.py`.

| | value | bound |
| --- | ---: | ---: |
| voltage | {1e3 * both.rms_V():.4f} mV rms | 0.1 mV rms |
| voltage, worst | {1e3 * both.worst_V():.3f} mV | 1 mV |
| temperature, worst | {1e3 * both.worst_K():.1f} mK | 20 mK |
"""


def _summary(reports: Sequence[Report]) -> str:
    def cell(figure: Figure) -> str:
        return f"{figure.what}: {figure.value:.3g} {figure.unit}"

    rows = "\n".join(
        f"| {'[' + r.name + f'](validation/{r.name}.png)' if r.curves else r.name} | {r.licence} | "
        f"{cell(r.figures[0])} | {cell(r.figures[1])} |"
        for r in reports
    )
    return f"""| data set, picture | licence | | |
| --- | --- | --- | --- |
{rows}

Not used: heater switching of a battery in an insulated box, for it lacks the heater's power;
calendar ageing is compared with its own laws elsewhere.
"""


def _report_part(report: Report) -> str:
    rows = "\n".join(
        f"| {f.what} | {f.value:.3g} {f.unit} | {'' if f.bound is None else f'{f.bound:g}'} |"
        for f in report.figures
    )
    remark = f"\n{report.remark}\n" if report.remark else ""
    return f"""## {report.title}

Licence: {report.licence}. Compared: {report.compared}.

| | value | bound |
| --- | ---: | ---: |
{rows}
{remark}"""


def _draw(report: Report, file: Path) -> None:
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(6.4, 3.4), layout="constrained")
    for i, curve in enumerate(report.curves):
        colour = f"C{i}"
        label = curve.part or "measured"
        axes.plot(curve.x, curve.measured, ".", ms=3, color=colour, alpha=0.6, label=label)
        axes.plot(curve.x, curve.model, "-", lw=1, color=colour)
    axes.plot([], [], "-", lw=1, color="black", label="model")
    axes.set(xlabel=report.axes[0], ylabel=report.axes[1])
    axes.grid(alpha=0.3)
    axes.legend(fontsize="small")
    figure.savefig(file, dpi=80)
    plt.close(figure)


def _draw_pybamm(both: Comparison, pictures: Path) -> str:
    import matplotlib.pyplot as plt

    figure, (upper, lower) = plt.subplots(2, figsize=(6.4, 4.0), sharex=True, layout="constrained")
    hours = both.time_s / 3600
    upper.plot(hours, both.theirs["voltage_V"], lw=2, color="C1", alpha=0.5, label="PyBaMM")
    upper.plot(hours, both.ours["voltage_V"], lw=0.6, color="C0", label="doppelpack")
    upper.set(ylabel="voltage (V)")
    upper.legend(fontsize="small")
    lower.plot(hours, 1e6 * (both.ours["voltage_V"] - both.theirs["voltage_V"]), lw=0.6)
    lower.set(xlabel="time (h)", ylabel="difference (µV)")
    figure.savefig(pictures / "pybamm.png", dpi=80)
    plt.close(figure)
    return "![pybamm](validation/pybamm.png)\n"
