#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The doppelpack authors
"""A large campaign on paper: hours and traffic from what benchmarks have measured.

python3 benchmarks/campaign_on_paper.py --campaign campaign.json --bench bench.json
"""

import argparse
import json
import pathlib

YEAR_S = 365.25 * 86400.0
SCHEDULER_TASKS_PER_S = 1000.0  # a Dask scheduler hands out; its manual says about 1 ms for each
ROW_BYTES = 200.0  # of a case in a part, measures and hash included


def table(campaign, bench, cores, pack_years, case_years):
    """Rows of text and number: how, and what comes of it."""
    share = min(campaign["cpu_throughput_ratio"], 1.0)
    cases = pack_years / case_years
    rows = [("pack-years", pack_years), ("years of a case", case_years), ("cases", cases)]
    for name, factor in (
        ("cycles", bench["daily_cycles_real_time_factor"]),
        ("closed loop", bench["closed_loop_real_time_factor"]),
    ):
        core_s = pack_years * YEAR_S / factor / share
        wall_s = core_s / cores
        case_s = core_s / cases
        batches_per_s = cores / (case_s * campaign["batch"])
        rows += [
            (f"{name}: real-time factor", factor),
            (f"{name}: core-hours", core_s / 3600.0),
            (f"{name}: seconds of a case", case_s),
            (f"{name}: hours on {cores} cores", wall_s / 3600.0),
            (f"{name}: batches per second", batches_per_s),
            (f"{name}: share of one scheduler", batches_per_s / SCHEDULER_TASKS_PER_S),
        ]
    return [*rows, ("table, GB", cases * ROW_BYTES / 1e9)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--campaign", required=True, type=pathlib.Path, help="of campaign.py")
    parser.add_argument("--bench", required=True, type=pathlib.Path, help="of run.py")
    parser.add_argument("--cores", type=int, default=10_000)
    parser.add_argument("--pack-years", type=float, default=1e6)
    parser.add_argument("--case-years", type=float, default=1.0)
    arguments = parser.parse_args()
    campaign, bench = (
        json.loads(file.read_text(encoding="utf-8"))
        for file in (arguments.campaign, arguments.bench)
    )
    rows = table(campaign, bench, arguments.cores, arguments.pack_years, arguments.case_years)
    print("| | |\n| --- | --: |")
    for name, value in rows:
        print(f"| {name} | {value:.4g} |")


if __name__ == "__main__":
    main()
