# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""The program on the command line."""

import csv
import json
import re
import signal
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import doppelpack
import pytest
from conftest import ROOT, events_of, wait_until, whole_lines

Run = Callable[..., CompletedProcess[str]]

PASSES = """\
scenario: passes
title: A thermistor breaks while charging
product: generic-16s
duration: 30 s
timeline:
  - {at: 1 s, set: {inverter1/demand_W: 2 kW}}
  - {id: broken, at: 20 s, inject: {fault: ntc-open, target: 2}}
expect:
  - {name: charging stops, within: 3 s, of: broken, that: bms1/charge_gate == open}
"""
FAILS = PASSES.replace("passes", "fails").replace("within: 3 s", "within: 1 ms")


@pytest.fixture
def passes(tmp_path: Path) -> Path:
    file = tmp_path / "passes.yaml"
    file.write_text(PASSES)
    return file


@pytest.fixture
def fails(tmp_path: Path) -> Path:
    file = tmp_path / "fails.yaml"
    file.write_text(FAILS)
    return file


def only_line(text: str) -> str:
    (line,) = text.splitlines()
    return line


# ---- exit codes ----


def test_exit_code_0_when_everything_held(run: Run, passes: Path) -> None:
    finished = run("run", passes)
    assert finished.returncode == 0, finished.stderr
    assert "PASS passes" in finished.stdout
    assert "charging stops" in finished.stdout
    assert "\x1b" not in finished.stdout, "no colours in a pipe"


def test_exit_code_1_when_something_did_not(run: Run, fails: Path) -> None:
    finished = run("run", fails)
    assert finished.returncode == 1
    assert "FAIL fails" in finished.stdout


def test_exit_code_1_when_one_of_several_did_not(run: Run, passes: Path, fails: Path) -> None:
    finished = run("run", fails, passes)
    assert finished.returncode == 1
    assert "PASS passes" in finished.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["jump"],
        ["run"],
        ["run", "over-charge", "--sped", "1"],
        ["run", "over-charge", "--speed", "fast"],
        ["run", "over-charge", "--speed", "-1"],
        ["run", "over-charge", "--set", "initial.soc"],
        ["run", "over-charge", "--set", "initial.sock=1"],
        ["run", "over-charg"],
        ["run", "no/such.yaml"],
        ["serve", "generic-16"],
        ["serve", "generic-16s", "--can", "pigeon:1"],
        ["serve", "generic-16s", "--can", "pty:/tmp/x"],
        ["serve", "generic-16s", "--can", "slcan-pty:/no/such/folder/can"],
        ["serve", "generic-16s", "--power", "1 V"],
        ["serve", "generic-16s", "--duration", "-1"],
        ["list", "everything"],
        ["check"],
        ["age"],
        ["age", "generic-16"],
        ["age", "generic-16s", "--years", "0"],
        ["age", "generic-16s", "--years", "1 d"],
        ["age", "generic-16s", "--years", "1", "--cycles", "1"],
        ["age", "generic-16s", "--cycles", "1.5"],
        ["age", "generic-16s", "--depth", "120 %"],
        ["age", "generic-16s", "--depth", "80 %", "--top", "70 %"],
        ["age", "generic-16s", "--c-rate", "2"],
        ["age", "generic-16s", "--ambient", "25"],
        ["age", "generic-16s", "--out", "/dev/null/results"],
    ],
)
def test_exit_code_2_for_a_mistake(run: Run, arguments: list[str]) -> None:
    finished = run(*arguments)
    assert finished.returncode == 2, finished.stdout + finished.stderr
    assert finished.stderr


def test_near_misses_are_named(run: Run) -> None:
    assert "over-charge" in only_line(run("run", "over-charg").stderr)
    assert "generic-16s" in only_line(run("serve", "generic-16").stderr)
    assert "generic-16s" in only_line(run("age", "generic-16").stderr)


