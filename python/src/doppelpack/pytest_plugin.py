# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""Fixtures `bench` and `product`, scenario files as tests, and evidence of what failed.

pytest loads this where the package is installed; it does nothing until it is asked. A test that
takes `bench` gets a function that makes benches, each recorded in a folder of the test:

    def test_charging_stops(bench):
        b = bench("dyness-bx51100", seed=1)

When it fails, its report has the verdicts, the folder, in it the report of the run and a picture,
and the line that repeats it. JUnit properties have these and the margins of all verdicts, and the
page of pytest-html shows them. Scenario files are tests where they are named on
the command line (`pytest over.scenario.yaml`), or fit the ini option `doppelpack_scenarios`.
"""

from __future__ import annotations

import fnmatch
import hashlib
import os
import re
import shlex
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .bench import Bench

_SUFFIX = ".scenario.yaml"


class Benches:
    """The benches of one test, each recorded in a folder of its own."""

    def __init__(self, folder: Path, seed: int | None, again: str) -> None:
        self.folder = folder
        self.seed = seed  # of --doppelpack-seed
        self.again = again  # the command that repeats the test
        self.made: list[tuple[Bench, Path]] = []

    def __call__(self, product: str | Path = "generic-16s", **options: Any) -> Bench:
        """A bench as of doppelpack.Bench(), with its recording in a folder of the test.

        Its seed is that of --doppelpack-seed where none is given; its `out` is the folder. It
        collects a report for the case that the test fails; not with `report=False`.
        """
        from .bench import Bench

        return self._keep(lambda out: Bench(product, out=out, **options), options)

    def from_scenario(self, scenario: str | Path, *overrides: Any, **options: Any) -> Bench:
        """A bench as of doppelpack.Bench.from_scenario(), likewise."""
        from .bench import Bench

        return self._keep(
            lambda out: Bench.from_scenario(scenario, *overrides, out=out, **options), options
        )

    def _keep(self, make: Any, options: dict[str, Any]) -> Bench:
        from ._core import has_report_page
        from .evidence import EVIDENCE

        count = len(self.made)
        folder = self.folder if count == 0 else self.folder / f"bench-{count + 1}"
        if "out" not in options:
            for name in EVIDENCE:
                (folder / name).unlink(missing_ok=True)  # of an earlier failure
        folder = Path(options.pop("out", None) or folder)
        if self.seed is not None:
            options.setdefault("seed", self.seed)
        options.setdefault("report", has_report_page())
        bench: Bench = make(folder)
        self.made.append((bench, folder))
        return bench

    def finish(self) -> None:
        """Judges and closes those that the test has not closed itself."""
        for bench, _ in self.made:
            if not bench.is_closed:
                bench.finish()
                bench.close()

    def properties(self) -> Iterator[tuple[str, Any]]:
        """For a report: folders, and what is known of each verdict."""
        for number, (bench, folder) in enumerate(self.made, 1):
            prefix = "" if number == 1 else f"bench {number}: "
            yield f"{prefix}recording", str(folder)
            for verdict in bench.verdicts:
                for key, value in verdict.properties().items():
                    yield f"{prefix}{verdict.name}: {key}", value


_BENCHES = pytest.StashKey[Benches]()


# ---- options ----------------------------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options and ini options of doppelpack."""
    group = parser.getgroup("doppelpack", "simulated battery packs")
    group.addoption(
        "--doppelpack-out",
        metavar="DIR",
        help="keep the recordings of tests there, in a folder for each; else they are temporary",
    )
    group.addoption(
        "--doppelpack-seed",
        metavar="N",
        type=int,
        help="seed of benches and scenarios whose test does not give one",
    )
    group.addoption(
        "--doppelpack-product",
        metavar="KEY",
        action="append",
        help="what the fixture 'product' is, * allowed; may be repeated",
    )
    parser.addini(
        "doppelpack_scenarios",
        "scenario files to collect as tests, * allowed, seen from the root folder",
        type="linelist",
    )


def pytest_configure(config: pytest.Config) -> None:
    """The marker that lists products."""
    config.addinivalue_line(
        "markers",
        "doppelpack_products(*keys): what the fixture 'product' is, one test for each",
    )


