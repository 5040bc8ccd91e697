# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""The command: searches, shrinks, and writes down what it has found."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .. import DataError
from .judge import Judge, Objection, find_program
from .situation import Situation

_MOST_TO_SHRINK = 100  # calls of the program after the first finding; the last steps gain little


@dataclass(frozen=True)
class Found:
    """The simplest situation that an oracle objects to."""

    situation: Situation
    objections: list[Objection]
    first: int  # after so many situations the first of its kind was found

    @property
    def oracles(self) -> frozenset[str]:
        return frozenset(one["oracle"] for one in self.objections)


def main(arguments: Sequence[str] | None = None) -> int:
    """0: nothing was found, 1: something was, 2: bad usage or bad file."""
    options = _parser().parse_args(arguments)
    try:
        judge = Judge(find_program(options.program), _library(options.bms))
        found = search(judge, options.examples, options.seed)
        if found is None:
            print(f"nothing found in {judge.examples} situations")
            return 0
        _write(judge, found, options)
        return 1
    except DataError as error:
        print(f"doppelpack: {error}", file=sys.stderr)
    except ModuleNotFoundError as error:
        wish = "expected: pip install 'doppelpack[search]'"
        print(f"doppelpack: found no Python package {error.name}, {wish}", file=sys.stderr)
    return 2


def search(judge: Judge, examples: int, seed: int) -> Found | None:
    """Up to so many situations, always the same for a seed; shrunk once one is objected to."""
    import hypothesis
    from hypothesis import HealthCheck, Phase, given, settings

    from .strategies import groups, sort_cases

    found: list[Found] = []
    last_call = sys.maxsize

    @hypothesis.seed(seed)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        print_blob=False,
    )
    @given(groups(sort_cases(judge.cases())))
    def nothing_is_wrong(group: Sequence[Situation]) -> None:
        nonlocal last_call
        if judge.calls >= last_call and not judge.knows(group):
            return
        judge.look_at(group)
        for situation in group:
            objections = judge.objections(situation)
            # What a simpler situation shows is the same mistake only when the same oracle sees it.
            if found and found[0].oracles.isdisjoint(one["oracle"] for one in objections):
                continue
            if not objections:
                continue
            if not found:
                last_call = judge.calls + _MOST_TO_SHRINK
            first = found[0].first if found else judge.examples
            found.append(Found(situation, objections, first))
            raise AssertionError

    try:
        nothing_is_wrong()
    except AssertionError:
        return found[-1]  # Hypothesis shows the simplest one last
    return None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m doppelpack.search", description=main.__doc__)
    parser.add_argument("--bms", help="shared library with a protection core; without it ours")
    parser.add_argument(
        "--examples",
        type=int,
        default=200,
        help="situations, or groups that begin alike; %(default)s",
    )
    parser.add_argument("--seed", type=int, default=1, help="of the search; %(default)s")
    parser.add_argument("--out", type=Path, default=Path("found"), help="folder; %(default)s")
    parser.add_argument("--program", help="the doppelpack executable; that in PATH without it")
    return parser


def _library(name: str | None) -> str | None:
    if name is None:
        return None
    if not Path(name).is_file():
        raise DataError(f'--bms: found no file "{name}", expected a shared library')
    return str(Path(name).resolve())


def _write(judge: Judge, found: Found, options: argparse.Namespace) -> None:
    from .reproduce import write_scenario

    options.out.mkdir(parents=True, exist_ok=True)
    core = f" --bms {options.bms}" if options.bms else ""
    shrunk = judge.examples - found.first
    print(f"found after {found.first} situations, shrunk in {shrunk}: {found.situation.case}")
    for objection in found.objections:
        print(f"  {objection['oracle']}: {objection['text']}")
    plan = options.out / "minimal-plan" / "minimal.yaml"
    plan.parent.mkdir(exist_ok=True)
    plan.write_text(judge.plan(found.situation), "utf-8")
    print(f"doppelpack campaign {plan} --case '{found.situation.case}'{core}")
    if options.bms:
        scenario = options.out / "minimal.yaml"
        expectation = write_scenario(judge, found.situation, _library(options.bms) or "", scenario)
        if expectation is not None:
            print(f"doppelpack run {scenario}{core}")
