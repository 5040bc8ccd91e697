# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""A served pack and the programs of others: python-can, cantools and python-pylontech."""

import os
import re
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

import can
import cantools
import pylontech
import pytest
from conftest import ROOT, Served, wait_until, whole_lines

DBC = ROOT / "can_emulator" / "dbc" / "pylontech-lv-can.dbc"
FRAMES = {0x351, 0x355, 0x356, 0x359, 0x35C, 0x35E}
Serve = Callable[..., Served]


def hear(bus: can.BusABC, wanted: set[int], patience_s: float = 10.0) -> dict[int, can.Message]:
    """The latest frame of each wanted identifier, once all of them have been heard."""
    heard: dict[int, can.Message] = {}
    deadline = time.monotonic() + patience_s
    while not wanted <= heard.keys():
        assert time.monotonic() < deadline, f"heard only {sorted(heard)}"
        if (frame := bus.recv(0.2)) is not None:
            heard[frame.arbitration_id] = frame
    return heard


def simulated_s(folder: Path) -> float:
    lines = whole_lines(folder / "signals.csv")
    return float(lines[-1].split(",")[0]) if len(lines) > 1 else 0.0


def keeps_running(folder: Path) -> None:
    now = simulated_s(folder)
    wait_until(lambda: simulated_s(folder) > now + 1)


def test_python_can_over_slcan(serve: Serve, tmp_path: Path) -> None:
    link = tmp_path / "can"
    served = serve("pylontech-us5000", "--can", f"slcan-pty:{link}", "--out", tmp_path / "out")
    database = cantools.database.load_file(DBC)
    for _ in range(2):  # a second client finds the adapter as the first one did
        with can.Bus(
            interface="slcan", channel=str(link), bitrate=500_000, sleep_after_open=0
        ) as bus:
            heard = hear(bus, FRAMES)
            for id_ in FRAMES:
                assert database.decode_message(id_, heard[id_].data)
            assert heard[0x35E].data.rstrip(b" \0") == b"PYLON"
    assert served.stop() == 0
    assert not link.is_symlink()


def test_frames_from_outside_are_heard(serve: Serve, tmp_path: Path) -> None:
    link, out = tmp_path / "can", tmp_path / "out"
    serve("pylontech-us5000", "--can", f"slcan-pty:{link}", "--out", out)
    with can.Bus(interface="slcan", channel=str(link), sleep_after_open=0) as bus:
        hear(bus, {0x351})
        bus.send(can.Message(arbitration_id=0x305, data=b"\x11\x22\x33", is_extended_id=False))
        wait_until(lambda: any("305#112233" in line for line in whole_lines(out / "can1.log")))


def test_python_can_over_udp_multicast(serve: Serve, tmp_path: Path) -> None:
    pytest.importorskip("msgpack")
    group, port = "239.74.163.2", 40000 + os.getpid() % 20000
    serve("pylontech-us5000", "--can", f"udp_multicast:{group}:{port}")
    with can.Bus(interface="udp_multicast", channel=group, port=port) as bus:
        assert hear(bus, FRAMES)[0x35E].data.startswith(b"PYLON")


