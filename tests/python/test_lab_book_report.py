# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""`Bench.write_report()`, and what was expected of a bench in its result."""

import json
from pathlib import Path
from typing import Any

import pytest
from doppelpack import Bench, DataError, ExpectationError, _core
from doppelpack.faults import ntc_open
from doppelpack.units import A
from report_page import read_report

SCENARIO = """\
scenario: calm
title: Nothing is asked of it
product: generic-16s
duration: 5 s
expect:
  - {name: it rests, at_end: bms1/state == standby}
"""


@pytest.fixture
def calm(tmp_path: Path) -> Path:
    file = tmp_path / "calm.yaml"
    file.write_text(SCENARIO, encoding="utf-8")
    return file


def break_a_sensor(b: Bench) -> None:
    """One expectation holds, one comes too late."""
    b.charge(20 * A)
    b.run_for(20)
    b.inject(ntc_open(sensor=2))
    with pytest.raises(ExpectationError):
        b.expect(b.charge_gate.open, within=0.5, name="at once")
    b.expect(b.charge_gate.open, within=10, name="soon")


def names_of(verdicts: list[dict[str, Any]]) -> list[tuple[str, bool]]:
    return [(each["name"], each["has_held"]) for each in verdicts]


# ---- the report ---------------------------------------------------------------------------------


def test_a_report_at_any_time(tmp_path: Path) -> None:
    with Bench("generic-16s", seed=7, report=True) as b:
        break_a_sensor(b)
        file = b.write_report(tmp_path / "new" / "report.html", again="python page_7.py")
        assert file == tmp_path / "new" / "report.html"
        assert [each.name for each in file.parent.iterdir()] == ["report.html"]
        report = read_report(file)
        assert report["event_log_sha256"] == b.event_log_sha256
        assert report["end_s"] == pytest.approx(b.now)
    assert report["result"] is None
    assert names_of(report["verdicts"]) == [("at once", False), ("soon", True)]
    late, soon = report["verdicts"]
    assert late["margin_s"] < 0 < soon["margin_s"]
    assert "is closed" in late["reason"]
    assert report["command"] == "python page_7.py"
    assert report["scenario"]["seed"] == 7
    (window,) = [w for w in report["windows"] if any(e["event"] == "fault" for e in w["events"])]
    assert window["start_s"] == pytest.approx(18, abs=0.01)


def test_a_report_of_a_bench_that_is_closed_has_its_result(calm: Path, tmp_path: Path) -> None:
    with Bench.from_scenario(calm, report=True) as b:
        b.run()
        b.expect(b.pack.soc > 0.1, name="charged")
        sha256 = b.event_log_sha256
    report = read_report(b.write_report(tmp_path / "report.html"))
    assert names_of(report["result"]["expectations"]) == [("charged", True), ("it rests", True)]
    assert report["result"]["has_passed"]
    assert report["verdicts"] == []
    assert report["scenario"]["text"] == SCENARIO
    assert report["event_log_sha256"] != sha256  # verdicts are events, too
    assert report["event_log_sha256"] == report["result"]["event_log_sha256"]


def test_a_report_of_a_bench_that_an_error_has_closed(tmp_path: Path) -> None:
    with pytest.raises(ExpectationError), Bench(report=True) as b:
        b.run(3)
        b.expect(b.charge_gate.open, within=0.5, name="at once")
    report = read_report(b.write_report(tmp_path / "report.html"))
    assert report["result"] is None
    assert names_of(report["verdicts"]) == [("at once", False)]
    assert report["end_s"] == pytest.approx(3.5)


def test_what_is_expected_after_the_end_is_in_the_report(calm: Path, tmp_path: Path) -> None:
    b = Bench.from_scenario(calm, report=True)
    b.run()
    b.finish()
    b.expect(b.pack.soc > 0.1, name="charged")
    report = read_report(b.write_report(tmp_path / "report.html"))
    assert names_of(report["result"]["expectations"]) == [("it rests", True)]
    assert names_of(report["verdicts"]) == [("charged", True)]


