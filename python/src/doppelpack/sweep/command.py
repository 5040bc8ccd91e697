# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""The command: reads a plan, checks it, runs what is missing, and writes table and page."""

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from .. import DataError
from .base_scenario import base_scenario
from .batch import Job, Row, WrongMeasureError, check_case, job_of, run_batch
from .marked_yaml import Node, data_error, missing_package
from .plan import Plan, find_plan, load_plan, paths_of
from .runners import Batch, Dask, run_here

_BATCH_S = 2.0  # of work in a batch: handing one out costs about 0.02 s
_MOST_IN_A_BATCH = 1000
_BATCHES_OF_A_WORKER = 4  # at least, so that none is left with a long one at the end


def main(arguments: Sequence[str] | None = None) -> int:
    """0: all cases have passed, 1: some have not, 2: bad usage or bad file."""
    options = _parser().parse_args(arguments)
    try:
        plan = load_plan(find_plan(options.plan))
        if options.list:
            return _list(plan)
        return _run(plan, options)
    except DataError as error:
        print(f"doppelpack: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("doppelpack: interrupted; --resume goes on", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m doppelpack.sweep", description=main.__doc__)
    parser.add_argument("plan", help="a sweep, in scenarios/sweeps, or a file")
    parser.add_argument(
        "--workers", default="auto", help="processes; auto: one per CPU; 0: this one, without Dask"
    )
    parser.add_argument("--dask", metavar="ADDRESS", help="scheduler of a cluster: tcp://host:8786")
    parser.add_argument("--out", type=Path, help="folder for the results; PLAN-results without it")
    parser.add_argument("--resume", action="store_true", help="go on with what is in the folder")
    parser.add_argument(
        "--batch", type=int, help="cases at a time; without it some seconds of work"
    )
    parser.add_argument("--bms", help="shared library with a protection core")
    parser.add_argument("--list", action="store_true", help="print the cases and run none")
    return parser


def _list(plan: Plan) -> int:
    key, text = base_scenario(plan)
    _check(plan, job_of(key, text, plan.measures, None))
    for number in range(plan.cases):
        case = plan.case(number)
        settings = ", ".join(f"{path}={value}" for path, value in case.settings.items())
        print(f"{number}: {settings}, seed={case.seed}")
    return 0


def _run(plan: Plan, options: argparse.Namespace) -> int:
    try:
        from .store import Store, write_whole
        from .summary import write_summary
    except ModuleNotFoundError as error:
        raise missing_package(error) from None
    workers = _number_of_workers(options)
    bms = str(_library(options.bms)) if options.bms else None
    if options.batch is not None and options.batch < 1:
        raise data_error("", 0, "--batch", f"found {options.batch}, expected 1 or more")
    key, text = base_scenario(plan)
    job = job_of(key, text, plan.measures, bms)
    _check(plan, job)
    store = Store(options.out or Path(f"{plan.key}-results"), plan, text, bms)
    store.begin(options.batch or _batch(plan, job, workers), options.resume)
    base = store.folder / f"{key}.yaml"
    write_whole(base, text)
    progress = _Progress(plan.cases, sum(len(store.numbers(i)) for i in store.missing()))

    def keep(number: int, rows: list[Row]) -> None:
        store.keep(number, rows)
        progress.add(len(rows))

    batches: Iterator[Batch] = (
        (number, [plan.case(i) for i in store.numbers(number)]) for number in store.missing()
    )
    if next(store.missing(), None) is not None:
        if workers == 0 and options.dask is None:
            run_here(job, batches, keep)
        else:
            with Dask(workers, options.dask) as dask:
                dask.run(job, batches, keep)
    table, sha256 = store.finish()
    write_summary(plan, table, store.folder / "summary.html", base, sha256)
    return _report(store.rows(), store.folder, sha256)


def _batch(plan: Plan, job: Job, workers: int | None) -> int:
    """By what one case takes. It decides how much is lost by a kill, and no result."""
    began_s = time.process_time()
    run_batch(job, [plan.case(0)])
    of_work = int(_BATCH_S / max(time.process_time() - began_s, 1e-4))
    of_worker = plan.cases // (_BATCHES_OF_A_WORKER * (workers or os.cpu_count() or 1))
    return max(1, min(of_work, of_worker, _MOST_IN_A_BATCH))


def _number_of_workers(options: argparse.Namespace) -> int | None:
    if options.workers == "auto":
        return None
    if not options.workers.isdecimal() or int(options.workers) > 1024:
        text = f'found "{options.workers}", expected auto or a number up to 1024'
        raise data_error("", 0, "--workers", text)
    return int(options.workers)


def _library(name: str) -> Path:
    library = Path(name).resolve()
    if not library.is_file():
        raise data_error("", 0, "--bms", f'found no file "{name}", expected a shared library')
    return library


def _check(plan: Plan, job: Job) -> None:
    """Every value of every variable once, before anything is run."""
    for node, case in plan.probes():
        try:
            check_case(job, case)
        except WrongMeasureError as error:
            raise plan.measures[error.position].node.wrong(str(error)) from None
        except DataError as error:
            where = _setting(plan, error.field) or node
            raise where.wrong(f"does not fit: {error}") from None


def _setting(plan: Plan, path: str) -> Node | None:
    """Who sets the value at a path, or one above it."""
    for variable in plan.variables:
        if any(path == one or path.startswith(f"{one}.") for one in paths_of(variable)):
            return variable.node
    return None


def _report(rows: Iterator[Row], folder: Path, sha256: str) -> int:
    cases = passed = errors = 0
    for row in rows:
        cases += 1
        passed += row["has_passed"]
        errors += row["error"] is not None
    print(f"{cases} cases: {passed} passed, {cases - passed - errors} failed, {errors} did not run")
    print(f"{folder / 'summary.html'}")
    print(f"campaign sha256 {sha256}")
    return 0 if passed == cases else 1


class _Progress:
    """A line that stays where it is, on a terminal only."""

    def __init__(self, of: int, missing: int) -> None:
        self._of, self._done, self._first = of, of - missing, of - missing
        self._began_s = time.monotonic()

    def add(self, cases: int) -> None:
        self._done += cases
        if not sys.stderr.isatty():
            return
        per_case_s = (time.monotonic() - self._began_s) / (self._done - self._first)
        left_s = per_case_s * (self._of - self._done)
        end = "\n" if self._done == self._of else ""
        print(
            f"\r{self._done} of {self._of} cases, {left_s:.0f} s left \x1b[K",
            end=end,
            file=sys.stderr,
            flush=True,
        )
