#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The doppelpack authors
"""Run the kernel benchmarks and write one flat JSON object of times and ratios.

Every ratio compares medians of repetitions that were interleaved in one run of one program, so a
machine that is slow or busy slows both sides.
"""

import argparse
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import time

STEP_S = 1e-3  # every benchmark counts steps of 1 ms in its counter `steps`
YARDSTICK = "bare_kernel"
NAMES = (
    YARDSTICK,
    "pack_step",
    "pack_step_1600_cells",
    "reference_step",
    "short_circuit",
    "closed_loop",
    "daily_cycles",
)
TIMER = "bare_timer"
IN_REAL_TIME = (TIMER, "paced_loop")  # these run by the clock, so they have the length of it
ISOLATED = "isolated_loop"  # two processes take turns, so no CPU time is all of it
EACH = (*NAMES, *IN_REAL_TIME, ISOLATED)


def run_benchmarks(program, repetitions, min_time_s):
    """Times per step in ns: {name: [one per repetition]}."""
    command = [
        str(program),
        "--benchmark_format=json",
        f"--benchmark_repetitions={repetitions}",
        f"--benchmark_min_time={min_time_s}",
        "--benchmark_enable_random_interleaving=true",
        "--benchmark_filter=^(" + "|".join(EACH) + ")(/real_time)?$",
    ]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    to_ns = {"ns": 1.0, "us": 1e3, "ms": 1e6, "s": 1e9}
    times = {}
    for row in json.loads(done.stdout)["benchmarks"]:
        if row.get("run_type") != "iteration":
            continue
        if row.get("error_occurred"):
            sys.exit(f"{row['name']}: {row.get('error_message', 'failed')}")
        name = row["run_name"].removesuffix("/real_time")
        # cpu_time: on a shared machine the wall clock counts other people's work too.
        clock = "real_time" if name == ISOLATED else "cpu_time"
        ns = row[clock] * to_ns[row["time_unit"]] / row["steps"]
        times.setdefault(name, []).append(ns)
    return times


def startup_ms(command, repetitions):
    """Median wall time of a whole process."""
    times = []
    for _ in range(repetitions):
        start = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        times.append((time.perf_counter() - start) * 1e3)
    return statistics.median(times)


def evaluate(times):
    """Medians, spreads and ratios as one flat object."""
    result = {}
    median = {name: statistics.median(values) for name, values in times.items()}
    for name in EACH:
        low, high = min(times[name]), max(times[name])
        result[f"{name}_ns_per_step"] = round(median[name], 2)
        result[f"{name}_spread"] = round((high - low) / median[name], 3)
        if name in NAMES and name != YARDSTICK:
            result[f"{name}_over_{YARDSTICK}"] = round(median[name] / median[YARDSTICK], 3)
    for name in ("closed_loop", ISOLATED, "short_circuit", "daily_cycles"):
        result[f"{name}_real_time_factor"] = round(STEP_S * 1e9 / median[name], 1)
    pacing = median["paced_loop"] - median["closed_loop"]
    result[f"pacing_over_{TIMER}"] = round(pacing / median[TIMER], 3)
    isolation = median[ISOLATED] / median["closed_loop"]
    result[f"{ISOLATED}_over_closed_loop"] = round(isolation, 3)
    ten_years_in_steps = 3650 * 86400 / STEP_S
    result["ten_years_s"] = round(median["daily_cycles"] * 1e-9 * ten_years_in_steps, 2)
    per_cell = median["pack_step_1600_cells"] / 1600.0
    result["cost_per_cell_1600_over_16"] = round(per_cell / (median["pack_step"] / 16.0), 3)
    return result


def print_table(result):
    width = max(len(key) for key in result)
    for key, value in result.items():
        print(f"{key:<{width}}  {value}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True, type=pathlib.Path, help="the benchmark binary")
    parser.add_argument("--out", required=True, type=pathlib.Path, help="JSON file to write")
    parser.add_argument("--doppelpack", type=pathlib.Path, help="also time how long it starts")
    parser.add_argument("--check", help="scenario for the start-up time of `doppelpack check`")
    parser.add_argument("--smoke", action="store_true", help="short, to see that it runs")
    arguments = parser.parse_args()

    repetitions, min_time_s = (3, 0.01) if arguments.smoke else (21, 0.2)
    times = run_benchmarks(arguments.program, repetitions, min_time_s)
    for name in EACH:
        if name not in times:
            sys.exit(f"{arguments.program} has no benchmark {name}")
    result = {
        "machine": platform.machine(),
        "processors": os.cpu_count(),
        "is_smoke": arguments.smoke,
        "repetitions": repetitions,
    }
    result.update(evaluate(times))
    if arguments.doppelpack:
        program = str(arguments.doppelpack)
        runs = 3 if arguments.smoke else 15
        result["startup_ms"] = round(startup_ms([program, "--version"], runs), 2)
        if arguments.check:
            result["startup_check_ms"] = round(
                startup_ms([program, "check", arguments.check], runs), 2
            )

    print_table(result)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
