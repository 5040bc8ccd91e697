# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""Builds the core under test as a firmware team would: its own sources, doppelpack's headers."""

import os
import subprocess
from pathlib import Path

import pytest

# A team has its own sources; here it is the example of docs/plug_in_your_bms.md.
DOPPELPACK = Path(os.environ.get("DOPPELPACK_SOURCES", Path(__file__).resolve().parents[3]))
SOURCES = [DOPPELPACK / "examples" / "bms_core" / "core.c"]


@pytest.fixture(scope="session")
def core(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library with our protection core."""
    library = tmp_path_factory.mktemp("core") / "libourcore.so"
    flags = ["-std=c11", "-O2", "-Wall", "-Wextra", "-shared", "-fPIC", "-fvisibility=hidden"]
    headers = ["-I", DOPPELPACK / "bms" / "include"]
    subprocess.run(["cc", *flags, *headers, "-o", library, *SOURCES], check=True)
    return library
