# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""A few cases one after the other in this process: what a worker does."""

import atexit
import hashlib
import math
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from .. import Bench, __version__, data_folder
from .plan import Case, Measure

Row = dict[str, Any]

_REDUCE: dict[str, Callable[[Any], Any]] = {"max": np.max, "min": np.min, "mean": np.mean}


@dataclass(frozen=True)
class Job:
    """All that a worker has to know of a sweep."""

    scenario: str  # its key
    text: str
    measures: tuple[tuple[str, str, str], ...]  # name, kind, of
    bms: str | None
    data: str  # fingerprint of the data files


def job_of(scenario: str, text: str, measures: Sequence[Measure], bms: str | None) -> Job:
    taken = tuple((measure.name, measure.kind, measure.of) for measure in measures)
    return Job(scenario, text, taken, bms, data_fingerprint())


def run_batch(job: Job, cases: Sequence[Case]) -> list[Row]:
    """The rows of these cases. What goes wrong in a case is said in its row."""
    if data_fingerprint() != job.data:
        raise RuntimeError(
            f"another doppelpack is installed here than where the sweep was started ({__version__})"
        )
    return [run_case(job, case) for case in cases]


def run_case(job: Job, case: Case) -> Row:
    row: Row = {"case": case.number, "seed": case.seed, **case.values}
    try:
        row |= _measured(job, case)
        row["error"] = None
    except Exception as error:  # a case that fails is a result, too
        row |= dict.fromkeys(name for name, _, _ in job.measures)
        text = " ".join(str(error).split()).replace(str(scenario_file(job)), f"{job.scenario}.yaml")
        row |= failed_columns(f"{type(error).__name__}: {text}")
    return row


def failed_columns(error: str) -> Row:
    return {
        "has_passed": False,
        "failed": "",
        "margin_s": None,
        "event_log_sha256": "",
        "error": error,
    }


def open_bench(job: Job, case: Case) -> Bench:
    settings: Mapping[str, str] = case.settings
    return Bench.from_scenario(scenario_file(job), settings, seed=case.seed, bms=job.bms)


class WrongMeasureError(ValueError):
    """The measure of that position does not fit the scenario."""

    def __init__(self, position: int, error: Exception) -> None:
        super().__init__(str(error))
        self.position = position


def check_case(job: Job, case: Case) -> None:
    """Raises DataError or WrongMeasureError for what does not fit, without letting time pass."""
    bench = open_bench(job, case)
    for i, (_, kind, of) in enumerate(job.measures):
        try:
            _check_measure(bench, kind, of)
        except ValueError as error:
            raise WrongMeasureError(i, error) from None
    verdicts = bench.finish()["expectations"]
    for i, (_, kind, of) in enumerate(job.measures):
        if kind == "margin" and of not in [verdict["name"] for verdict in verdicts]:
            known = ", ".join(verdict["name"] for verdict in verdicts) or "none"
            wrong = ValueError(f'found no expectation "{of}", expected one of: {known}')
            raise WrongMeasureError(i, wrong)
    bench.close()


def _check_measure(bench: Bench, kind: str, of: str) -> None:
    if kind == "at_end":
        bench[of]
    elif kind == "first":
        bench.run_until(of, 0.0)
    elif kind in _REDUCE and not any(fnmatchcase(name, of) for name in bench.signals):
        raise ValueError(f'found no signal that fits "{of}", expected a signal or a pattern')


def _measured(job: Job, case: Case) -> Row:
    bench = open_bench(job, case)
    first = _run_to_end(bench, {of for _, kind, of in job.measures if kind == "first"})
    at_end = {of: bench[of] for _, kind, of in job.measures if kind == "at_end"}
    result = bench.finish()
    margins = {verdict["name"]: verdict["margin_s"] for verdict in result["expectations"]}
    taken: dict[str, Mapping[str, float | None]] = {
        "first": first,
        "at_end": at_end,
        "margin": margins,
    }
    row: Row = {}
    for name, kind, of in job.measures:
        if kind in _REDUCE:
            row[name] = _finite(_reduced(bench, kind, of))
        else:
            row[name] = _finite(taken[kind].get(of))
    bench.close()
    known = [verdict["margin_s"] for verdict in result["expectations"]]
    row["has_passed"] = bool(result["has_passed"])
    row["failed"] = "; ".join(
        verdict["name"] for verdict in result["expectations"] if not verdict["has_held"]
    )
    row["margin_s"] = min((margin for margin in known if margin is not None), default=None)
    row["event_log_sha256"] = result["event_log_sha256"]
    return row


def _run_to_end(bench: Bench, conditions: set[str]) -> dict[str, float]:
    """Seconds at which each condition held for the first time."""
    end_s = bench.duration or 0.0
    first: dict[str, float] = {}
    waiting = sorted(conditions)
    while waiting and bench.now < end_s:
        any_of_them = " or ".join(f"({condition})" for condition in waiting)
        if not bench.run_until(any_of_them, end_s - bench.now):
            break
        now = bench.now
        first |= {condition: now for condition in waiting if bench.run_until(condition, 0.0)}
        waiting = [condition for condition in waiting if condition not in first]
    if bench.now < end_s:
        bench.run()
    return first


def _reduced(bench: Bench, kind: str, pattern: str) -> float:
    fitting = [name for name in bench.recorded_signals if fnmatchcase(name, pattern)]
    values = np.concatenate([bench.recorded(name) for name in fitting])
    known = values[np.isfinite(values)]  # a BMS that has not measured yet says nothing
    return float(_REDUCE[kind](known)) if known.size else math.nan


def _finite(number: float | None) -> float | None:
    return float(number) if number is not None and math.isfinite(number) else None


@cache
def scenario_file(job: Job) -> Path:
    """The scenario as a file of this process, for as long as the process lives."""
    folder = Path(tempfile.mkdtemp(prefix="doppelpack-sweep-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = folder / f"{job.scenario}.yaml"
    file.write_text(job.text, "utf-8")
    return file


@cache
def data_fingerprint() -> str:
    """Of version and data files: results of others do not belong beside ours."""
    digest = hashlib.sha256(__version__.encode())
    folder = data_folder()
    for name in ("products", "inverters", "cells"):
        for file in sorted((folder / name).glob("*.yaml")):
            digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()
