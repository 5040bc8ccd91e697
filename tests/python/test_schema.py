# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The doppelpack authors

"""The JSON Schemas accept every shipped data file and refuse wrong ones.

That they know the same keys as the readers is tested in tests/sim/load_scenario_test.cpp.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
FOLDERS = {
    "product": "products",
    "inverter": "inverters",
    "cell": "cells",
    "scenario": "cases",
}
FILES = [
    (kind, file)
    for kind, folder in FOLDERS.items()
    for file in sorted((SCENARIOS / folder).glob("*.yaml"))
]


def validator(kind: str) -> Draft202012Validator:
    schema = json.loads((SCENARIOS / "schema" / f"{kind}.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def load(name: str) -> Any:
    return yaml.safe_load((SCENARIOS / name).read_text("utf-8"))


def maps_without_closed_keys(schema: Any) -> list[Any]:
    """Every object of a schema that names properties but would let others pass."""
    if isinstance(schema, list):
        return [found for item in schema for found in maps_without_closed_keys(item)]
    if not isinstance(schema, dict):
        return []
    found = [item for value in schema.values() for item in maps_without_closed_keys(value)]
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        found += [] if schema.get("additionalProperties") is False else [schema]
    return found


def test_there_are_files_of_every_kind() -> None:
    assert {kind for kind, _ in FILES} == set(FOLDERS)


@pytest.mark.parametrize("kind", FOLDERS)
def test_schema_is_strict(kind: str) -> None:
    assert maps_without_closed_keys(validator(kind).schema) == []


@pytest.mark.parametrize(("kind", "file"), FILES, ids=[file.stem for _, file in FILES])
def test_shipped_file_is_valid(kind: str, file: Path) -> None:
    document = yaml.safe_load(file.read_text("utf-8"))
    errors = [f"{e.json_path}: {e.message}" for e in validator(kind).iter_errors(document)]
    assert errors == []
    assert document[kind] == file.stem


@pytest.mark.parametrize(("kind", "file"), FILES, ids=[file.stem for _, file in FILES])
def test_first_line_names_the_schema_for_editors(kind: str, file: Path) -> None:
    first_line = file.read_text("utf-8").splitlines()[0]
    assert first_line == f"# yaml-language-server: $schema=../schema/{kind}.schema.json"


DELETE = object()
BAD = [
    ("product", "products/generic-16s.yaml", ["pack", "link"], "60 V"),
    ("product", "products/generic-16s.yaml", ["pack", "link"], 0.00006),
    ("product", "products/generic-16s.yaml", ["pack", "links"], "60 uOhm"),
    ("product", "products/generic-16s.yaml", ["pack", "series"], 99),
    ("product", "products/generic-16s.yaml", ["pack", "capacity"], DELETE),
    ("product", "products/generic-16s.yaml", ["bms", "rules", "cell-ovv"], {}),
    ("product", "products/generic-16s.yaml", ["bms", "rules", "otc", "warning", "trip"], "50 V"),
    ("product", "products/generic-16s.yaml", ["bms", "rules", "scd", "retries"], "often"),
    ("product", "products/generic-16s.yaml", ["bms", "limits", "ccl_over_temperature"], []),
    ("product", "products/generic-16s.yaml", ["bus", "identity", "version"], [1]),
    ("inverter", "inverters/hybrid-5k.yaml", ["link"], "wifi"),
    ("inverter", "inverters/hybrid-5k.yaml", ["obeys_limits"], "maybe"),
    ("inverter", "inverters/hybrid-5k.yaml", ["stage", "ramp"], "200 A"),
    ("cell", "cells/lfp-100ah.yaml", ["ocv", 0], ["1 %"]),
    ("cell", "cells/lfp-100ah.yaml", ["rc1", "time_constant"], "15 V"),
    ("scenario", "cases/short-circuit.yaml", ["duration"], 120),
    ("scenario", "cases/short-circuit.yaml", ["product"], DELETE),
    ("scenario", "cases/short-circuit.yaml", ["initial", "sok"], "80 %"),
    ("scenario", "cases/short-circuit.yaml", ["timeline", 0, "every"], "1 s"),
    ("scenario", "cases/short-circuit.yaml", ["timeline", 0, "at"], DELETE),
    ("scenario", "cases/short-circuit.yaml", ["timeline", 0, "for"], "1 s"),
    ("scenario", "cases/short-circuit.yaml", ["timeline", 0, "inject"], DELETE),
    ("scenario", "cases/short-circuit.yaml", ["timeline", 0, "inject", "target"], 0),
    ("scenario", "cases/short-circuit.yaml", ["expect", 0, "within"], DELETE),
    ("scenario", "cases/short-circuit.yaml", ["expect", 0, "after"], "1 s"),
    ("scenario", "cases/short-circuit.yaml", ["expect", 0, "never"], "bms1/soc > 2"),
    ("scenario", "cases/nominal-day.yaml", ["profiles", "site/price", "shape"], "step"),
    ("scenario", "cases/nominal-day.yaml", ["profiles", "site/price", "points", 0], ["1 V", "0"]),
]


@pytest.mark.parametrize(
    ("kind", "file", "path", "value"), BAD, ids=[".".join(map(str, row[2])) for row in BAD]
)
def test_wrong_file_is_refused(kind: str, file: str, path: list[Any], value: Any) -> None:
    document = copy.deepcopy(load(file))
    parent = document
    for step in path[:-1]:
        parent = parent[step]
    if value is DELETE:
        del parent[path[-1]]
    else:
        parent[path[-1]] = value
    assert not validator(kind).is_valid(document)