def test_its_command_is_that_of_this_process(tmp_path: Path) -> None:
    with Bench(report=True) as b:
        report = read_report(b.write_report(tmp_path / "report.html"))
    assert report["command"].startswith("python")
    assert "/" not in report["command"].split()[0]


def test_collecting_changes_nothing() -> None:
    with Bench(seed=3) as plain, Bench(seed=3, report=True) as watched:
        break_a_sensor(plain)
        break_a_sensor(watched)
        assert plain.event_log_sha256 == watched.event_log_sha256


def test_reports_of_forks_and_of_what_went_back_begin_there(tmp_path: Path) -> None:
    with Bench(report=True) as b:
        b.run(3)
        snapshot = b.snapshot()
        fork = b.fork()
        fork.run(2)
        b.run(1)
        b.restore(snapshot)
        b.run(4)
        forked = read_report(fork.write_report(tmp_path / "fork.html"))
        restored = read_report(b.write_report(tmp_path / "restored.html"))
    assert (forked["start_s"], forked["end_s"]) == pytest.approx((3, 5))
    assert (restored["start_s"], restored["end_s"]) == pytest.approx((3, 7))


def test_a_paced_bench_says_how_it_kept_to_the_clock(tmp_path: Path) -> None:
    with Bench(report=True, speed=50) as b:
        b.run(1)
        running = read_report(b.write_report(tmp_path / "report.html"))
    finished = read_report(b.write_report(tmp_path / "report.html"))
    assert running["clock"]["timing"]["deadlines"]["slots"] > 0
    assert finished["result"]["timing"]["slots"] > 0


def test_without_having_been_asked_there_is_no_report(tmp_path: Path) -> None:
    with Bench() as b, pytest.raises(DataError, match=r"^report: found .* made with report=True$"):
        b.write_report(tmp_path / "report.html")
    assert list(tmp_path.iterdir()) == []


def test_where_the_page_was_not_built_it_is_said_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _core.has_report_page()
    monkeypatch.setattr(_core, "__file__", str(tmp_path / "_core.so"))
    assert not _core.has_report_page()
    with pytest.raises(DataError, match=r"not built, expected .*report\.html .*npm"):
        Bench(report=True)


# ---- the result ---------------------------------------------------------------------------------


def test_expectations_of_the_lab_book_are_in_the_result(calm: Path, tmp_path: Path) -> None:
    with Bench.from_scenario(calm, out=tmp_path / "out") as b:
        b.run(3)
        with pytest.raises(ExpectationError):
            b.expect(b.charge_gate.open, within=1, name="for no reason")
        b.run()
    result = json.loads((tmp_path / "out" / "result.json").read_text("utf-8"))
    assert names_of(result["expectations"]) == [("for no reason", False), ("it rests", True)]
    assert result["expectations"][0]["kind"] == "within"
    assert result["expectations"][0]["limit_s"] == 1
    assert result["has_passed"] is False
    assert [verdict.name for verdict in b.verdicts] == ["for no reason", "it rests"]


def test_what_is_expected_is_no_part_of_what_happens(calm: Path) -> None:
    def sha256(is_asked: bool) -> str:
        with Bench.from_scenario(calm) as b:
            if is_asked:
                b.expect(b.pack.soc > 0.1)
            b.run()
            return str(b.finish()["event_log_sha256"])

    assert sha256(True) == sha256(False)


def test_verdicts_of_the_result_after_going_back(calm: Path) -> None:
    b = Bench.from_scenario(calm)
    start = b.snapshot()
    b.run()
    b.finish()
    b.restore(start)
    assert b.verdicts == []
    b.run()
    b.expect(b.pack.soc > 0.1, name="charged")
    assert names_of(b.finish()["expectations"]) == [("charged", True), ("it rests", True)]
    assert [verdict.name for verdict in b.verdicts] == ["charged", "it rests"]