# ---- fixtures ---------------------------------------------------------------------------------


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each product, where somebody has asked for some."""
    marker = metafunc.definition.get_closest_marker("doppelpack_products")
    patterns = metafunc.config.getoption("--doppelpack-product")
    if "product" not in metafunc.fixturenames or not (marker or patterns):
        return
    from . import _core

    keys = list(marker.args) if marker else [each["key"] for each in _core.products()]
    if patterns:
        keys = [key for key in keys if any(fnmatch.fnmatch(key, each) for each in patterns)]
        if not keys and not marker:
            raise pytest.UsageError(f"--doppelpack-product: found no product like {patterns}")
    metafunc.parametrize("product", keys, indirect=True)


@pytest.fixture
def product(request: pytest.FixtureRequest) -> str:
    """The key of a product: of --doppelpack-product or the marker doppelpack_products."""
    return str(getattr(request, "param", "generic-16s"))


@pytest.fixture
def bench(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Benches]:
    """Makes benches, `bench("generic-16s", seed=1)`; finishes and closes them after the test."""
    item = request.node
    benches = Benches(_folder(item, tmp_path_factory), _seed(item.config), _again(item))
    item.stash[_BENCHES] = benches
    yield benches
    benches.finish()
    item.user_properties.extend(benches.properties())


def _seed(config: pytest.Config) -> int | None:
    seed: int | None = config.getoption("--doppelpack-seed")
    return seed


def _folder(item: pytest.Item, temporary: pytest.TempPathFactory) -> Path:
    """Of this test only, also beside others on other workers."""
    readable = re.sub(r"[^\w.=+-]+", "-", item.name)[:60].strip("-")
    out = item.config.getoption("--doppelpack-out")
    if out is None:
        return temporary.mktemp(readable)
    told_apart = hashlib.sha256(item.nodeid.encode()).hexdigest()[:6]
    return Path(item.config.invocation_params.dir, out, f"{readable}-{told_apart}")


def _again(item: pytest.Item) -> str:
    options = [
        f"--doppelpack-product={key}" for key in item.config.getoption("--doppelpack-product") or []
    ]
    if (seed := _seed(item.config)) is not None:
        options.append(f"--doppelpack-seed={seed}")
    return shlex.join(["pytest", item.nodeid, *options])


# ---- scenario files ---------------------------------------------------------------------------


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> ScenarioFile | None:
    """Scenario files that somebody has asked for."""
    if file_path.suffix != ".yaml":
        return None
    patterns = parent.config.getini("doppelpack_scenarios")
    is_named = file_path.name.endswith(_SUFFIX) and parent.session.isinitpath(file_path)
    if not is_named and not any(
        fnmatch.fnmatch(str(file_path), str(parent.config.rootpath / each)) for each in patterns
    ):
        return None
    file: ScenarioFile = ScenarioFile.from_parent(parent, path=file_path)
    return file


class ScenarioFile(pytest.File):
    """A scenario file, which has one test."""

    def collect(self) -> Iterator[ScenarioItem]:
        """The test."""
        name = self.path.name.removesuffix(".yaml").removesuffix(".scenario")
        item: ScenarioItem = ScenarioItem.from_parent(self, name=name)
        yield item


class ScenarioError(Exception):
    """Lines about expectations that did not hold."""


class ScenarioItem(pytest.Item):
    """Runs a scenario to its end; passes if all its expectations hold."""

    def runtest(self) -> None:
        """The run."""
        seed = _seed(self.config)
        # The fixture of that name returns it; an item that is no function has no fixtures.
        temporary: pytest.TempPathFactory = self.config._tmp_path_factory  # type: ignore[attr-defined]
        benches = Benches(_folder(self, temporary), seed, self._again(seed))
        self.stash[_BENCHES] = benches
        bench = benches.from_scenario(self.path)
        try:
            bench.run()
        except RuntimeError:
            pass  # it ended before its time: the last verdict says why
        finally:
            benches.finish()
            self.user_properties.extend(benches.properties())
        lines = _expectation_lines(self.path)
        failed = [
            f"{self.path}:{line}: {verdict}"
            for verdict, line in zip(bench.verdicts, lines, strict=False)
            if not verdict.has_held
        ]
        if failed:
            raise ScenarioError("\n".join(failed))

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
        """The verdicts, or the line about what is wrong in the file."""
        from ._core import DataError

        if isinstance(excinfo.value, (ScenarioError, DataError)):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where it stands."""
        return self.path, 0, f"scenario: {self.name}"

    def _again(self, seed: int | None) -> str:
        options = [] if seed is None else ["--seed", str(seed)]
        return shlex.join(["doppelpack", "run", str(self.path), *options])


def _expectation_lines(file: Path) -> Iterator[int]:
    """The lines at which the entries of `expect` begin; its own, or 1, for what is in none."""
    lines = file.read_text(encoding="utf-8").splitlines()
    begin = next((i for i, line in enumerate(lines) if line.startswith("expect:")), 0)
    indent = None
    for i in range(begin + 1, len(lines)):
        entry = re.match(r"( *)- ", lines[i])
        if lines[i][:1] not in ("", " ", "-", "#"):
            break
        if entry is not None and indent in (None, entry[1]):
            indent = entry[1]
            yield i + 1
    while True:
        yield begin + 1


# ---- evidence ---------------------------------------------------------------------------------


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Adds to a failed test what its benches have seen."""
    report = yield
    benches = item.stash.get(_BENCHES, None)
    if report.when == "call" and report.failed and benches is not None:
        from .evidence import Evidence

        evidence = Evidence(benches.made, benches.again)
        item.user_properties.extend(evidence.properties())
        report.sections.append(("doppelpack", "\n".join(evidence.lines())))
        if page := _page_of_pytest_html(item.config):
            extras = [*getattr(report, "extras", []), *evidence.extras(page)]
            report.extras = extras  # type: ignore[attr-defined]
    return report


def _page_of_pytest_html(config: pytest.Config) -> Path | None:
    """The file that pytest-html is to write, if it is there and asked to."""
    page = config.getoption("htmlpath", None) if config.pluginmanager.hasplugin("html") else None
    if not page:
        return None
    return Path(config.invocation_params.dir, Path(os.path.expandvars(page)).expanduser())
