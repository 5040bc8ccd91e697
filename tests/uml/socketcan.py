# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""A served pack on a CAN interface of a Linux kernel, and the programs people use with one.

Runs inside the guest that tests/python/test_socketcan.py boots; there is a vcan0 and nobody else.
"""

import contextlib
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import can
import pytest
from conftest import Served, wait_until, whole_lines

CHANNEL = "vcan0"
FRAMES = {0x351, 0x355, 0x356, 0x359, 0x35C, 0x35E}
Serve = Callable[..., Served]


@pytest.fixture
def out(serve: Serve, tmp_path: Path) -> Path:
    """The folder of a pack that is being served on the interface."""
    folder = tmp_path / "out"
    serve("pylontech-us5000", "--can", f"socketcan:{CHANNEL}", "--out", folder)
    return folder


@contextlib.contextmanager
def running(log: Path, *command: str) -> Iterator[Callable[[], str]]:
    """A program whose output is written to `log`; yields what returns it so far."""
    with log.open("wb") as file, subprocess.Popen(command, stdout=file, stderr=file) as process:
        try:
            yield lambda: log.read_text(encoding="utf-8", errors="replace")
        finally:
            process.kill()


def ip_link(state: str) -> None:
    subprocess.run(["ip", "link", "set", CHANNEL, state], check=True)


def ids_of(lines: str) -> set[int]:
    """The identifiers in what `candump -L` wrote: (1.234567) vcan0 351#1402..."""
    return {int(id_, 16) for id_ in re.findall(rf"\) {CHANNEL} ([0-9A-F]+)#", lines)}


def hear(bus: can.BusABC, wanted: set[int]) -> dict[int, can.Message]:
    heard: dict[int, can.Message] = {}

    def has_all() -> bool:
        if (frame := bus.recv(0.2)) is not None:
            heard[frame.arbitration_id] = frame
        return wanted <= heard.keys()

    wait_until(has_all)
    return heard


def test_candump_sees_the_pack_and_the_pack_hears_cansend(out: Path, tmp_path: Path) -> None:
    with running(tmp_path / "dump", "candump", "-L", CHANNEL) as dumped:
        wait_until(lambda: ids_of(dumped()) >= FRAMES)
        subprocess.run(["cansend", CHANNEL, "305#1122334455667788"], check=True)
        wait_until(
            lambda: any("305#1122334455667788" in line for line in whole_lines(out / "can1.log"))
        )
        seen = dumped().count(" 351#")
        wait_until(lambda: dumped().count(" 351#") > seen)
        # What the pack hears from the interface it does not send back to it.
        assert dumped().count(" 305#") == 1
        assert ids_of(dumped()) == FRAMES | {0x305}


def test_python_can_reads_and_sends(out: Path) -> None:
    with can.Bus(interface="socketcan", channel=CHANNEL) as bus:
        heard = hear(bus, FRAMES)
        assert heard[0x35E].data.rstrip(b" \0") == b"PYLON"
        assert not heard[0x351].is_extended_id
        bus.send(can.Message(arbitration_id=0x305, data=bytes(8), is_extended_id=False))
        bus.send(can.Message(arbitration_id=0x1806E5F4, data=b"\x5a", is_extended_id=True))
        wait_until(lambda: any("1806E5F4#5A" in line for line in whole_lines(out / "can1.log")))
        assert any("305#0000000000000000" in line for line in whole_lines(out / "can1.log"))


def test_canbusload_reports_load_and_the_pack_bears_it(out: Path, tmp_path: Path) -> None:
    load = re.compile(rf"{CHANNEL}@500000 +(\d+) +\d+ +\d+ +(\d+)%")
    with (
        running(tmp_path / "load", "canbusload", f"{CHANNEL}@500000") as reported,
        running(tmp_path / "dump", "candump", "-L", f"{CHANNEL},351:7FF") as dumped,
    ):
        # One frame of the pack at least, in a second without any other traffic.
        wait_until(lambda: any(int(frames) > 0 for frames, _ in load.findall(reported())))
        with running(tmp_path / "gen", "cangen", CHANNEL, "-g", "1", "-I", "7FF", "-L", "8"):
            wait_until(lambda: any(int(percent) >= 5 for _, percent in load.findall(reported())))
            seen = dumped().count("351#")
            wait_until(lambda: dumped().count("351#") > seen + 1)
    assert any(" 7FF#" in line for line in whole_lines(out / "can1.log"))


def test_the_port_survives_the_interface_going_down(serve: Serve, tmp_path: Path) -> None:
    served = serve("pylontech-us5000", "--can", f"socketcan:{CHANNEL}", "--out", tmp_path / "out")
    for round_ in (1, 2):
        with can.Bus(interface="socketcan", channel=CHANNEL) as bus:
            hear(bus, FRAMES)
        ip_link("down")
        wait_until(lambda n=round_: "".join(served.output).count("trying again") == n)
        ip_link("up")
        wait_until(lambda n=round_: "".join(served.output).count("open again") == n)
    with can.Bus(interface="socketcan", channel=CHANNEL) as bus:
        hear(bus, FRAMES)
    assert served.stop() == 0


def test_an_interface_that_is_down_is_said_to_be_down(program: Path) -> None:
    ip_link("down")
    command = [str(program), "serve", "generic-16s", "--can", f"socketcan:{CHANNEL}"]
    refused = subprocess.run(
        command, capture_output=True, encoding="utf-8", timeout=20, check=False
    )
    ip_link("up")
    assert refused.returncode == 2
    assert (
        f"socketcan:{CHANNEL}: the interface is down (ip link set {CHANNEL} up)" in refused.stderr
    )
