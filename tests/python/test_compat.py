# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""The obedience test on the command line; its grades are tested in tests/compat."""

import contextlib
import json
import signal
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
import serial
from conftest import wait_until, whole_lines
from meters import FakeInverter, FakeMeter, ShuntedInverter

Run = Callable[..., CompletedProcess[str]]

SCRIPT = """\
compat: short
title: One step
sources: [made up]
items:
  - {id: ccl-zero, number: 13, title: CCL 0, steps: [
      {set: {ccl: 0 A}, within: 5 s, expect: [no-charge]}]}
"""


def test_obedient_inverter_passes_and_leaves_a_report(run: Run, tmp_path: Path) -> None:
    finished = run("compat", "--inverter", "hybrid-5k", "--out", tmp_path)
    assert finished.returncode == 0, finished.stdout
    report = json.loads((tmp_path / "compat.json").read_text())
    assert report["has_passed"]
    assert len(report["items"]) > 30
    assert all(item["evidence"] for item in report["items"])
    page = (tmp_path / "compat.html").read_text()
    assert "Obedience of hybrid-5k" in page
    assert "http" not in page, "nothing is loaded from elsewhere"
    assert " can1 351#" in (tmp_path / "compat.log").read_text()


def test_same_test_leaves_the_same_bytes(run: Run, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        run("compat", "--inverter", "disobedient-ccl", "--out", tmp_path / folder)
    for name in ("compat.json", "compat.html", "compat.log"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_disobedient_inverter_fails(run: Run, tmp_path: Path) -> None:
    finished = run("compat", "--inverter", "disobedient-ccl", "--out", tmp_path)
    assert finished.returncode == 1
    assert "CCL halved" in finished.stdout


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        (("no-charge", "no-chrge"), "short.yaml:6: "),
        (("0 A", "0 V"), "short.yaml:6: "),
        (("ccl:", "cll:"), "short.yaml:6: "),
        (("number: 13", "number: none"), "short.yaml:5: "),
        (("{set:", "{do: dance, set:"), "short.yaml:6: "),
    ],
)
def test_wrong_script_is_one_line(
    run: Run, tmp_path: Path, wrong: tuple[str, str], complaint: str
) -> None:
    script = tmp_path / "short.yaml"
    script.write_text(SCRIPT.replace(*wrong))
    out = tmp_path / "out"
    finished = run("compat", "--inverter", "hybrid-5k", "--script", script, "--out", out)
    assert finished.returncode == 2
    assert complaint in finished.stderr
    assert len(finished.stderr.splitlines()) == 1
    assert not out.exists()


def test_script_of_ones_own(run: Run, tmp_path: Path) -> None:
    script = tmp_path / "short.yaml"
    script.write_text(SCRIPT)
    finished = run("compat", "--inverter", "hybrid-5k", "--script", script, "--out", tmp_path / "o")
    assert finished.returncode == 0, finished.stdout + finished.stderr


def test_neither_port_nor_inverter_is_bad_usage(run: Run, tmp_path: Path) -> None:
    finished = run("compat", "--out", tmp_path / "out")
    assert finished.returncode == 2
    assert "--can" in finished.stderr


def test_interrupt_on_a_port_stops_at_once_and_leaves_a_report(
    program: Path, tmp_path: Path
) -> None:
    link = tmp_path / "can"
    out = tmp_path / "out"
    process = subprocess.Popen(
        [str(program), "compat", "--can", f"slcan-pty:{link}", "--out", str(out)],
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        wait_until(link.exists)
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=15)
    finally:
        process.kill()
    assert process.returncode == 1
    assert "stopped before the end" in output
    assert json.loads((out / "compat.json").read_text())["is_complete"] is False


