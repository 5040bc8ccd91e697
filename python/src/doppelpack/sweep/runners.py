# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""Who runs the batches: this process, processes of this machine, or a cluster."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from importlib import import_module
from itertools import islice
from typing import Any

from .batch import Job, Row, failed_columns, run_batch
from .marked_yaml import data_error, missing_package
from .plan import Case

Batch = tuple[int, list[Case]]  # number, its cases
Keep = Callable[[int, list[Row]], None]

_TRIES = 3  # of a batch whose worker fails it
_AHEAD = 2  # batches that wait for each worker, so that none waits for the next one


def run_here(job: Job, batches: Iterator[Batch], keep: Keep) -> None:
    """One after the other, without Dask."""
    for number, cases in batches:
        keep(number, run_batch(job, cases))


# What Dask looks at in itself costs a tenth of a worker, and nobody asks for it here. What it sets
# for workers that hold large data, memory given back at once, costs a twentieth: every case would
# ask for it anew.
_QUIET = {
    "distributed.worker.profile.enabled": False,
    "distributed.admin.system-monitor.interval": "10 s",
    "distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": 256 * 1024 * 1024,
}


def local_cluster(workers: int) -> Any:
    """Processes of this machine: a bench belongs to its thread, and SystemC to its process."""
    distributed: Any = import_module("distributed")
    with import_module("dask").config.set(_QUIET):
        return distributed.LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
            memory_limit=None,
            silence_logs="ERROR",
        )


class Dask:
    """A cluster, started here with so many workers or found at an address."""

    def __init__(self, workers: int | None, address: str | None) -> None:
        try:
            distributed: Any = import_module("distributed")
        except ModuleNotFoundError as error:
            raise missing_package(error) from None
        self._stack = ExitStack()
        self._distributed = distributed
        if address is None:
            cluster: Any = self._stack.enter_context(local_cluster(workers or os.cpu_count() or 1))
        else:
            cluster = address
        try:
            self._client = self._stack.enter_context(distributed.Client(cluster, timeout="20 s"))
        except (OSError, TimeoutError, ValueError) as error:
            self._stack.close()
            raise data_error(
                "", 0, "--dask", f'found no scheduler at "{address}": {error}'
            ) from None

    def __enter__(self) -> "Dask":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def run(self, job: Job, batches: Iterator[Batch], keep: Keep, task: Any = run_batch) -> None:
        """Hands out batches, a few ahead of the workers, and keeps their rows as they come."""
        waiting: dict[Any, Batch] = {}
        done = self._distributed.as_completed(with_results=False)

        def submit(batch: Batch) -> None:
            future = self._client.submit(task, job, batch[1], pure=False, retries=_TRIES)
            waiting[future] = batch
            done.add(future)

        for batch in islice(batches, self._places()):
            submit(batch)
        for future in done:
            number, cases = waiting.pop(future)
            if future.status == "finished":
                keep(number, future.result())
            else:
                keep(number, self._run_apart(job, cases, task))
            future.release()
            for batch in islice(batches, max(0, self._places() - len(waiting))):
                submit(batch)

    def _places(self) -> int:
        return max(1, _AHEAD * int(sum(self._client.ncores().values())))

    def _run_apart(self, job: Job, cases: Sequence[Case], task: Any) -> list[Row]:
        """One case after the other: Dask blames whatever waits at a worker that dies."""
        rows: list[Row] = []
        for case in cases:
            future = self._client.submit(task, job, [case], pure=False, retries=_TRIES)
            self._distributed.wait(future)
            if future.status == "finished":
                rows += future.result()
            else:
                rows.append(_lost(job, case, future.exception()))
        return rows


def _lost(job: Job, case: Case, error: BaseException | None) -> Row:
    """The text has no address and no time: the same whoever has failed."""
    is_killed = type(error).__name__ == "KilledWorker"
    text = "its process dies" if is_killed else f"{type(error).__name__}: {error}"
    nothing = dict.fromkeys(name for name, _, _ in job.measures)
    row: Row = {"case": case.number, "seed": case.seed, **case.values, **nothing}
    return {**row, **failed_columns(text)}
