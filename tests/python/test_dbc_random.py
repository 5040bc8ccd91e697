# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The doppelpack authors
"""Every DBC file against what the codecs make of random reports over the full range.

The codecs write frames and never see a DBC; cantools reads the DBC and never sees a codec. Each
signal below must be the value of the report, or the end of the field's range where it does not fit.
"""

import json
import math
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cantools
import pytest

DBC = Path(__file__).parents[2] / "can_emulator" / "dbc"
PROTOCOLS = sorted(file.stem for file in DBC.glob("*.dbc"))

Sample = dict[str, Any]


def milli(field: str) -> Callable[[Sample], float]:
    return lambda sample: sample[field] / 1000


def percent(field: str) -> Callable[[Sample], float]:
    return lambda sample: min(sample[field] / 10, 100)


def mean_ntc_degC(sample: Sample) -> float:
    return float(sum(sample["ntc_ddegC"]) / len(sample["ntc_ddegC"]) / 10)


def kelvin(pick: Callable[[list[int]], int]) -> Callable[[Sample], float]:
    return lambda sample: pick(sample["ntc_ddegC"]) / 10 + 273.15


def ntc_degC(pick: Callable[[list[int]], int]) -> Callable[[Sample], float]:
    return lambda sample: pick(sample["ntc_ddegC"]) / 10


def cell_V(pick: Callable[[list[int]], int]) -> Callable[[Sample], float]:
    return lambda sample: pick(sample["cell_mV"]) / 1000


def cell_at(index: int) -> Callable[[Sample], float]:
    return lambda sample: (sample["cell_mV"] + [0] * 16)[index] / 1000


COMMON: dict[str, Callable[[Sample], float]] = {
    "ChargeVoltageLimit": milli("cvl_mV"),
    "ChargeCurrentLimit": milli("ccl_mA"),
    "DischargeCurrentLimit": milli("dcl_mA"),
    "DischargeVoltageLimit": milli("dvl_mV"),
    "StateOfCharge": percent("soc_permille"),
    "StateOfHealth": percent("soh_permille"),
    "PackVoltage": milli("pack_mV"),
    "PackCurrent": milli("current_mA"),
    "PackTemperature": mean_ntc_degC,
    "FullCapacity": milli("full_mAh"),
    "InstalledCapacity": milli("full_mAh"),
    "HighestCell": cell_V(max),
    "LowestCell": cell_V(min),
    "CycleCount": lambda sample: sample["cycle_count"],
    "ChargeEnable": lambda sample: sample["charge_allowed"],
    "DischargeEnable": lambda sample: sample["discharge_allowed"],
}
OWN: dict[str, dict[str, Callable[[Sample], float]]] = {
    "pylontech-lv-can": {
        "HighestTemperature": ntc_degC(max),
        "LowestTemperature": ntc_degC(min),
    },
    "sma-can": {
        "FineStateOfCharge": percent("soc_permille"),
        "HighestTemperature": kelvin(max),
        "LowestTemperature": kelvin(min),
    },
    "growatt-lv-can": {
        "RemainingCapacity": milli("remaining_mAh"),
        "HighestTemperature": ntc_degC(max),
        "ExtremeHighestTemperature": ntc_degC(max),
        "ExtremeLowestTemperature": ntc_degC(min),
        "CellSpread": lambda sample: (max(sample["cell_mV"]) - min(sample["cell_mV"])) / 1000,
        "ChargeEnabled": lambda sample: sample["charge_allowed"],
        "DischargeEnabled": lambda sample: sample["discharge_allowed"],
        **{f"Cell{i + 1}": cell_at(i) for i in range(16)},
    },
    "deye-lv-can": {
        "DischargeCurrent": lambda sample: -sample["current_mA"] / 1000,
        "GridChargeCurrentLimit": milli("ccl_mA"),
        "GridDischargeCurrentLimit": milli("dcl_mA"),
        "HighestTemperature": ntc_degC(max),
        "LowestTemperature": ntc_degC(min),
    },
    "byd-hvs-can": {
        "RepeatedChargeCurrentLimit": milli("ccl_mA"),
        "RepeatedDischargeCurrentLimit": milli("dcl_mA"),
        "HighestTemperature": ntc_degC(max),
        "LowestTemperature": ntc_degC(min),
    },
    "pylontech-hv-can": {
        "DischargeCurrentLimit": lambda sample: -sample["dcl_mA"] / 1000,
        "HighestTemperature": ntc_degC(max),
        "LowestTemperature": ntc_degC(min),
        "NominalCapacity": milli("full_mAh"),
        "ChargeForbidden": lambda sample: 0 if sample["charge_allowed"] else 0xAA,
        "DischargeForbidden": lambda sample: 0 if sample["discharge_allowed"] else 0xAA,
        "ModulesInSeries": lambda sample: 1,
        "CellsPerModule": lambda sample: len(sample["cell_mV"]),
    },
}
# A DBC describes the default of an option; signals that mean something else in another dialect.
DEFAULT_ONLY: dict[str, dict[str, tuple[str, set[str]]]] = {
    "pylontech-lv-can": {
        "measurements": ("plain", {"PackTemperature"}),
        "voltage": ("0.01V", {"PackVoltage"}),
        "limit_sign": ("positive", {"DischargeCurrentLimit"}),
        "extremes": (
            "high-first",
            {"HighestTemperature", "LowestTemperature", "HighestCell", "LowestCell"},
        ),
        "extreme_temperature": ("1degC", {"HighestTemperature", "LowestTemperature"}),
    },
    "sma-can": {"state_of_charge": ("fine", {"FineStateOfCharge"})},
    "pylontech-hv-can": {"discharge_limit": ("negative", {"DischargeCurrentLimit"})},
}


