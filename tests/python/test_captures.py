# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""Recorded buses again: each file of tests/captures is a test, see the README there."""

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from conftest import ROOT

Run = Callable[..., CompletedProcess[str]]

CAPTURES = sorted((ROOT / "tests" / "captures").glob("*.log"))


@pytest.mark.parametrize("capture", CAPTURES, ids=lambda capture: capture.stem)
def test_capture_plays_again_without_a_difference(run: Run, capture: Path) -> None:
    finished = run("replay", capture)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert "no frames" not in finished.stdout, "every line is read"


def test_there_are_captures() -> None:
    assert CAPTURES


def test_changed_byte_is_found_and_named(run: Run, tmp_path: Path) -> None:
    ours = (ROOT / "tests" / "captures" / "own-run-us5000.log").read_text()
    lines = ours.splitlines(keepends=True)
    at = next(i for i, line in enumerate(lines) if " 351#" in line and line.startswith("(7."))
    lines[at] = lines[at].replace("351#1402", "351#1502")
    changed = tmp_path / "changed.log"
    changed.write_text("".join(lines))
    finished = run("replay", changed, "--out", tmp_path / "out")
    assert finished.returncode == 1
    assert "id 351" in finished.stdout
    assert "cvl_V: expected 53.3, found 53.2" in finished.stdout
    assert (tmp_path / "out" / "replay.json").exists()
    assert (tmp_path / "out" / "found.log").exists()


def test_lines_that_are_no_frames_are_counted(run: Run, tmp_path: Path) -> None:
    log = tmp_path / "odd.log"
    log.write_text("(1.0) can0 351#1402C012C012C201\nnonsense\n(1.1) can0 305#R\n(1.2) can0 1#\n")
    finished = run("replay", log)
    assert "2 lines are no frames: 2, 4" in finished.stdout


def test_frames_of_strangers_are_counted_and_not_compared(run: Run, tmp_path: Path) -> None:
    log = tmp_path / "site.log"
    ours = (ROOT / "tests" / "captures" / "own-run-us5000.log").read_text()
    stranger = "(3.000000) can1 701#05\n(4.000000) can1 18FF50E5#0102030405060708\n"
    log.write_text(ours + stranger)
    finished = run("replay", log, "--against", "inverter", "--tolerance", "5 ms")
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert "2 frames are neither a battery's nor an inverter's, not compared" in finished.stdout


@pytest.mark.parametrize(
    ("content", "options", "complaint"),
    [
        ("nothing\n", [], "log:1: found no frame"),
        ("(1.0) can0 305#\n", ["--against", "moon"], "expected pack or inverter"),
        ("# tolerance: red\n(1.0) can0 305#\n", [], "log:1: tolerance: "),
        ("# learned: cvl\n(1.0) can0 305#\n", [], "log:1: learned: found 'cvl'"),
    ],
)
def test_bad_input_is_one_line(
    run: Run, tmp_path: Path, content: str, options: list[str], complaint: str
) -> None:
    log = tmp_path / "a.log"
    log.write_text(content)
    finished = run("replay", log, *options)
    assert finished.returncode == 2
    assert complaint in finished.stderr
    assert len(finished.stderr.splitlines()) == 1


def test_missing_log_is_one_line(run: Run, tmp_path: Path) -> None:
    finished = run("replay", tmp_path / "none.log")
    assert finished.returncode == 2
    assert "cannot be read" in finished.stderr
