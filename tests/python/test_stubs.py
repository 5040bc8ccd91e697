# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""_core.pyi says what the compiled module has."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT


def test_stubs_match_the_module(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    allowed = tmp_path / "allowed"
    # They have the metaclass of pybind11, and what has no constructor one that takes anything.
    allowed.write_text("doppelpack._core.Bench\ndoppelpack._core.Snapshot\ndoppelpack._core.Snapshot.__init__\n")
    environment = {**os.environ, "MYPYPATH": str(ROOT / "python" / "src")}
    finished = subprocess.run(
        [
            sys.executable,
            "-m",
            "mypy.stubtest",
            "doppelpack._core",
            "--concise",
            "--allowlist",
            str(allowed),
        ],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
