# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""A sweep as it stands in its file, and the cases that it means."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import prod
from pathlib import Path

import numpy as np

from .. import data_folder
from .marked_yaml import Node, data_error, read_yaml
from .variables import Axis, Choice, Draw, Value, read_axis, read_draw

KEYS = ("sweep", "title", "scenario", "seed", "samples", "axes", "draws", "every", "measure")
KINDS = ("max", "min", "mean", "at_end", "first", "margin")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_MOST_CASES = 10_000_000
# Columns that every sweep has.
OWN_COLUMNS = ("case", "seed", "has_passed", "failed", "margin_s", "event_log_sha256", "error")


@dataclass(frozen=True)
class Measure:
    """A number that is taken of each case."""

    name: str
    kind: str  # one of max, min, mean, at_end, first, margin
    of: str  # signal, pattern of signals, condition, or name of an expectation
    worst: str  # "high" or "low"
    node: Node


@dataclass(frozen=True)
class Case:
    """One run of the sweep."""

    number: int
    seed: int
    values: dict[str, Value]  # by name of its variable
    settings: dict[str, str]


@dataclass(frozen=True)
class Plan:
    """What a file of sweeps/ says."""

    key: str
    title: str
    file: Path
    scenario: Node
    seed: int
    samples: int
    axes: tuple[Axis, ...]
    draws: tuple[Draw, ...]
    every: str
    measures: tuple[Measure, ...]
    root: Node

    @property
    def variables(self) -> tuple[Axis | Draw, ...]:
        return (*self.axes, *self.draws)

    @cached_property
    def points(self) -> int:
        return prod(len(axis.choices) for axis in self.axes)

    @property
    def cases(self) -> int:
        return self.points * self.samples

    def case(self, number: int) -> Case:
        """A pure function of plan and number: whoever runs it gets the same case."""
        chances = np.random.SeedSequence(self.seed, spawn_key=(number,)).spawn(len(self.draws) + 1)
        seed = int(chances[0].generate_state(1)[0])
        choices = self._choices_of_axes(number // self.samples)
        for draw, chance in zip(self.draws, chances[1:], strict=True):
            value = draw.distribution.at(np.random.Generator(np.random.PCG64(chance)).random())
            choices.append((draw.name, draw.choice(value)))
        return _case(number, seed, choices)

    def probes(self) -> Iterator[tuple[Node, Case]]:
        """Few cases in which every value of an axis occurs, and every extreme of a draw."""
        first = self._choices_of_axes(0)
        first += [(draw.name, draw.choice(draw.distribution.extremes()[0])) for draw in self.draws]
        yield self.root, _case(0, 1, first)
        for i, variable in enumerate(self.variables):
            if isinstance(variable, Axis):
                choices = list(variable.choices)
            else:
                choices = [variable.choice(value) for value in variable.distribution.extremes()]
            for choice in choices[1:]:
                others = [*first[:i], (variable.name, choice), *first[i + 1 :]]
                yield variable.node, _case(0, 1, others)

    def _choices_of_axes(self, point: int) -> list[tuple[str, Choice]]:
        choices = []
        for axis in reversed(self.axes):
            point, i = divmod(point, len(axis.choices))
            choices.append((axis.name, axis.choices[i]))
        return choices[::-1]


def find_plan(key_or_file: str) -> Path:
    """By key, or by path to a .yaml file."""
    if "/" in key_or_file or key_or_file.endswith(".yaml"):
        return Path(key_or_file)
    folder = data_folder() / "sweeps"
    file = folder / f"{key_or_file}.yaml"
    if file.exists():
        return file
    known = ", ".join(sorted(path.stem for path in folder.glob("*.yaml")))
    raise data_error(
        "", 0, "", f'found no sweep "{key_or_file}", expected a path or one of: {known}'
    )


def load_plan(file: Path) -> Plan:
    """Reads a sweep; what it says of the scenario is not checked here. Raises DataError."""
    root = read_yaml(file)
    section = root.section(KEYS)
    key = root.need("sweep")
    if key.text() != file.stem:
        key.refuse(f'"{file.stem}", the name of the file')
    plan = Plan(
        key.text(),
        root.need("title").text(),
        file,
        root.need("scenario"),
        section["seed"].whole(0, 2**63 - 1) if "seed" in section else 1,
        section["samples"].whole(1, _MOST_CASES) if "samples" in section else 1,
        tuple(read_axis(node) for node in section["axes"].items()) if "axes" in section else (),
        tuple(read_draw(node) for node in section["draws"].items()) if "draws" in section else (),
        section["every"].text() if "every" in section else "1 s",
        tuple(_read_measure(node) for node in root.need("measure").items()),
        root,
    )
    _check_names(plan)
    if plan.cases > _MOST_CASES:
        raise root.wrong(f"found {plan.cases} cases, expected at most {_MOST_CASES}")
    return plan


def _case(number: int, seed: int, choices: list[tuple[str, Choice]]) -> Case:
    values = {name: choice.shown for name, choice in choices}
    settings = {path: text for _, choice in choices for path, text in choice.settings.items()}
    return Case(number, seed, values, settings)


def _read_measure(node: Node) -> Measure:
    section = node.section(("name", "worst", *KINDS))
    given = [key for key in section if key in KINDS]
    if len(given) != 1:
        raise node.wrong(
            f"found {' and '.join(given) or 'none'}, expected one of {', '.join(KINDS)}"
        )
    worst = section["worst"].text() if "worst" in section else _worst_of(given[0])
    if worst not in ("high", "low"):
        section["worst"].refuse("high or low")
    return Measure(node.need("name").text(), given[0], section[given[0]].text(), worst, node)


def _worst_of(kind: str) -> str:
    return "low" if kind in ("min", "margin") else "high"


def _check_names(plan: Plan) -> None:
    taken = set(OWN_COLUMNS)
    for named in (*plan.variables, *plan.measures):
        if not _NAME.fullmatch(named.name):
            named.node.need("name").refuse("a name of letters, digits, - and _")
        if named.name in taken:
            named.node.need("name").refuse("a name that no other column has")
        taken.add(named.name)
    settings = [path for one in plan.variables for path in paths_of(one)]
    for one in plan.variables:
        for path in paths_of(one):
            if path == "seed":
                one.node.refuse("none that sets the seed: each case has its own")
            if settings.count(path) > 1:
                raise one.node.wrong(f'found "{path}" set by two variables, expected by one')


def paths_of(variable: Axis | Draw) -> set[str]:
    """The values of the scenario that it sets."""
    if isinstance(variable, Draw):
        return set(variable.paths)
    return {path for choice in variable.choices for path in choice.settings}