def test_a_mistake_in_the_last_file_costs_no_run(run: Run, passes: Path, tmp_path: Path) -> None:
    finished = run("run", passes, "no/such.yaml", "--out", tmp_path / "out")
    assert finished.returncode == 2
    assert "PASS" not in finished.stdout
    assert not (tmp_path / "out").exists()


def test_help_and_version(run: Run) -> None:
    assert run("--version").stdout.split()[-1] == doppelpack.__version__
    for command in ([], ["run"], ["serve"], ["list"], ["check"], ["age"]):
        helped = run(*command, "--help")
        assert helped.returncode == 0
        assert "doppelpack" in helped.stdout


# ---- age ----


def test_age_tells_what_is_left_by_cycle(run: Run, tmp_path: Path) -> None:
    finished = run("age", "generic-16s", "--cycles", "3", "--out", tmp_path / "out")
    assert finished.returncode == 0, finished.stderr
    assert len(finished.stdout.splitlines()) == 1 + 3 + 2, finished.stdout
    with (tmp_path / "out" / "ageing.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["cycle"] for row in rows] == ["1", "2", "3"]
    assert float(rows[2]["throughput_Ah"]) == pytest.approx(240, abs=0.1)
    assert 0.99 < float(rows[2]["soh"]) < float(rows[0]["soh"]) < 1.0
    end = json.loads((tmp_path / "out" / "ageing.json").read_text())
    assert end["product"] == "generic-16s"
    assert end["cycles"] == end["plan"]["cycles"] == 3
    assert end["plan"]["years"] is None
    assert end["soh"] == pytest.approx(float(rows[2]["soh"]), abs=1e-6)


def test_age_says_what_is_wrong_in_one_line(run: Run) -> None:
    line = only_line(run("age", "generic-16s", "--depth", "120 %").stderr)
    assert line == 'doppelpack: --depth: found "120 %", expected more than 0 and at most 1'


# ---- list ----


@pytest.mark.parametrize(
    "what",
    [
        "products",
        "inverters",
        "scenarios",
        "faults",
        "protocols",
        "ports",
        "signals",
        "power-stages",
    ],
)
def test_list(run: Run, what: str) -> None:
    table = run("list", what)
    entries = json.loads(run("list", what, "--json").stdout)
    assert table.returncode == 0
    # Details, such as the options of a protocol, are indented below their entry.
    lines = [line for line in table.stdout.splitlines() if not line.startswith(" ")]
    assert len(lines) == len(entries) > 0
    keys = [entry["key"] for entry in entries]
    assert len(set(keys)) == len(keys)
    for entry in entries:
        assert entry["title"]
        assert entry["key"] in table.stdout


def test_list_shows_the_options_of_a_protocol(run: Run) -> None:
    entries = json.loads(run("list", "protocols", "--json").stdout)
    protocol = next(entry for entry in entries if entry["key"] == "pylontech-lv-can")
    option = next(option for option in protocol["options"] if option["key"] == "frame_length")
    assert option["choices"] == ["short", "all8"]
    assert option["title"]
    assert "    frame_length: short or all8\n" in run("list", "protocols").stdout


def test_list_and_package_agree(run: Run) -> None:
    def listed(*what: str) -> list[dict[str, object]]:
        return list(json.loads(run("list", *what, "--json").stdout))

    for what in (doppelpack.products, doppelpack.inverters, doppelpack.scenarios):
        assert what() == listed(what.__name__)
    assert doppelpack.faults() == listed("faults")
    product = "pylontech-us5000"
    assert doppelpack.signals(product) == listed("signals", "--product", product)


# ---- check ----


def test_check_accepts_everything_that_ships(run: Run) -> None:
    # Sweeps are checked by those who run them: tests/python/test_sweep.py.
    files = [f for f in (ROOT / "scenarios").rglob("*.yaml") if "sweeps" not in f.parts]
    assert files
    finished = run("check", *files)
    assert finished.returncode == 0, finished.stderr
    assert len(finished.stdout.splitlines()) == len(files)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("duration:", "durration:", 4, ["durration", "duration"]),
        ("30 s", "30 V", 4, ["30 V", "s"]),
        ("30 s", "30", 4, ["30"]),
        ("title:", "product: x\ntitle:", 4, ["product", "second time"]),
        ("generic-16s", "generic-16", 3, ["generic-16", "generic-16s"]),
        ("ntc-open", "ntc-opem", 7, ["ntc-opem", "ntc-open"]),
        ("target: 2", "target: 20", 7, ["20"]),
        ("demand_W", "demand", 6, ["demand", "demand_W"]),
        ("2 kW", "2 kV", 6, ["2 kV"]),
        ("charge_gate == open", "charge_gat == open", 9, ["charge_gat", "charge_gate"]),
        ("== open", "== ajar", 9, ["ajar", "open"]),
        ("of: broken", "of: brocken", 9, ["brocken"]),
        ("title: A", "title: &a A", 2, ["anchor"]),
        ("title: A", "title: [", 3, []),
    ],
)
def test_check_says_where_and_what(
    run: Run, passes: Path, old: str, new: str, line: int, words: list[str]
) -> None:
    passes.write_text(PASSES.replace(old, new, 1))
    finished = run("check", passes)
    assert finished.returncode == 2
    error = only_line(finished.stderr)
    assert error.startswith(f"{passes}:{line}:"), error
    for word in words:
        assert word in error


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"just text",
        b"\x00\x01\x02\xff" * 1000,
        b"scenario: \xff\xfe\n",
        b"a: b\n" * (2 * 1024 * 1024),
        b"[" * 100_000,
        b"a: &x [*x, *x]\n",
        b"scenario: 7\n--- \nscenario: 8\n",
        b"unknown: kind\n",
    ],
    ids=[
        "empty", "newline", "text", "binary", "not-utf8",
        "10-megabytes", "deep", "bomb", "documents", "kind",
    ],
)  # fmt: skip
def test_check_survives_rubbish(run: Run, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "rubbish.yaml"
    file.write_bytes(content)
    finished = run("check", file, timeout=10)
    assert finished.returncode == 2
    assert only_line(finished.stderr).startswith(str(file))


def test_check_goes_on_after_a_bad_file(run: Run, passes: Path, tmp_path: Path) -> None:
    finished = run("check", tmp_path / "missing.yaml", tmp_path, passes)
    assert finished.returncode == 2
    assert len(finished.stderr.splitlines()) == 2
    assert "scenario" in only_line(finished.stdout)


# ---- run ----


def test_out(run: Run, passes: Path, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    assert run("run", passes, "--out", out).returncode == 0
    assert {f.name for f in out.iterdir()} >= {"result.json", "events.jsonl", "signals.csv"}

    result = json.loads((out / "result.json").read_text())
    assert result["scenario"] == "passes"
    assert result["simulated_s"] == pytest.approx(30)
    (verdict,) = result["expectations"]
    assert verdict["has_held"]
    assert 0 < verdict["measured_s"] < 3

    with (out / "signals.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [float(row["t_s"]) for row in rows] == list(range(len(rows)))
    assert len(rows) >= 30
    assert 0 < float(rows[-1]["pack1/soc"]) < 1

    events = events_of(out)
    assert events[0]["event"] == "start"
    assert events[-1]["event"] == "end"
    assert [event["t_ns"] for event in events] == sorted(event["t_ns"] for event in events)
    candump = re.compile(r"\(\d+\.\d{6}\) can1 [0-9A-F]{3}#[0-9A-F]{0,16}")
    assert all(candump.fullmatch(line) for line in whole_lines(out / "can1.log"))


def test_out_of_several_scenarios(run: Run, passes: Path, fails: Path, tmp_path: Path) -> None:
    run("run", passes, fails, "--out", tmp_path / "out")
    assert (tmp_path / "out" / "passes" / "result.json").exists()
    assert (tmp_path / "out" / "fails" / "result.json").exists()


def test_junit(run: Run, passes: Path, fails: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    run("run", passes, fails, "--junit", report)
    root = ET.parse(report).getroot()
    cases = list(root.iter("testcase"))
    assert len(cases) == 2
    assert [len(case.findall("failure")) for case in cases] == [0, 1]


def test_set_and_seed(run: Run, passes: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(
        "run",
        passes,
        "--set",
        "initial.soc=80 %",
        "--set",
        "duration=5 s",
        "--seed",
        9,
        "--out",
        out,
    )
    result = json.loads((out / "result.json").read_text())
    assert result["simulated_s"] == pytest.approx(5)
    assert result["seed"] == 9
    with (out / "signals.csv").open() as file:
        assert float(next(csv.DictReader(file))["pack1/soc"]) == pytest.approx(0.8)


def start(program: Path, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [str(program), *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )


def test_kill_leaves_what_was_recorded(program: Path, passes: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with start(program, "run", passes, "--speed", 1, "--out", out) as process:
        wait_until(lambda: len(whole_lines(out / "signals.csv")) > 3)
        process.send_signal(signal.SIGKILL)
    events = events_of(out)
    assert events[0]["event"] == "start"
    assert any(event["event"] == "gate" for event in events)
    lines = whole_lines(out / "signals.csv")
    assert {line.count(",") for line in lines} == {lines[0].count(",")}
    assert not (out / "result.json").exists()


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_run_can_be_stopped(
    program: Path, passes: Path, tmp_path: Path, stop: signal.Signals
) -> None:
    out = tmp_path / "out"
    with start(program, "run", passes, "--speed", 1, "--out", out) as process:
        wait_until(lambda: len(whole_lines(out / "signals.csv")) > 1)
        process.send_signal(stop)
        output, _ = process.communicate(timeout=10)
    assert process.returncode == 1
    assert "stopped before the end" in output
    assert json.loads((out / "result.json").read_text())["simulated_s"] < 30


# ---- snapshots ----


def test_a_run_goes_on_from_a_snapshot(run: Run, passes: Path, tmp_path: Path) -> None:
    """The fault is put on at 20 s, its answer awaited: 20.5 s lies in between."""
    states = [tmp_path / "before.state", tmp_path / "between.state"]
    saves = ("--save", f"20.5 s={states[1]}", "--save", f"5 s={states[0]}")
    whole = run("run", passes, *saves, "--out", tmp_path / "whole")
    assert whole.returncode == 0, whole.stderr
    log = (tmp_path / "whole" / "events.jsonl").read_bytes()
    for state in states:
        rest = run("run", passes, "--from", state, "--out", tmp_path / state.stem)
        assert rest.returncode == 0, rest.stderr
        assert (tmp_path / state.stem / "events.jsonl").read_bytes() == log
    header = json.loads(states[1].read_bytes().split(b"\n", 1)[0])
    assert header["kind"] == "doppelpack snapshot"
    assert (header["scenario"], header["t_s"]) == ("passes", 20.5)


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (("--save", "20 min=x"), "--save: found 1200 s, expected 0 to 30 s, while it runs"),
        (("--save", "5 s"), '--save: found "5 s", expected TIME=FILE'),
        (("--save", "5 V=x"), "--save: "),
        (("--from", "no.state"), "no.state: found no file that can be read, expected a snapshot"),
        (("--from", "passes.yaml"), "passes.yaml:1: found no header, expected a doppelpack"),
        (("--set", "seed=2", "--from", "good.state"), "snapshot.fingerprint: found one of another"),
    ],
)
def test_a_snapshot_that_does_not_fit(
    run: Run,
    passes: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: tuple[str, ...],
    error: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("run", passes, "--save", f"1 s={tmp_path / 'good.state'}").returncode == 0
    finished = run("run", passes, *options)
    assert finished.returncode == 2
    assert error in only_line(finished.stderr)
