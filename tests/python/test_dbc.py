# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The doppelpack authors
"""The DBC file of Pylontech's CAN against frames that others captured, by way of cantools.

What our own codecs write is read in test_dbc_random.py.

The bytes are vectors L1 to L37 of tests/can_emulator/pylontech_lv_can_vectors_test.cpp, which says
where each was seen. cantools and the DBC know nothing of the codec in can_emulator/protocols.
"""

from pathlib import Path

import cantools
import pytest

DBC = Path(__file__).parents[2] / "can_emulator" / "dbc" / "pylontech-lv-can.dbc"

BATTERY_IDS = {0x351: 8, 0x355: 4, 0x356: 6, 0x359: 7, 0x35C: 2, 0x35E: 8}
CLONE_IDS = {0x35A: 8, 0x35F: 8, 0x370: 8, 0x371: 8, 0x379: 2}  # and firmware V1.3
UPGRADE_IDS = {0x1FFFFFF0: 1, 0x1FFFFFF1: 8}

LIMITS = (
    "ChargeVoltageLimit",
    "ChargeCurrentLimit",
    "DischargeCurrentLimit",
    "DischargeVoltageLimit",
)
STATE = ("StateOfCharge", "StateOfHealth")
MEASUREMENTS = ("PackVoltage", "PackCurrent", "PackTemperature")

NUMBERS = [
    ("L1", 0x351, "1402C012C012C201", LIMITS, (53.2, 480.0, 480.0, 45.0)),
    ("L6", 0x351, "1002C012C012C201", LIMITS, (52.8, 480.0, 480.0, 45.0)),
    ("L14", 0x351, "2802F4012003E001", LIMITS, (55.2, 50.0, 80.0, 48.0)),
    ("L18", 0x351, "3402D007A00FB001", LIMITS, (56.4, 200.0, 400.0, 43.2)),
    ("L22", 0x351, "280200000000C001", LIMITS, (55.2, 0.0, 0.0, 44.8)),
    ("L24", 0x351, "0D02E402E402C201", LIMITS, (52.5, 74.0, 74.0, 45.0)),
    ("L25", 0x351, "140200007201C201", LIMITS, (53.2, 0.0, 37.0, 45.0)),
    ("L2", 0x355, "58005E00", STATE, (88, 94)),
    ("L7", 0x355, "540060000000", STATE, (84, 96)),
    ("L3", 0x356, "7A13F2FE6B01", MEASUREMENTS, (49.86, -27.0, 36.3)),
    ("L8", 0x356, "7B13E9FE6B01", MEASUREMENTS, (49.87, -27.9, 36.3)),
    ("L15", 0x356, "6C140400DC00", MEASUREMENTS, (52.28, 0.4, 22.0)),
    ("L17", 0x356, "63140FFFEB00", MEASUREMENTS, (52.19, -24.1, 23.5)),
    ("L26", 0x356, "C01218FCCCFF", MEASUREMENTS, (48.00, -100.0, -5.2)),
    ("L27", 0x356, "A1137B00FB00", MEASUREMENTS, (50.25, 12.3, 25.1)),
    ("L28", 0x356, "1915FFFF38FF", MEASUREMENTS, (54.01, -0.1, -20.0)),
]

ALARMS = [
    ("L4", "0000000006504E", 6, set()),
    ("L13", "000000000A504E", 10, set()),
    ("L19", "0000000001504E00", 1, set()),
    ("L29", "0200020004504E", 4, {"ProtectionOverVoltage", "WarningHighVoltage"}),
    ("L30", "0400040004504E", 4, {"ProtectionUnderVoltage", "WarningLowVoltage"}),
    ("L31", "1000100001504E", 1, {"ProtectionUnderTemperature", "WarningLowTemperature"}),
    (
        "L32",
        "8000800001504E",
        1,
        {"ProtectionDischargeOverCurrent", "WarningHighDischargeCurrent"},
    ),
    ("L33", "0001000101504E", 1, {"ProtectionChargeOverCurrent", "WarningHighChargeCurrent"}),
    ("L34", "0008000802504E", 2, {"ProtectionSystemError", "WarningInternalCommunication"}),
    ("by hand", "0800080001504E", 1, {"ProtectionOverTemperature", "WarningHighTemperature"}),
]

