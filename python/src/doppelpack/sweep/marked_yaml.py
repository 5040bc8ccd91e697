# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""YAML in which every value knows its line, as strict as the readers of the simulator are."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import NoReturn

import yaml

from .. import DataError


def data_error(file: str, line: int, field: str, text: str) -> DataError:
    """An error with its place, written as the simulator's own readers do."""
    place = "".join(f"{part}: " for part in (f"{file}:{line}" if line else file, field) if part)
    error = DataError(place + text)
    error.file, error.line, error.field = file, line, field
    return error


def missing_package(error: ModuleNotFoundError) -> DataError:
    """What to do about it, in one line."""
    wish = "expected: pip install 'doppelpack[campaign]'"
    return data_error("", 0, "", f"found no Python package {error.name}, {wish}")


@dataclass(frozen=True)
class Node:
    """A value of a file: a text, a list of nodes, or a map of nodes."""

    value: "str | list[Node] | dict[str, Node]"
    file: str
    line: int
    field: str

    def refuse(self, expected: str) -> NoReturn:
        raise self.wrong(f"found {self.describe()}, expected {expected}")

    def wrong(self, text: str) -> DataError:
        return data_error(self.file, self.line, self.field, text)

    def describe(self) -> str:
        if isinstance(self.value, str):
            return f'"{self.value}"' if self.value else "nothing"
        return "a list" if isinstance(self.value, list) else "a map"

    def text(self) -> str:
        if not isinstance(self.value, str) or not self.value:
            self.refuse("a text")
        return self.value

    def whole(self, lowest: int, highest: int) -> int:
        text = self.value if isinstance(self.value, str) else ""
        if not text.isdecimal() or not lowest <= int(text) <= highest:
            self.refuse(f"a whole number from {lowest} to {highest}")
        return int(text)

    def items(self, fewest: int = 1) -> "list[Node]":
        if not isinstance(self.value, list) or len(self.value) < fewest:
            self.refuse(f"a list of {fewest} or more")
        return self.value

    def map(self) -> "dict[str, Node]":
        if not isinstance(self.value, dict) or not self.value:
            self.refuse("a map")
        return self.value

    def section(self, known: Iterable[str]) -> "dict[str, Node]":
        """A map with none but these keys."""
        allowed = list(known)
        for key, node in self.map().items():
            if key not in allowed:
                close = get_close_matches(key, allowed, 1)
                hint = f' (did you mean "{close[0]}"?)' if close else ""
                raise node.wrong(
                    f'found an unknown key "{key}"{hint}, expected {", ".join(allowed)}'
                )
        return self.map()

    def need(self, key: str) -> "Node":
        if key not in self.map():
            raise self.wrong(f'found no "{key}", expected one')
        return self.map()[key]

    def plain(self) -> object:
        """The same without lines: texts, lists and maps."""
        if isinstance(self.value, list):
            return [item.plain() for item in self.value]
        if isinstance(self.value, dict):
            return {key: item.plain() for key, item in self.value.items()}
        return self.value


def read_yaml(file: Path) -> Node:
    """A file as a node. DataError with the line for whatever is no plain YAML."""
    name = str(file)
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise data_error(name, 0, "", f"found no readable file ({error}), expected one") from None
    try:
        _refuse_references(name, text)
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise data_error(name, line, "", f"found {error.problem}, expected YAML") from None
    if root is None:
        raise data_error(name, 1, "", "found an empty file, expected a map")
    return _node(root, name, "")


def _refuse_references(name: str, text: str) -> None:
    documents = 0
    line = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        documents += isinstance(event, yaml.events.DocumentStartEvent)
        line = event.start_mark.line + 1 if event.start_mark else line
        if isinstance(event, yaml.events.AliasEvent) or getattr(event, "anchor", None):
            raise data_error(name, line, "", "found an anchor, expected none")
        if documents > 1:
            raise data_error(name, line, "", "found a second document")


def _node(node: yaml.Node, file: str, field: str) -> Node:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        return Node(str(node.value), file, line, field)
    if isinstance(node, yaml.SequenceNode):
        items = [_node(item, file, f"{field}[{i}]") for i, item in enumerate(node.value)]
        return Node(items, file, line, field)
    return Node(dict(_entries(node, file, field)), file, line, field)


def _entries(node: yaml.Node, file: str, field: str) -> Iterator[tuple[str, Node]]:
    seen = set()
    for key, value in node.value:
        name = str(key.value)
        inner = f"{field}.{name}" if field else name
        line = key.start_mark.line + 1
        if name in seen:
            raise data_error(file, line, inner, "found the key a second time, expected it once")
        seen.add(name)
        yield name, _node(value, file, inner)
