# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""A bidirectional DC source with an inverter on it, as an instrument of sinstruments.

Run as a program it serves two TCP ports: on one the source speaks SCPI, on the other somebody at
the bench turns the knobs that no SCPI reaches, one JSON object per line. It prints both.
"""

from __future__ import annotations

import contextlib
import json
import re
import sys
import time
from typing import Any

import gevent
from sinstruments.simulator import BaseDevice, Server

INVERTER_NEEDS_V = 40.0
WORDS = {
    "ea-psb": {
        "identity": "EA Elektro-Automatik GmbH & Co. KG, PSB 10080-120 4U, 2312345678, V3.02, ",
        "volt": "VOLT",
        "out_limit": "CURR",
        "in_limit": "SINK:CURR",
        "watchdog_s": "SYST:COMM:MON:TIM",
        "watchdog": "SYST:COMM:MON:ACT",
    },
    "itech-it6000c": {
        "identity": "ITECH Electronics,IT6006C-80-150,800012345,000.006.101,640.R,132.R",
        "volt": "VOLT",
        "out_limit": "CURR:LIM",
        "in_limit": "CURR:LIM:NEG",
        "watchdog_s": "OUTP:PROT:WDOG:DEL",
        "watchdog": "OUTP:PROT:WDOG",
    },
}
SET = re.compile(r"(\S+) ([-+.\deE]+|ON|OFF)$")


class DcSource(BaseDevice):  # type: ignore[misc]
    """Stiff between its limits; the inverter takes a constant power, or delivers it."""

    def __init__(self, name: str, profile: str, **options: Any) -> None:
        super().__init__(name, **options)
        self.words = WORDS[profile]
        self.has_units = profile == "ea-psb"
        self.values: dict[str, float] = {}
        self.is_on = False
        self.is_watched = False
        self.heard: list[str] = []
        self.heard_at_s = time.monotonic()
        # the knobs
        self.identity = self.words["identity"]
        self.inverter_W = 0.0  # + charges the pack: into the source
        self.spoilt = ""  # in place of a measured current
        self.late_s = 0.0
        self.is_tripped = False

    # ---- physics ----

    def set_V(self) -> float:
        return self.values.get(self.words["volt"], 0.0)

    def look_at_watchdog(self) -> None:
        timeout_s = self.values.get(self.words["watchdog_s"], 30.0)
        if self.is_watched and time.monotonic() - self.heard_at_s > timeout_s:
            self.is_on = False

    def current_A(self) -> float:
        """Out of the source."""
        if not self.is_on or self.set_V() < INVERTER_NEEDS_V:
            return 0.0
        in_A = abs(self.values.get(self.words["in_limit"], 0.0))
        out_A = self.values.get(self.words["out_limit"], 0.0)
        return min(max(-self.inverter_W / self.set_V(), -in_A), out_A)

    # ---- SCPI ----

    def handle_message(self, message: bytes) -> bytes | None:
        line = message.decode().strip()
        self.look_at_watchdog()
        self.heard_at_s = time.monotonic()
        self.heard.append(line)
        if self.late_s:
            gevent.sleep(self.late_s)
        if "?" in line:
            return f"{self.answer(line)}\n".encode()
        if found := SET.match(line):
            self.set(found[1], found[2])
        return None

    def set(self, word: str, value: str) -> None:
        if word == "OUTP":
            self.is_on = value == "ON" and not self.is_tripped
        elif word == self.words["watchdog"]:
            self.is_watched = value == "ON"
        elif value not in ("ON", "OFF"):
            self.values[word] = float(value)

    def answer(self, line: str) -> str:
        if line == "MEAS:CURR?":
            return self.spoilt or self.number(self.current_A(), "A")
        if line == "MEAS:VOLT?":
            return self.number(self.set_V() if self.is_on else 0.0, "V")
        if line == "OUTP?":
            return ("ON" if self.is_on else "OFF") if self.has_units else str(int(self.is_on))
        return {
            "*IDN?": self.identity,
            "SYST:LOCK:OWN?": "REMOTE",
            "SYST:NOM:VOLT?": "80.00 V",
            "SYST:NOM:CURR?": "120.0 A",
            "SYST:NOM:POW?": "5000 W",
        }.get(line, '0,"No error"')

    def number(self, value: float, unit: str) -> str:
        return f"{value:.2f} {unit}" if self.has_units else f"{value:.5E}"


class Knobs(BaseDevice):  # type: ignore[misc]
    """{"inverter_W": 500} turns a knob, {"drop": true} pulls the plug; the answer tells all."""

    def handle_message(self, message: bytes) -> bytes:
        source = self.server.get_device_by_name("source")
        wishes = json.loads(message)
        if wishes.pop("drop", False):
            for sock in list(source.transports[0].connections.values()):
                with contextlib.suppress(OSError):
                    sock.shutdown(2)
        for name, value in wishes.items():
            setattr(source, name, value)
        source.look_at_watchdog()
        told = {name: getattr(source, name) for name in ("is_on", "is_watched", "heard")}
        told |= {"set_V": source.set_V(), "current_A": source.current_A()}
        return json.dumps(told).encode() + b"\n"


def main(profile: str, identity: str) -> None:
    here = "dc_source"
    devices = [
        {"class": "DcSource", "package": here, "name": "source", "profile": profile},
        {"class": "Knobs", "package": here, "name": "knobs"},
    ]
    for device in devices:
        device["transports"] = [{"type": "tcp", "url": "127.0.0.1:0"}]  # type: ignore[assignment]
    server = Server(devices=devices)
    if identity:
        server.get_device_by_name("source").identity = identity
    tasks = server.start()
    ports = []
    for name in ("source", "knobs"):
        transport = server.get_device_by_name(name).transports[0]
        while not transport.started:
            gevent.sleep(0.01)
        ports.append(transport.server_port)
    print(json.dumps(ports), flush=True)
    gevent.joinall(tasks)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "")
