# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""The built program, a served pack, and waiting for conditions instead of sleeping."""

import contextlib
import json
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--program",
        default=str(ROOT / "build" / "release" / "doppelpack"),
        help="the doppelpack executable to test",
    )


@pytest.fixture(scope="session")
def program(request: pytest.FixtureRequest) -> Path:
    path = Path(request.config.getoption("--program")).resolve()
    if not path.exists():
        pytest.fail(f"{path} is not there; build it or name another one with --program")
    return path


@pytest.fixture
def run(program: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the program to its end: run("list", "faults")."""

    def run_program(*arguments: object, timeout: float = 60) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(program), *map(str, arguments)],
            capture_output=True,
            encoding="utf-8",
            timeout=timeout,
            check=False,
        )

    return run_program


@pytest.fixture
def plant(program: Path, tmp_path: Path) -> Callable[[dict[str, Any]], Path]:
    """A core with a bug: in `file` of bms/src, `line` becomes `becomes`."""

    def build(bug: dict[str, Any]) -> Path:
        source = ROOT / "bms" / "src" / bug["file"]
        text = source.read_text("utf-8")
        assert text.count(bug["line"]) == 1, "this line has changed: plant the bug anew"
        broken = tmp_path / bug["file"]
        broken.write_text(text.replace(bug["line"], bug["becomes"]), "utf-8")
        core = tmp_path / "broken.so"
        # What is broken comes first: the library then adds the other sources, and not this one.
        subprocess.run(
            [
                *("cc", "-std=c11", "-O2", "-fPIC", "-shared", "-fno-lto"),
                *(f"-I{ROOT / 'bms' / 'include'}", "-iquote", str(source.parent)),
                *(str(broken), str(ROOT / "tests" / "cores" / "own_core.c")),
                *(str(program.parent / "bms" / "libdoppelpack_bms.a"), "-o", str(core)),
            ],
            check=True,
        )
        return core

    return build


def wait_until(holds: Callable[[], Any], patience_s: float = 15.0) -> Any:
    """What `holds` returns once it is true; fails the test when it does not become true in time."""
    deadline = time.monotonic() + patience_s
    while True:
        if value := holds():
            return value
        if time.monotonic() > deadline:
            pytest.fail(f"waited {patience_s:g} s in vain")
        time.sleep(0.02)


def whole_lines(file: Path) -> list[str]:
    """The complete lines a file has by now; none when it is not there yet."""
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    return text[: text.rfind("\n") + 1].splitlines()


def events_of(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in whole_lines(folder / "events.jsonl")]


class Served:
    """A running `doppelpack serve` with open ports."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.output: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        wait_until(lambda: self._is_open() or process.poll() is not None)
        if not self._is_open():
            self._reader.join(5)
            pytest.fail("serve ended at once: " + "".join(self.output))

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        finally:
            self._reader.join(5)

    def _is_open(self) -> bool:
        return any(line.startswith("serving") for line in self.output)

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.output.append(line)


@pytest.fixture
def serve(program: Path) -> Iterator[Callable[..., Served]]:
    """Starts the program serving and stops it at the end of the test."""
    with contextlib.ExitStack() as stack:

        def start(*arguments: object) -> Served:
            process = subprocess.Popen(
                [str(program), "serve", *map(str, arguments)],
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
            )
            stack.callback(process.wait)
            stack.callback(process.kill)
            return Served(process)

        yield start