REQUESTS = [
    ("L5", "C000", {"ChargeEnable", "DischargeEnable"}),
    ("L35 force charge I", "A000", {"ChargeEnable", "ForceCharge1Request"}),
    ("L35 force charge II", "D000", {"ChargeEnable", "DischargeEnable", "ForceCharge2Request"}),
    ("L35 full charge", "C800", {"ChargeEnable", "DischargeEnable", "FullChargeRequest"}),
]


@pytest.fixture(scope="module")
def database():
    return cantools.database.load_file(DBC, strict=True)


def decode(database, frame_id, data):
    return database.decode_message(frame_id, bytes.fromhex(data), decode_choices=False)


@pytest.mark.parametrize(
    ("frame_id", "data", "names", "values"),
    [row[1:] for row in NUMBERS],
    ids=[row[0] for row in NUMBERS],
)
def test_numbers(database, frame_id, data, names, values):
    assert decode(database, frame_id, data) == pytest.approx(dict(zip(names, values, strict=True)))


@pytest.mark.parametrize(
    ("data", "module_count", "is_set"), [row[1:] for row in ALARMS], ids=[row[0] for row in ALARMS]
)
def test_alarms(database, data, module_count, is_set):
    signals = decode(database, 0x359, data)
    assert signals.pop("ModuleCount") == module_count
    assert bytes([signals.pop("PairCode1"), signals.pop("PairCode2")]) == b"PN"
    assert {name for name, value in signals.items() if value == 1} == is_set
    assert len(signals) == 14


@pytest.mark.parametrize(
    ("data", "is_set"), [row[1:] for row in REQUESTS], ids=[row[0] for row in REQUESTS]
)
def test_requests(database, data, is_set):
    signals = decode(database, 0x35C, data)
    assert {name for name, value in signals.items() if value == 1} == is_set
    assert len(signals) == 5


def test_manufacturer(database):
    signals = decode(database, 0x35E, "50594C4F4E202020")  # L36
    assert bytes(signals[f"ManufacturerCharacter{i}"] for i in range(1, 9)) == b"PYLON   "


def test_heartbeat(database):
    assert decode(database, 0x305, "0000000000000000") == {"HeartbeatContent": 0}  # L37


def test_flags_have_words(database):
    signals = database.decode_message(0x359, bytes.fromhex("0200000001504E"))
    assert str(signals["ProtectionOverVoltage"]) == "protection"
    assert str(signals["WarningHighVoltage"]) == "normal"


def test_lengths_periods_and_nodes(database):
    assert {node.name for node in database.nodes} == {"Battery", "Inverter"}
    messages = {message.frame_id: message for message in database.messages}
    assert set(messages) == {*BATTERY_IDS, *CLONE_IDS, *UPGRADE_IDS, 0x305}
    for frame_id, message in messages.items():
        if frame_id in UPGRADE_IDS:
            assert message.is_extended_frame
            assert message.length == UPGRADE_IDS[frame_id]
            continue
        is_from_battery = frame_id != 0x305
        assert message.length == (BATTERY_IDS | CLONE_IDS).get(frame_id, 8)
        assert message.senders == ["Battery" if is_from_battery else "Inverter"]
        assert message.receivers == {"Inverter" if is_from_battery else "Battery"}
        assert message.cycle_time == 1000
        assert not message.is_extended_frame


def test_everything_is_described(database):
    for message in database.messages:
        assert message.comment, message.name
        for signal in message.signals:
            assert signal.comment, signal.name
            assert signal.minimum is not None and signal.maximum is not None, signal.name
            assert signal.byte_order == "little_endian", signal.name


def test_physical_quantities_have_units(database):
    for frame_id in (0x351, 0x355, 0x356):
        for signal in database.get_message_by_frame_id(frame_id).signals:
            assert signal.unit in {"V", "A", "%", "degC"}, signal.name
