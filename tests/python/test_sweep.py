# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""`doppelpack campaign` with a sweep, and `python -m doppelpack.sweep` behind it."""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import doppelpack
import pytest
import yaml
from conftest import ROOT, wait_until

pytest.importorskip("distributed")
pq = pytest.importorskip("pyarrow.parquet")

from doppelpack.sweep import batch, command, plan, runners  # noqa: E402
from doppelpack.sweep.base_scenario import base_scenario  # noqa: E402

SMALL = ROOT / "tests" / "sweep" / "small.yaml"
SHIPPED = sorted((ROOT / "scenarios" / "sweeps").glob("*.yaml"))


def sweep(*arguments: object) -> int:
    return command.main([str(argument) for argument in arguments])


def rows_of(folder: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(folder / "cases.parquet").to_pylist()
    return rows


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small sweep, in one process."""
    folder = tmp_path_factory.mktemp("whole")
    assert sweep(SMALL, "--workers", 0, "--out", folder, "--batch", 5) == 1
    return folder


@pytest.fixture(scope="module")
def cluster() -> Iterator[runners.Dask]:
    """Two processes."""
    with runners.Dask(2, None) as dask:
        yield dask


def changed(folder: Path, **changes: Any) -> Path:
    """The small sweep with other top-level keys; None leaves one out."""
    content = {**yaml.safe_load(SMALL.read_text("utf-8")), "sweep": "changed", **changes}
    file = folder / "changed.yaml"
    kept = {key: value for key, value in content.items() if value is not None}
    file.write_text(yaml.safe_dump(kept, sort_keys=False, width=1000), "utf-8")
    return file


def loaded(file: Path) -> tuple[plan.Plan, batch.Job, list[plan.Case]]:
    small = plan.load_plan(file)
    key, text = base_scenario(small)
    job = batch.job_of(key, text, small.measures, None)
    return small, job, [small.case(number) for number in range(small.cases)]


# ---- results ----


def test_rows_are_the_cases_in_their_order(whole: Path) -> None:
    rows = rows_of(whole)
    assert [row["case"] for row in rows] == list(range(12))
    assert [(row["product"], row["drift"]) for row in rows[::2]] == [
        (product, drift)
        for product in ("generic-16s", "pylontech-us5000")
        for drift in (0.0, 30.0, 60.0)
    ]
    assert len({row["seed"] for row in rows}) == 12
    assert all(20 <= row["soc"] <= 80 and 2 <= row["temperature"] <= 44 for row in rows)
    assert {row["ntc"] for row in rows} <= {1.0, 2.0, 3.0}


def test_measures_say_what_happened(whole: Path) -> None:
    for row in rows_of(whole):
        assert row["error"] is None
        assert row["hottest_degC"] == pytest.approx(row["temperature"], abs=0.1)
        assert row["end_soc"] == pytest.approx(row["soc"] / 100, abs=0.001)
        assert row["read_degC"] == pytest.approx(row["temperature"] + row["drift"], abs=3)
        reads_hot = row["temperature"] + row["drift"] > 40
        assert (row["warned_s"] is not None) == reads_hot
        assert not reads_hot or 4.0 < row["warned_s"] < 4.5
        assert 4 < row["gate_margin_s"] < 5
        assert row["has_passed"] == (row["failed"] == "")
    assert {row["failed"] for row in rows_of(whole)} == {"", "reads cool"}


def test_the_number_of_workers_changes_no_byte(
    whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sweep(SMALL, "--workers", 2, "--out", tmp_path, "--batch", 1) == 1
    for name in ("cases.parquet", "small-case.yaml"):
        assert (tmp_path / name).read_bytes() == (whole / name).read_bytes()
    first = capsys.readouterr().out
    assert sweep(SMALL, "--workers", 0, "--out", whole, "--resume") == 1
    hashes = re.findall(r"campaign sha256 [0-9a-f]{64}", first + capsys.readouterr().out)
    assert len(hashes) == 2
    assert hashes[0] == hashes[1]


def test_a_reproducer_runs_the_same_case(whole: Path, program: Path) -> None:
    page = (whole / "summary.html").read_text("utf-8")
    failed = [row for row in rows_of(whole) if not row["has_passed"]]
    (cells,) = re.findall(rf">{failed[0]['case']}</td><td>reads cool</td><td><code>(.*?)<", page)
    command_line = shlex.split(cells.replace("&#x27;", "'"))
    finished = subprocess.run(
        [str(program), *command_line[1:]], capture_output=True, text=True, check=False
    )
    assert finished.returncode == 1
    assert failed[0]["event_log_sha256"] in finished.stdout


def test_the_page_stands_alone(whole: Path) -> None:
    text = (whole / "summary.html").read_text("utf-8")
    assert not re.search(r"<script|<link|<img|@import", text)
    for name in ("hottest_degC", "warned_s", "gate_margin_s", "12 cases, "):
        assert name in text
    assert text.count("<svg") == 5


# ---- going on, and what dies ----


def test_a_killed_sweep_goes_on_where_it_was(whole: Path, tmp_path: Path) -> None:
    arguments = (SMALL, "--workers", "1", "--out", tmp_path, "--batch", "1")
    started = subprocess.Popen(
        [sys.executable, "-m", "doppelpack.sweep", *map(str, arguments)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    parts = tmp_path / "parts"
    try:
        wait_until(lambda: len(list(parts.glob("*.parquet"))) >= 2, 60)
    finally:
        os.killpg(started.pid, signal.SIGKILL)
        started.wait()
    assert not (tmp_path / "cases.parquet").exists()
    kept = {part: part.stat().st_mtime_ns for part in parts.glob("*.parquet")}
    assert 2 <= len(kept) < 12
    assert sweep(*arguments) == 2  # without --resume nothing is touched
    assert sweep(*arguments, "--resume") == 1
    assert {part: part.stat().st_mtime_ns for part in kept} == kept
    assert (tmp_path / "cases.parquet").read_bytes() == (whole / "cases.parquet").read_bytes()


def test_results_of_another_plan_are_not_mixed(
    whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sweep(changed(tmp_path), "--out", whole, "--resume", "--workers", 0) == 2
    assert "found results of another plan" in capsys.readouterr().err


def dies_once(job: batch.Job, cases: Sequence[plan.Case], mark: Path) -> list[batch.Row]:
    """A worker that is lost the first time."""
    if not mark.exists():
        mark.touch()
        os._exit(1)
    return batch.run_batch(job, cases)


def dies_in_case_1(job: batch.Job, cases: Sequence[plan.Case]) -> list[batch.Row]:
    if any(case.number == 1 for case in cases):
        os._exit(1)
    return batch.run_batch(job, cases)


def test_a_lost_worker_changes_nothing(whole: Path, tmp_path: Path, cluster: runners.Dask) -> None:
    _, job, cases = loaded(SMALL)
    mark = tmp_path / "mark"

    def task(job: batch.Job, cases: Sequence[plan.Case]) -> list[batch.Row]:
        return dies_once(job, cases, mark)

    rows: dict[int, list[batch.Row]] = {}
    batches = iter([(0, cases[:2]), (1, cases[2:4])])
    cluster.run(job, batches, rows.__setitem__, task)
    assert mark.exists()
    assert rows[0] + rows[1] == rows_of(whole)[:4]


def test_a_case_that_kills_its_worker_is_a_row(whole: Path, cluster: runners.Dask) -> None:
    _, job, cases = loaded(SMALL)
    rows: dict[int, list[batch.Row]] = {}
    cluster.run(job, iter([(0, cases[:3])]), rows.__setitem__, dies_in_case_1)
    expected = rows_of(whole)[:3]
    assert [rows[0][0], rows[0][2]] == [expected[0], expected[2]]
    assert rows[0][1]["error"] == "its process dies"
    assert rows[0][1]["soc"] == expected[1]["soc"]


def test_a_case_that_raises_is_a_row(tmp_path: Path) -> None:
    _, job, cases = loaded(SMALL)
    wrong = plan.Case(0, 1, cases[0].values, {**cases[0].settings, "initial.soc": "300 %"})
    bad, good = batch.run_batch(job, [wrong, cases[1]])
    assert bad["error"].startswith("DataError: ")
    assert "initial.soc" in bad["error"]
    assert bad["has_passed"] is False
    assert good["error"] is None


# ---- plans ----


@pytest.mark.parametrize("file", SHIPPED, ids=[file.stem for file in SHIPPED])
def test_shipped_sweeps_fit(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert sweep(file.stem, "--list") == 0
    assert len(capsys.readouterr().out.splitlines()) == plan.load_plan(file).cases


def test_a_case_depends_on_seed_and_number_only(tmp_path: Path) -> None:
    small = plan.load_plan(SMALL)
    other = plan.load_plan(changed(tmp_path, seed=8))
    assert small.case(3) == plan.load_plan(SMALL).case(3)
    assert small.case(3).seed != other.case(3).seed
    draws = yaml.safe_load(SMALL.read_text("utf-8"))["draws"]
    fewer = plan.load_plan(changed(tmp_path, draws=draws[:1]))
    assert fewer.case(3).values["soc"] == small.case(3).values["soc"]


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("samples: 2", "sample: 2", 5, ["sample", "samples"]),
        ("samples: 2", "samples: 0", 5, ['"0"', "whole number"]),
        ("sweep: small", "sweep: other", 2, ["other", "small"]),
        ("set: product,", "set: produkt,", 19, ["produkt"]),
        ("[0 K, 30 K, 60 K]", "[0 K, 30 V, 60 K]", 20, ["30 V"]),
        ("values: [0 K, 30 K, 60 K]", "linspace: [9 K, 1 K, 3]", 20, ['"1 K"', "9 K"]),
        ("uniform: [20 %, 80 %]", "uniform: [20 %, 180 %]", 22, ["soc", "180"]),
        ("spread: 8 K", "spread: 8 V", 23, ["8 V", "in K"]),
        ("name: soc", "name: drift", 22, ["drift", "no other"]),
        ("set: initial.soc", "set: initial.temperature", 22, ["initial.temperature", "two"]),
        ("at_end: pack1/soc", "at_end: pack1/sock", 29, ["pack1/sock", "pack1/soc"]),
        ("margin: gate closes", "margin: gate opens", 31, ["gate opens", "gate closes"]),
        ("title: A", "title: &a A", 3, ["anchor"]),
        ("title: A", "title: [", 0, []),
    ],
)
def test_wrong_plans_are_refused_with_their_line(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    old: str,
    new: str,
    line: int,
    words: list[str],
) -> None:
    text = SMALL.read_text("utf-8")
    assert old in text
    file = tmp_path / "small.yaml"
    file.write_text(text.replace(old, new), "utf-8")
    assert sweep(file, "--out", tmp_path / "out", "--workers", 0) == 2
    (message,) = capsys.readouterr().err.splitlines()
    assert str(file) in message
    assert not line or f"small.yaml:{line}: " in message, message
    assert all(word in message for word in words), message
    assert not (tmp_path / "out").exists()


def test_schema_and_reader_know_the_same_keys() -> None:
    schema = json.loads((ROOT / "scenarios" / "schema" / "sweep.schema.json").read_text("utf-8"))
    assert tuple(schema["properties"]) == plan.KEYS
    assert tuple(plan.KINDS) == tuple(schema["properties"]["measure"]["items"]["properties"])[2:]


# ---- the program ----


def test_the_program_hands_a_sweep_over(program: Path, whole: Path, tmp_path: Path) -> None:
    package = Path(doppelpack.__file__).parents[1]
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    finished = subprocess.run(
        [str(program), "campaign", str(SMALL), "--workers", "1", "--out", str(tmp_path)],
        env={**os.environ, "PATH": path, "PYTHONPATH": str(package)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 1, finished.stderr
    assert "12 cases: 10 passed, 2 failed, 0 did not run" in finished.stdout
    assert (tmp_path / "cases.parquet").read_bytes() == (whole / "cases.parquet").read_bytes()


def test_the_program_says_what_is_missing(program: Path, tmp_path: Path) -> None:
    fake = tmp_path / "python3"
    fake.write_text(f'#!/bin/sh\nexec {sys.executable} -S -I "$@"\n', "utf-8")
    fake.chmod(0o755)
    for path, words in ((str(tmp_path), "no Python package doppelpack"), ("", "no python3")):
        finished = subprocess.run(
            [str(program), "campaign", str(SMALL)],
            env={"PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        assert finished.returncode == 2
        (message,) = finished.stderr.splitlines()
        assert words in message


def test_options_of_the_other_kind_of_plan_are_refused(program: Path) -> None:
    for arguments in ((SMALL, "--junit", "x.xml"), ("single-faults", "--resume")):
        finished = subprocess.run(
            [str(program), "campaign", *map(str, arguments)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert finished.returncode == 2
        assert "expected" in finished.stderr
