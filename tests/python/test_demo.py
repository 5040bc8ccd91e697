# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""The examples run as they are."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import ROOT

EXAMPLES = ROOT / "python" / "examples"


def test_demo_twice(program: Path, tmp_path: Path) -> None:
    for _ in range(2):
        begin = time.monotonic()
        finished = subprocess.run(
            [
                sys.executable,
                str(EXAMPLES / "demo.py"),
                "--program",
                str(program),
                "--out",
                str(tmp_path),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        assert finished.returncode == 0, finished.stdout + finished.stderr
        assert time.monotonic() - begin < 60
        assert "Both wires agree" in finished.stdout
        assert "\x1b" not in finished.stdout
        left = {path.name for path in tmp_path.iterdir()}
        assert left == {"serve", "serve.log", "over-charge", "over-charge.png"}


@pytest.mark.parametrize("example", sorted(EXAMPLES.glob("test_*.py")), ids=lambda path: path.stem)
def test_example(example: Path) -> None:
    finished = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(example)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
