# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""Real SocketCAN without CAN hardware: a guest kernel in user-mode-linux on this machine's files.

The tests themselves are in tests/uml/socketcan.py; tests/uml/init.sh is what the guest does first.
"""

import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from conftest import ROOT

NEEDED = {
    "linux.uml": "user-mode-linux",
    "candump": "can-utils",
    "insmod": "kmod",
    "ip": "iproute2",
}
MODULES = Path("/usr/lib/uml/modules")
SBIN = "/usr/sbin:/sbin"
pytestmark = pytest.mark.uml


def skip_without_tools() -> None:
    path = os.environ["PATH"] + ":" + SBIN
    missing = [package for tool, package in NEEDED.items() if shutil.which(tool, path=path) is None]
    if not missing:
        return
    text = (
        "SOCKETCAN IS NOT TESTED on this machine: "
        f"no {', '.join(missing)} ({platform.machine()}). "
        "scripts/setup.sh --ci installs what there is."
    )
    warnings.warn(text, stacklevel=2)
    pytest.skip(text)


def boot(guest: dict[str, object], folder: Path, patience_s: float) -> str:
    """What the guest wrote on its console until it was off."""
    path = os.environ["PATH"] + ":" + SBIN
    kernel = shutil.which("linux.uml", path=path)
    assert kernel is not None
    command = [kernel, "mem=256M", "rootfstype=hostfs", "rootflags=/", "ro", "quiet", "loglevel=1"]
    command += ["con=null", "con0=null,fd:1", "ssl=null", f"uml_dir={folder}/"]
    command += [f"init={ROOT}/tests/uml/init.sh"]
    command += [f'GUEST_{name}="{value}"' for name, value in guest.items()]
    log = folder / "console"
    with log.open("wb") as console:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=console,
            stderr=console,
            env=os.environ | {"TMPDIR": str(folder)},
            start_new_session=True,
        )
        try:
            process.wait(patience_s)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    return log.read_text(encoding="utf-8", errors="replace").replace("\r", "")


def test_socketcan_in_user_mode_linux(program: Path, tmp_path: Path) -> None:
    skip_without_tools()
    kernels = sorted(MODULES.glob("*/kernel"))
    assert kernels, f"no modules below {MODULES}"
    guest = {
        "SOURCE": ROOT,
        "PYTHON": sys.executable,
        "PROGRAM": program,
        "MODULES": kernels[-1],
    }
    console = boot(guest, tmp_path, patience_s=120)
    assert "guest: exit 0\n" in console, console
    # All of them ran: none was skipped.
    assert (summary := re.search(r"= (\d+) passed in ", console)), console
    assert int(summary[1]) == 5
