# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""Inverters and meters on ports, played by threads."""

import contextlib
import struct
import threading
from pathlib import Path

import can
import serial
from pymodbus.framer import FramerRTU


class FakeInverter(threading.Thread):
    """Answers every frame of the limits with a heartbeat, and charges with half of the CCL."""

    def __init__(self, link: Path) -> None:
        super().__init__(daemon=True)
        self.link = link
        self.charge_A = 0.0
        self.stopped = threading.Event()

    def run(self) -> None:
        bus = can.Bus(interface="slcan", channel=str(self.link), sleep_after_open=0)
        with contextlib.suppress(can.CanError, OSError), bus:  # until the program ends
            while not self.stopped.is_set():
                self.step(bus, bus.recv(0.02))

    def step(self, bus: can.BusABC, heard: can.Message | None) -> None:
        if heard is not None and heard.arbitration_id == 0x351:
            self.charge_A = int.from_bytes(heard.data[2:4], "little") * 0.1 / 2
            bus.send(can.Message(arbitration_id=0x305, data=bytes(8), is_extended_id=False))


class ShuntedInverter(FakeInverter):
    """With an IVT-S on the same bus that counts what discharges the battery."""

    def step(self, bus: can.BusABC, heard: can.Message | None) -> None:
        super().step(bus, heard)
        current = struct.pack(">i", round(-self.charge_A * 1000))
        data = bytes([0, 0]) + current
        bus.send(can.Message(arbitration_id=0x521, data=data, is_extended_id=False))


class FakeMeter(threading.Thread):
    """An Acrel DJSF1352 that measures the current of that inverter, and 51.2 V."""

    REQUEST = bytes.fromhex("070300000004446F")

    def __init__(self, link: Path, inverter: FakeInverter) -> None:
        super().__init__(daemon=True)
        self.link = link
        self.inverter = inverter

    def run(self) -> None:
        line = serial.Serial(str(self.link), timeout=0.05)
        with contextlib.suppress(OSError), line:
            while not self.inverter.stopped.is_set():
                if line.read(len(self.REQUEST)) == self.REQUEST:
                    values = struct.pack(">hHhH", 5120, 1, round(self.inverter.charge_A * 10), 2)
                    line.write(with_crc(bytes([7, 3, 8]) + values))


def with_crc(frame: bytes) -> bytes:
    return frame + FramerRTU.compute_CRC(frame).to_bytes(2, "big")
