# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""`doppelpack matrix`: the table, the reports, and that broken cores turn it red."""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
import yaml
from conftest import ROOT

Run = Callable[..., CompletedProcess[str]]

HERE = ROOT / "tests" / "matrix"
PLANTED = HERE / "planted.yaml"
BUGS = yaml.safe_load((HERE / "bugs.yaml").read_text("utf-8"))


def table_of(finished: CompletedProcess[str]) -> dict[str, list[str]]:
    """Columns by row, for lists whose rows have one run."""
    lines = finished.stdout.split("\n\n", 1)[0].splitlines()
    columns = [re.split(r"\s{2,}", line) for line in lines]
    assert columns[0][:4] == ["row", "product", "scenario", "verdict"]
    return {words[0]: words for words in columns[1:]}


@pytest.fixture
def reports(run: Run, tmp_path: Path) -> Path:
    """The planted list without a bug, in every format."""
    files = ("--junit", tmp_path / "junit.xml", "--markdown", tmp_path / "matrix.md")
    finished = run("matrix", "--list", PLANTED, "--out", tmp_path, *files)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return tmp_path


# ---- table and exit codes ----


def test_the_table_has_a_line_for_each_row(run: Run) -> None:
    finished = run("matrix", "--list", PLANTED)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    table = table_of(finished)
    assert list(table) == ["BUG-OV", "BUG-OT", "BUG-NTC", "BUG-SHORT", "BUG-SPIKE"]
    assert table["BUG-OV"][1:4] == ["generic-16s", "over-voltage", "passed"]
    assert table["BUG-SPIKE"][4:6] == ["-", "-"], "nothing proves detection or reaction"
    assert "\x1b" not in finished.stdout, "no colours in a pipe"


def test_rows_can_be_chosen(run: Run) -> None:
    finished = run("matrix", "--list", PLANTED, "BUG-SPIKE", "BUG-OV")
    assert list(table_of(finished)) == ["BUG-OV", "BUG-SPIKE"]


def test_every_core_runs_every_row(run: Run, program: Path) -> None:
    own = program.parent / "tests" / "cores" / "own.so"
    cores = ("--bms", "builtin", "--bms", own)
    finished = run("matrix", "--list", PLANTED, "BUG-SPIKE", *cores)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert len(re.findall(r"^BUG-SPIKE .* builtin$", finished.stdout, re.MULTILINE)) == 1
    assert len(re.findall(r"^BUG-SPIKE .*own\.so$", finished.stdout, re.MULTILINE)) == 1


def test_a_missing_row_is_a_failure_and_says_so(run: Run, tmp_path: Path) -> None:
    listed = yaml.safe_load(PLANTED.read_text("utf-8"))
    listed["acceptance"] = "more"
    listed["scenarios"] = str(HERE / "scenarios")
    listed["sections"][0]["rows"].append({"id": "BUG-NEW", "cause": "nobody has written it"})
    (tmp_path / "more.yaml").write_text(yaml.safe_dump(listed), "utf-8")
    finished = run("matrix", "--list", tmp_path / "more.yaml", "BUG-NEW", "BUG-SPIKE")
    assert finished.returncode == 1
    assert table_of(finished)["BUG-NEW"][3] == "missing"
    assert "BUG-NEW: no scenario shows it" in finished.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["BUG-OW"], "BUG-OV"),
        (["--workers", "0"], "--workers"),
        (["--bms", "no/such.so"], "no/such.so"),
        (["--list", "fault-matrux"], "fault-matrix"),
        (["--junit", "/no/such/folder/report.xml"], "/no/such/folder"),
    ],
)
def test_exit_code_2_for_a_mistake(run: Run, arguments: list[str], words: str) -> None:
    if "--list" not in arguments:
        arguments = ["--list", str(PLANTED), *arguments]
    finished = run("matrix", *arguments)
    assert finished.returncode == 2, finished.stdout + finished.stderr
    assert words in finished.stderr


# ---- determinism ----


def test_the_number_of_workers_changes_nothing(run: Run, tmp_path: Path) -> None:
    def made(workers: int) -> tuple[str, list[bytes]]:
        folder = tmp_path / str(workers)
        markdown = folder / "matrix.md"
        finished = run(
            *("matrix", "--list", PLANTED, "--workers", workers),
            *("--out", folder, "--markdown", markdown),
        )
        files = [folder / "matrix.json", folder / "matrix.html", markdown]
        return finished.stdout, [file.read_bytes() for file in files]

    assert made(1) == made(2)


