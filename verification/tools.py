# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The doppelpack authors

"""What every check shares: where things are, how programs are run, where results go."""

import json
import pathlib
import shutil
import subprocess
import sys
from collections.abc import Sequence
from typing import Any, TypeAlias

Words: TypeAlias = list[str | pathlib.Path]

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "verification"
HERE = ROOT / "verification"
INCLUDE = ROOT / "bms" / "include"
# Clang 19 is the first version with MC/DC; Debian 12 has it beside its default.
CLANG = "clang-19"


class CheckError(Exception):
    """A check could not be carried out, or its gate is not met; the message is for people."""


def core_sources() -> list[pathlib.Path]:
    return sorted((ROOT / "bms" / "src").glob("*.c"))


def test_sources() -> list[pathlib.Path]:
    return sorted((ROOT / "tests" / "bms").glob("*_test.cpp"))


def folder(name: str) -> pathlib.Path:
    """build/verification/<name>, made if it is not there."""
    path = BUILD / name
    path.mkdir(parents=True, exist_ok=True)
    return path


def run(
    command: Sequence[str | pathlib.Path], ok: Sequence[int] = (0,), **options: Any
) -> subprocess.CompletedProcess[str]:
    """Runs a program from the root of the sources. Raises CheckError when it ends otherwise."""
    words = [str(word) for word in command]
    if shutil.which(words[0]) is None:
        raise CheckError(f"{words[0]} not found; run: scripts/setup.sh --verify")
    done = subprocess.run(words, cwd=ROOT, text=True, capture_output=True, check=False, **options)
    if done.returncode not in ok:
        tail = "\n".join((done.stdout + done.stderr).splitlines()[-20:])
        raise CheckError(f"{' '.join(words)}\nended with {done.returncode}\n{tail}")
    return done


def write_result(name: str, result: dict[str, Any]) -> None:
    """build/verification/<name>.json: what report.py makes docs/verification.md from."""
    BUILD.mkdir(parents=True, exist_ok=True)
    text = json.dumps(result, indent=2, sort_keys=True) + "\n"
    (BUILD / f"{name}.json").write_text(text, encoding="utf-8")


def forget_result(name: str) -> None:
    """Removes what an earlier run wrote: a check that fails leaves no result to report."""
    (BUILD / f"{name}.json").unlink(missing_ok=True)


def gate(failures: Sequence[str]) -> None:
    """Ends the check: quietly, or by naming every bound that is not met."""
    if failures:
        raise CheckError("\n".join(failures))


def main(check: Any) -> None:
    """Calls `check()`; a CheckError becomes its message and exit code 1."""
    try:
        check()
    except CheckError as error:
        sys.exit(f"{error}")
