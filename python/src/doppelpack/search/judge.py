# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""The oracles of `doppelpack campaign` on one situation."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml

from .. import DataError, data_folder
from .situation import PRODUCTS, STYLES, Situation, plan_of, resting

# An arc that a core lets burn is calculated in microseconds: a situation would take a minute.
_SLOW = ("busbar-open", "module-connector-loose", "loose-terminal", "power-cable-off")

Objection = Mapping[str, str]  # "oracle", "text"


def shipped_plan() -> dict[str, Any]:
    """The plan of single faults: its severities, and what is explained in it."""
    file = data_folder() / "campaigns" / "single-faults.yaml"
    plan: dict[str, Any] = yaml.load(file.read_text("utf-8"), Loader=yaml.BaseLoader)
    return plan


def find_program(name: str | None) -> Path:
    found = shutil.which(name or "doppelpack")
    if found is None:
        raise DataError(
            f'found no program "{name or "doppelpack"}", expected it in PATH or --program'
        )
    return Path(found).resolve()


class Judge:
    """Asks the program; what it has been asked before it remembers."""

    def __init__(self, program: Path, bms: str | None) -> None:
        self._program, self._bms = program, bms
        self._shipped = shipped_plan()
        self._calls = 0
        self._known: dict[Situation, tuple[list[Objection], dict[str, Any]]] = {}

    @property
    def examples(self) -> int:
        """Situations that were run, each once."""
        return len(self._known)

    @property
    def calls(self) -> int:
        """Of the program, each for situations that begin alike."""
        return self._calls

    def knows(self, group: Sequence[Situation]) -> bool:
        """They were run before."""
        return all(situation in self._known for situation in group)

    @property
    def ramps(self) -> Mapping[str, Sequence[str]]:
        ramps: Mapping[str, Sequence[str]] = self._shipped["ramps"]
        return ramps

    def cases(self) -> list[str]:
        """All that can happen to the products; the whole packs first."""
        plan = plan_of(
            [resting("generic-16s/search/none/stays")],
            self._shipped,
        )
        plan["products"] = [{"product": key, "inverter": value} for key, value in PRODUCTS.items()]
        plan["timings"] = [{"name": name, "title": name, **style} for name, style in STYLES.items()]
        with tempfile.TemporaryDirectory() as folder:
            lines = self._run(plan, Path(folder), ["--list"]).splitlines()
        lines = [line for line in lines if not line.split("/")[2].startswith(_SLOW)]
        return sorted(lines, key=lambda line: "/none/" not in line)

    def look_at(self, group: Sequence[Situation]) -> None:
        """Runs those that it does not know, all from one start: alike but for their case."""
        news = [situation for situation in group if situation not in self._known]
        if not news:
            return
        self._calls += 1
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            core = ["--bms", self._bms] if self._bms else []
            cases = [word for one in news for word in ("--case", one.case)]
            arguments = [*cases, "--workers", "1", "--out", name, *core]
            self._run(plan_of(news, self._shipped), folder, arguments)
            entries = json.loads((folder / "campaign.json").read_text("utf-8"))["cases"]
        by_case = {entry["id"]: entry for entry in entries}
        for situation in news:
            entry = by_case[situation.case]
            objections = entry["objections"]
            self._known[situation] = (
                [one for one in objections if not self._is_known(entry, situation, one)],
                entry,
            )

    def objections(self, situation: Situation) -> list[Objection]:
        """What the oracles have against it, without what is known of the product."""
        self.look_at([situation])
        return self._known[situation][0]

    def entry(self, situation: Situation) -> dict[str, Any]:
        """What campaign.json says of it."""
        self.look_at([situation])
        return self._known[situation][1]

    def plan(self, situation: Situation) -> str:
        """The file that shows it to `doppelpack campaign`."""
        return dump(plan_of([situation], self._shipped))

    def _run(self, plan: dict[str, Any], folder: Path, arguments: Sequence[str]) -> str:
        file = folder / f"{plan['campaign']}.yaml"
        file.write_text(json.dumps(plan), "utf-8")  # which is YAML, and written in no time
        finished = subprocess.run(
            [str(self._program), "campaign", str(file), *arguments],
            capture_output=True,
            text=True,
            check=False,
        )
        if finished.returncode not in (0, 1):
            raise DataError(
                finished.stderr.strip() or f"found exit code {finished.returncode} of the program"
            )
        return finished.stdout

    def _is_known(self, entry: Mapping[str, Any], situation: Situation, one: Objection) -> bool:
        """Explained in the shipped plan for this fault, in whatever state and timing."""
        fault = situation.case.split("/")[2]
        states = [state["name"] for state in self._shipped["states"]]
        timings = [timing["name"] for timing in self._shipped["timings"]]
        ids = [f"{situation.product}/{s}/{fault}/{t}" for s in states for t in timings]
        return any(
            one["oracle"] in known.get("oracles", [one["oracle"]])
            and any(fnmatchcase(case, glob) for glob in known["cases"] for case in ids)
            for known in self._shipped["explained"]
        )


def dump(content: Mapping[str, Any]) -> str:
    text: str = yaml.safe_dump(dict(content), sort_keys=False, width=1_000_000)
    return text
