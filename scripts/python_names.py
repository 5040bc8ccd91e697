#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""Writes what editors and mypy know of signals and faults, from the catalogues of the built module:

    PYTHONPATH=build/release/python .venv/bin/python scripts/python_names.py

python/src/doppelpack/groups.py has a class for each group of signals, of all products together;
faults.pyi a function for each fault. tests/python/test_names.py compares them with the catalogues.
"""

import keyword
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import doppelpack
from doppelpack.fault import TARGETS, describe, parameters_of
from doppelpack.signal import FLAGS, Flag, Number, Words, identifier
from doppelpack.tree import FAMILIES, ROOTS, Group, Numbered, attributes_of, split

PACKAGE = Path(__file__).resolve().parents[1] / "python" / "src" / "doppelpack"

HEADER = """\
# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
#
# Written by scripts/python_names.py.
"""


def camel(text: str) -> str:
    return "".join(part.capitalize() for part in identifier(text).split("_"))


def tree_of_all_products() -> dict[str, Any]:
    """Parts of names, counted ones without their numbers; a row of a catalogue at the end."""
    root: dict[str, Any] = {}
    for product in doppelpack.products():
        for row in doppelpack.signals(product["key"]):
            *groups, last = row["key"].split("/")
            node = root
            for part in groups:
                of = split(part)
                node = node.setdefault(of[0] if of else part, {})
            if (known := node.setdefault(last, row)).get("words") != row.get("words"):
                raise SystemExit(f"{row['key']}: found other words than in {known}")
    return root


class Writer:
    """Collects the classes; groups with the same attributes share one."""

    def __init__(self) -> None:
        self.word_classes: dict[tuple[str, ...], str] = {}
        self.bodies: dict[tuple[str, str], str] = {}  # (base, body) -> class
        self.texts: list[str] = []
        self.classes: dict[str, str] = {}  # path -> class

    def words(self, words: list[str], name: str) -> str:
        key = tuple(words)
        if key not in self.word_classes:
            is_pair = len(words) == 2
            self.word_classes[key] = "".join(map(camel, words)) if is_pair else camel(name)
        return self.word_classes[key]

    def group(self, path: tuple[str, ...], node: dict[str, Any]) -> str:
        lines = []
        signals = [part for part, below in node.items() if "key" in below]
        for attribute, part in attributes_of(signals).items():
            row = node[part]
            kind = self.words(row["words"], path[0] + "_" + part) if row.get("words") else "Number"
            lines.append(f"    {attribute}: {kind}\n{docstring(row, part)}")
        for part, below in node.items():
            if "key" in below:
                continue
            inner = self.group((*path, part), below)
            annotation = f"Family[{inner}]" if part in FAMILIES else inner
            lines.append(f"    {identifier(part)}: {annotation}\n")
        base = "Numbered" if len(path) == 1 and path[0] in ROOTS else "Group"
        body = "".join(sorted(lines))
        name = SHARED.get(path) or "".join(map(camel, path))
        if (base, body) not in self.bodies:
            self.bodies[base, body] = name
            self.texts.append(f'class {name}({base}):\n    """{"/".join(path)}/..."""\n\n{body}')
        self.classes["/".join(path)] = self.bodies[base, body]
        return self.bodies[base, body]


# The first ones of groups that are alike, which share a class.
SHARED = {
    ("bms", "warning"): "Rules",
    ("bms", "failure"): "Failures",
    ("panel", "run"): "Lamp",
}


def docstring(row: dict[str, Any], part: str) -> str:
    """Of a rule its name says enough, and warnings and protections of it can share a class."""
    if row["title"].endswith(part):
        return ""
    unit = f" [{row['unit']}]" if row["unit"] else ""
    control = "; a control" if row["is_control"] else ""
    return f'    """{row["title"]}{unit}{control}"""\n'


def word_class(words: tuple[str, ...], name: str) -> str:
    base = "Flag" if words in FLAGS else "Words"
    taken = set(dir(Flag if base == "Flag" else Words))
    if bad := [word for word in words if identifier(word) in taken or keyword.iskeyword(word)]:
        raise SystemExit(f"{name}: {bad} cannot be attributes")
    lines = "".join(f"    {identifier(word)}: Condition\n" for word in words)
    text = "One of two." if len(words) == 2 else "One of several words."
    return f'class {name}({base}):\n    """{text}"""\n\n{lines}'


def groups_text() -> str:
    """The text of groups.py."""
    writer = Writer()
    for part, node in tree_of_all_products().items():
        writer.group((part,), node)
    words = [word_class(words, name) for words, name in writer.word_classes.items()]
    table = "".join(f'    "{path}": {name},\n' for path, name in writer.classes.items())
    return (
        HEADER
        + '"""The groups of signals that products have, for editors and type checkers.\n\n'
        + "What a bench really has, its catalogue says; these classes have no code.\n"
        + '"""\n\n'
        + "from __future__ import annotations\n\n"
        + "from .condition import Condition\n"
        + f"from .signal import {', '.join(sorted(k.__name__ for k in (Flag, Number, Words)))}\n"
        + f"from .tree import Family, {Group.__name__}, {Numbered.__name__}\n\n\n"
        + "\n\n".join([*words, *writer.texts])
        + "\n\n#: By the path of a group, without numbers, its class.\n"
        + f"CLASSES: dict[str, type[Group]] = {{\n{table}}}\n"
    )


def fault_stubs() -> Iterator[str]:
    for row in doppelpack.faults():
        types = [f"{TARGETS[row['target']][0]}: int"] if row["target"] in TARGETS else []
        if row.get("severity"):
            types.append(f"{parameters_of(row)[-1]}: float | Quantity | None = None")
        parameters = ", ".join([*types, "*", "pack: int = 1"])
        text = describe(row).replace("\n", "\n    ").replace("    \n", "\n")
        yield f'def {identifier(row["key"])}({parameters}) -> Fault:\n    """{text}\n    """\n'


def faults_text() -> str:
    """The text of faults.pyi."""
    imports = "from .fault import Fault as Fault\nfrom .units import Quantity\n\n"
    return HEADER + "\n" + imports + "\n".join(fault_stubs())


def main() -> None:
    (PACKAGE / "groups.py").write_text(groups_text(), encoding="utf-8")
    (PACKAGE / "faults.pyi").write_text(faults_text(), encoding="utf-8")


if __name__ == "__main__":
    main()
