# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""`doppelpack campaign`: cases, reports, explanations, and that broken cores turn it red."""

import hashlib
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import doppelpack
import pytest
import yaml
from conftest import ROOT

Run = Callable[..., CompletedProcess[str]]

HERE = ROOT / "tests" / "campaign"
SMALL = HERE / "small.yaml"
BUGS = yaml.safe_load((HERE / "bugs.yaml").read_text("utf-8"))


def hash_of(finished: CompletedProcess[str]) -> str:
    (found,) = re.findall(r"^campaign sha256 ([0-9a-f]{64})$", finished.stdout, re.MULTILINE)
    return str(found)


def changed_plan(folder: Path, **changes: Any) -> Path:
    """The small plan with other top-level keys; None leaves one out."""
    plan = yaml.safe_load(SMALL.read_text("utf-8"))
    plan.update({"campaign": "changed", **changes})
    file = folder / "changed.yaml"
    kept = {key: value for key, value in plan.items() if value is not None}
    file.write_text(yaml.safe_dump(kept, sort_keys=False), "utf-8")
    return file


@pytest.fixture
def reports(run: Run, tmp_path: Path) -> Path:
    """The small plan, in every format."""
    files = ("--junit", tmp_path / "junit.xml", "--markdown", tmp_path / "report.md")
    finished = run("campaign", SMALL, "--out", tmp_path, *files)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return tmp_path


# ---- cases ----


def test_list_names_the_cases_and_runs_none(run: Run) -> None:
    finished = run("campaign", SMALL, "--list")
    assert finished.returncode == 0
    ids = finished.stdout.split()
    assert len(ids) == len(set(ids)) == 15
    assert "generic-16s/charging/sense-wire-open@9/slow" in ids


def test_the_shipped_plan_has_more_than_two_thousand_cases(run: Run) -> None:
    assert len(run("campaign", "--list").stdout.split()) >= 2000


def test_the_shipped_plan_has_every_product() -> None:
    file = ROOT / "scenarios" / "campaigns" / "single-faults.yaml"
    plan = yaml.safe_load(file.read_text("utf-8"))
    assert {entry["product"] for entry in plan["products"]} == {
        product["key"] for product in doppelpack.products()
    }


def test_cases_can_be_chosen(run: Run) -> None:
    finished = run("campaign", SMALL, "--case", "*/ntc-*", "--case", "*/afe-*", "--list")
    assert len(finished.stdout.split()) == 4


def test_the_number_of_workers_changes_nothing(run: Run, tmp_path: Path) -> None:
    def made(workers: int) -> tuple[str, bytes, bytes]:
        folder = tmp_path / str(workers)
        finished = run("campaign", SMALL, "--workers", workers, "--out", folder)
        assert finished.returncode == 0, finished.stdout
        files = [folder / name for name in ("campaign.json", "campaign.html")]
        return hash_of(finished), files[0].read_bytes(), files[1].read_bytes()

    assert made(1) == made(2)


# ---- reports ----


def test_json_has_classes_and_who_was_told(reports: Path) -> None:
    report = json.loads((reports / "campaign.json").read_text("utf-8"))
    assert report["has_passed"] is True
    cases = {case["id"]: case for case in report["cases"]}
    assert sum(report["classes"].values()) == len(cases) == 15
    wire = cases["generic-16s/charging/sense-wire-open@9/slow"]
    assert (wire["class"], wire["target"]) == ("annunciated", 9)
    assert "sense-wire" in wire["told"]
    assert 0 < wire["told_after_s"] < 21.2
    assert cases["generic-16s/charging/none/step"]["class"] == "safe"


def test_the_hash_is_that_of_ids_classes_and_event_logs(reports: Path) -> None:
    report = json.loads((reports / "campaign.json").read_text("utf-8"))
    lines = "".join(
        f"{case['id']} {case['class']} {case['event_log_sha256']}\n" for case in report["cases"]
    )
    assert report["sha256"] == hashlib.sha256(lines.encode()).hexdigest()


def test_junit_has_a_suite_for_each_state_and_a_case_for_each_case(reports: Path) -> None:
    root = ET.parse(reports / "junit.xml").getroot()
    sizes = {suite.get("name"): len(suite.findall("testcase")) for suite in root}
    assert sizes == {
        "generic-16s/charging": 9,
        "pylontech-us5000/charging": 5,
        "pylontech-us5000/full": 1,
    }


