#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The doppelpack authors
"""Lays out the pages of the documentation site, writes its reference and gallery, calls MkDocs.

The texts stay where they are in the repository, so that their links work there, too; the site has
them at the same places. The reference is what the built program and package say about themselves.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml
from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "docs" / "site"
PAGES = ROOT / "build" / "docs" / "pages"

COMMANDS = ("run", "serve", "list", "check", "matrix", "campaign", "compat", "replay", "age")
PYTHON = {  # what of the package is for its users, with the options of mkdocstrings
    "doppelpack.bench.Bench": "{inherited_members: true}",
    "doppelpack.signal.Signal": "{}",
    "doppelpack.verdict": "{}",
    "doppelpack.units": "{}",
    "doppelpack.pytest_plugin": "{members: [Benches]}",
    "doppelpack.plot": "{members: [plot_run]}",
    "doppelpack.recording": "{}",
    "doppelpack.convert": "{}",
    "doppelpack._core": "{show_root_heading: false, filters: ['!^Bench$', '!^_']}",
}
GALLERY = {
    "over-charge": "Charged on until the core opens the gate",
    "ntc-open-during-charge": "A thermistor breaks during a charge",
    "short-circuit": "A short circuit at the terminals",
    "over-discharge": "Discharged until the core opens the gate",
    "cold": "A charge in the cold",
    "mosfet-stuck-closed": "A MOSFET that does not open any more",
}


def listed_pages(nav: Any) -> Iterable[str]:
    """The files named in the navigation, in its order."""
    if isinstance(nav, str):
        yield nav
    else:
        for entry in nav.values() if isinstance(nav, dict) else nav:
            yield from listed_pages(entry)


def linked_files(page: Path) -> Iterable[Path]:
    """What a text links to beside other pages: schemas, headers, pictures."""
    for token in MarkdownIt("commonmark").enable("table").parse(page.read_text(encoding="utf-8")):
        for child in token.children or []:
            target = str(child.attrGet("href") or child.attrGet("src") or "").split("#")[0]
            if target and not re.match(r"[a-z]+:", target):
                yield (page.parent / target).resolve()


def lay_out(pages: Iterable[str]) -> None:
    for name in pages:
        source = ROOT / name
        if not source.exists():
            continue  # one of those written below
        copy(source)
        for file in linked_files(source):
            if file.is_file() and file.suffix != ".md" and file.is_relative_to(ROOT):
                copy(file)


def copy(source: Path) -> None:
    target = PAGES / source.relative_to(ROOT)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def write(name: str, *parts: str) -> None:
    target = PAGES / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


class Program:
    """The built program, asked about itself."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def says(self, *arguments: str) -> str:
        done = subprocess.run([self.path, *arguments], capture_output=True, text=True, check=True)
        return done.stdout.replace(str(self.path), "doppelpack")

    def lists(self, what: str) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = json.loads(self.says("list", what, "--json"))
        return listed


def table(head: str, rows: Iterable[Iterable[object]]) -> str:
    """The names of the columns are separated by commas."""
    lines = [head.split(", "), ["---"] * len(head.split(", ")), *rows]
    cells = ([str(cell).replace("|", "\\|").replace("\n", " ") for cell in row] for row in lines)
    return "\n".join(f"| {' | '.join(row)} |" for row in cells)


def printed(text: str) -> str:
    return f"```text\n{text.rstrip()}\n```"


def write_commands(program: Program) -> None:
    parts = ["# Commands", "What `doppelpack COMMAND --help` prints."]
    for command in COMMANDS:
        parts += [f"## {command}", printed(program.says(command, "--help"))]
    write("reference/commands.md", *parts)


def write_data(program: Program) -> None:
    parts = ["# Products, inverters, scenarios"]
    for what in ("products", "inverters", "power-stages", "scenarios"):
        rows = [(f"`{entry['key']}`", entry["title"]) for entry in program.lists(what)]
        parts += [f"## {what.replace('-', ' ').capitalize()}", table("key, title", rows)]
    write("reference/data.md", *parts)


def severity_of(fault: dict[str, Any]) -> str:
    if not (severity := fault.get("severity")):
        return ""
    span = f"{severity['min']:g} to {severity['max']:g} {severity['unit']}".rstrip()
    return f"{severity['name']}, {span}, else {severity['default']:g}"


def write_faults(program: Program) -> None:
    rows = [
        (f"`{of['key']}`", of["title"], of["target"], severity_of(of), of["failure_mode"])
        for of in program.lists("faults")
    ]
    listed = table("key, what happens, target, severity, failure mode", rows)
    write("reference/faults.md", "# Faults", "Physical causes that can be injected.", listed)


def write_signals(program: Program) -> None:
    rows = [
        (f"`{of['key']}`", of["title"], of["unit"], "yes" if of["is_control"] else "")
        for of in program.lists("signals")
    ]
    intro = "Of `generic-16s`; `doppelpack list signals --product KEY` has those of others."
    write("reference/signals.md", "# Signals", intro, table("name, what, unit, can be set", rows))


def write_protocols(program: Program) -> None:
    parts = ["# Protocols and ports"]
    for what in ("protocols", "ports"):
        parts += [f"## {what.capitalize()}", printed(program.says("list", what))]
    write("reference/protocols.md", *parts)


def write_python() -> None:
    entries = [f"::: {name}\n    options: {options}" for name, options in PYTHON.items()]
    write("reference/python.md", "# Python", *entries)


def write_gallery(program: Program, runs: Path) -> None:
    from doppelpack.plot import plot_run

    parts = ["# Gallery", "Each picture is what `python -m doppelpack.plot` draws of one run."]
    for case, title in GALLERY.items():
        program.says("run", case, "--out", str(runs / case))
        plot_run(runs / case, PAGES / "gallery" / f"{case}.png")
        command = f"doppelpack run {case} --out {case} && python -m doppelpack.plot {case}"
        parts += [f"## {title}", f"![{title}](gallery/{case}.png)", f"```sh\n{command}\n```"]
    write("gallery.md", *parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--program", required=True, type=Path, help="the built doppelpack")
    arguments = parser.parse_args()
    program = Program(arguments.program.resolve())

    shutil.rmtree(PAGES, ignore_errors=True)
    nav = yaml.safe_load((SITE / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]
    lay_out(listed_pages(nav))
    write_commands(program)
    write_data(program)
    write_faults(program)
    write_signals(program)
    write_protocols(program)
    write_python()
    write_gallery(program, PAGES.parent / "runs")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-f", SITE / "mkdocs.yml"]
    quiet = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}  # an advertisement
    sys.exit(subprocess.run(command, env=quiet, check=False).returncode)


if __name__ == "__main__":
    main()