def test_the_other_end_of_a_cannelloni_tunnel(serve: Serve, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
        peer.bind(("127.0.0.1", 0))
        peer.settimeout(10)
        port = peer.getsockname()[1]
        uri = f"cannelloni:127.0.0.1:{port}?listen=0&bind=127.0.0.1"
        serve("pylontech-us5000", "--can", uri, "--out", out)
        heard: set[int] = set()
        while not heard >= FRAMES:
            datagram, address = peer.recvfrom(2048)
            assert datagram[:2] == b"\x02\x00"
            assert datagram[3:5] == b"\x00\x01"
            heard.add(int.from_bytes(datagram[5:9], "big"))
        peer.sendto(bytes.fromhex("02 00 00 0001 00000305 03 112233"), address)
        wait_until(lambda: any("305#112233" in line for line in whole_lines(out / "can1.log")))


def test_python_pylontech_over_a_pseudo_terminal(serve: Serve, tmp_path: Path) -> None:
    link = tmp_path / "rs485"
    serve("pylontech-us5000", "--rs485", f"pty:{link}")
    battery = pylontech.Pylontech(serial_port=str(link), baudrate=115200)
    battery.s.timeout = 0.5  # it waits for a line feed that never comes

    def is_awake() -> bool:
        try:
            return battery.get_protocol_version().ver == b"\x20"
        except ValueError:  # nothing came
            return False

    try:
        wait_until(is_awake)
        assert battery.get_manufacturer_info().DeviceName.startswith(b"US5000")
        assert battery.scan_for_batteries(2, 4).keys() == {2}
        values = battery.get_values_single(2)
        assert len(values.CellVoltages) == 15
        assert sum(values.CellVoltages) == pytest.approx(values.Voltage, abs=0.05)
        every_pack = battery.get_values()
        assert every_pack.NumberOfModules == 1
        assert every_pack.StateOfCharge == pytest.approx(values.StateOfCharge, abs=0.01)
        assert battery.get_system_parameters().CellHighVoltageLimit > 3.5
        assert battery.get_management_info(2).status.ChargeEnable
    finally:
        battery.s.close()


def ask(connection: socket.socket, request: bytes) -> bytes:
    connection.sendall(request)
    answer = b""
    while not answer.endswith(b"\r"):
        part = connection.recv(4096)
        assert part, "the connection was closed"
        answer += part
    return answer


def test_raw_queries_over_tcp(serve: Serve) -> None:
    served = serve("pylontech-us5000", "--rs485", "tcp:127.0.0.1:0")

    def port() -> int:
        found = re.search(r"listening on 127\.0\.0\.1 port (\d+)", "".join(served.output))
        return int(found[1]) if found else 0

    address = ("127.0.0.1", wait_until(port))

    def is_awake() -> bool:
        with socket.create_connection(address, timeout=1) as connection:
            try:
                return bool(ask(connection, b"~2002464F0000FD98\r"))
            except TimeoutError:
                return False

    wait_until(is_awake)
    with socket.create_connection(address, timeout=5) as connection:
        # Requests as captured from real installations.
        assert ask(connection, b"~2002464F0000FD98\r") == b"~200246000000FDB2\r"
        assert ask(connection, b"~20024642E00202FD33\r").startswith(b"~20024600B07E")
        wrong_checksum = ask(connection, b"~20024642E00202FD34\r")
        assert wrong_checksum.startswith(b"~20024602")
        connection.sendall(b"rubbish\r\r\r")
    with socket.create_connection(address, timeout=5) as connection:
        assert ask(connection, b"~2002464F0000FD98\r") == b"~200246000000FDB2\r"


def test_a_dead_client_stops_nothing(serve: Serve, tmp_path: Path) -> None:
    link, out = tmp_path / "can", tmp_path / "out"
    serve("pylontech-us5000", "--can", f"slcan-pty:{link}", "--speed", 10, "--out", out)
    deaf = os.open(link, os.O_RDWR | os.O_NOCTTY)  # opens the channel and never reads
    os.write(deaf, b"O\r")
    wait_until(lambda: simulated_s(out) > 60, 30)  # 360 frames that nobody takes
    os.close(deaf)
    keeps_running(out)
    with can.Bus(interface="slcan", channel=str(link), sleep_after_open=0) as bus:
        hear(bus, FRAMES)


def test_a_client_that_asks_and_never_reads_stops_nothing(serve: Serve, tmp_path: Path) -> None:
    link, out = tmp_path / "rs485", tmp_path / "out"
    serve("pylontech-us5000", "--rs485", f"pty:{link}", "--speed", 10, "--out", out)
    deaf = os.open(link, os.O_RDWR | os.O_NOCTTY)

    def has_been_answered_often() -> bool:
        os.write(deaf, b"~20024642E00202FD33\r")
        answers = [line for line in whole_lines(out / "rs485_1.log") if " > " in line]
        return sum(map(len, answers)) > 50_000  # in digits; the terminal holds 4096 bytes

    wait_until(has_been_answered_often, 60)
    keeps_running(out)
    os.close(deaf)


def test_duration_ends_it(serve: Serve, tmp_path: Path) -> None:
    served = serve("generic-16s", "--duration", 1, "--out", tmp_path)
    assert served.process.wait(10) == 0
    assert (tmp_path / "result.json").exists()


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_stopping(serve: Serve, tmp_path: Path, stop: signal.Signals) -> None:
    link = tmp_path / "rs485"
    served = serve("pylontech-us5000", "--rs485", f"pty:{link}", "--out", tmp_path / "out")
    assert link.is_symlink()
    served.process.send_signal(stop)
    assert served.process.wait(10) == 0
    assert not link.is_symlink()
    assert (tmp_path / "out" / "result.json").exists()


def test_a_link_left_by_a_killed_program_is_no_obstacle(serve: Serve, tmp_path: Path) -> None:
    link = tmp_path / "can"
    killed = serve("pylontech-us5000", "--can", f"slcan-pty:{link}")
    killed.process.kill()
    killed.process.wait()
    assert link.is_symlink()
    serve("pylontech-us5000", "--can", f"slcan-pty:{link}")
    with can.Bus(interface="slcan", channel=str(link), sleep_after_open=0) as bus:
        hear(bus, {0x351})


def test_power_charges(serve: Serve, tmp_path: Path) -> None:
    serve("pylontech-us5000", "--power", "1 kW", "--speed", 5, "--out", tmp_path)

    def current() -> bool:
        header, *rows = [line.split(",") for line in whole_lines(tmp_path / "signals.csv")] or [[]]
        return bool(rows) and float(rows[-1][header.index("pack1/current_A")]) > 15

    wait_until(current)