def test_markdown_has_a_section_for_each_product(reports: Path) -> None:
    text = (reports / "report.md").read_text("utf-8")
    assert "15 cases: " in text
    assert "\n## generic-16s\n" in text
    assert "\n## pylontech-us5000\n" in text


def test_html_stands_alone(reports: Path) -> None:
    text = (reports / "campaign.html").read_text("utf-8")
    assert not re.search(r"https?://|@import|url\(|<script|<link|<img", text)
    assert "sense-wire-open@9" in text


# ---- findings ----


def test_a_finding_fails_until_it_is_explained(run: Run, tmp_path: Path) -> None:
    bad = {"severities": {"shunt-offset": ["-10 A"]}}
    case = ("--case", "generic-16s/charging/shunt-offset*")
    finished = run("campaign", changed_plan(tmp_path, **bad), *case)
    assert finished.returncode == 1
    assert "FINDING generic-16s/charging/shunt-offset=-10A/step" in finished.stdout
    assert "true-readings: current reads wrong by" in finished.stdout
    why = {"cases": ["*/shunt-offset=*"], "kind": "product", "why": "there is one shunt"}
    explained = changed_plan(tmp_path, **bad, explained=[why])
    markdown = tmp_path / "report.md"
    finished = run("campaign", explained, *case, "--markdown", markdown)
    assert finished.returncode == 0, finished.stdout
    assert "there is one shunt" in markdown.read_text("utf-8")


def test_an_explanation_of_nothing_fails(run: Run, tmp_path: Path) -> None:
    why = {"cases": ["*/ntc-open*"], "kind": "open", "why": "it was one once"}
    finished = run("campaign", changed_plan(tmp_path, explained=[why]))
    assert finished.returncode == 1
    assert "explains nothing any more" in finished.stdout


# ---- mistakes ----


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"watch": "13 V"}, "watch"),
        ({"products": [{"product": "generic-16"}]}, "generic-16s"),
        ({"severities": {"ntc-open": ["1 K"]}}, "a fault with a severity"),
        ({"severities": {"shunt-offset": ["1 V"]}}, "severities.shunt-offset"),
        ({"timings": [{"name": "step", "title": "x", "states": ["chargin"]}]}, "charging"),
        ({"timings": [{"name": "Step", "title": "x"}]}, "a-z"),
        ({"states": [{"name": "idle", "title": "x"}]}, "when the state is reached"),
        ({"timings": None}, "timings"),
    ],
)
def test_a_bad_plan_gives_one_clear_line(
    run: Run, tmp_path: Path, changes: dict[str, Any], words: str
) -> None:
    file = changed_plan(tmp_path, **changes)
    finished = run("campaign", file, "--list")
    assert finished.returncode == 2, finished.stdout
    (line,) = finished.stderr.splitlines()
    assert re.search(r"changed\.yaml:\d+: .*found .*expected ", line), line
    assert words in line


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["single-fault"], "single-faults"),
        ([SMALL, "--case", "nothing"], "--list"),
        ([SMALL, "--workers", "0"], "--workers"),
        ([SMALL, "--bms", "no/such.so"], "no/such.so"),
    ],
)
def test_exit_code_2_for_a_mistake(run: Run, arguments: list[object], words: str) -> None:
    finished = run("campaign", *arguments)
    assert finished.returncode == 2, finished.stdout
    assert words in finished.stderr


# ---- planted bugs ----


@pytest.mark.parametrize("bug", BUGS, ids=[bug["why"].replace(" ", "_") for bug in BUGS])
def test_a_planted_bug_turns_the_campaign_red(
    run: Run, plant: Callable[[dict[str, Any]], Path], bug: dict[str, Any], tmp_path: Path
) -> None:
    finished = run("campaign", SMALL, "--bms", plant(bug), "--out", tmp_path)
    assert finished.returncode == 1, finished.stdout + finished.stderr
    report = json.loads((tmp_path / "campaign.json").read_text("utf-8"))
    (case,) = [case for case in report["cases"] if case["id"] == bug["case"]]
    assert bug["oracle"] in {objection["oracle"] for objection in case["objections"]}
