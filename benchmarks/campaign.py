#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The doppelpack authors
"""What Dask costs a sweep: cases per core of two workers over those of one plain process.

Both sides run the same cases and write the same parts, by turns in one run of this program, so a
machine that is slow or busy slows both. Starting the cluster is reported apart: it is paid once.
"""

import argparse
import json
import os
import pathlib
import platform
import statistics
import tempfile
import time

from distributed import Client
from doppelpack.sweep.base_scenario import base_scenario
from doppelpack.sweep.batch import job_of
from doppelpack.sweep.plan import find_plan, load_plan
from doppelpack.sweep.runners import Dask, local_cluster, run_here
from doppelpack.sweep.store import Store


class Sweep:
    """The cases of a plan, as often as they are asked for."""

    def __init__(self, plan_file, batch):
        self.plan = load_plan(plan_file)
        self.key, self.text = base_scenario(self.plan)
        self.job = job_of(self.key, self.text, self.plan.measures, None)
        self.batch = batch

    def run(self, runner, of_workers):
        """Wall and CPU seconds of all cases, with a fresh folder for their parts."""
        with tempfile.TemporaryDirectory() as folder:
            store = Store(pathlib.Path(folder), self.plan, self.text, None)
            store.begin(self.batch, False)
            batches = (
                (number, [self.plan.case(i) for i in store.numbers(number)])
                for number in store.missing()
            )
            wall_s, cpu_s = time.monotonic(), time.process_time() + of_workers()
            runner(self.job, batches, store.keep)
            wall_s = time.monotonic() - wall_s
            return wall_s, time.process_time() + of_workers() - cpu_s


def measure(plan_file, workers, batch, repetitions):
    sweep = Sweep(plan_file, batch)
    began_s = time.monotonic()
    with (
        local_cluster(workers) as cluster,
        Client(cluster) as client,
        Dask(None, cluster.scheduler_address) as dask,
    ):
        start_s = time.monotonic() - began_s

        def of_workers():
            return sum(client.run(time.process_time).values())

        plain, spread = [], []
        for repetition in range(repetitions + 1):
            here, there = sweep.run(run_here, lambda: 0.0), sweep.run(dask.run, of_workers)
            if repetition > 0:  # the first one loads what is loaded once
                plain.append(here)
                spread.append(there)
    cases = sweep.plan.cases
    wall = [here[0] / (there[0] * workers) for here, there in zip(plain, spread, strict=True)]
    cpu = [here[1] / there[1] for here, there in zip(plain, spread, strict=True)]
    return {
        "machine": platform.machine(),
        "processors": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "sweep": sweep.plan.key,
        "cases": cases,
        "batch": batch,
        "workers": workers,
        "repetitions": repetitions,
        "start_s": round(start_s, 2),
        "plain_wall_s": round(statistics.median(here[0] for here in plain), 2),
        "dask_wall_s": round(statistics.median(there[0] for there in spread), 2),
        "cpu_s_per_case": round(statistics.median(here[1] for here in plain) / cases, 4),
        "overhead_ms_per_batch": round(
            1e3
            * statistics.median(b[1] - a[1] for a, b in zip(plain, spread, strict=True))
            * batch
            / cases,
            2,
        ),
        "cpu_throughput_ratio": round(statistics.median(cpu), 3),
        "wall_throughput_ratio": round(statistics.median(wall), 3),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--plan", default="ntc-drift", help="a sweep, by key or path")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--out", type=pathlib.Path, help="JSON file to write")
    arguments = parser.parse_args()
    found = measure(
        find_plan(arguments.plan), arguments.workers, arguments.batch, arguments.repetitions
    )
    text = json.dumps(found, indent=2) + "\n"
    print(text, end="")
    if arguments.out:
        arguments.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
