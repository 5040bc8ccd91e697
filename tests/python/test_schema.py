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

import doppelpack
import pytest
import yaml
from jsonschema import Draft202012Validator

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
FOLDERS = {
    "products": "product",
    "inverters": "inverter",
    "cells": "cell",
    "cases": "scenario",
    "matrix": "scenario",
    "compat": "compat",
    "acceptance": "acceptance",
    "campaigns": "campaign",
    "power_stages": "power_stage",
    "sweeps": "sweep",
}
KINDS = sorted(set(FOLDERS.values()))
FILES = [
    (kind, file)
    for folder, kind in FOLDERS.items()
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


def test_there_are_files_in_every_folder_and_no_key_twice() -> None:
    assert {file.parent.name for _, file in FILES} == set(FOLDERS)
    keys = [(kind, file.stem) for kind, file in FILES]
    assert sorted(set(keys)) == sorted(keys)


@pytest.mark.parametrize("kind", KINDS)
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
    ("product", "products/generic-16s.yaml", ["pack", "loop_inductance"], "2 uF"),
    ("product", "products/generic-16s.yaml", ["pack", "insulation"], "10 M"),
    ("product", "products/generic-16s.yaml", ["pack", "fuse"], {"rated": "150 A"}),
    ("product", "products/generic-16s.yaml", ["pack", "fuse"], {"rated": "9 A", "melting": "1 A"}),
    ("product", "products/generic-16s.yaml", ["pack", "breaker"], {"resistance": "1 mOhm"}),
    ("product", "products/generic-16s.yaml", ["pack", "breaker"], {"rated": "9 A", "poles": 2}),
    ("product", "products/generic-16s.yaml", ["pack", "spread", "cooling"], "1 W/K"),
    ("product", "products/generic-16s.yaml", ["pack", "charge_mosfet", "avalanche"], "115"),
    ("product", "products/generic-16s.yaml", ["pack", "charge_mosfet", "avalanche_limit"], "1 Wh"),
    ("product", "products/generic-16s.yaml", ["pack", "thermal", "neighbour"], "0.45 W/K"),
    ("product", "products/generic-16s.yaml", ["pack", "thermal", "face"], DELETE),
    ("product", "products/generic-16s.yaml", ["pack", "thermal", "board"], "150 W/K"),
    ("product", "products/generic-16s.yaml", ["pack", "ntcs"], [1, "heatsink"]),
    ("product", "products/generic-16s.yaml", ["pack", "ntcs"], [0]),
    ("product", "products/generic-16s.yaml", ["bms", "rules", "cell-ovv"], {}),
    ("product", "products/generic-16s.yaml", ["bms", "rules", "otc", "warning", "trip"], "50 V"),
    ("product", "products/generic-16s.yaml", ["bms", "rules", "scd", "retries"], "often"),
    ("product", "products/generic-16s.yaml", ["bms", "limits", "ccl_over_temperature"], []),
    ("product", "products/generic-16s.yaml", ["bus", "identity", "version"], [1]),
    ("product", "products/generic-16s.yaml", ["bus", "can_options"], {"frame_length": 8}),
    ("product", "products/generic-16s.yaml", ["pack", "mosfet_ntc"], True),
    ("product", "products/generic-16s.yaml", ["pack", "mosfet_ntc"], {}),
    ("product", "products/generic-16s.yaml", ["pack", "relays"], {"closing": "15 ms"}),
    ("product", "products/generic-16s.yaml", ["pack", "relays"], {"precharge": "30 V"}),
    (
        "product",
        "products/generic-16s.yaml",
        ["pack", "breaker"],
        {"rated": "9 A", "auxiliary_contact": "maybe"},
    ),
    (
        "product",
        "products/generic-16s.yaml",
        ["sensing", "discharge_comparator"],
        {"threshold": "90 A"},
    ),
    ("product", "products/generic-16s.yaml", ["board", "wake"], {"buttons": ["reset"]}),
    ("product", "products/generic-16s.yaml", ["board", "wake"], {"terminals": {"low": "45 V"}}),
    ("product", "products/generic-16s.yaml", ["board", "clock_spread"], "20 ppm"),
    ("product", "products/generic-16s.yaml", ["board", "insulation_monitor"], {"range": "1 V"}),
    ("product", "products/generic-16s.yaml", ["bms", "rules", "spread", "warning", "trip"], "10 K"),
    ("product", "products/generic-16s.yaml", ["bms", "rules", "spread", "latch"], "screw"),
    ("product", "products/generic-16s.yaml", ["bms", "rules", "spread", "opens"], ["door"]),
    ("product", "products/generic-16s.yaml", ["bms", "rules", "spread", "asks"], ["more"]),
    (
        "product",
        "products/generic-16s.yaml",
        ["bms", "rules", "spread", "limited"],
        {"charge": "50 %"},
    ),
    ("product", "products/generic-16s.yaml", ["bms", "rules", "scd", "limiting"], {}),
    ("product", "products/generic-16s.yaml", ["bms", "failures", "sense-wires"], {"delay": "1 s"}),
    ("product", "products/generic-16s.yaml", ["bms", "failures", "clock"], {}),
    ("product", "products/generic-16s.yaml", ["bms", "diagnosis"], {"wire_period": "1 V"}),
    ("product", "products/generic-16s.yaml", ["bms", "sequence"], {"activation": {"low": "45 V"}}),
    ("product", "products/generic-16s.yaml", ["bms", "sequence"], {"precharge": {"within": "1 s"}}),
    ("product", "products/generic-16s.yaml", ["bms", "bank"], {"kind": "ring"}),
    ("product", "products/generic-16s.yaml", ["bms", "bank"], {"period": "1 s"}),
    ("product", "products/generic-16s.yaml", ["bms", "bank"], {"kind": "dip"}),
    ("product", "products/generic-16s.yaml", ["bms", "panel"], {}),
    ("product", "products/generic-16s.yaml", ["bms", "panel"], {"rows": [{"lamps": ["soc7"]}]}),
    ("product", "products/generic-16s.yaml", ["bms", "panel"], {"rows": [{"states": ["on"]}]}),
    ("product", "products/generic-16s.yaml", ["bms", "panel"], {"rows": [{"period": "1 s"}]}),
    ("product", "products/generic-16s.yaml", ["bms", "panel"], {"rows": [{"warnings": "some"}]}),
    (
        "product",
        "products/generic-16s.yaml",
        ["bms", "panel"],
        {"rows": [{}], "codes": [{"code": 1}]},
    ),
    ("scenario", "cases/short-circuit.yaml", ["initial", "bms"], "maybe"),
    ("scenario", "cases/short-circuit.yaml", ["initial", "dip"], 256),
    ("acceptance", "acceptance/fault-matrix.yaml", ["sections"], []),
    ("campaign", "campaigns/single-faults.yaml", ["watch"], 13),
    ("campaign", "campaigns/single-faults.yaml", ["products", 0, "packs"], 17),
    ("campaign", "campaigns/single-faults.yaml", ["states", 0, "after"], DELETE),
    ("campaign", "campaigns/single-faults.yaml", ["timings", 0, "every"], "2 s"),
    ("campaign", "campaigns/single-faults.yaml", ["timings", 0, "places"], "first"),
    ("campaign", "campaigns/single-faults.yaml", ["ramps", "shunt-offset"], ["1 A"]),
    ("acceptance", "acceptance/fault-matrix.yaml", ["sections", 0, "rows", 0, "id"], "pyl-l1"),
    ("acceptance", "acceptance/fault-matrix.yaml", ["sections", 0, "rows", 0, "cause"], DELETE),
    ("acceptance", "acceptance/fault-matrix.yaml", ["sections", 0, "rows", 0, "covered"], True),
    ("inverter", "inverters/hybrid-5k.yaml", ["link"], "wifi"),
    ("inverter", "inverters/hybrid-5k.yaml", ["obeys_limits"], "maybe"),
    ("inverter", "inverters/hybrid-5k.yaml", ["stage", "ramp"], "200 A"),
    ("inverter", "inverters/hybrid-5k.yaml", ["cable"], {"resistance": "1.5 mOhm"}),
    ("inverter", "inverters/hybrid-5k.yaml", ["dc_link"], "10 uH"),
    ("inverter", "inverters/sma-sunny-island.yaml", ["when_lost"], "go-on"),
    ("inverter", "inverters/sma-sunny-island.yaml", ["alarms"], ["fire"]),
    ("inverter", "inverters/sma-sunny-island.yaml", ["heartbeat", "frames", 0, "data"], "0 1"),
    ("inverter", "inverters/sma-sunny-island.yaml", ["heartbeat", "frames", 0, "id"], "0x805"),
    ("inverter", "inverters/sma-sunny-island.yaml", ["disobedience", "ignores_ccl"], "maybe"),
    ("inverter", "inverters/sma-sunny-island.yaml", ["accepts", "cvl"], ["41 V"]),
    ("inverter", "inverters/sma-sunny-island.yaml", ["misses", 0, "frame"], "limits"),
    ("inverter", "inverters/victron-gx.yaml", ["corrections", 0, "cvl"], "52.4 A"),
    ("inverter", "inverters/voltronic.yaml", ["rs485_scan", "requests"], []),
    ("inverter", "inverters/luxpower.yaml", ["reads"], ["cells"]),
    ("inverter", "inverters/deye.yaml", ["heartbeat", "gaps", 0], {"every": "2 h"}),
    ("cell", "cells/lfp-100ah.yaml", ["ocv", 0], ["1 %"]),
    ("cell", "cells/lfp-100ah.yaml", ["rc1", "time_constant"], "15 V"),
    ("cell", "cells/lfp-100ah.yaml", ["ageing", "calendar", "capacity", "soc", "cubic"], [1, 0, 0]),
    ("cell", "cells/lfp-100ah.yaml", ["ageing", "cold_charge", "exponent"], 0.5),
    ("cell", "cells/lfp-100ah.yaml", ["hysteresis", "cold_growth"], "0.01 V"),
    ("cell", "cells/lfp-100ah.yaml", ["cold_capacity"], "0.4 Ah"),
    ("scenario", "cases/short-circuit.yaml", ["duration"], 120),
    ("scenario", "cases/short-circuit.yaml", ["product"], DELETE),
    ("scenario", "cases/short-circuit.yaml", ["initial", "sok"], "80 %"),
    ("scenario", "cases/short-circuit.yaml", ["initial", "cells"], {"cell": 7}),
    ("scenario", "cases/short-circuit.yaml", ["initial", "cells"], [{"soc": "60 %"}]),
    ("scenario", "cases/short-circuit.yaml", ["initial", "cells"], [{"cell": 0}]),
    ("scenario", "cases/short-circuit.yaml", ["initial", "cells"], [{"cell": 7, "capacity": 92}]),
    ("scenario", "cases/short-circuit.yaml", ["initial", "cells"], [{"cell": 7, "age": "2 d"}]),
    ("scenario", "cases/short-circuit.yaml", ["timeline", 0, "every"], "1 s"),
    ("scenario", "cases/short-circuit.yaml", ["timeline", 0, "at"], DELETE),
    ("scenario", "cases/short-circuit.yaml", ["timeline", 0, "for"], "1 s"),
    ("scenario", "cases/short-circuit.yaml", ["timeline", 0, "inject"], DELETE),
    ("scenario", "cases/short-circuit.yaml", ["timeline", 0, "inject", "target"], 0),
    ("scenario", "cases/short-circuit.yaml", ["row"], "PYL-V1"),
    ("scenario", "cases/short-circuit.yaml", ["row"], ["pyl-v1"]),
    ("scenario", "cases/short-circuit.yaml", ["expect", 0, "proves"], "nothing"),
    ("scenario", "cases/short-circuit.yaml", ["expect", 0, "within"], DELETE),
    ("scenario", "cases/short-circuit.yaml", ["expect", 0, "after"], "1 s"),
    ("scenario", "cases/short-circuit.yaml", ["expect", 0, "never"], "bms1/soc > 2"),
    ("scenario", "cases/nominal-day.yaml", ["profiles", "site/price", "shape"], "step"),
    ("scenario", "cases/nominal-day.yaml", ["profiles", "site/price", "points", 0], ["1 V", "0"]),
]

