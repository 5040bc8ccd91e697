# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""What pytest does with the package: fixtures, scenario files, evidence of failures."""

import html
import json
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from urllib.parse import unquote

import doppelpack
import pytest
from conftest import ROOT
from report_page import read_report

pytest_plugins = "pytester"

PLUGIN = ("-p", "doppelpack.pytest_plugin", "-p", "no:cacheprovider")

PASSES = """
    from doppelpack.faults import ntc_open

    def test_stops(bench):
        b = bench("generic-16s", seed=4)
        b.run(5)
        b.inject(ntc_open(sensor=2))
        b.expect(b.charge_gate.open, within=10, name="it stops")
"""
FAILS = """
    from doppelpack.faults import ntc_open

    def test_stops(bench):
        b = bench()
        b.run(5)
        b.inject(ntc_open(sensor=2))
        b.expect(b.charge_gate.open, within=0.5, name="it stops")
"""
SCENARIO = """\
scenario: {name}.scenario
title: It rests
product: generic-16s
duration: 10 s
expect:
  - {{at_end: bms1/state == standby}}
  - name: more than there is
    at_end: pack1/soc > {soc} %
"""


@pytest.fixture(autouse=True)
def this_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also in the processes that a test starts elsewhere."""
    monkeypatch.setenv("PYTHONPATH", str(Path(doppelpack.__file__).parents[1]))


def write_scenario(pytester: pytest.Pytester, name: str, soc: int) -> Path:
    file = pytester.path / f"{name}.scenario.yaml"
    file.write_text(SCENARIO.format(name=name, soc=soc))
    return file


def properties_of(file: Path) -> dict[str, str]:
    return {
        each.attrib["name"]: each.attrib["value"]
        for each in ElementTree.parse(file).getroot().iter("property")
    }


def test_a_bench_is_recorded_finished_and_closed(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(PASSES)
    pytester.runpytest(*PLUGIN, "--doppelpack-out=kept").assert_outcomes(passed=1)
    (folder,) = (pytester.path / "kept").iterdir()
    assert folder.name.startswith("test_stops-")
    names = {file.name for file in folder.iterdir()}
    assert {"events.jsonl", "signals.csv", "result.json"} <= names


def test_junit_properties_have_the_margins(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(PASSES)
    pytester.runpytest(*PLUGIN, "--junit-xml=report.xml").assert_outcomes(passed=1)
    properties = properties_of(pytester.path / "report.xml")
    assert properties["it stops: has_held"] == "True"
    assert float(properties["it stops: limit_s"]) == 10
    assert 0 < float(properties["it stops: margin_s"]) < 10
    assert Path(properties["recording"], "result.json").exists()


def test_a_failure_shows_what_was_measured_and_how_to_repeat_it(pytester: pytest.Pytester) -> None:
    pytest.importorskip("matplotlib")
    pytester.makepyfile(FAILS)
    result = pytester.runpytest(*PLUGIN, "--doppelpack-seed=7", "--junit-xml=report.xml")
    result.assert_outcomes(failed=1)
    result.stdout.re_match_lines(
        [
            r"> +b\.expect\(b\.charge_gate\.open, within=0\.5, name=\"it stops\"\)",
            r"E +doppelpack\.verdict\.ExpectationError: FAILED: it stops: .* margin -0.* is closed",
            r"-+ doppelpack -+",
            r"<Bench generic-16s, seed 7, 5\.5 s>",
            r"  FAILED: it stops: ",
            r"recording: /",
            r"report: /.*report\.html",
            r"picture: /.*run\.png",
            r"again: pytest \S+::test_stops --doppelpack-seed=7",
        ]
    )
    properties = properties_of(pytester.path / "report.xml")
    assert Path(properties["picture"]).read_bytes().startswith(b"\x89PNG")
    assert properties["again"].endswith("::test_stops --doppelpack-seed=7")
    assert float(properties["it stops: margin_s"]) < 0


def test_a_failure_leaves_the_report_of_the_run(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(FAILS)
    result = pytester.runpytest(*PLUGIN, "--doppelpack-out=kept", "--junit-xml=report.xml")
    result.assert_outcomes(failed=1)
    (folder,) = (pytester.path / "kept").iterdir()
    properties = properties_of(pytester.path / "report.xml")
    assert properties["report"] == str(folder / "report.html")
    report = read_report(folder / "report.html")
    (verdict,) = report["verdicts"]
    assert (verdict["name"], verdict["has_held"]) == ("it stops", False)
    assert report["command"] == properties["again"]
    assert any(event["event"] == "fault" for event in report["events"])


def test_a_bench_that_the_test_has_closed_leaves_its_report_too(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        def test_two(bench):
            with bench() as one, bench(seed=2) as two:
                one.run(2)
                two.run(3)
            assert False
        """
    )
    pytester.runpytest(*PLUGIN, "--doppelpack-out=kept").assert_outcomes(failed=1)
    (folder,) = (pytester.path / "kept").iterdir()
    reports = [read_report(folder / "report.html"), read_report(folder / "bench-2" / "report.html")]
    assert [each["result"]["simulated_s"] for each in reports] == [2, 3]
    assert [each["scenario"]["seed"] for each in reports] == [1, 2]


