# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""`--report`: one file that shows a run, and does it again."""

import re
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Served, wait_until
from live import Live
from report_page import data_of, read_report

Run = Callable[..., subprocess.CompletedProcess[str]]
Serve = Callable[..., Served]

SCENARIO = """\
scenario: broken-wire
title: "</script> & a thermistor breaks"
product: pylontech-us5000
duration: 40 s
timeline:
  - {at: 1 s, set: {inverter1/demand_W: 1 kW}}
  - {id: broken, at: 20 s, inject: {fault: ntc-open, target: 2}}
expect:
  - {name: charging stops, within: 3 s, of: broken, that: bms1/charge_gate == open}
  - {name: nothing is seen, never: bms1/protection/utc == active}
"""


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    file = tmp_path / "a folder" / "broken-wire.yaml"
    file.parent.mkdir()
    file.write_text(SCENARIO, encoding="utf-8")
    return file


def test_verdicts_events_and_hashes(run: Run, scenario: Path, tmp_path: Path) -> None:
    file = tmp_path / "new" / "report.html"
    done = run("run", scenario, "--seed", 7, "--report", file)
    assert done.returncode == 1, done.stderr
    assert f"report in {file}" in done.stdout
    report = read_report(file)
    held = {v["name"]: v["has_held"] for v in report["result"]["expectations"]}
    assert held == {"charging stops": True, "nothing is seen": False}
    assert report["result"]["expectations"][0]["margin_s"] > 0
    assert report["event_log_sha256"] in done.stdout
    assert report["scenario"]["seed"] == 7
    assert report["scenario"]["text"] == SCENARIO
    assert re.fullmatch("[0-9a-f]{64}", report["scenario"]["sha256"])
    (window,) = [w for w in report["windows"] if any(e["event"] == "fault" for e in w["events"])]
    assert window["start_s"] == pytest.approx(18, abs=0.01)
    assert any(frame.get("values") for frame in window["can1"])


def test_its_command_does_it_again(run: Run, scenario: Path, program: Path, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    run("run", scenario, "--set", "initial.soc=80 %", "--report", file)
    first = read_report(file)
    file.unlink()
    words = shlex.split(first["command"])
    assert words[0] == "doppelpack"
    subprocess.run([program, *words[1:]], check=False, capture_output=True)
    again = read_report(file)
    assert again["event_log_sha256"] == first["event_log_sha256"]
    assert again["windows"] == first["windows"]


def test_a_report_changes_nothing(run: Run, scenario: Path, tmp_path: Path) -> None:
    def last_line(*arguments: object) -> str:
        lines = run("run", scenario, *arguments).stdout.splitlines()
        (line,) = [line for line in lines if "sha256" in line]
        return line

    assert last_line() == last_line("--report", tmp_path / "report.html")


def test_several_scenarios_go_into_a_folder(run: Run, scenario: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(SCENARIO.replace("broken-wire", "other"), encoding="utf-8")
    run("run", scenario, other, "--report", tmp_path / "reports")
    assert sorted(f.name for f in (tmp_path / "reports").iterdir()) == [
        "broken-wire.html",
        "other.html",
    ]
    words = shlex.split(read_report(tmp_path / "reports" / "other.html")["command"])
    assert str(other) in words
    assert str(scenario) not in words


def test_one_file_for_several_scenarios(run: Run, scenario: Path, tmp_path: Path) -> None:
    done = run("run", scenario, scenario, "--report", tmp_path / "one.html")
    assert done.returncode == 2
    assert "--report: found the file" in done.stderr
    assert "expected a folder" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("arguments", [[], ["--http", "127.0.0.1:0"]])
def test_serving_leaves_a_report(serve: Serve, tmp_path: Path, arguments: list[str]) -> None:
    file = tmp_path / "served.html"
    served = serve("pylontech-us5000", "--report", file, *arguments)
    assert served.stop() == 0
    report = read_report(file)
    assert report["command"].startswith("doppelpack serve pylontech-us5000")
    assert report["result"]["expectations"] == []
    assert report["end_s"] > 0
    assert report["scenario"]["text"] == ""
    assert (report["clock"] is not None) == bool(arguments)


def test_a_running_bench_gives_its_report(serve: Serve) -> None:
    live = Live(serve("pylontech-us5000", "--power", "1 kW", "--http", "127.0.0.1:0", "--speed", 9))
    wait_until(lambda: live.get("state")["t_s"] > 10)
    live.post("inject", fault="ntc-open", target=2)
    wait_until(lambda: live.text("bms1/state") == "protection")
    answer = live.ask("GET", "/api/v1/report")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="report.html"'
    report: Any = data_of(answer.body.decode())
    assert report["result"] is None
    assert report["clock"]["speed"] == 9
    assert any(e["event"] == "fault" for w in report["windows"] for e in w["events"])


def test_a_report_after_going_back_begins_there(serve: Serve) -> None:
    live = Live(serve("pylontech-us5000", "--http", "127.0.0.1:0", "--speed", 9))
    wait_until(lambda: live.get("state")["t_s"] > 5)
    state = live.post("snapshot", name="before")
    live.post("restore", snapshot=1)
    report = data_of(live.ask("GET", "/api/v1/report").body.decode())
    assert report["start_s"] == pytest.approx(state["snapshots"][0]["t_s"])
