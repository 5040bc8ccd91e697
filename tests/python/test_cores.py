# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""Other protection cores, from the command line and from Python."""

import hashlib
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import doppelpack
import pytest
from conftest import Served, events_of, wait_until
from doppelpack import Bench, DataError

Run = Callable[..., CompletedProcess[str]]


@pytest.fixture
def core(program: Path) -> Callable[[str], Path]:
    """The library of a core in tests/cores/, by name."""
    return lambda name: program.parent / "tests" / "cores" / f"{name}.so"


@pytest.fixture
def quiet(tmp_path: Path) -> Path:
    file = tmp_path / "quiet.yaml"
    file.write_text(
        "scenario: quiet\ntitle: Nothing happens\nproduct: generic-16s\nduration: 2 s\n"
        "expect:\n  - {name: starts, by: 2 s, that: bms1/charge_gate == closed}\n"
    )
    return file


def test_a_result_says_which_core_it_was(run: Run, core, quiet: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    finished = run("run", quiet, "--bms", core("own"), "--out", out)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    named = json.loads((out / "result.json").read_text())["core"]
    digest = hashlib.sha256(core("own").read_bytes()).hexdigest()
    assert named == {
        "name": "doppelpack",
        "version": "own",
        "library": str(core("own")),
        "sha256": digest,
        "is_isolated": False,
    }
    assert events_of(out)[1]["sha256"] == digest


def test_isolated_gives_the_same_hash(run: Run, core, quiet: Path) -> None:
    arguments = ("run", quiet, "--bms", core("own"))
    here, isolated = run(*arguments), run(*arguments, "--isolated")
    package = doppelpack.run_scenario(quiet, bms=core("own"), isolated=True)
    assert here.stdout.splitlines()[-1] == isolated.stdout.splitlines()[-1]
    assert package["event_log_sha256"] in here.stdout


def test_isolated_in_the_forks_of_a_campaign_too(run: Run, core) -> None:
    arguments = ("campaign", "--case", "pylontech-us5000/*/ntc-open*", "--bms", core("own"))
    here, isolated = run(*arguments), run(*arguments, "--isolated")
    assert here.stdout.splitlines()[-1].startswith("campaign sha256 ")
    assert here.stdout == isolated.stdout


def test_isolated_on_one_processor_too(program: Path, core, quiet: Path) -> None:
    command = [program, "run", quiet, "--bms", core("own")]
    here = subprocess.run(command, capture_output=True, text=True, check=True)
    alone = subprocess.run(
        ["taskset", "--cpu-list", str(min(os.sched_getaffinity(0))), *command, "--isolated"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert here.stdout.splitlines()[-1] == alone.stdout.splitlines()[-1]


@pytest.mark.parametrize(
    ("name", "words"),
    [("wrong_abi", "ABI version"), ("no_symbol", "BMS_EXPORT_CORE"), ("not_there", "No such file")],
)
@pytest.mark.parametrize("more", [[], ["--isolated"]])
def test_a_library_that_does_not_fit_is_exit_code_2(
    run: Run, core, quiet: Path, name: str, words: str, more: list[str]
) -> None:
    finished = run("run", quiet, "--bms", core(name), *more)
    assert finished.returncode == 2
    (line,) = finished.stderr.splitlines()
    assert words in line
    with pytest.raises(DataError, match=words):
        Bench(bms=core(name), isolated=bool(more))


@pytest.mark.parametrize("option", ["--bms-budget", "--bms-cpu-budget"])
def test_a_budget_is_a_time(run: Run, quiet: Path, option: str) -> None:
    for bad in ("0 s", "-1 s", "5 V", "2 h", "soon"):
        finished = run("run", quiet, option, bad)
        assert finished.returncode == 2
        assert finished.stderr.startswith(f"doppelpack: {option}: found")


def test_a_crash_is_exit_code_1_and_keeps_what_was_recorded(
    run: Run, core, quiet: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    finished = run("run", quiet, "--bms", core("crasher"), "--isolated", "--out", out)
    assert finished.returncode == 1
    assert "ended by signal" in finished.stdout
    result = json.loads((out / "result.json").read_text())
    assert not result["has_passed"]
    assert result["expectations"][-1]["reason"].endswith("in step 100")
    assert [e["step"] for e in events_of(out) if e["event"] == "core-failure"] == [100]
    assert (out / "signals.csv").exists()
    assert json.loads((out / "core_failure.json").read_text())["at"]["step"] == 100


def test_a_crash_does_not_stop_the_runs_after_it(run: Run, core, quiet: Path) -> None:
    finished = run("run", quiet, quiet, "--bms", core("crasher"), "--isolated")
    assert finished.returncode == 1
    assert finished.stdout.count("FAIL quiet") == 2


def test_a_hang_is_killed(run: Run, core, quiet: Path) -> None:
    finished = run("run", quiet, "--bms", core("hanger"), "--isolated", "--bms-budget", "300 ms")
    assert finished.returncode == 1
    assert "gave no answer within 0.3 s" in finished.stdout


def test_a_served_core_may_crash(serve: Callable[..., Served], core) -> None:
    served = serve("generic-16s", "--bms", core("crasher"), "--isolated")
    assert wait_until(lambda: served.process.poll() is not None)
    assert served.stop() == 1
    assert any("ended by signal" in line for line in served.output)


def test_the_package_survives_a_crash(core, quiet: Path, tmp_path: Path) -> None:
    result = doppelpack.run_scenario(quiet, bms=core("crasher"), isolated=True)
    assert not result["has_passed"]
    assert "ended by signal" in result["expectations"][-1]["reason"]
    bench = Bench(bms=core("exiter"), isolated=True)
    with pytest.raises(RuntimeError, match="ended with exit code 3"):
        bench.run(1)
    assert bench.now < 0.2
    assert bench.finish()["core"]["name"] == "bad"
    with Bench(bms=core("slow"), bms_cpu_budget=0.002) as slow, pytest.raises(RuntimeError):
        slow.run(1)


# ---- differential ----


def test_no_difference_is_exit_code_0(run: Run, core, quiet: Path, tmp_path: Path) -> None:
    arguments = ("diff-cores", quiet, "--bms", "builtin", "--bms", core("own"), "--out", tmp_path)
    finished = run(*arguments)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert finished.stdout == "no difference in 2 s simulated\n"
    assert not (tmp_path / "divergence.json").exists()
    assert json.loads((tmp_path / "result.json").read_text())["shadow"]["version"] == "own"


def test_a_difference_is_exit_code_1(run: Run, core, quiet: Path, tmp_path: Path) -> None:
    pair = ("--bms", core("plain"), "--bms", core("different"))
    finished = run("diff-cores", quiet, *pair, "--isolated", "--context", 3, "--out", tmp_path)
    assert finished.returncode == 1
    assert "step 100: report.cell_mV[2] is 0 and 3300" in finished.stdout
    report = json.loads((tmp_path / "divergence.json").read_text())
    assert [step["at"]["step"] for step in report["steps"]] == [97, 98, 99, 100]
    assert run("diff-cores", quiet, *pair, "--only", "bleeders", "--out", tmp_path).returncode == 0


@pytest.mark.parametrize(
    "arguments", [["--bms", "builtin"], [], ["--bms", "builtin", "--bms", "builtin", "--only", "x"]]
)
def test_diff_cores_wants_two_cores_and_known_fields(
    run: Run, quiet: Path, tmp_path: Path, arguments: list[str]
) -> None:
    assert run("diff-cores", quiet, *arguments, "--out", tmp_path).returncode == 2
