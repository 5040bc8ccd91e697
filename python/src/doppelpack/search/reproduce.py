# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""From a situation to a scenario that fails with one core and passes with another."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .. import Bench, faults, run_scenario
from .judge import Judge, dump
from .situation import STARTS_S, Situation, scenario_of

_PERIODS_S = (0.05, 0.001)  # the second for what is over before the first one sees it
_SIGNALS = [f"bms1/{name}/*" for name in ("protection", "failure", "warning", "latched")]
_SIGNALS += ["bms1/*_gate", "bms1/*_allowed"]


@dataclass(frozen=True)
class Seen:
    """What a core said of itself, over time."""

    time: Any
    values: Mapping[str, Any]
    words: Mapping[str, Mapping[float, str]]


def write_scenario(
    judge: Judge, situation: Situation, bms: str, file: Path
) -> dict[str, str] | None:
    """The expectation that the core in `bms` breaks and ours holds; None where none is found."""
    scenario = scenario_of(situation, _inject(judge, situation))
    record = {"period": "1 s", "signals": ["pack1/current_A", "bms1/*"]}
    subjects = " ".join(one["text"] for one in judge.objections(situation))
    for period_s in _PERIODS_S:
        closely = {"period": f"{period_s} s", "signals": _SIGNALS}
        file.write_text(dump({**scenario, "record": closely}), "utf-8")
        good, bad = _look(file, None), _look(file, bms)
        for ends_s, expectation in _differences(good, bad, subjects, period_s):
            shown = {**_cut(scenario, ends_s), "record": record, "expect": [expectation]}
            file.write_text(dump(shown), "utf-8")
            if run_scenario(file)["has_passed"] and not run_scenario(file, bms=bms)["has_passed"]:
                return expectation
    file.write_text(dump({**scenario, "record": record}), "utf-8")
    return None


def _inject(judge: Judge, situation: Situation) -> dict[str, Any]:
    entry = judge.entry(situation)
    if entry["fault"] in (None, "none"):
        return {}
    inject: dict[str, Any] = {"fault": entry["fault"]}
    if entry["target"]:
        inject["target"] = entry["target"]
    (fault,) = [fault for fault in faults() if fault["key"] == entry["fault"]]
    if entry["severity"] is not None and fault.get("severity"):
        inject["severity"] = f"{entry['severity']!r} {fault['severity']['unit']}".strip()
    if situation.style == "grows":
        low, high = judge.ramps[entry["fault"]]
        inject |= {"severity": low, "ramp": {"to": high, "over": "10 s"}}
    return inject


def _cut(scenario: Mapping[str, Any], ends_s: float | None) -> dict[str, Any]:
    """The scenario until then; all of it without."""
    if ends_s is None:
        return dict(scenario)
    timeline = [
        entry
        for entry in scenario["timeline"]
        if float(str(entry.get("at", entry.get("from"))).split()[0]) < ends_s
    ]
    return {**scenario, "duration": f"{ends_s:.3f} s", "timeline": timeline}


def _look(file: Path, bms: str | None) -> Seen:
    with Bench.from_scenario(file, bms=bms) as bench:
        bench.run()
        names = bench.recorded_signals
        values = {name: np.array(bench.recorded(name)) for name in names}
        words = {name: {0.0: "clear", 1.0: "active"} for name in names}
        for name in names:
            if name.endswith("_gate"):
                words[name] = {0.0: "open", 1.0: "closed"}
            elif name.endswith("_allowed") or "/latched/" in name:
                words[name] = {0.0: "no", 1.0: "yes"}
        return Seen(np.array(bench.time), values, words)


def _differences(
    good: Seen, bad: Seen, subjects: str, period_s: float
) -> Iterator[tuple[float | None, dict[str, str]]]:
    """Expectations by which the two cores may be told apart, the most telling first.

    Before each the time at which the scenario ends: without one where it always did.
    """
    rows = min(len(good.time), len(bad.time))
    late = good.time[:rows] >= STARTS_S
    found = []
    for name, values in good.values.items():
        differs = late & (values[:rows] != bad.values[name][:rows])
        if not differs.any():
            continue
        is_named = name.rsplit("/", 1)[1] in subjects.split()
        found.append((not is_named, "/protection/" not in name, int(np.argmax(differs)), name))
    for _, _, row, name in sorted(found):
        t_s = float(good.time[row])
        good_word = good.words[name].get(float(good.values[name][row]))
        bad_word = bad.words[name].get(float(bad.values[name][row]))
        if good_word is None or bad_word is None:
            continue
        wrong, right = f"{name} == {bad_word}", f"{name} == {good_word}"
        yield None, {"never": wrong, "after": f"{STARTS_S} s"}
        yield None, {"by": f"{t_s + period_s:.3f} s", "that": right}
        yield None, {"always": right, "after": f"{t_s:.3f} s"}
        yield None, {"at_end": right}
        yield t_s + period_s, {"at_end": right}
