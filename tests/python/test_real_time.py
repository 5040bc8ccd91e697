# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""Paced runs: what they say of their timing, how they are scheduled, what pace does not change."""

import contextlib
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from conftest import Served, wait_until
from doppelpack import Bench
from live import Live

Run = Callable[..., subprocess.CompletedProcess[str]]
Serve = Callable[..., Served]
OUT_OF_REACH = 1e6  # simulated seconds per second

# Speeds at which a case takes a second or two.
CASES = {
    "over-charge": 1200,
    "can-unplugged": 150,
    "ntc-open-during-charge": 250,
    "relay-faults": 500,
    "rs485-unplugged": 150,
    "short-circuit": 100,
}


def result_of(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "result.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def timing_line(text: str) -> str:
    (line,) = [line for line in text.splitlines() if line.startswith("  timing ")]
    return line


# ---- what a run says ----


def test_as_fast_as_possible_has_no_timing(run: Run, tmp_path: Path) -> None:
    finished = run("run", "can-unplugged", "--out", tmp_path)
    assert result_of(tmp_path)["timing"] is None
    assert "timing" not in finished.stdout


def test_a_paced_run_says_how_late_it_was(run: Run, tmp_path: Path) -> None:
    out, junit = tmp_path / "out", tmp_path / "junit.xml"
    finished = run(
        *("run", "can-unplugged", "--speed", 150, "--timing-budget", "2 ms"),
        *("--out", out, "--junit", junit),
    )
    timing = result_of(out)["timing"]
    lateness = list(timing["lateness_us"].values())
    assert lateness == sorted(lateness)
    assert (timing["speed"], timing["budget_ms"], timing["scheduling"]) == (150, 2, [])
    assert timing["slots"] > 0
    assert timing["is_valid"] == (timing["reason"] == "")
    word = "valid" if timing["is_valid"] else "not valid"
    assert timing_line(finished.stdout).startswith(f"  timing {word}: {timing['slots']} slots")
    properties = {
        node.get("name"): node.get("value")
        for node in ElementTree.parse(junit).iterfind("./testsuite/properties/property")
    }
    assert properties["timing_slots"] == str(timing["slots"])
    assert str(properties["timing"]).startswith(word)


def test_timing_fails_a_run_only_when_asked(run: Run) -> None:
    arguments = ("run", "can-unplugged", "--speed", OUT_OF_REACH)
    tolerant = run(*arguments)
    assert tolerant.returncode == 0
    assert timing_line(tolerant.stdout).startswith("  timing not valid")
    assert run(*arguments, "--require-valid-timing").returncode == 1


def test_timing_fails_serve_only_when_asked(run: Run) -> None:
    arguments = ("serve", "generic-16s", "--speed", OUT_OF_REACH, "--duration", 2000)
    tolerant = run(*arguments)
    assert tolerant.returncode == 0
    assert timing_line(tolerant.stdout).startswith("  timing not valid")
    assert run(*arguments, "--require-valid-timing").returncode == 1


BAD: list[tuple[list[str], str]] = [
    (["--spin", "1 s"], "at most 500 us"),
    (["--spin", "3 V"], "--spin"),
    (["--timing-budget", "0 s"], "above 0"),
    (["--fifo", "100"], "--fifo"),
    (["--cpu", "-1"], "--cpu"),
]


@pytest.mark.parametrize(("options", "words"), BAD)
def test_options_that_make_no_sense(run: Run, options: list[str], words: str) -> None:
    finished = run("run", "can-unplugged", "--speed", 100, *options)
    assert finished.returncode == 2
    assert words in finished.stderr


def test_what_a_pace_needs_wants_a_pace(run: Run) -> None:
    finished = run("run", "can-unplugged", "--require-valid-timing")
    assert finished.returncode == 2
    assert '--speed: found "max", expected a number' in finished.stderr
    assert finished.stderr.count("\n") == 1


# ---- how it is scheduled ----


def run_for_scheduling(run: Run, folder: Path, *options: object) -> tuple[list[str], str]:
    finished = run("run", "can-unplugged", "--speed", 600, "--out", folder, *options)
    assert finished.returncode == 0
    return result_of(folder)["timing"]["scheduling"], finished.stderr


def test_what_is_granted_is_named_and_what_is_not_is_noticed(run: Run, tmp_path: Path) -> None:
    words, notice = run_for_scheduling(run, tmp_path, "--real-time", "--cpu", 1023)
    assert words[0] == "spin 100 us"
    assert words[1].startswith("not on CPU 1023: ")
    assert re.fullmatch("memory (locked|not locked: .+)", words[2])
    assert re.fullmatch("(not )?SCHED_FIFO 50.*", words[3])
    refused = [word for word in words if "not " in word]
    assert notice == f"real time: {'; '.join(refused)}; docs/real_time.md\n"


def without_rights(program: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """As somebody who may neither be real time nor lock memory."""
    limits = ["prlimit", "--rtprio=0", "--memlock=65536"]
    if os.geteuid() == 0:
        limits += ["setpriv", "--bounding-set=-sys_nice,-ipc_lock,-sys_resource"]
    return subprocess.run(
        [*limits, str(program), *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def test_without_rights_it_runs_all_the_same(program: Path) -> None:
    finished = without_rights(program, "run", "can-unplugged", "--speed", 600, "--real-time")
    assert finished.returncode == 0, finished.stderr
    assert "not SCHED_FIFO 50: " in finished.stderr
    assert "the limit rtprio is 0" in finished.stderr
    assert "memory not locked: the limit memlock is 64 KiB" in finished.stderr
    assert finished.stderr.count("\n") == 1


def threads_of(process: int) -> list[tuple[int, str]]:
    """(scheduling policy, CPUs) of each thread."""
    found = []
    for task in Path(f"/proc/{process}/task").iterdir():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            policy = int((task / "stat").read_text().rsplit(")", 1)[1].split()[38])
            cpus = re.search(r"Cpus_allowed_list:\s*(\S+)", (task / "status").read_text())
            assert cpus is not None
            found.append((policy, cpus[1]))
    return found


def test_only_the_simulation_is_real_time(serve: Serve, tmp_path: Path) -> None:
    before = os.sched_getaffinity(0)
    if len(before) < 2:
        pytest.skip("there is one CPU only")
    cpu = max(before)
    served = serve(
        *("pylontech-us5000", "--can", f"slcan-pty:{tmp_path / 'can'}", "--http", "127.0.0.1:0"),
        *("--fifo", 10, "--cpu", cpu),
    )
    live = Live(served)

    def are_others_ordinary() -> bool:
        threads = threads_of(served.process.pid)
        pinned = [policy for policy, cpus in threads if cpus == str(cpu)]
        fifo = [policy for policy, _ in threads if policy == os.SCHED_FIFO]
        assert len(threads) > 3
        assert len(pinned) <= 1
        assert len(fifo) <= 1
        words = (live.get("state")["timing"]["deadlines"] or {}).get("scheduling", [])
        return len(pinned) == 1 and f"CPU {cpu}" in words

    wait_until(are_others_ordinary)
    live.post("snapshot")
    live.post("restore", snapshot=1)  # opens the ports again, with new threads
    with live.stream("signals=bms1/state"):
        wait_until(are_others_ordinary)


# ---- the page ----


def test_the_page_knows_the_timing(serve: Serve) -> None:
    live = Live(serve("generic-16s", "--speed", 2, "--http", "127.0.0.1:0"))
    deadlines = wait_until(lambda: live.get("state")["timing"]["deadlines"])
    assert deadlines["speed"] == 2
    assert "\ndoppelpack_timing_valid " in live.ask("GET", "/metrics").body.decode()


def test_what_the_page_asks_for_is_not_late(serve: Serve) -> None:
    """Pauses, steps and stretches as fast as possible: no deadline passes, and none is given up."""
    live = Live(serve("generic-16s", "--http", "127.0.0.1:0"))

    def deadlines() -> dict[str, Any]:
        return live.get("state")["timing"]["deadlines"] or {"slots": 0}

    def has_served(slots: int) -> bool:
        return bool(deadlines()["slots"] > slots)

    def is_past(t_s: float) -> bool:
        return bool(live.get("state")["t_s"] > t_s)

    def has_come(moment: float) -> bool:
        return time.monotonic() > moment

    before = wait_until(lambda: has_served(100) and deadlines())
    for _ in range(5):
        live.post("clock", is_running=False)
        stopped, since = deadlines(), time.monotonic()
        live.post("step", duration_s=30)
        wait_until(lambda: not live.get("state")["is_running"])
        wait_until(partial(has_come, since + 0.3))  # more would be given up
        assert deadlines() == stopped
        t_s = live.post("clock", speed=0, is_running=True)["t_s"]
        wait_until(partial(is_past, t_s + 100))
        live.post("clock", speed=1)
        wait_until(partial(has_served, stopped["slots"] + 10))
    assert deadlines()["slips"] < before["slips"] + 5
    assert deadlines()["pauses"] == 0


# ---- one scenario, three clocks ----


def verdicts(result: dict[str, Any]) -> list[tuple[str, bool]]:
    return [(each["name"], each["has_held"]) for each in result["expectations"]]


CAN_CLIENT = """
import can, sys
heard, sent = set(), 0
with can.Bus(interface="udp_multicast", channel=sys.argv[1], port=int(sys.argv[2])) as bus:
    print("ready", flush=True)
    while True:
        frame = bus.recv(0.5)
        if frame is None or frame.arbitration_id == 0x7FF:
            continue
        heard.add(frame.arbitration_id)
        bus.send(can.Message(arbitration_id=0x7FF, data=b"outside", is_extended_id=False))
        sent += 1
        print(len(heard), sent, flush=True)
"""

RS485_CLIENT = """
import serial, sys
answers = 0
with serial.Serial(sys.argv[1], 9600, timeout=0.05) as line:
    print("ready", flush=True)
    while True:
        line.write(b"~2002464F0000FD98\\r")
        if line.read_until(b"\\r").startswith(b"~"):
            answers += 1
            print(answers, answers, flush=True)
"""


@contextlib.contextmanager
def outside(script: str, *arguments: object) -> Iterator[list[str]]:
    """A program of its own that talks to the bench; what it has printed is complete at the end."""
    process = subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    lines: list[str] = []

    def read() -> None:
        assert process.stdout is not None
        lines.extend(line.strip() for line in iter(process.stdout.readline, ""))

    reader = threading.Thread(target=read)
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "ready\n"
        reader.start()
        yield lines
    finally:
        process.kill()
        process.wait()
        if reader.is_alive():
            reader.join()
        process.stdout.close()


def with_a_client(case: str, folder: Path) -> tuple[dict[str, Any], int]:
    """The result of a case with software of others on its CAN and, where no inverter asks there,
    RS485; and how often the one that heard less did hear something."""
    port = 40000 + (os.getpid() * 7 + len(case)) % 20000
    group, link = "239.74.163.5", folder / "rs485"
    has_line = not case.startswith("rs485")
    lines = [f"pty:{link}"] if has_line else []
    with (
        Bench.from_scenario(
            case, can=[f"udp_multicast:{group}:{port}"], rs485=lines, speed=CASES[case]
        ) as bench,
        contextlib.ExitStack() as stack,
    ):
        clients = [stack.enter_context(outside(CAN_CLIENT, group, port))]
        if has_line:
            clients.append(stack.enter_context(outside(RS485_CLIENT, link)))
        bench.run()
        result = bench.finish()
    return result, min(map(len, clients))


@pytest.mark.parametrize("case", CASES)
def test_one_scenario_three_clocks(run: Run, tmp_path: Path, case: str) -> None:
    free, paced = tmp_path / "free", tmp_path / "paced"
    assert run("run", case, "--out", free).returncode == 0
    assert run("run", case, "--out", paced, "--speed", CASES[case]).returncode == 0
    first, second = result_of(free), result_of(paced)
    assert second["timing"]["speed"] == CASES[case]
    assert second["event_log_sha256"] == first["event_log_sha256"]
    assert second["expectations"] == first["expectations"]

    pytest.importorskip("msgpack")
    attached, exchanged = with_a_client(case, tmp_path)
    assert exchanged >= 3
    assert verdicts(attached) == verdicts(first)
