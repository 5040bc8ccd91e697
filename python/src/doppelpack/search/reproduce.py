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

_PERIOD_S = 0.05
_DISCRETE = ("/protection/", "/failure/", "/warning/", "/latched/", "_gate", "_allowed", "/state")


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
    scenario["record"] = {"period": f"{_PERIOD_S} s", "signals": ["bms1/*"]}
    file.write_text(dump(scenario), "utf-8")
    good, bad = _look(file, None), _look(file, bms)
    subjects = " ".join(one["text"] for one in judge.objections(situation))
    scenario["record"] = {"period": "1 s", "signals": ["pack1/current_A", "bms1/*"]}
    for expectation in _differences(good, bad, subjects):
        file.write_text(dump({**scenario, "expect": [expectation]}), "utf-8")
        if run_scenario(file)["has_passed"] and not run_scenario(file, bms=bms)["has_passed"]:
            return expectation
    file.write_text(dump(scenario), "utf-8")
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


def _look(file: Path, bms: str | None) -> Seen:
    with Bench.from_scenario(file, bms=bms) as bench:
        bench.run()
        names = [name for name in bench.recorded_signals if any(part in name for part in _DISCRETE)]
        values = {name: np.array(bench.recorded(name)) for name in names}
        words = {name: {0.0: "clear", 1.0: "active"} for name in names}
        for name in names:
            if name.endswith("_gate"):
                words[name] = {0.0: "open", 1.0: "closed"}
            elif name.endswith("_allowed") or "/latched/" in name:
                words[name] = {0.0: "no", 1.0: "yes"}
        return Seen(np.array(bench.time), values, words)


def _differences(good: Seen, bad: Seen, subjects: str) -> Iterator[dict[str, str]]:
    """Expectations by which the two cores may be told apart, the most telling first."""
    rows = min(len(good.time), len(bad.time))
    late = good.time[:rows] >= STARTS_S
    found = []
    for name, values in good.values.items():
        differs = late & (values[:rows] != bad.values[name][:rows])
        if name.endswith("/state") or not differs.any():
            continue
        is_named = name.rsplit("/", 1)[1] in subjects.split()
        found.append((not is_named, "/protection/" not in name, int(np.argmax(differs)), name))
    for _, _, row, name in sorted(found):
        t_s = float(good.time[row])
        good_word = good.words[name].get(float(good.values[name][row]))
        bad_word = bad.words[name].get(float(bad.values[name][row]))
        if good_word is None or bad_word is None:
            continue
        yield {"never": f"{name} == {bad_word}", "after": f"{STARTS_S} s"}
        yield {"by": f"{t_s + _PERIOD_S:.2f} s", "that": f"{name} == {good_word}"}
        yield {"always": f"{name} == {good_word}", "after": f"{t_s:.2f} s"}
        yield {"at_end": f"{name} == {good_word}"}
