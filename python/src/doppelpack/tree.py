# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""The signals of a bench as a tree of attributes, made from its catalogue.

A part of a name is an attribute, with _ for -: pack1/cell07/voltage_V is `pack.cell[7].voltage_V`.
The unit at its end may be left out (`voltage`); T_degC is `temperature`, too. What stands for
several things is counted from 1; of packs, BMSs, panels and buses the first one is meant without a
number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from .signal import Signal, identifier, make_signal

if TYPE_CHECKING:
    from .bench import Bench

_Member = TypeVar("_Member", bound="Group")
_Self = TypeVar("_Self", bound="Numbered")

_UNIT = re.compile(r"_(V|A|W|degC|Ah|J|s|Ohm|mol)$")
_COUNTED = re.compile(r"_?(\d+)$")

#: Parts of names that are counted, with their numbers at the end: cell01, rs485_1.
FAMILIES = ("cell", "ntc")
#: Likewise at the beginning of a name; the first one is meant without a number.
ROOTS = ("pack", "bms", "panel", "inverter", "power", "can", "rs485")


def split(part: str) -> tuple[str, int] | None:
    """("cell", 7) of cell07; None for what is not counted."""
    found = _COUNTED.search(part)
    if found is None or part[: found.start()] not in (*FAMILIES, *ROOTS):
        return None
    return part[: found.start()], int(found[1])


def attributes_of(parts: list[str]) -> dict[str, str]:
    """By attribute the part of a name that it stands for: both `voltage` and `voltage_V`."""
    exact = {identifier(part): part for part in parts}
    short = {}
    for part in parts:
        name = identifier(_UNIT.sub("", part))
        name = "temperature" if name == "T" else name
        if name not in exact and name not in short:
            short[name] = part
    return {**exact, **short}


class Node:
    """A part of the tree: what is below it by name, and the row of a signal at its end."""

    def __init__(self) -> None:
        self.below: dict[str, Node] = {}
        self.row: dict[str, Any] | None = None

    @staticmethod
    def of(catalogue: list[dict[str, Any]]) -> Node:
        root = Node()
        for row in catalogue:
            node = root
            for part in row["key"].split("/"):
                node = node.below.setdefault(part, Node())
            node.row = row
        return root

    def family(self, name: str) -> dict[int, str]:
        """By number the parts of a family: {7: "cell07"}."""
        found = ((split(part), part) for part in self.below)
        return {of[1]: part for of, part in found if of is not None and of[0] == name}


class Group:
    """Signals and groups that belong together; their names are its attributes."""

    def __init__(self, bench: Bench, node: Node, path: tuple[str, ...] = ()) -> None:
        self._bench = bench
        self._node = node
        self._path = path

    def __dir__(self) -> list[str]:
        counted = [of[0] for of in map(split, self._node.below) if of is not None and self._path]
        single = [part for part in self._node.below if split(part) is None]
        return sorted({*super().__dir__(), *attributes_of(single), *counted})

    def __repr__(self) -> str:
        names = [name for name in dir(self) if not name.startswith("_")]
        return f"<{'/'.join(self._path)}: {', '.join(names)}>"

    if not TYPE_CHECKING:  # what there is stands in groups.py

        def __getattr__(self, name: str) -> Signal | Group | Family[Group]:
            if name.startswith("__"):
                raise AttributeError(name)
            if name in FAMILIES and self._node.family(name):
                return Family(self, name)
            part = attributes_of(list(self._node.below)).get(name)
            if part is None:
                raise AttributeError(self._no(name))
            return self._at(part)

    def _at(self, part: str) -> Signal | Group:
        node = self._node.below[part]
        if node.row is not None:
            return make_signal(self._bench, node.row)
        return make_group(self._bench, node, (*self._path, part))

    def _no(self, name: str) -> str:
        import difflib  # only for what is wrong anyway

        where = "/".join(self._path) or "this bench"
        near = difflib.get_close_matches(name, dir(self), n=3)
        hint = f"; near: {', '.join(near)}" if near else ""
        return f"{where}: found no {name!r}{hint}"


class Numbered(Group):
    """A group of which there may be several: with a number, another one of them."""

    def __getitem__(self: _Self, number: int) -> _Self:
        name, _ = split(self._path[0]) or ("", 0)
        return cast("_Self", root_group(self._bench, name, number))


class Family(Generic[_Member]):
    """Groups that are counted from 1."""

    def __init__(self, owner: Group, name: str) -> None:
        self._owner = owner
        self._name = name
        self._parts = owner._node.family(name)

    def __getitem__(self, number: int) -> _Member:
        part = self._parts.get(number)
        if part is None:
            raise IndexError(
                f"{self._name}: found {number!r}, expected a number from {min(self._parts)} "
                f"to {max(self._parts)}"
            )
        return cast("_Member", self._owner._at(part))

    def __len__(self) -> int:
        return len(self._parts)

    def __iter__(self) -> Iterator[_Member]:
        return (self[number] for number in self._parts)

    def _ipython_key_completions_(self) -> list[int]:
        return list(self._parts)

    def __repr__(self) -> str:
        path = "/".join(self._owner._path)
        return f"<{path}/{self._name}[{min(self._parts)}..{max(self._parts)}]>"


def root_group(bench: Bench, name: str, number: int) -> Group:
    """The group of pack 2, of the first CAN, ..."""
    node = bench._tree
    parts = node.family(name)
    if number not in parts:
        there = ", ".join(map(str, parts)) or "none"
        raise IndexError(f"{name}: found {number!r}, expected one of those on this bench: {there}")
    part = parts[number]
    return make_group(bench, node.below[part], (part,))


def make_group(bench: Bench, node: Node, path: tuple[str, ...]) -> Group:
    """A group of the class that groups.py has for the path."""
    from .groups import CLASSES

    pattern = "/".join(of[0] if (of := split(part)) else part for part in path)
    return CLASSES.get(pattern, Group)(bench, node, path)