@pytest.fixture(scope="module")
def samples(request: pytest.FixtureRequest) -> list[Sample]:
    program = Path(request.config.getoption("--program")).resolve()
    writer = program.parent / "tests" / "doppelpack_can_samples"
    if not writer.exists():
        pytest.fail(f"{writer} is not there; build the tests")
    output = subprocess.run([writer], capture_output=True, check=True, encoding="utf-8").stdout
    return [json.loads(line) for line in output.splitlines()]


def is_described(sample: Sample) -> bool:
    """A DBC has one byte order and one address."""
    dialect = sample["dialect"]
    return bool(
        dialect.get("byte_order", "little") == "little"
        and dialect.get("answer_address", "1") == "1"
    )


def other_meanings(sample: Sample) -> set[str]:
    found: set[str] = set()
    for option, (choice, signals) in DEFAULT_ONLY.get(sample["protocol"], {}).items():
        if sample["dialect"][option] != choice:
            found |= signals
    return found


def nearest_of(signal: Any, value: float) -> float:
    """The value, or the end of the field's range."""
    bits = signal.length - 1 if signal.is_signed else signal.length
    lowest = (-(2**bits) if signal.is_signed else 0) * signal.scale + signal.offset
    highest = (2**bits - 1) * signal.scale + signal.offset
    return float(min(max(value, lowest), highest))


def test_every_protocol_has_samples_and_a_dbc(samples: list[Sample]) -> None:
    assert sorted({sample["protocol"] for sample in samples}) == PROTOCOLS
    assert set(OWN) == set(PROTOCOLS)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_cantools_reads_what_the_codec_writes(samples: list[Sample], protocol: str) -> None:
    database: Any = cantools.database.load_file(DBC / f"{protocol}.dbc", strict=True)
    wanted = COMMON | OWN[protocol]
    seen: set[str] = set()
    for sample in samples:
        if sample["protocol"] != protocol or not is_described(sample):
            continue
        ignored = other_meanings(sample)
        for frame_id, is_extended, data in sample["frames"]:
            message = database.get_message_by_frame_id(frame_id)
            assert message.is_extended_frame == is_extended
            # A dialect may leave the end of a frame out.
            decoded = message.decode(
                bytes.fromhex(data), decode_choices=False, scaling=True, allow_truncated=True
            )
            for name in decoded.keys() & wanted.keys() - ignored:
                signal = message.get_signal_by_name(name)
                expected = nearest_of(signal, wanted[name](sample))
                # Limits round to the safe side, everything else to the nearest.
                assert math.isclose(decoded[name], expected, abs_tol=signal.scale * 1.001), (
                    name,
                    data,
                    sample,
                )
                seen.add(name)
    assert seen >= set(OWN[protocol]), "a signal is in no frame"
    assert len(seen & COMMON.keys()) >= 8


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_everything_is_described(protocol: str) -> None:
    database: Any = cantools.database.load_file(DBC / f"{protocol}.dbc", strict=True)
    assert {node.name for node in database.nodes} == {"Battery", "Inverter"}
    for message in database.messages:
        assert message.comment, message.name
        assert len(message.senders) == 1, message.name
        for signal in message.signals:
            assert signal.comment, signal.name
            assert signal.minimum is not None and signal.maximum is not None, signal.name