def test_killed_on_a_port_leaves_the_bus_log_so_far(
    program: Path, run: Run, tmp_path: Path
) -> None:
    log = tmp_path / "out" / "compat.log"
    process = subprocess.Popen(
        [
            str(program),
            "compat",
            "--can",
            f"slcan-pty:{tmp_path / 'can'}",
            "--out",
            str(log.parent),
        ],
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: len(whole_lines(log)) >= 12)
    finally:
        process.kill()
        process.wait()
    assert {line.split()[2][:3] for line in whole_lines(log)} >= {"351", "355", "356", "359"}
    assert not (log.parent / "compat.json").exists()
    replayed = run("replay", log, "--product", "pylontech-us5000")
    assert "no frames" not in replayed.stdout, "every line is read"


# ---- a port, and a meter beside it ----

MEASURED = """\
compat: measured
title: What a meter sees
sources: [made up]
items:
  - {id: charging, number: 1, title: It charges, steps: [
      {lasts: 1 s, expect: [keeps-charging, never-discharges]},
      {lasts: 1 s, expect: [never-charges]}]}
"""


def examine_until_graded(
    program: Path, folder: Path, *options: object, players: Callable[[], list[threading.Thread]]
) -> dict[str, Any]:
    """The report of a run of MEASURED, stopped as soon as its one item is graded."""
    script = folder / "measured.yaml"
    script.write_text(MEASURED)
    process = subprocess.Popen(
        [str(program), "compat", "--script", str(script), "--out", str(folder / "out")]
        + [str(option) for option in options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    watchdog = threading.Timer(60, process.kill)
    watchdog.start()
    try:
        for player in players():
            player.start()
        assert process.stdout is not None
        output = [next(line for line in process.stdout if "It charges" in line)]
        process.send_signal(signal.SIGINT)
        output += process.stdout.readlines()
        process.wait()
    finally:
        watchdog.cancel()
        process.kill()
    report: dict[str, Any] = json.loads((folder / "out" / "compat.json").read_text())
    return report


def grades_of(report: dict[str, Any]) -> list[str]:
    return [finding["grade"] for finding in report["items"][0]["findings"]]


def test_shunt_on_the_same_bus_shows_what_a_real_inverter_does(
    program: Path, tmp_path: Path
) -> None:
    link = tmp_path / "can"
    inverter = ShuntedInverter(link)

    def players() -> list[threading.Thread]:
        wait_until(link.exists)
        return [inverter]

    port = ["--can", f"slcan-pty:{link}"]
    meter = ["--current-from", "ivt-s", "--current-inverted"]
    report = examine_until_graded(program, tmp_path, *port, *meter, players=players)
    inverter.stopped.set()
    assert report["has_measurement"]
    assert grades_of(report) == ["obeyed", "obeyed", "ignored"]
    assert any("measured 40.00 A" in line for line in report["items"][0]["evidence"])


def test_modbus_meter_shows_what_a_real_inverter_does(program: Path, tmp_path: Path) -> None:
    link, meter_link = tmp_path / "can", tmp_path / "meter"
    inverter = FakeInverter(link)

    def players() -> list[threading.Thread]:
        wait_until(link.exists)
        wait_until(meter_link.exists)
        return [inverter, FakeMeter(meter_link, inverter)]

    port = ["--can", f"slcan-pty:{link}"]
    meter = ["--current-from", f"acrel-djsf1352@pty:{meter_link}", "--meter-address", 7]
    report = examine_until_graded(program, tmp_path, *port, *meter, players=players)
    inverter.stopped.set()
    assert grades_of(report) == ["obeyed", "obeyed", "ignored"]
    assert any("A 51.20 V" in line for line in report["items"][0]["evidence"])


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--can", "slcan-pty:CAN", "--current-from", "abacus"], "no such meter"),
        (["--can", "slcan-pty:CAN", "--current-from", "acrel-djsf1352"], "a port of its own"),
        (["--inverter", "hybrid-5k", "--current-from", "ivt-s"], "--can"),
    ],
)
def test_wrong_meter_is_one_line(
    run: Run, tmp_path: Path, options: list[str], complaint: str
) -> None:
    options = [option.replace("CAN", str(tmp_path / "can")) for option in options]
    finished = run("compat", *options, "--out", tmp_path / "out")
    assert finished.returncode == 2
    assert complaint in finished.stderr