def test_the_hash_is_that_of_the_hashes_in_their_order(reports: Path) -> None:
    import hashlib

    report = json.loads((reports / "matrix.json").read_text("utf-8"))
    lines = "".join(each["event_log_sha256"] + "\n" for each in report["runs"])
    assert report["sha256"] == hashlib.sha256(lines.encode()).hexdigest()


# ---- reports ----


def test_json_has_rows_runs_and_what_is_beyond_the_limits(reports: Path) -> None:
    report = json.loads((reports / "matrix.json").read_text("utf-8"))
    assert report["has_passed"] is True
    by_row = {row["id"]: row for row in report["rows"]}
    assert {row["verdict"] for row in by_row.values()} == {"passed"}
    run_of_ov = report["runs"][by_row["BUG-OV"]["runs"][0]]
    assert run_of_ov["scenario"] == "over-voltage"
    assert run_of_ov["fdti_s"] == pytest.approx(1.0, abs=0.1)
    assert run_of_ov["overshoot"]["cell_over_mV"] > 5
    assert run_of_ov["overshoot"]["charge_A"] == 0
    assert (
        min(e["margin_s"] for e in run_of_ov["expectations"] if e["margin_s"])
        == run_of_ov["margin_s"]
    )


def test_junit_has_margins_and_skips_what_is_not_covered(run: Run, reports: Path) -> None:
    root = ET.parse(reports / "junit.xml").getroot()
    suites = {suite.get("name"): suite for suite in root}
    names = {p.get("name"): p.get("value") for p in suites["over-voltage"].iter("property")}
    assert names["rows"] == "BUG-OV"
    assert float(names["margin_s"] or 0) > 0
    assert float(names["cell_over_mV"] or 0) > 5

    file = reports / "skipped.xml"
    run("matrix", "PYL-K2", "--junit", file)
    row = yaml.safe_load((ROOT / "scenarios" / "acceptance" / "fault-matrix.yaml").read_text())
    reasons = {each["id"]: each.get("not_covered") for s in row["sections"] for each in s["rows"]}
    skipped = [each.get("message") for each in ET.parse(file).getroot().iter("skipped")]
    assert skipped == [reasons["PYL-K2"]] or (reasons["PYL-K2"] is None and skipped == [])


class Page(HTMLParser):
    """What a page would load from elsewhere, and where its links lead."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.links: set[str] = set()
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found: dict[str, Any] = dict(attrs)
        self.loaded += [found[key] for key in ("src",) if key in found]
        if tag in ("link", "script", "iframe", "img"):
            self.loaded.append(tag)
        if tag == "a":
            self.links.add(found["href"])
        if "id" in found:
            self.ids.add("#" + found["id"])


def test_html_stands_alone_in_light_and_dark(reports: Path) -> None:
    text = (reports / "matrix.html").read_text("utf-8")
    page = Page()
    page.feed(text)
    assert page.loaded == []
    assert not re.search(r"https?://|@import|url\(", text)
    assert page.links
    assert page.links <= page.ids
    assert "prefers-color-scheme: dark" in text
    assert "the cell is found" in text


def test_markdown_has_a_table_for_each_section(reports: Path) -> None:
    text = (reports / "matrix.md").read_text("utf-8")
    assert "5 rows: 5 passed (0 of them in part), 0 failed, 0 not covered, 0 missing." in text
    rows = [line for line in text.splitlines() if line.startswith("| BUG-")]
    assert len(rows) == 5
    widths = {line.count("|") for line in text.splitlines() if line.startswith("|")}
    assert len(widths) == 1, "every line has all columns"


# ---- planted bugs ----


def test_without_a_bug_the_rows_pass(run: Run, program: Path) -> None:
    own = program.parent / "tests" / "cores" / "own.so"
    for listed in {bug.get("list", str(PLANTED)) for bug in BUGS}:
        rows = {
            row for bug in BUGS for row in bug["rows"] if bug.get("list", str(PLANTED)) == listed
        }
        finished = run("matrix", "--list", listed, *sorted(rows), "--bms", own)
        assert finished.returncode == 0, finished.stdout + finished.stderr


@pytest.mark.parametrize("bug", BUGS, ids=[bug["why"].replace(" ", "_") for bug in BUGS])
def test_a_planted_bug_turns_the_matrix_red(
    run: Run, plant: Callable[[dict[str, Any]], Path], bug: dict[str, Any]
) -> None:
    core = plant(bug)
    finished = run("matrix", "--list", bug.get("list", PLANTED), *bug["rows"], "--bms", core)
    assert finished.returncode == 1, finished.stdout + finished.stderr
    failed = [row for row, words in table_of(finished).items() if words[3] == "failed"]
    assert failed == bug["rows"]