# Keys that few or none of the shipped files have.
GOOD = [
    ("product", "products/generic-16s.yaml", ["pack", "loop_inductance"], "2 uH"),
    ("product", "products/generic-16s.yaml", ["pack", "insulation"], "10 MOhm"),
    (
        "product",
        "products/generic-16s.yaml",
        ["pack", "fuse"],
        {"rated": "9 A", "melting": "1 kA2s"},
    ),
    ("product", "products/generic-16s.yaml", ["pack", "breaker"], {"rated": "125 A"}),
    ("product", "products/generic-16s.yaml", ["pack", "spread", "cooling"], "10 %"),
    ("product", "products/generic-16s.yaml", ["pack", "charge_mosfet", "avalanche"], "115 V"),
    ("product", "products/generic-16s.yaml", ["pack", "charge_mosfet", "avalanche_limit"], "10 J"),
    ("product", "products/generic-16s.yaml", ["pack", "thermal", "board"], "150 J/K"),
    ("product", "products/generic-16s.yaml", ["pack", "ntcs"], [16, "mosfet", "board", "ambient"]),
    (
        "product",
        "products/residential-6k5.yaml",
        ["pack", "relays"],
        {
            "precharge": "30 Ohm",
            "resistance": "0.2 mOhm",
            "closing": "15 ms",
            "opening": "8 ms",
            "welds_above": "1 kA",
        },
    ),
    (
        "product",
        "products/generic-16s.yaml",
        ["pack", "breaker"],
        {"rated": "9 A", "auxiliary_contact": True},
    ),
    (
        "product",
        "products/generic-16s.yaml",
        ["sensing", "charge_comparator"],
        {"threshold": "90 A", "delay": "1 s"},
    ),
    (
        "product",
        "products/generic-16s.yaml",
        ["board"],
        {
            "clock_spread": "0.002 %",
            "wake": {
                "buttons": ["power", "wake"],
                "pins": True,
                "terminals": {"low": "45 V", "high": "60 V"},
            },
            "insulation_monitor": {
                "period": "1 s",
                "settling": "2 s",
                "range": "50 MOhm",
                "noise": "1 %",
            },
        },
    ),
    (
        "product",
        "products/generic-16s.yaml",
        ["bms", "rules", "spread"],
        {
            "warning": {
                "trip": "100 mV",
                "release": "80 mV",
                "delay": "1 s",
                "release_delay": "1 s",
            },
            "limiting": {
                "trip": "200 mV",
                "release": "80 mV",
                "delay": "1 s",
                "release_delay": "1 s",
            },
            "limited": {"charge": "50 %", "discharge": 1},
            "opens": ["charge", "contacts"],
            "latch": "power-cycle",
            "failure": True,
            "asks": ["full-charge"],
        },
    ),
    (
        "product",
        "products/generic-16s.yaml",
        ["bms", "failures"],
        {
            "sense-wire": {"delay": "1 s", "latch": "repair", "opens": ["charge"]},
            "nvm": {"delay": "0 s"},
        },
    ),
    (
        "product",
        "products/generic-16s.yaml",
        ["bms", "diagnosis"],
        {"wire_period": "1 s", "path": "8 mOhm", "afe_errors": 12, "ntc_heat": "6000 kA2s"},
    ),
    (
        "product",
        "products/generic-16s.yaml",
        ["bms", "sequence"],
        {
            "press_on": "2 s",
            "press_off": "2 s",
            "activation": {"low": "45 V", "high": "60 V"},
            "not_meant_after": "5 s",
            "inverter_silence": "1 h",
        },
    ),
    ("product", "products/generic-16s.yaml", ["bms", "bank"], {"kind": "none"}),
    (
        "product",
        "products/generic-16s.yaml",
        ["bms", "bank"],
        {"kind": "dip", "period": "1 s", "lost_after": "5 s", "switches": [1, 2], "vital": 1},
    ),
    (
        "product",
        "products/generic-16s.yaml",
        ["bms", "panel"],
        {
            "rows": [
                {"states": ["off", "failure"], "lamps": ["alarm", "buzzer"], "alone": True},
                {"warnings": "all", "failures": ["sum"], "soc": ["25 %", "50 %"], "lamps": ["com"]},
                {
                    "lamps": ["run"],
                    "period": "1 s",
                    "lit_for": "200 ms",
                    "count": 3,
                    "cycle": "9 s",
                },
            ],
            "shows": {
                "shutdown": {"lamps": ["run"], "period": "1 s", "lit_for": "1 s", "count": 3}
            },
            "codes": [{"protections": ["otc"], "code": 2}],
            "com": "5 s",
        },
    ),
    ("scenario", "cases/short-circuit.yaml", ["initial"], {"soc": "50 %", "bms": "off", "dip": 3}),
    ("acceptance", "acceptance/fault-matrix.yaml", ["scenarios"], "."),
    (
        "acceptance",
        "acceptance/fault-matrix.yaml",
        ["sections", 0, "rows", 0],
        {"id": "NEW-L1", "cause": "charging", "not_covered": "nothing shows it"},
    ),
    (
        "inverter",
        "inverters/hybrid-5k.yaml",
        ["cable"],
        {"resistance": "1.5 mOhm", "inductance": "1 uH"},
    ),
    ("inverter", "inverters/hybrid-5k.yaml", ["dc_link"], "10 mF"),
    ("cell", "cells/lfp-100ah.yaml", ["hysteresis", "cold_growth"], "0.8 %"),
    ("cell", "cells/lfp-100ah.yaml", ["cold_capacity"], 0.004),
    (
        "scenario",
        "cases/short-circuit.yaml",
        ["initial", "cells"],
        [
            {"cell": 7, "soc": "60 %", "capacity": "92 Ah", "resistance": 1.5},
            {"cell": 8, "self_discharge": "5 mA", "soh": "80 %"},
            {"cell": 9},
        ],
    ),
]


def changed(file: str, path: list[Any], value: Any) -> Any:
    document = copy.deepcopy(load(file))
    parent = document
    for step in path[:-1]:
        parent = parent[step]
    if value is DELETE:
        del parent[path[-1]]
    else:
        parent[path[-1]] = value
    return document


@pytest.mark.parametrize(
    ("kind", "file", "path", "value"), BAD, ids=[".".join(map(str, row[2])) for row in BAD]
)
def test_wrong_file_is_refused(kind: str, file: str, path: list[Any], value: Any) -> None:
    assert not validator(kind).is_valid(changed(file, path, value))


@pytest.mark.parametrize(
    ("kind", "file", "path", "value"), GOOD, ids=[".".join(map(str, row[2])) for row in GOOD]
)
def test_optional_key_is_accepted_by_schema_and_program(
    kind: str, file: str, path: list[Any], value: Any, tmp_path: Path
) -> None:
    document = changed(file, path, value)
    assert validator(kind).is_valid(document)
    copied = tmp_path / Path(file).name
    copied.write_text(yaml.safe_dump(document, sort_keys=False), "utf-8")
    assert doppelpack.check(copied) == kind
