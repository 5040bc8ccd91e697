# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""docs/plug_in_your_bms.md says what works: its commands and its test are run as they stand."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import doppelpack
import pytest
from conftest import ROOT

GUIDE = (ROOT / "docs" / "plug_in_your_bms.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def workplace(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that looks like the root of the sources, with an empty build/."""
    folder = tmp_path_factory.mktemp("guide")
    (folder / "build").mkdir()
    (folder / "bin").mkdir()
    (folder / "bin" / "doppelpack").symlink_to(program)
    for name in ("bms", "examples", "scenarios"):
        (folder / name).symlink_to(ROOT / name)
    return folder


def test_its_commands_and_its_test_work(workplace: Path) -> None:
    environment = {**os.environ, "PATH": f"{workplace / 'bin'}:{os.environ['PATH']}"}
    for block in blocks("sh"):
        if "gdb" in block and shutil.which("gdb") is None:
            continue
        finished = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", block],
            cwd=workplace,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert finished.returncode == 0, block + finished.stdout + finished.stderr

    (workplace / "test_guide.py").write_text("".join(blocks("python")))
    package = str(Path(doppelpack.__file__).parents[1])
    finished = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_guide.py"],
        cwd=workplace,
        env={**environment, "PYTHONPATH": package},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr


def test_its_c_blocks_name_what_the_headers_have() -> None:
    header = (ROOT / "bms" / "include" / "bms" / "bms.h").read_text(encoding="utf-8")
    types = (ROOT / "bms" / "include" / "bms" / "types.h").read_text(encoding="utf-8")
    sensing = ROOT / "bms" / "include" / "bms" / "config" / "sensing.h"
    fields = set(re.findall(r"`(?:in|out)->(\w+)", GUIDE))
    assert {"cell_adc", "fresh", "clear_comparators", "report"} <= fields
    for field in fields:
        assert re.search(rf"\b{field}\b", types), field
    for name in ("BMS_EXPORT_CORE", "instance_bytes", "instance_alignment"):
        assert name in header
    assert "cell_uV_per_count" in sensing.read_text(encoding="utf-8")
