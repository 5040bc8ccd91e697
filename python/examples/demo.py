#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""Shows what doppelpack is for, in under a minute.

1. Starts a virtual Pylontech US5000 with an slcan adapter and an RS485 line of its own.
2. Reads it as one would read the real one, with programs that know nothing of doppelpack:
   python-pylontech on RS485, python-can and cantools on CAN. What they say is put beside what the
   simulator knows to be true.
3. Overcharges a pack, much faster than real time, and draws what happened.

Exit code 0: both wires told the truth and the pack protected itself.
"""

import argparse
import contextlib
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import can
import cantools
import construct
import numpy as np
import pylontech
from doppelpack.plot import plot_run
from doppelpack.recording import Recording, read_recording

ROOT = Path(__file__).resolve().parents[2]
DBC = ROOT / "can_emulator" / "dbc" / "pylontech-lv-can.dbc"
ADDRESS = 2  # of a master pack on RS485
SETTLED_s = 4.0  # by then the inverter has heard the pack and charges


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", type=Path, required=True, help="the doppelpack executable")
    parser.add_argument("--out", type=Path, default=Path("build/demo"), help="folder for results")
    arguments = parser.parse_args()
    out: Path = arguments.out
    for part in ("serve", "over-charge"):
        shutil.rmtree(out / part, ignore_errors=True)
    out.mkdir(parents=True, exist_ok=True)
    try:
        mistakes = show_wires(arguments.program, out)
        mistakes += show_overcharge(arguments.program, out)
    except (RuntimeError, OSError, can.CanError) as error:
        print(colour(f"demo: {error}", RED), file=sys.stderr)
        return 1
    if mistakes:
        print(colour(f"demo: {mistakes} things went wrong, see above", RED), file=sys.stderr)
    return 1 if mistakes else 0


# ---- a pack on two wires -----------------------------------------------------------------------


@dataclass
class Row:
    """One quantity: what is true, what each wire said, and how far apart they may be."""

    name: str
    signal: str
    unit: str = ""
    digits: int = 0
    tolerance: float = 0.0
    factor: float = 1.0
    is_flag: bool = False
    heard: dict[str, float] = field(default_factory=dict)

    def text(self, value: float) -> str:
        if self.is_flag:
            return "yes" if value else "no"
        return f"{value:.{self.digits}f}"


def show_wires(program: Path, out: Path) -> int:
    print(colour("1/3  A virtual Pylontech US5000, charged with 1 kW, in real time", BOLD))
    with serve(program, out):
        folder = out / "serve"
        wait_until(lambda: has_run(folder, SETTLED_s), 15, "the pack does not start")
        begin = read_recording(folder).time[-1]

        print()
        print(colour("2/3  Reading it with python-pylontech on RS485 and python-can on CAN", BOLD))
        rs485 = read_rs485(str(out / "rs485"))
        frames = read_can(str(out / "can"))
        wait_until(lambda: has_run(folder, begin + 2), 15, "the pack has stopped")
        truth = with_derived_signals(read_recording(folder))
    print()
    return print_table(compare_with(truth, rs485, frames), truth, begin)


@contextlib.contextmanager
def serve(program: Path, out: Path) -> Iterator[None]:
    """The program as a subprocess, with its ports open."""
    # fmt: off
    command = [
        str(program), "serve", "pylontech-us5000",
        "--can", f"slcan-pty:{out / 'can'}", "--rs485", f"pty:{out / 'rs485'}",
        "--power", "1 kW", "--speed", "1", "--duration", "40", "--out", str(out / "serve"),
    ]
    # fmt: on
    print_command(command)
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
    )
    lines: list[str] = []
    reader = threading.Thread(target=collect, args=(process.stdout, lines), daemon=True)
    reader.start()
    try:
        wait_until(
            lambda: any(line.startswith("serving") for line in lines) or process.poll() is not None,
            10,
            "the program does not open its ports",
        )
        if process.poll() is not None:
            reader.join(1)
            raise RuntimeError("the program ended at once:\n" + "".join(lines))
        yield
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        reader.join(1)
        (out / "serve.log").write_text("".join(lines), encoding="utf-8")


def collect(stream: Any, lines: list[str]) -> None:
    for line in stream:
        lines.append(line)


def has_run(folder: Path, seconds: float) -> bool:
    """Whether the simulator has recorded that much."""
    try:
        time_s = read_recording(folder).time
    except ValueError:
        return False  # not even a heading yet
    return len(time_s) > 0 and bool(time_s[-1] >= seconds)


def read_rs485(port: str) -> dict[str, Any]:
    battery = pylontech.Pylontech(serial_port=port, baudrate=115200)
    # It waits for a line feed that a Pylontech never sends, so every answer takes this long.
    battery.s.timeout = 0.5
    try:
        version = battery.get_protocol_version()
        maker = battery.get_manufacturer_info()
        barcode = battery.get_module_serial_number(ADDRESS)
        limits = battery.get_system_parameters()
        values = battery.get_values_single(ADDRESS)
        with contextlib.redirect_stdout(io.StringIO()):  # it prints while it works
            management = battery.get_management_info(ADDRESS)
        battery.send_cmd(ADDRESS, 0x44, b"%02X" % ADDRESS)  # alarms: no function of its own
        alarms = battery.read_frame().info
    except (AssertionError, ValueError, construct.ConstructError) as error:
        raise RuntimeError(f"RS485: no valid answer ({error!r})") from error
    finally:
        battery.s.close()
    name = maker.DeviceName.rstrip(b"\0").decode()
    software = ".".join(str(number) for number in maker.SoftwareVersion)
    print(f"     RS485: {maker.ManufacturerName.decode().rstrip('-')} {name}, software {software},")
    print(f"            serial number {barcode.ModuleSerialNumber.decode()},")
    print(f"            protocol {version.ver[0] >> 4}.{version.ver[0] & 15},", end=" ")
    print(f"cells {limits.CellUnderVoltageLimit:.2f} to {limits.CellHighVoltageLimit:.2f} V")
    return {"values": values, "management": management, "alarms": alarms}


def read_can(port: str) -> dict[str, Any]:
    """Everything of one set of frames, decoded by the DBC file, which knows other dialects, too."""
    database = cantools.database.load_file(DBC)
    expected = {0x351, 0x355, 0x356, 0x359, 0x35C, 0x35E}
    decoded: dict[str, Any] = {}
    heard: dict[int, int] = {}
    with can.Bus(interface="slcan", channel=port, sleep_after_open=0) as bus:
        begin = time.monotonic()
        while time.monotonic() < begin + 3 or (
            not expected <= heard.keys() and time.monotonic() < begin + 6
        ):
            frame = bus.recv(0.5)
            if frame is None or frame.arbitration_id not in expected:
                continue
            heard[frame.arbitration_id] = heard.get(frame.arbitration_id, 0) + 1
            decoded.update(
                database.decode_message(frame.arbitration_id, frame.data, decode_choices=False)
            )
    missing = expected - heard.keys()
    if missing:
        raise RuntimeError(f"CAN: not heard: {', '.join(f'{id_:#x}' for id_ in sorted(missing))}")
    names = ", ".join(f"{id_:03X}" for id_ in sorted(heard))
    print(f"     CAN:   {sum(heard.values())} frames in 3 s: {names}")
    return decoded


def compare_with(truth: Recording, rs485: dict[str, Any], frames: dict[str, Any]) -> list[Row]:
    values, management = rs485["values"], rs485["management"]
    rows = [Row("cells", "cells", heard={"RS485": len(values.CellVoltages)})]
    rows += [
        Row(f"cell {i}", f"pack1/cell{i:02}/voltage_V", "V", 3, 0.012, heard={"RS485": voltage})
        for i, voltage in enumerate(values.CellVoltages, start=1)
    ]
    temperatures = [
        Row(f"thermistor {i}", f"pack1/ntc{i}/T_degC", "degC", 1, 1.5, heard={"RS485": T})
        for i, T in enumerate(
            [values.AverageBMSTemperature, *values.GroupedCellsTemperatures], start=1
        )
    ]
    # fmt: off
    rows += [
        Row("pack voltage", "pack1/stack_V", "V", 2, 0.2,
            heard={"RS485": values.Voltage, "CAN": frames["PackVoltage"]}),
        Row("current", "pack1/current_A", "A", 1, 0.6,
            heard={"RS485": values.Current, "CAN": frames["PackCurrent"]}),
        Row("state of charge", "pack1/soc", "%", 1, 1.5, 100,
            heard={"RS485": values.StateOfCharge * 100, "CAN": frames["StateOfCharge"]}),
        *temperatures,
        Row("charge voltage limit", "bms1/cvl_V", "V", 1, 0.11,
            heard={"RS485": management.ChargeVoltageLimit, "CAN": frames["ChargeVoltageLimit"]}),
        Row("charge current limit", "bms1/ccl_A", "A", 1, 0.11,
            heard={"RS485": management.ChargeCurrentLimit, "CAN": frames["ChargeCurrentLimit"]}),
        Row("discharge current limit", "bms1/dcl_A", "A", 1, 0.11,
            heard={"RS485": -management.DischargeCurrentLimit,
                   "CAN": frames["DischargeCurrentLimit"]}),
        Row("charging allowed", "bms1/charge_gate", is_flag=True,
            heard={"RS485": management.status.ChargeEnable, "CAN": frames["ChargeEnable"]}),
        Row("discharging allowed", "bms1/discharge_gate", is_flag=True,
            heard={"RS485": management.status.DischargeEnable, "CAN": frames["DischargeEnable"]}),
        Row("any alarm", "alarms", is_flag=True,
            heard={"RS485": has_rs485_alarm(rs485["alarms"]), "CAN": has_can_alarm(frames)}),
    ]
    # fmt: on
    return rows


def has_rs485_alarm(info: bytes) -> bool:
    """The answer to 0x44: a byte per cell, thermistor and three more readings, then bits."""
    cells = info[2]
    thermistors = info[3 + cells]
    end_of_readings = 4 + cells + thermistors + 3
    readings = info[3 : 3 + cells] + info[4 + cells : end_of_readings]
    protections, _, _, *cell_errors = info[end_of_readings : end_of_readings + 5]
    return any(readings) or protections != 0 or any(cell_errors)


def has_can_alarm(frames: dict[str, Any]) -> bool:
    return any(v for name, v in frames.items() if name.startswith(("Protection", "Warning")))


def with_derived_signals(recording: Recording) -> Recording:
    """Adds how many cells there are, and whether any warning or protection is active."""
    cells = [name for name in recording.signals if re.fullmatch(r"pack1/cell\d+/voltage_V", name)]
    active: set[tuple[str, str]] = set()
    alarms = np.zeros_like(recording.time)
    for event in recording.events:
        if event["event"] not in ("warning", "protection"):
            continue
        change = active.add if event["is_active"] else active.discard
        change((event["event"], event["rule"]))
        alarms[recording.time >= event["t_ns"] * 1e-9] = bool(active)
    derived = {"cells": np.full_like(recording.time, len(cells)), "alarms": alarms}
    return replace(recording, signals={**recording.signals, **derived})


def print_table(rows: list[Row], truth: Recording, begin: float) -> int:
    """The truth is what it was at some moment since `begin`. Returns the number of differences."""
    wires = ("RS485", "CAN")
    print(colour(f"     {'':24}{'truth':>10}{'RS485':>10}{'CAN':>10}", BOLD))
    mistakes = 0
    while_reading = truth.time >= begin - 1.5  # frames may carry what was true a second ago
    for row in rows:
        if row.signal not in truth.signals:
            print(f"     {row.name:24}" + colour("there is no such thing", RED))
            mistakes += 1
            continue
        true = truth.signals[row.signal][while_reading] * row.factor
        cells = [row.text(true[-1])]
        remark = ""
        for wire in wires:
            value = row.heard.get(wire)
            cells.append("-" if value is None else row.text(value))
            if value is None:
                continue
            if not true.min() - row.tolerance <= value <= true.max() + row.tolerance:
                remark += f" <- {wire} differs"
                mistakes += 1
        line = f"     {row.name:24}" + "".join(f"{cell:>10}" for cell in cells) + f" {row.unit:4}"
        print(line + colour(remark, RED))
    if mistakes == 0:
        print(colour("     Both wires agree with the simulator.", GREEN))
    print()
    return mistakes


# ---- a scenario --------------------------------------------------------------------------------


def show_overcharge(program: Path, out: Path) -> int:
    print(colour("3/3  A pack that is overcharged, as fast as possible", BOLD))
    folder = out / "over-charge"
    command = [str(program), "run", "over-charge", "--out", str(folder), "--speed", "max"]
    print_command(command)
    finished = subprocess.run(command, stdout=subprocess.PIPE, encoding="utf-8", check=False)
    print("".join(f"     {line}\n" for line in finished.stdout.splitlines()), end="")
    if not (folder / "result.json").exists():
        raise RuntimeError(f"doppelpack run ended with {finished.returncode} and without a result")
    picture = plot_run(folder, out / "over-charge.png")
    print(f"     picture in {picture}")
    result = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    failed = [verdict for verdict in result["expectations"] if not verdict["has_held"]]
    return max(len(failed), int(finished.returncode != 0))


# ---- words -------------------------------------------------------------------------------------

BOLD, RED, GREEN, FAINT = "1", "31", "32", "2"


def colour(text: str, code: str) -> str:
    wanted = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    return f"\x1b[{code}m{text}\x1b[0m" if wanted and text else text


def print_command(command: list[str]) -> None:
    words = [f'"{word}"' if " " in word else word for word in command]
    print(colour("     $ " + " ".join(words), FAINT), flush=True)


def wait_until(holds: Callable[[], bool], patience_s: float, complaint: str) -> None:
    deadline = time.monotonic() + patience_s
    while not holds():
        if time.monotonic() > deadline:
            raise RuntimeError(f"{complaint} ({patience_s:g} s waited)")
        time.sleep(0.05)


if __name__ == "__main__":
    sys.exit(main())
