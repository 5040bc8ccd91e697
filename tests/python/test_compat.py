# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""The obedience test on the command line; its grades are tested in tests/compat."""

import json
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from conftest import wait_until, whole_lines

Run = Callable[..., CompletedProcess[str]]

SCRIPT = """\
compat: short
title: One step
sources: [made up]
items:
  - {id: ccl-zero, number: 13, title: CCL 0, steps: [
      {set: {ccl: 0 A}, within: 5 s, expect: [no-charge]}]}
"""


def test_obedient_inverter_passes_and_leaves_a_report(run: Run, tmp_path: Path) -> None:
    finished = run("compat", "--inverter", "hybrid-5k", "--out", tmp_path)
    assert finished.returncode == 0, finished.stdout
    report = json.loads((tmp_path / "compat.json").read_text())
    assert report["has_passed"]
    assert len(report["items"]) > 30
    assert all(item["evidence"] for item in report["items"])
    page = (tmp_path / "compat.html").read_text()
    assert "Obedience of hybrid-5k" in page
    assert "http" not in page, "nothing is loaded from elsewhere"
    assert " can1 351#" in (tmp_path / "compat.log").read_text()


def test_same_test_leaves_the_same_bytes(run: Run, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        run("compat", "--inverter", "disobedient-ccl", "--out", tmp_path / folder)
    for name in ("compat.json", "compat.html", "compat.log"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_disobedient_inverter_fails(run: Run, tmp_path: Path) -> None:
    finished = run("compat", "--inverter", "disobedient-ccl", "--out", tmp_path)
    assert finished.returncode == 1
    assert "CCL halved" in finished.stdout


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        (("no-charge", "no-chrge"), "short.yaml:6: "),
        (("0 A", "0 V"), "short.yaml:6: "),
        (("ccl:", "cll:"), "short.yaml:6: "),
        (("number: 13", "number: none"), "short.yaml:5: "),
    ],
)
def test_wrong_script_is_one_line(
    run: Run, tmp_path: Path, wrong: tuple[str, str], complaint: str
) -> None:
    script = tmp_path / "short.yaml"
    script.write_text(SCRIPT.replace(*wrong))
    out = tmp_path / "out"
    finished = run("compat", "--inverter", "hybrid-5k", "--script", script, "--out", out)
    assert finished.returncode == 2
    assert complaint in finished.stderr
    assert len(finished.stderr.splitlines()) == 1
    assert not out.exists()


def test_script_of_ones_own(run: Run, tmp_path: Path) -> None:
    script = tmp_path / "short.yaml"
    script.write_text(SCRIPT)
    finished = run("compat", "--inverter", "hybrid-5k", "--script", script, "--out", tmp_path / "o")
    assert finished.returncode == 0, finished.stdout + finished.stderr


def test_neither_port_nor_inverter_is_bad_usage(run: Run, tmp_path: Path) -> None:
    finished = run("compat", "--out", tmp_path / "out")
    assert finished.returncode == 2
    assert "--can" in finished.stderr


def test_interrupt_on_a_port_stops_at_once_and_leaves_a_report(
    program: Path, tmp_path: Path
) -> None:
    link = tmp_path / "can"
    out = tmp_path / "out"
    process = subprocess.Popen(
        [str(program), "compat", "--can", f"slcan-pty:{link}", "--out", str(out)],
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        wait_until(link.exists)
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=15)
    finally:
        process.kill()
    assert process.returncode == 1
    assert "stopped before the end" in output
    assert json.loads((out / "compat.json").read_text())["is_complete"] is False


def test_killed_on_a_port_leaves_the_bus_log_so_far(
    program: Path, run: Run, tmp_path: Path
) -> None:
    log = tmp_path / "out" / "compat.log"
    process = subprocess.Popen(
        [
            str(program),
            "compat",
            "--can",
            f"slcan-pty:{tmp_path / 'can'}",
            "--out",
            str(log.parent),
        ],
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: len(whole_lines(log)) >= 12)
    finally:
        process.kill()
        process.wait()
    assert {line.split()[2][:3] for line in whole_lines(log)} >= {"351", "355", "356", "359"}
    assert not (log.parent / "compat.json").exists()
    replayed = run("replay", log, "--product", "pylontech-us5000")
    assert "no frames" not in replayed.stdout, "every line is read"