def test_what_passes_leaves_no_report_and_none_of_an_earlier_failure(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(FAILS)
    pytester.runpytest(*PLUGIN, "--doppelpack-out=kept").assert_outcomes(failed=1)
    (folder,) = (pytester.path / "kept").iterdir()
    assert (folder / "report.html").exists()
    pytester.makepyfile(FAILS.replace("0.5", "10"))
    pytester.runpytest(*PLUGIN, "--doppelpack-out=kept").assert_outcomes(passed=1)
    assert not {"report.html", "run.png"} & {file.name for file in folder.iterdir()}


def test_where_there_is_no_report_it_is_said_why(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(FAILS.replace("bench()", "bench(report=False)"))
    result = pytester.runpytest(*PLUGIN)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["report: none, report: found a bench that collects none, *"])


def test_without_the_page_of_reports_tests_run_as_ever(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(FAILS)
    pytester.makeconftest(
        """
        from doppelpack import _core

        _core.__file__ = "/nowhere/_core.so"
        """
    )
    result = pytester.runpytest_subprocess(*PLUGIN)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*FAILED: it stops*", "report: none, *not built*"])


def test_the_line_to_repeat_it_repeats_it(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(FAILS)
    first = pytester.runpytest(*PLUGIN, "--doppelpack-seed=7")
    (line,) = re.findall(r"again: pytest (.*)", first.stdout.str())
    again = pytester.runpytest(*PLUGIN, *line.split())
    again.assert_outcomes(failed=1)
    said = r"FAILED: it stops: .*"
    assert re.findall(said, first.stdout.str()) == re.findall(said, again.stdout.str())


def test_a_picture_that_fails_does_not_hide_what_failed(pytester: pytest.Pytester) -> None:
    pytest.importorskip("matplotlib")
    pytester.makepyfile(FAILS)
    pytester.makeconftest(
        """
        import doppelpack.plot

        def plot_run(folder):
            raise RuntimeError("no ink")

        doppelpack.plot.plot_run = plot_run
        """
    )
    result = pytester.runpytest_subprocess(*PLUGIN)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["picture: none, RuntimeError: no ink"])


def test_several_benches_of_one_test(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        def test_two(bench):
            one, two = bench(), bench.from_scenario("over-charge")
            one.run(1)
            two.run(2)
        """
    )
    pytester.runpytest(*PLUGIN, "--doppelpack-out=kept").assert_outcomes(passed=1)
    (folder,) = (pytester.path / "kept").iterdir()
    assert (folder / "result.json").exists()
    assert (folder / "bench-2" / "result.json").exists()


# ---- products -------------------------------------------------------------------------------

PRODUCTS = """
    import pytest

    def test_any(bench, product):
        assert bench(product).product == product

    @pytest.mark.doppelpack_products("generic-16s", "telecom-48v")
    def test_two(product):
        assert product in ("generic-16s", "telecom-48v")
"""


def test_products_of_the_marker_or_the_option(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(PRODUCTS)
    strict = (*PLUGIN, "--strict-markers")
    pytester.runpytest(*strict).assert_outcomes(passed=3)
    result = pytester.runpytest(*strict, "-v", "--doppelpack-product=pylontech-*48*")
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(["*--doppelpack-product: found no product like*"])
    result = pytester.runpytest(*strict, "-v", "--doppelpack-product=pylontech-us*")
    result.stdout.fnmatch_lines(["*test_any?pylontech-us5000?*PASSED*"])
    result.assert_outcomes(passed=3, skipped=1)


def test_fixtures_of_others_by_these_names_stay_theirs(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.fixture(params=["soap", "shoes"])
        def product(request):
            return request.param

        @pytest.fixture
        def bench():
            return "in the park"

        def test_shop(product, bench):
            assert (product, bench) in [("soap", "in the park"), ("shoes", "in the park")]
        """
    )
    pytester.runpytest(*PLUGIN).assert_outcomes(passed=2)


# ---- scenario files -------------------------------------------------------------------------


def test_scenarios_are_tests_where_they_are_asked_for(pytester: pytest.Pytester) -> None:
    file = write_scenario(pytester, "calm", 10)
    assert pytester.runpytest(*PLUGIN).ret == pytest.ExitCode.NO_TESTS_COLLECTED
    result = pytester.runpytest(*PLUGIN, "-v", file)
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["calm.scenario.yaml::calm PASSED*"])
    pytester.makeini("[pytest]\ndoppelpack_scenarios =\n    *.scenario.yaml\n")
    pytester.runpytest(*PLUGIN).assert_outcomes(passed=1)


def test_a_scenario_that_fails_says_at_which_line(pytester: pytest.Pytester) -> None:
    file = write_scenario(pytester, "hopeful", 99)
    result = pytester.runpytest(*PLUGIN, "--doppelpack-seed=5", "--junit-xml=report.xml", file)
    result.assert_outcomes(failed=1)
    result.stdout.re_match_lines(
        [
            re.escape(f"{file}:7: FAILED: more than there is; ") + "pack1/soc.*",
            r"-+ doppelpack -+",
            r"again: doppelpack run .*hopeful\.scenario\.yaml --seed 5",
        ]
    )
    properties = properties_of(pytester.path / "report.xml")
    assert properties["more than there is: has_held"] == "False"
    report = read_report(Path(properties["report"]))
    held = [each["has_held"] for each in report["result"]["expectations"]]
    assert held == [True, False]
    assert report["command"].endswith("hopeful.scenario.yaml --seed 5")
    assert report["scenario"]["text"] == file.read_text()


def test_a_scenario_that_is_wrong_is_one_line(pytester: pytest.Pytester) -> None:
    file = pytester.path / "odd.scenario.yaml"
    file.write_text("scenario: odd.scenario\nproduct: generic-16s\nduration: 10 V\n")
    result = pytester.runpytest(*PLUGIN, file)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([f"*{file}:*found*expected*"])
    result.stdout.no_fnmatch_line("*Traceback*")


# ---- beside others --------------------------------------------------------------------------


def test_with_xdist_each_test_has_its_folder(pytester: pytest.Pytester) -> None:
    pytest.importorskip("xdist")
    pytester.makeini("[pytest]\ndoppelpack_scenarios = *.scenario.yaml\n")
    write_scenario(pytester, "calm", 10)
    write_scenario(pytester, "hopeful", 99)
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("seed", range(4))
        def test_runs(bench, seed):
            b = bench(seed=seed + 1)
            b.run(1)
            b.expect(b.pack.soc > 0.4, within=1, name="charged")
            assert seed != 3
        """
    )
    result = pytester.runpytest_subprocess(
        *PLUGIN, "-n", "2", "--doppelpack-out=kept", "--junit-xml=report.xml"
    )
    result.assert_outcomes(passed=4, failed=2)
    folders = list((pytester.path / "kept").iterdir())
    assert len(folders) == 6
    assert all((folder / "result.json").exists() for folder in folders)
    failed = {folder.name.split("-")[0] for folder in folders if (folder / "report.html").exists()}
    assert failed == {"hopeful", "test_runs"}
    result.stdout.fnmatch_lines_random(["again: doppelpack run *", "again: pytest *test_runs*3*"])
    assert properties_of(pytester.path / "report.xml")["charged: margin_s"] == "1.0"


@pytest.mark.parametrize("workers", ["0", "2"])
@pytest.mark.parametrize("contained", [[], ["--self-contained-html"]])
def test_the_page_of_pytest_html_has_the_report_and_the_picture(
    pytester: pytest.Pytester, workers: str, contained: list[str]
) -> None:
    pytest.importorskip("pytest_html")
    pytest.importorskip("matplotlib")
    pytester.makeini("[pytest]\ndoppelpack_scenarios = *.scenario.yaml\n")
    write_scenario(pytester, "hopeful one", 99)
    pytester.makepyfile(FAILS + PASSES.replace("test_stops", "test_passes"))
    result = pytester.runpytest_subprocess(
        *PLUGIN, "-n", workers, "--doppelpack-out=kept #1", "--html=pages/tests.html", *contained
    )
    result.assert_outcomes(passed=1, failed=2)
    page = pytester.path / "pages" / "tests.html"
    (blob,) = re.findall(r'data-jsonblob="([^"]*)"', page.read_text("utf-8"))
    tests = json.loads(html.unescape(blob))["tests"]
    shown = {name: rows[-1]["extras"] for name, rows in tests.items()}
    assert [len(extras) for _, extras in sorted(shown.items())] == [2, 0, 2]
    for link, picture in filter(None, shown.values()):
        assert link["name"] == "report"
        assert "#" not in link["content"]  # a browser would look for it within the page
        read_report(page.parent / unquote(link["content"]))
        content = picture["content"]
        assert content.startswith("data:image/png;base64,") == bool(contained)
        if not contained:
            assert (page.parent / content).read_bytes().startswith(b"\x89PNG")


def test_the_plugin_costs_little_where_it_is_not_used(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import sys

        def test_nothing():
            assert not {"numpy", "matplotlib", "pandas", "doppelpack.plot"} & set(sys.modules)
        """
    )
    pytester.runpytest_subprocess(*PLUGIN).assert_outcomes(passed=1)


def test_the_first_test_of_the_readme_passes(pytester: pytest.Pytester) -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    (first,) = re.findall(r"\*\*In a pytest\.\*\*\s+```python\n(.*?)```", text, re.DOTALL)
    pytester.path.joinpath("test_first.py").write_text(first)
    pytester.runpytest(*PLUGIN).assert_outcomes(passed=1)


def test_the_test_of_the_python_readme_passes(pytester: pytest.Pytester) -> None:
    text = (ROOT / "python" / "README.md").read_text("utf-8")
    (first,) = re.findall(r"```python\n(import pytest.*?)```", text, re.DOTALL)
    pytester.path.joinpath("test_products.py").write_text(first)
    pytester.runpytest(*PLUGIN).assert_outcomes(passed=2)