def test_silent_meter_ends_the_test_at_once(run: Run, tmp_path: Path) -> None:
    port = f"slcan-pty:{tmp_path / 'can'}"
    finished = run("compat", "--can", port, "--current-from", "ivt-s", "--out", tmp_path / "out")
    assert finished.returncode == 2
    assert "the meter told no current for 10 s" in finished.stderr


ATTENDED = """\
compat: attended
title: What somebody does
sources: [made up]
items:
  - {id: shorted, number: 29, title: Bus errors, steps: [
      {do: short-bus, lasts: 1 s, expect: [never-discharges]}]}
"""


def test_what_a_bench_cannot_do_is_asked_of_whoever_is_there(program: Path, tmp_path: Path) -> None:
    script = tmp_path / "attended.yaml"
    script.write_text(ATTENDED)
    arguments = ["--can", f"slcan-pty:{tmp_path / 'can'}", "--script", script, "--out", tmp_path]
    process = subprocess.Popen(
        [str(program), "compat", "--attended", *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    watchdog = threading.Timer(60, process.kill)
    watchdog.start()
    try:
        assert process.stdout is not None
        assert process.stdin is not None
        task = process.stdout.readline()
        assert task == "NOW: short-circuit the two wires of the bus for 3 s, then press Enter\n"
        process.stdin.write("\n")
        process.stdin.flush()
        assert "Bus errors" in process.stdout.readline()
    finally:
        watchdog.cancel()
        process.kill()
        process.communicate()


# ---- RS485 ----


def test_virtual_inverter_that_polls_is_graded_over_rs485(run: Run, tmp_path: Path) -> None:
    finished = run("compat", "--inverter", "hybrid-5k-rs485", "--out", tmp_path)
    assert finished.returncode == 0, finished.stdout
    report = json.loads((tmp_path / "compat.json").read_text())
    assert report["bus"] == "RS485"
    not_played = [item["id"] for item in report["items"] if item["grade"] == "not applicable"]
    assert "order-changed" in not_played
    assert "the battery sends nothing by itself on this bus" in finished.stdout
    assert " < 7E" in (tmp_path / "compat.log").read_text()
    assert "on RS485" in (tmp_path / "compat.html").read_text()


class PollingInverter(FakeInverter):
    """Asks a Pylontech battery for its limits and charges with half of the CCL."""

    REQUEST = b"~20024692E00202FD2E\r"

    def run(self) -> None:
        line = serial.Serial(str(self.link), timeout=0.3)
        with contextlib.suppress(OSError), line:
            while not self.stopped.is_set():
                line.write(self.REQUEST)
                reply = line.read_until(b"\r")
                if len(reply) > 25:  # ~, header of 12, address 2, CVL 4, discharge limit 4, CCL 4
                    self.charge_A = int(reply[23:27], 16) / 10 / 2


def test_inverter_that_polls_a_port_is_graded(program: Path, tmp_path: Path) -> None:
    link, meter_link = tmp_path / "rs485", tmp_path / "meter"
    inverter = PollingInverter(link)

    def players() -> list[threading.Thread]:
        wait_until(link.exists)
        wait_until(meter_link.exists)
        return [inverter, FakeMeter(meter_link, inverter)]

    port = ["--rs485", f"pty:{link}"]
    meter = ["--current-from", f"acrel-djsf1352@pty:{meter_link}", "--meter-address", 7]
    report = examine_until_graded(program, tmp_path, *port, *meter, players=players)
    inverter.stopped.set()
    assert report["bus"] == "RS485"
    assert grades_of(report) == ["obeyed", "obeyed", "ignored"]


def test_two_buses_at_once_are_bad_usage(run: Run, tmp_path: Path) -> None:
    ports = ["--can", f"slcan-pty:{tmp_path / 'c'}", "--rs485", f"pty:{tmp_path / 'r'}"]
    assert run("compat", *ports, "--out", tmp_path / "out").returncode == 2
