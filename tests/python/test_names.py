# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""What editors and mypy know of signals and faults is what the catalogues have."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from conftest import ROOT

PACKAGE = ROOT / "python" / "src" / "doppelpack"


@pytest.fixture(scope="module")
def writer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("names", ROOT / "scripts" / "python_names.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def laid_out(text: str, name: str) -> str:
    ruff = [sys.executable, "-m", "ruff", "format", "--stdin-filename", name, "-"]
    return subprocess.run(
        ruff, input=text, capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout


def test_the_classes_of_signals_are_those_of_the_catalogue(writer: ModuleType) -> None:
    pytest.importorskip("ruff")
    path = PACKAGE / "groups.py"
    assert laid_out(writer.groups_text(), str(path)) == path.read_text("utf-8"), writer.__doc__


def test_the_functions_of_faults_are_those_of_the_catalogue(writer: ModuleType) -> None:
    assert writer.faults_text() == (PACKAGE / "faults.pyi").read_text("utf-8"), writer.__doc__


def test_a_typed_test_of_a_user_passes_mypy_and_a_wrong_one_does_not(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    right = (
        "from doppelpack import Bench\n"
        "from doppelpack.faults import ntc_offset\n"
        "from doppelpack.units import A, K, s\n"
        "b = Bench('generic-16s')\n"
        "b.charge(50 * A)\n"
        "b.run_until((b.cell[7].voltage > 3.5) & b.bms[1].protection.cell_ov, timeout=5 * s)\n"
        "b.inject(ntc_offset(sensor=2, offset=5 * K)).clear()\n"
        "b.expect(b.charge_gate.open | b.bms.state.failure, within=2)\n"
        "history = b.bms.ntc[1].temperature.history.max()\n"
    )
    wrong = {
        "b.cell[7].volt > 3": 'has no attribute "volt"',
        "b.charge_gate.opened": 'has no attribute "opened"',
        "ntc_offset(cell=2)": 'Unexpected keyword argument "cell"',
        "b.charge(50)": "incompatible type",
    }
    (tmp_path / "mine.py").write_text(right + "\n".join(wrong) + "\n")
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file=", str(tmp_path / "mine.py")],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"MYPYPATH": str(ROOT / "python" / "src"), "PATH": ""},
        check=False,
    )
    mine = re.compile(r"(\S*/)?mine\.py:\d+: error: ")
    lines = [line for line in checked.stdout.splitlines() if mine.match(line)]
    assert len(lines) == len(wrong), checked.stdout
    for line, says in zip(lines, wrong.values(), strict=True):
        assert says in line


def test_importing_is_light() -> None:
    code = (
        "import sys, doppelpack\n"
        "heavy = {'matplotlib', 'pandas', 'pytest', 'asyncio', 'numpy.testing'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
