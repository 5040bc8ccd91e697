# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""The scenario that every case of a sweep is a variation of, as one file that stands alone."""

from pathlib import Path
from typing import Any

import yaml

from .. import scenarios
from .marked_yaml import Node, data_error, read_yaml
from .plan import Measure, Plan

_REFERENCES = ("product", "inverter")


def base_scenario(plan: Plan) -> tuple[str, str]:
    """Key and text of what the plan names or writes out, recording what is measured."""
    node = plan.scenario
    if isinstance(node.value, dict):
        content, folder = dict(_map(node)), plan.file.parent
        content = {"scenario": f"{plan.key}-case", "title": plan.title, **content}
    else:
        file = _find(node)
        content, folder = dict(_map(read_yaml(file))), file.parent
    content.pop("row", None)
    _make_absolute(content, folder.resolve())
    content["record"] = _record(plan)
    text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=1_000_000)
    return str(content.get("scenario", "")), text


def recorded(measures: tuple[Measure, ...]) -> list[str]:
    """Signals and patterns that have to be looked at all the time."""
    wanted = [measure.of for measure in measures if measure.kind in ("max", "min", "mean")]
    return list(dict.fromkeys(wanted))


def _record(plan: Plan) -> dict[str, Any]:
    signals = recorded(plan.measures)
    # Something has to be recorded; seldom, it costs nothing.
    return {"period": plan.every if signals else "1 h", "signals": signals or ["bms1/state"]}


def _map(node: Node) -> dict[str, Any]:
    node.map()
    plain = node.plain()
    assert isinstance(plain, dict)
    return plain


def _find(node: Node) -> Path:
    name = node.text()
    if "/" in name or name.endswith(".yaml"):
        file = Path(node.file).parent / name
        if not file.exists():
            node.refuse("the path of a scenario file, seen from here")
        return file
    for entry in scenarios():
        if entry["key"] == name:
            return Path(entry["file"])
    raise data_error(node.file, node.line, node.field, f'found no scenario "{name}", expected one')


def _make_absolute(content: dict[str, Any], folder: Path) -> None:
    bank = content.get("bank")
    packs = bank.get("packs", []) if isinstance(bank, dict) else []
    for holder in (content, *(pack for pack in packs if isinstance(pack, dict))):
        for key in _REFERENCES:
            name = holder.get(key)
            if isinstance(name, str) and ("/" in name or name.endswith(".yaml")):
                holder[key] = str(folder / name)
