# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""`serve` with a current that is measured: a DC source that plays the pack, and meters.

The source is an instrument of sinstruments in a process of its own; what is said to it, and when,
is tested in virtual time in tests/sim/source_dialogue_test.cpp.
"""

import contextlib
import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from conftest import Served, events_of, wait_until
from live import Live
from meters import FakeInverter, FakeMeter, ShuntedInverter

Run = Callable[..., CompletedProcess[str]]
Serve = Callable[..., Served]
HERE = Path(__file__).resolve().parent
MAX_V, MAX_A = 60.0, 45.0
# A computer that runs other tests, too, may stand still for a while.
TIMEOUT_MS = 1800


class Source:
    """The device, as somebody at the bench sees it."""

    def __init__(self, profile: str, identity: str = "") -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "dc_source.py"), profile, identity],
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        assert self.process.stdout is not None
        self.port, knobs = json.loads(self.process.stdout.readline())
        self.knobs = socket.create_connection(("127.0.0.1", knobs), timeout=10)
        self.lines = self.knobs.makefile("r", encoding="utf-8")
        self.uri = (
            f"scpi:127.0.0.1:{self.port}?profile={profile}&max_V={MAX_V:g}&max_A={MAX_A:g}"
            f"&timeout_ms={TIMEOUT_MS}&soft_start_ms=200"
        )

    def turn(self, **knobs: object) -> dict[str, Any]:
        self.knobs.sendall(json.dumps(knobs).encode() + b"\n")
        told: dict[str, Any] = json.loads(self.lines.readline())
        return told

    def close(self) -> None:
        self.lines.close()
        self.knobs.close()
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture
def source() -> Iterator[Source]:
    with contextlib.closing(Source("ea-psb")) as source:
        yield source


def serve_with(serve: Serve, source: Source, *options: object) -> Live:
    return Live(serve("generic-16s", "--power", source.uri, "--http", "127.0.0.1:0", *options))


def value(live: Live, name: str) -> float:
    return float(live.signal(name)["value"])


def is_state(live: Live, state: str) -> Callable[[], bool]:
    return lambda: live.text("power1/state") == state


def play(serve: Serve, source: Source, *options: object) -> Live:
    """The pack is on, the inverter charges it with 500 W."""
    live = serve_with(serve, source, *options)
    wait_until(is_state(live, "on"), 30)
    source.turn(inverter_W=500.0)
    wait_until(lambda: value(live, "bms1/current_A") > 8)
    return live


def is_dark(live: Live, source: Source) -> bool:
    """No current in the pack, and the output is off."""
    return not source.turn()["is_on"] and abs(value(live, "pack1/current_A")) < 0.1


def output_of(live_of: Served) -> str:
    return "".join(live_of.output)


# ---- what is measured flows in the pack ----


@pytest.mark.parametrize("profile", ["ea-psb", "itech-it6000c"])
def test_real_inverter_charges_and_discharges_the_pack(
    serve: Serve, tmp_path: Path, profile: str
) -> None:
    with contextlib.closing(Source(profile)) as source:
        live = play(serve, source, "--out", tmp_path)
        charged_Ah = value(live, "pack1/charge_Ah")
        # Both move on while they are looked at.
        wait_until(lambda: abs(source.turn()["set_V"] - value(live, "pack1/terminal_V")) < 0.02)
        wait_until(lambda: abs(source.turn()["current_A"] + value(live, "bms1/current_A")) < 0.2)
        wait_until(lambda: value(live, "pack1/charge_Ah") > charged_Ah + 0.002)

        source.turn(inverter_W=-1000.0)
        wait_until(lambda: value(live, "bms1/current_A") < -17)
        wait_until(lambda: value(live, "pack1/discharge_Ah") > 0.002)
        assert value(live, "inverter1/current_A") == value(live, "power1/measured_A")
        recorded = (tmp_path / "signals.csv").read_text().splitlines()[0]
        assert "power1/measured_A" in recorded
        states = [event.get("state") for event in events_of(tmp_path) if event["event"] == "power"]
        assert states[-1] == "on"


def test_limits_are_in_no_command_exceeded(serve: Serve, source: Source) -> None:
    live = play(serve, source)
    source.turn(inverter_W=1e6)
    wait_until(lambda: value(live, "bms1/current_A") > MAX_A - 1)
    source.turn(inverter_W=-1e6)
    wait_until(lambda: value(live, "bms1/current_A") < 1 - MAX_A)
    for line in source.turn()["heard"]:
        if found := re.match(r"(VOLT|(?:SINK:)?CURR|(?:SINK:)?POW) (\S+)$", line):
            highest = {"VOLT": MAX_V, "POW": MAX_V * MAX_A}.get(found[1][-4:].strip(":"), MAX_A)
            assert 0 <= float(found[2]) <= highest, line


def test_output_goes_off_when_the_pack_opens_its_switches(serve: Serve, source: Source) -> None:
    live = play(serve, source)
    live.post("inject", fault="afe-silent", id="gone")
    wait_until(lambda: is_dark(live, source), 30)
    assert live.text("bms1/discharge_gate") == "open"
    assert live.text("power1/state") == "off"


def test_breaker_of_the_inverter_takes_it_off(serve: Serve, source: Source) -> None:
    live = play(serve, source)
    live.post("set", name="inverter1/is_connected", value="no")
    wait_until(lambda: is_dark(live, source))
    live.post("set", name="inverter1/is_connected", value="yes")
    wait_until(lambda: value(live, "bms1/current_A") > 8)


# ---- what goes wrong ----


def test_lost_connection_is_safe_until_somebody_wants_it_anew(serve: Serve, source: Source) -> None:
    served = serve("generic-16s", "--power", source.uri, "--http", "127.0.0.1:0")
    live = Live(served)
    wait_until(is_state(live, "on"), 30)
    source.turn(inverter_W=500.0, drop=True)
    wait_until(is_state(live, "safe"))
    wait_until(lambda: is_dark(live, source))  # as soon as there is a new connection
    assert output_of(served).count("the connection is lost") == 1
    live.post("set", name="power1/is_wanted", value="no")
    live.post("set", name="power1/is_wanted", value="yes")
    wait_until(is_state(live, "on"), 30)
    wait_until(lambda: value(live, "bms1/current_A") > 8)


@pytest.mark.parametrize(
    "knobs",
    [{"spoilt": "NAN"}, {"spoilt": "what?"}, {"spoilt": "-900 A"}, {"late_s": 60}],
    ids=["nan", "garbage", "outside", "late"],
)
def test_wrong_and_late_answers_are_safe(
    serve: Serve, source: Source, knobs: dict[str, object]
) -> None:
    live = play(serve, source)
    source.turn(**knobs)
    wait_until(is_state(live, "safe"))
    assert abs(value(live, "inverter1/current_A")) == 0
    source.turn(late_s=0, spoilt="")
    wait_until(lambda: is_dark(live, source))
    assert live.text("power1/state") == "safe"


def test_paused_bench_is_safe(serve: Serve, source: Source) -> None:
    live = play(serve, source)
    live.post("clock", is_running=False)
    wait_until(lambda: not source.turn()["is_on"])
    live.post("clock", is_running=True)
    wait_until(is_state(live, "safe"))


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_end_leaves_the_output_off(serve: Serve, source: Source, sign: signal.Signals) -> None:
    if signal.getsignal(sign) == signal.SIG_IGN:
        pytest.skip("whoever started this has it ignored, as nohup does, and children inherit that")
    served = serve("generic-16s", "--power", source.uri)
    wait_until(lambda: source.turn()["is_on"], 30)
    served.process.send_signal(sign)
    assert served.process.wait(20) == 0
    told = source.turn()
    assert not told["is_on"]
    assert not told["is_watched"]
    assert told["heard"][-1] == "SYST:LOCK OFF"


def test_killed_program_is_noticed_by_the_device(serve: Serve, source: Source) -> None:
    served = serve("generic-16s", "--power", source.uri)
    wait_until(lambda: source.turn()["is_on"], 30)
    served.process.kill()
    wait_until(lambda: not source.turn()["is_on"])


# ---- what is refused ----


def test_another_device_is_refused(run: Run) -> None:
    with contextlib.closing(Source("ea-psb", "KEITHLEY,2450,1,1.0")) as source:
        finished = run("serve", "generic-16s", "--power", source.uri)
        assert source.turn()["heard"] == ["*IDN?"]
    assert finished.returncode == 2
    assert "KEITHLEY" in finished.stderr
    assert len(finished.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("replace", "complaint"),
    [
        (("max_V=60", "max_V=50"), "max_V: found 50, expected at least the charge voltage limit"),
        (("max_V=60", "max_V=9000"), "max_V: found '9000'"),
        (("&max_A=45", ""), "max_A: found nothing"),
        (("profile=ea-psb&", ""), "profile: found nothing"),
        (("ea-psb", "ea-pbs"), "ea-psb"),
        (("max_V", "maxV"), "unknown option 'maxV'"),
        (("timeout_ms=1800", "timeout_ms=2000"), "less than the device's watchdog"),
        (("max_A=45", "max_A=200"), "rated for"),
    ],
)
def test_wrong_addresses_are_one_line(
    run: Run, source: Source, replace: tuple[str, str], complaint: str
) -> None:
    finished = run("serve", "generic-16s", "--power", source.uri.replace(*replace))
    assert finished.returncode == 2
    assert complaint in finished.stderr, finished.stderr
    assert len(finished.stderr.splitlines()) == 1
    assert "OUTP ON" not in source.turn()["heard"]


def test_device_that_is_not_there_is_one_line(run: Run) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{unused.getsockname()[1]}"
    uri = f"scpi:{place}?profile=ea-psb&max_V=60&max_A=10"
    finished = run("serve", "generic-16s", "--power", uri)
    assert finished.returncode == 2
    assert finished.stderr == f"doppelpack: {uri}: nobody answers there\n"


def test_measured_current_needs_real_time(run: Run, source: Source) -> None:
    finished = run("serve", "generic-16s", "--power", source.uri, "--speed", "2")
    assert finished.returncode == 2
    assert "--speed: found 2, expected 1" in finished.stderr


# ---- meters ----


def test_shunt_on_the_bus_of_the_pack(serve: Serve, tmp_path: Path) -> None:
    link = tmp_path / "can"
    options = ("--current-from", "ivt-s", "--current-inverted", "--http", "127.0.0.1:0")
    live = Live(serve("pylontech-us5000", "--can", f"slcan-pty:{link}", *options))
    inverter = ShuntedInverter(link)
    inverter.start()
    wait_until(lambda: value(live, "bms1/current_A") > 10, 30)
    assert value(live, "bms1/current_A") == pytest.approx(inverter.charge_A, rel=0.05)
    assert live.text("power1/state") == "on"
    inverter.stopped.set()
    inverter.join()
    wait_until(is_state(live, "safe"))
    wait_until(lambda: abs(value(live, "pack1/current_A")) < 0.1)


def test_modbus_meter(serve: Serve, tmp_path: Path) -> None:
    link, meter_link = tmp_path / "can", tmp_path / "meter"
    meter = ("--current-from", f"acrel-djsf1352@pty:{meter_link}", "--meter-address", 7)
    options = ("--can", f"slcan-pty:{link}", "--http", "127.0.0.1:0")
    live = Live(serve("pylontech-us5000", *options, *meter))
    inverter = FakeInverter(link)
    inverter.start()
    FakeMeter(meter_link, inverter).start()
    wait_until(lambda: value(live, "bms1/current_A") > 10, 30)
    assert value(live, "power1/measured_V") == pytest.approx(51.2)
    inverter.stopped.set()


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--current-from", "ivt-s"], "--current-from: found ivt-s without a port"),
        (["--current-from", "abacus"], "no such meter"),
        (["--current-from", "ivt-s@slcan-pty:X", "--speed", "3"], "--speed: found 3"),
        (["--current-from", "ivt-s@slcan-pty:X", "--power", "1 kW"], "--power"),
    ],
)
def test_wrong_meters_are_refused(run: Run, options: list[str], complaint: str) -> None:
    finished = run("serve", "generic-16s", *options)
    assert finished.returncode == 2
    assert complaint in finished.stderr
