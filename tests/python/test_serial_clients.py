# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""Serial protocols and the programs of others, unmodified: mbpoll and pymodbus. What cannot be
installed here is imitated by its peculiarities on the line. python-pylontech: test_serve.py."""

import re
import shutil
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT, Served, wait_until
from pymodbus import FramerType
from pymodbus.client import ModbusSerialClient, ModbusTcpClient

Serve = Callable[..., Served]


def product_with(folder: Path, protocol: str, options: str = "") -> Path:
    """generic-16s with another protocol on its serial line, at address 1."""
    text = (ROOT / "scenarios" / "products" / "generic-16s.yaml").read_text(encoding="utf-8")
    chosen = f"  rs485_options: {options}\n" if options else ""
    wanted = f"  rs485: {protocol}\n{chosen}  address: 1\n"
    text, count = re.subn(r"  rs485: pylontech-rs485\n  address: 2\n", wanted, text)
    assert count == 1
    text = text.replace("product: generic-16s", "product: custom")
    file = folder / "custom.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def port_of(served: Served) -> int:
    def find() -> int:
        found = re.search(r"listening on 127\.0\.0\.1 port (\d+)", "".join(served.output))
        return int(found[1]) if found else 0

    return int(wait_until(find))


# ---- Growatt -----------------------------------------------------------------------------------


def test_mbpoll_reads_the_growatt_map(serve: Serve, tmp_path: Path) -> None:
    mbpoll = shutil.which("mbpoll")
    if mbpoll is None:
        pytest.skip("NOT RUN: mbpoll is not installed; scripts/setup.sh would")
    link = tmp_path / "rs485"
    serve(product_with(tmp_path, "growatt-rs485"), "--rs485", f"pty:{link}")
    settings = ["-m", "rtu", "-b", "9600", "-P", "none", "-a", "1", "-o", "1"]
    registers = ["-t", "4", "-0", "-r", "19", "-c", "17", "-1"]

    def read() -> dict[int, int]:
        command = [mbpoll, *settings, *registers, str(link)]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=20)
        return {
            int(index): int(value)
            for index, value in re.findall(r"^\[(\d+)\]:\s+(\d+)", done.stdout, re.MULTILINE)
        }

    wait_until(lambda: read().get(0x16))  # it has measured
    values = read()
    assert values.keys() == set(range(19, 36))
    assert 0 < values[0x15] <= 100
    assert 40 < values[0x16] / 100 < 60
    assert values[0x21] > values[0x16]  # may still be charged


def test_pymodbus_reads_the_growatt_map_over_a_pseudo_terminal(
    serve: Serve, tmp_path: Path
) -> None:
    link = tmp_path / "rs485"
    serve(product_with(tmp_path, "growatt-rs485", "{cell_1: 0x70}"), "--rs485", f"pty:{link}")
    with ModbusSerialClient(str(link), baudrate=9600, timeout=1, retries=0) as client:

        def read(first: int, count: int) -> list[int]:
            try:
                return list(
                    client.read_holding_registers(first, count=count, device_id=1).registers
                )
            except Exception:  # nothing came: the pack is asleep
                return []

        wait_until(lambda: any(read(0x16, 1)))  # it has measured
        gauge = read(0x10, 27)
        cells = read(0x70, 17)
        assert len(cells) == 17
        assert cells[16] == 0  # from 0x70 on, as a JK has them
        assert sum(cells) / 1000 == pytest.approx(gauge[6] / 100, abs=0.05)
        refused = client.read_holding_registers(0x0100, count=1, device_id=1)
        assert refused.isError()
        assert refused.exception_code == 2
        greeted = client.write_registers(0x13, [0x0C00], device_id=1)
        assert not greeted.isError()


def test_pymodbus_reads_pace_over_tcp(serve: Serve, tmp_path: Path) -> None:
    served = serve(product_with(tmp_path, "pace-modbus"), "--rs485", "tcp:127.0.0.1:0")
    with ModbusTcpClient(
        "127.0.0.1", port=port_of(served), framer=FramerType.RTU, timeout=1, retries=0
    ) as client:

        def read(first: int, count: int) -> list[int]:
            try:
                return list(
                    client.read_holding_registers(first, count=count, device_id=1).registers
                )
            except Exception:  # nothing came: the pack is asleep
                return []

        wait_until(lambda: any(read(1, 1)))  # it has measured
        gauge = read(0, 13)
        cells = read(15, 16)
        assert sum(cells) / 1000 == pytest.approx(gauge[1] / 100, abs=0.05)


# ---- PACE and the console, as their readers talk -----------------------------------------------


class Line:
    """A raw connection to the serial line."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=1)

    def ask(self, request: bytes, end: bytes) -> bytes:
        """Everything up to `end`; empty when it does not come in time."""
        self.socket.sendall(request)
        answer = b""
        try:
            while not answer.endswith(end):
                part = self.socket.recv(4096)
                assert part, "the connection was closed"
                answer += part
        except TimeoutError:
            return b""
        return answer


def test_the_telecom_pack_speaks_pace(serve: Serve) -> None:
    served = serve("telecom-48v", "--rs485", "tcp:127.0.0.1:0")
    line = Line(port_of(served))
    with line.socket:
        analog = wait_until(lambda: line.ask(b"~25014642E00201FD30\r", b"\r"))
        assert analog.startswith(b"~25014600307600010F")  # 15 cells
        # ardiehl/pylontech flushes with bare carriage returns; others send a line feed too
        assert line.ask(b"\r\r\r\r~25014644E00201FD2E\r\n", b"\r").startswith(b"~25014600")
        version = line.ask(b"~250146C10000FD9A\r", b"\r")
        assert bytes.fromhex(version[13:-5].decode()).startswith(b"TELECOM-48V-1.00")


def test_a_console_is_read_up_to_its_prompt(serve: Serve, tmp_path: Path) -> None:
    served = serve(product_with(tmp_path, "pylontech-console"), "--rs485", "tcp:127.0.0.1:0")
    line = Line(port_of(served))
    with line.socket:
        wait_until(lambda: line.ask(b"\n", b"pylon>"))
        wait_until(lambda: b"Idle" in line.ask(b"bat 1\r", b"pylon>"))  # it has measured
        page = line.ask(b"pwr\r\n", b"pylon>").decode()
        rows = page.split("\r\r\n")
        header = next(row for row in rows if row.endswith("M.T.St"))
        header = header[header.index("Power") :]
        first = next(row for row in rows if row.startswith("1     "))
        assert 40_000 < int(first[header.index("Volt ") :].split()[0]) < 60_000
        assert [row.find("Absent") for row in rows if "Absent" in row] == [55] * 15
        assert page.endswith("Command completed successfully\r\n$$\r\n\rpylon>")
