# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""`python -m doppelpack.search`: bugs planted into the core are found, shrunk and shown again."""

import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT

pytest.importorskip("hypothesis")

from doppelpack.search import command, judge
from doppelpack.search.situation import Situation, resting

Plant = Callable[[dict[str, Any]], Path]
Run = Callable[..., Any]

BUGS = [
    bug
    for folder in ("campaign", "matrix")
    for bug in yaml.safe_load((ROOT / "tests" / folder / "bugs.yaml").read_text("utf-8"))
]
# Those that take few examples; benchmarks/planted_bugs.py looks for all of them.
QUICK = (
    "a delay ten times too long",
    "a protection that does not wait for its delay",  # seen for a millisecond
    "a protection that never releases",  # and trips again after that
    "the charge gate stays closed when a thermistor wire breaks",
    "the inverter is told that it may charge while the gate is open",
)


def search(program: Path, *arguments: object) -> int:
    return command.main([*map(str, arguments), "--program", str(program)])


@pytest.mark.parametrize("why", QUICK)
def test_a_planted_bug_is_found_and_shown_again(
    program: Path,
    plant: Plant,
    run: Run,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    why: str,
) -> None:
    bug = next(bug for bug in BUGS if bug["why"] == why)
    core = plant(bug)
    out = tmp_path / "found"
    assert search(program, "--bms", core, "--examples", 200, "--out", out) == 1
    said = capsys.readouterr().out
    commands = [shlex.split(line) for line in re.findall(r"^doppelpack (.*)$", said, re.MULTILINE)]
    assert [words[0] for words in commands] == ["campaign", "run"]
    for words in commands:
        assert run(*words).returncode == 1
        healthy = words[: words.index("--bms")]
        finished = run(*healthy)
        assert finished.returncode == 0, finished.stdout + finished.stderr


def test_a_healthy_core_passes(program: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert search(program, "--examples", 30) == 0
    assert "nothing found in" in capsys.readouterr().out


def test_a_search_is_the_same_for_a_seed(program: Path) -> None:
    def looked_at(seed: int) -> list[Situation]:
        asked = judge.Judge(program, None)
        command.search(asked, 10, seed)
        return list(asked._known)

    assert looked_at(1) == looked_at(1)
    assert looked_at(1) != looked_at(2)


def test_what_is_explained_is_not_found_again(program: Path) -> None:
    asked = judge.Judge(program, None)
    offset = resting("generic-16s/search/ntc-offset=10K@3/stays")
    assert asked.objections(offset) == []
    assert [one["oracle"] for one in asked.entry(offset)["objections"]] == ["true-readings"]


def test_what_is_missing_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--program", str(tmp_path / "none")]) == 2
    assert "found no program" in capsys.readouterr().err
    assert command.main(["--bms", "none.so", "--program", "/bin/true"]) == 2
    assert 'found no file "none.so"' in capsys.readouterr().err
