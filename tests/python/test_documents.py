# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""Every block of code in the documentation is run as it stands, page by page.

In place of what a test cannot have: `make` only has to know the target, `pip` and `git` do nothing
(other steps of the CI install), what names hardware is left out, `serve` ends by itself, and port
8080 is another one. A comment in front of a block says what is special about it:

    <!-- not run: WHY -->       a fragment, or somebody else's
    <!-- beside: COMMAND -->    runs while that command serves
"""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import doppelpack
import pytest
import yaml
from conftest import ROOT, Served
from markdown_it import MarkdownIt

PAGES = sorted(
    subprocess.run(
        ["git", "ls-files", "*.md"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
)
SILENT = {"", "text"}  # drawings, output, names
HARDWARE = "socketcan:can|/dev/tty|scpi:192[.]|tcp://scheduler"

PREAMBLE = rf"""
set -euo pipefail
make() {{ [ $# = 0 ] || grep -q "^$1:" "$ROOT/Makefile"; }}
pip() {{ [ "$1" = install ]; }}
git() {{ [ "$1" = clone ]; }}
cd() {{ [ "$1" = doppelpack ] || builtin cd "$@"; }}
curl() {{ command curl --max-time 3 "$@" || [ $? = 28 ]; }}  # a stream has no end
doppelpack() {{
  if [[ "$*" =~ {HARDWARE} ]]; then return 0; fi
  if [ "$1" = serve ] && [[ "$*" != *--duration* ]]; then set -- "$@" --duration 2; fi
  command doppelpack "$@"
}}
build/release/doppelpack() {{ doppelpack "$@"; }}
python() {{
  if [[ "$*" = *doppelpack.search* ]]; then set -- "$@" --examples 10; fi  # tests have more
  command python "$@"
}}
.ci/run() {{ test -x "$ROOT/.ci/run"; }}
"""


@dataclass
class Block:
    language: str
    text: str
    line: int
    beside: str = ""  # a command that serves meanwhile


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def blocks_of(page: str) -> Iterator[Block]:
    """The blocks that are to be run."""
    before = ""
    for token in MarkdownIt("commonmark").parse((ROOT / page).read_text(encoding="utf-8")):
        if token.type == "fence" and token.map is not None:
            language = token.info.split(" ")[0]
            if language not in SILENT and not before.startswith("<!-- not run: "):
                found = re.match(r"<!-- beside: (.*) -->", before)
                beside = found[1] if found else ""
                yield Block(language, token.content, token.map[0] + 1, beside)
        before = token.content if token.type == "html_block" else ""


@pytest.fixture
def place(program: Path, tmp_path: Path) -> Path:
    """A folder that looks like the root of the sources after a build, and may be written to."""
    for name in ("bms", "examples", "python", "scenarios", "tests"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "release").symlink_to(program.parent)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "doppelpack").symlink_to(program)
    # What readers bring along.
    (tmp_path / "libmycore.so").symlink_to(program.parent / "tests" / "cores" / "own.so")
    (tmp_path / "site.log").symlink_to(ROOT / "tests" / "captures" / "own-run-us5000.log")
    text = (ROOT / "scenarios" / "cases" / "hot.yaml").read_text(encoding="utf-8")
    mine = re.sub(r"^scenario: .*", "scenario: my-scenario", text, flags=re.MULTILINE)
    (tmp_path / "my-scenario.yaml").write_text(mine, encoding="utf-8")
    return tmp_path


def run(command: list[str], place: Path) -> None:
    package = str(Path(doppelpack.__file__).parents[1])
    environment = {
        **os.environ,
        "PATH": f"{place / 'bin'}:{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": package,
        "ROOT": str(ROOT),
        "MPLBACKEND": "agg",
    }
    done = subprocess.run(
        command,
        cwd=place,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def run_sh(block: Block, place: Path) -> None:
    if "gdb" in block.text and shutil.which("gdb") is None:
        return
    run(["bash", "-c", PREAMBLE + block.text], place)


def run_python(block: Block, place: Path) -> None:
    file = place / f"test_line_{block.line}.py"
    file.write_text(block.text, encoding="utf-8")
    is_test = re.search(r"^def test_", block.text, re.MULTILINE)
    plugins = ["-p", "no:cacheprovider", "-p", "doppelpack.pytest_plugin"]
    options = ["-m", "pytest", "-q", *plugins] if is_test else []
    run([sys.executable, *options, str(file)], place)


def run_yaml(block: Block, place: Path) -> None:
    """A data file; its first key is its kind, and has its name."""
    kind, key = next(iter(yaml.safe_load(block.text).items()))
    assert kind in {"scenario", "campaign", "product", "inverter", "cell", "sweep"}
    file = place / f"{key}.yaml"
    file.write_text(block.text, encoding="utf-8")
    checks = ["campaign", file.name, "--list"] if kind == "sweep" else ["check", file.name]
    run(["doppelpack", *checks], place)


RUNNERS: dict[str, Callable[[Block, Path], None]] = {
    "sh": run_sh,
    "python": run_python,
    "yaml": run_yaml,
}


@pytest.mark.parametrize("page", [page for page in PAGES if any(blocks_of(page))])
def test_its_code_works(
    page: str, place: Path, serve: Callable[..., Served], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place)
    port = f":{free_port()}"
    for block in blocks_of(page):
        where = f"{page}:{block.line}"
        block.text = block.text.replace(":8080", port)
        assert block.language in RUNNERS, f"{where}: nobody can run {block.language}"
        with ExitStack() as stack:
            if block.beside:
                served = serve(*block.beside.replace(":8080", port).split()[2:])
                stack.callback(served.stop)
            try:
                RUNNERS[block.language](block, place)
            except AssertionError as failure:
                pytest.fail(f"{where}:\n{block.text}\n{failure}", pytrace=False)


def test_the_guide_to_plugging_in_names_what_the_headers_have() -> None:
    guide = (ROOT / "docs" / "plug_in_your_bms.md").read_text(encoding="utf-8")
    header = (ROOT / "bms" / "include" / "bms" / "bms.h").read_text(encoding="utf-8")
    types = (ROOT / "bms" / "include" / "bms" / "types.h").read_text(encoding="utf-8")
    sensing = ROOT / "bms" / "include" / "bms" / "config" / "sensing.h"
    fields = set(re.findall(r"`(?:in|out)->(\w+)", guide))
    assert {"cell_adc", "fresh", "clear_comparators", "report"} <= fields
    for field in fields:
        assert re.search(rf"\b{field}\b", types), field
    for name in ("BMS_EXPORT_CORE", "instance_bytes", "instance_alignment"):
        assert name in header
    assert "cell_uV_per_count" in sensing.read_text(encoding="utf-8")
