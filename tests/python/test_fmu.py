# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""Packs as FMUs, run by FMPy: the same trajectory as on a bench, and no way to break them."""

import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import fmpy
import numpy as np
import pytest
from doppelpack import Bench
from fmpy.fmi1 import FMICallException
from fmpy.fmi2 import FMU2Slave, fmi2CallbackFunctions, fmi2CallbackLoggerTYPE
from fmpy.fmi3 import FMU3Slave
from fmpy.validation import validate_fmu

PRODUCT = "pylontech-us5000"
VERSIONS = (2, 3)
STEP_S = 0.5
# What a specimen is, in the FMU's words and in those of Bench.
SPECIMEN = {"seed": 7, "initial_soc": 0.6, "soc_spread": 0.01, "temperature_degC": 18.0}
# When, what, how much: a rest, charge, rest, discharge by power, the breaker off and on, heat.
PROFILE = [
    (10.0, "current_A", 35.0),
    (20.0, "ambient_degC", 31.0),
    (25.0, "current_A", 0.0),
    (30.0, "power_W", -1800.0),
    (40.0, "is_connected", False),
    (45.0, "is_connected", True),
    (50.0, "power_W", 0.0),
]
END_S = 60.0
CONTROLS = {
    "current_A": "inverter1/imposed_A",
    "power_W": "inverter1/imposed_W",
    "ambient_degC": "env/ambient_degC",
    "is_connected": "inverter1/is_connected",
}
Export = Callable[..., Path]


@pytest.fixture(scope="module")
def export(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Export:
    """Writes an FMU once per set of arguments."""
    folder = tmp_path_factory.mktemp("fmus")
    known: dict[tuple[str, ...], Path] = {}

    def write(*arguments: object) -> Path:
        words = tuple(map(str, arguments))
        if words not in known:
            file = folder / f"{len(known)}.fmu"
            command = [program, "export-fmu", *words, "--out", file]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            known[words] = file
        return known[words]

    return write


class Running:
    """An instance past its initialization, whose variables go by their names."""

    def __init__(self, fmu: Any, description: Any, said: list[str]) -> None:
        self.fmu, self.said, self.now = fmu, said, 0.0
        self.variables = {v.name: v for v in description.modelVariables}
        self.is_two = description.fmiVersion == "2.0"

    def __getitem__(self, name: str) -> Any:
        v = self.variables[name]
        if self.is_two:
            kind = "Integer" if v.type == "Enumeration" else v.type
            return getattr(self.fmu, f"get{kind}")([v.valueReference])[0]
        kind = "Int64" if v.type == "Enumeration" else v.type
        count = int(np.prod(v.shape)) if v.shape else 1
        values = getattr(self.fmu, f"get{kind}")([v.valueReference], nValues=count)
        return values if v.shape else values[0]

    def __setitem__(self, name: str, value: Any) -> None:
        v = self.variables[name]
        values = value if isinstance(value, list) else [value]
        getattr(self.fmu, f"set{v.type}")([v.valueReference], values)

    def step(self, step_s: float = STEP_S) -> None:
        self.fmu.doStep(currentCommunicationPoint=self.now, communicationStepSize=step_s)
        self.now += step_s

    def run_to(self, t_s: float) -> None:
        while self.now < t_s:
            self.step()

    def refusal(self, act: Callable[[], Any]) -> str:
        """What the FMU says to its logger as it refuses something."""
        self.said.clear()
        with pytest.raises(FMICallException):
            act()
        assert len(self.said) == 1, self.said
        return self.said[0]


@contextmanager
def unpacked(file: Path) -> Iterator[tuple[Path, Any]]:
    folder = Path(fmpy.extract(str(file)))
    try:
        yield folder, fmpy.read_model_description(str(folder))
    finally:
        shutil.rmtree(folder)


def instantiate(folder: Path, description: Any, token: str = "") -> tuple[Any, list[str]]:
    said: list[str] = []
    arguments = {
        "guid": token or description.guid or description.instantiationToken,
        "unzipDirectory": str(folder),
        "modelIdentifier": description.coSimulation.modelIdentifier,
        "instanceName": "pack",
    }
    if description.fmiVersion == "2.0":
        callbacks = fmi2CallbackFunctions()
        callbacks.logger = fmi2CallbackLoggerTYPE(lambda *words: said.append(words[4].decode()))
        slave = FMU2Slave(**arguments)
        slave.said = said
        slave.instantiate(callbacks=callbacks)
    else:
        slave = FMU3Slave(**arguments)
        slave.said = said
        slave.instantiate(logMessage=lambda *words: said.append(words[3].decode()))
    return slave, said


@contextmanager
def running(file: Path, **parameters: Any) -> Iterator[Running]:
    with unpacked(file) as (folder, description):
        fmu, said = instantiate(folder, description)
        it = Running(fmu, description, said)
        for name, value in parameters.items():
            it[name] = value
        if it.is_two:
            fmu.setupExperiment()
        fmu.enterInitializationMode()
        fmu.exitInitializationMode()
        yield it
        fmu.terminate()
        fmu.freeInstance()


def profile_inputs() -> np.ndarray:
    """The profile as FMPy wants it: a value counts from its time on."""
    names = sorted({name for _, name, _ in PROFILE})
    values: dict[str, float] = {"ambient_degC": SPECIMEN["temperature_degC"], "is_connected": True}
    rows = [(0.0, *(values.get(name, 0.0) for name in names))]
    for t_s, name, value in PROFILE:
        rows.append((t_s - STEP_S / 2, *(values.get(each, 0.0) for each in names)))
        values[name] = value
        rows.append((t_s, *(values.get(each, 0.0) for each in names)))
    kinds = [(name, np.bool_ if name == "is_connected" else np.float64) for name in names]
    return np.array(rows, dtype=[("time", np.float64), *kinds])


def on_a_bench(signals: list[str]) -> np.ndarray:
    """The signals at every communication point."""
    due = list(PROFILE)
    rows = []
    with Bench(PRODUCT, **SPECIMEN) as bench:  # type: ignore[arg-type]
        bench.set("inverter1/is_imposed", "yes")
        while True:
            rows.append([bench[signal] for signal in signals])
            if bench.now >= END_S:
                return np.array(rows)
            while due and due[0][0] <= bench.now:
                _, name, value = due.pop(0)
                bench.set(CONTROLS[name], float(value))
            bench.run(STEP_S)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("arguments", [[], ["--plant-only"], ["--fault", "ntc-open@2"]])
def test_a_description_is_valid(export: Export, version: int, arguments: list[str]) -> None:
    assert validate_fmu(str(export(PRODUCT, "--fmi", version, *arguments))) == []


@pytest.mark.parametrize("version", VERSIONS)
def test_it_does_what_a_bench_does(export: Export, version: int) -> None:
    scalars = {
        f"{owner}.{name}": f"{owner}/{name}"
        for owner, names in {
            "pack1": ["current_A", "terminal_V", "soc", "mosfet_degC", "charge_Ah", "cell_max_V"],
            "bms1": ["state", "soc", "current_A", "cvl_V", "ccl_A", "dcl_A", "charge_gate"],
        }.items()
        for name in names
    }
    cells = [f"pack1/cell{cell:02}/voltage_V" for cell in range(1, 16)]
    expected = on_a_bench([*scalars.values(), *cells])
    array = "pack1.cells.voltage_V"
    vector = [array] if version == 3 else [f"{array}[{cell}]" for cell in range(1, 16)]
    result = fmpy.simulate_fmu(
        str(export(PRODUCT, "--fmi", version)),
        stop_time=END_S,
        output_interval=STEP_S,
        start_values=SPECIMEN,
        input=profile_inputs(),
        output=[*scalars, *vector],
    )
    points = [round(t / STEP_S) for t in result["time"]]
    on_grid = np.isclose(result["time"], np.array(points) * STEP_S, atol=1e-9)
    found = result[on_grid]
    assert len(found) == len(expected)
    for column, name in enumerate(scalars):
        np.testing.assert_allclose(
            found[name].astype(float), expected[:, column], rtol=0, atol=1e-9, err_msg=name
        )
    found_cells = found[array] if version == 3 else np.array([found[name] for name in vector]).T
    np.testing.assert_allclose(found_cells, expected[:, len(scalars) :], rtol=0, atol=1e-9)
    assert expected[:, 0].max() > 30 and expected[:, 0].min() < -30  # something has happened


@pytest.mark.parametrize("version", VERSIONS)
def test_bad_values_are_refused_with_a_reason(export: Export, version: int) -> None:
    with running(export(PRODUCT, "--fmi", version)) as it:

        def put(name: str, value: Any) -> Callable[[], None]:
            return lambda: it.__setitem__(name, value)

        assert it.refusal(put("initial_soc", 0.7)) == (
            "initial_soc: found a parameter while the simulation runs, expected an input"
        )
        assert it.refusal(put("pack1.soc", 0.5)) == (
            "pack1.soc: found a calculated variable, expected a parameter or an input"
        )
        assert (
            it.refusal(put("current_A", float("nan"))) == "current_A: found nan, expected a number"
        )
        assert it.refusal(lambda: it.step(-1.0)) == "step: found -1 s, expected more than 0 s"
        assert it.refusal(lambda: it.step(1e-9)).endswith("expected at least a microsecond")
        it.step()
        assert it.refusal(lambda: it.fmu.doStep(3.0, 1.0)) == (
            "communication point: found 3 s, expected 0.5 s"
        )
        assert it.refusal(
            lambda: it.fmu.getFloat64([10**6]) if version == 3 else it.fmu.getReal([10**6])
        ).startswith("value reference: found 1000000, expected 0 to ")
        assert "found an instance that is stepping" in it.refusal(it.fmu.enterInitializationMode)
        it.step()  # and it still runs
        assert it["time"] == 1.0


@pytest.mark.parametrize("version", VERSIONS)
def test_bad_parameters_reach_the_logger_of_fmpy(export: Export, version: int) -> None:
    said: list[str] = []

    def log(*words: Any) -> None:
        said.append(words[-1].decode())

    with pytest.raises(FMICallException):
        fmpy.simulate_fmu(
            str(export(PRODUCT, "--fmi", version)),
            stop_time=1.0,
            start_values={"initial_soc": 2.0},
            logger=log,
        )
    assert said == ["initial_soc: found 2, expected 0 to 1"]


@pytest.mark.parametrize("version", VERSIONS)
def test_no_instance_without_its_data(export: Export, version: int) -> None:
    with unpacked(export(PRODUCT, "--fmi", version)) as (folder, description):
        with pytest.raises(Exception, match="instantiate"):
            instantiate(folder, description, token="{other}")
        (folder / "resources" / "products" / f"{PRODUCT}.yaml").unlink()
        with pytest.raises(Exception, match="instantiate"):
            instantiate(folder, description)


@pytest.mark.parametrize("version", VERSIONS)
def test_instances_know_nothing_of_each_other(export: Export, version: int) -> None:
    file = export(PRODUCT, "--fmi", version)

    def alone(current_A: float) -> tuple[float, float]:
        with running(file, **SPECIMEN) as it:
            it["current_A"] = current_A
            it.run_to(15)
            return it["pack1.terminal_V"], it["pack1.soc"]

    with running(file, **SPECIMEN) as one, running(file, **SPECIMEN) as other:
        one["current_A"], other["current_A"] = 30.0, -50.0
        for _ in range(30):
            one.step()
            other.step()
        together = [(it["pack1.terminal_V"], it["pack1.soc"]) for it in (one, other)]
    assert together == [alone(30.0), alone(-50.0)]


@pytest.mark.parametrize("arguments", [[], ["--plant-only"]])
@pytest.mark.parametrize("version", VERSIONS)
def test_a_saved_state_goes_on_alike(
    export: Export, version: int, arguments: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    with running(export(PRODUCT, "--fmi", version, *arguments), **SPECIMEN) as it:
        fmu = it.fmu
        it["current_A"] = 40.0
        it.run_to(12)
        state = fmu.getFMUstate() if it.is_two else fmu.getFMUState()

        def go_on() -> list[float]:
            it["current_A"] = -20.0
            it.run_to(20)
            return [it[name] for name in ("pack1.terminal_V", "pack1.current_A", "pack1.heat_J")]

        first = go_on()
        it["current_A"] = 99.0
        it.run_to(25)
        fmu.setFMUstate(state) if it.is_two else fmu.setFMUState(state)
        it.now = 12.0
        assert it["current_A"] == 40.0
        assert it["time"] == 12.0
        assert go_on() == first
        fmu.freeFMUstate(state) if it.is_two else fmu.freeFMUState(state)
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize("version", VERSIONS)
def test_reset_begins_anew(export: Export, version: int) -> None:
    with running(export(PRODUCT, "--fmi", version), initial_soc=0.9) as it:
        it["current_A"] = 20.0
        it.run_to(12)
        it.fmu.reset()
        assert (it["initial_soc"], it["current_A"]) == (0.5, 0.0)
        it["initial_soc"] = 0.3
        if it.is_two:
            it.fmu.setupExperiment()
        it.fmu.enterInitializationMode()
        it.fmu.exitInitializationMode()
        it.now = 0.0
        it.step()
        assert it["pack1.soc"] == pytest.approx(0.3, abs=1e-6)


def test_a_fault_is_an_input(export: Export) -> None:
    with running(export(PRODUCT, "--fault", "ntc-open@2")) as it:
        it["current_A"] = 20.0
        it.run_to(10)
        assert it["bms1.charge_gate"]
        it["fault.ntc_open_2"] = True
        it.run_to(15)
        assert not it["bms1.charge_gate"]
        assert np.isnan(it["bms1.ntcs.T_degC[2]"])
        it["fault.ntc_open_2"] = False
        it.run_to(16)
        assert not np.isnan(it["bms1.ntcs.T_degC[2]"])


def test_a_plant_alone_obeys_its_gates(export: Export) -> None:
    with running(export(PRODUCT, "--plant-only", "--fmi", 3), initial_soc=0.5) as it:
        it["current_A"] = 50.0
        it.run_to(72)
        assert it["pack1.current_A"] == pytest.approx(50.0, abs=0.01)
        # 50 A for 72 s are 1 Ah of 100 Ah.
        assert it["pack1.soc"] == pytest.approx(0.51, abs=1e-4)
        it["charge_gate"] = False
        it.step()
        assert it["pack1.current_A"] == pytest.approx(0.0, abs=1e-3)
        it["current_A"] = -10.0  # through the body diode
        it.step()
        assert it["pack1.current_A"] == pytest.approx(-10.0, abs=0.01)
        it["current_A"] = 0.0
        it.step()
        before = it["pack1.cells.soc"]
        it["bleeders"] = [cell == 3 for cell in range(15)]
        it.run_to(200)
        losses = np.array(before) - np.array(it["pack1.cells.soc"])
        assert losses.argmax() == 3
        assert losses[3] > 10 * np.delete(losses, 3).max()


def test_the_ambient_is_the_temperature_until_somebody_sets_it(export: Export) -> None:
    with running(export(PRODUCT), temperature_degC=5.0) as it:
        it.step()
        assert it["ambient_degC"] == 5.0
        it["ambient_degC"] = 25.0
        it.run_to(60)
        assert it["pack1.case_degC"] > 5.05


@pytest.mark.parametrize("version", VERSIONS)
def test_the_same_order_gives_the_same_bytes(program: Path, tmp_path: Path, version: int) -> None:
    written = []
    for zone in ("UTC", "Asia/Tokyo"):
        file = tmp_path / f"{zone.replace('/', '-')}.fmu"
        subprocess.run(
            [program, "export-fmu", PRODUCT, "--fmi", str(version), "--out", file],
            check=True,
            env={**os.environ, "TZ": zone},
        )
        written.append(file.read_bytes())
    assert written[0] == written[1]


def test_an_fmu_brings_all_it_needs(export: Export, tmp_path: Path) -> None:
    with zipfile.ZipFile(export(PRODUCT)) as archive:
        archive.extractall(tmp_path)
    binaries = tmp_path / "binaries" / "linux64"
    there = {file.name for file in binaries.iterdir()}
    dynamic = subprocess.run(
        ["readelf", "-d", binaries / "pylontech_us5000.so"],
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout
    needed = set(re.findall(r"\(NEEDED\).*\[(.*)\]", dynamic))
    everywhere = {"libstdc++.so.6", "libm.so.6", "libgcc_s.so.1", "libc.so.6"}
    assert needed - there - everywhere - {"ld-linux-x86-64.so.2"} == set()
    assert "$ORIGIN" in dynamic


def test_an_own_product_runs_without_its_files(program: Path, tmp_path: Path) -> None:
    own = tmp_path / "my-pack.yaml"
    shipped = Path(__file__).parents[2] / "scenarios" / "products" / "generic-16s.yaml"
    own.write_text(shipped.read_text("utf-8").replace("generic-16s", "my-pack", 1), "utf-8")
    file = tmp_path / "my.fmu"
    subprocess.run([program, "export-fmu", own, "--out", file], check=True)
    own.unlink()
    with running(file) as it:
        it.run_to(2)
        assert it["pack1.terminal_V"] > 48.0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["pylontech-us500"], "did you mean pylontech-us5000"),
        ([PRODUCT, "--fault", "ntc-opn"], "did you mean ntc-open"),
        ([PRODUCT, "--fault", "ntc-open@77"], "--fault"),
        ([PRODUCT, "--fault", "ntc-open@x"], "a whole number after the @"),
        ([PRODUCT, "--fault", "ntc-open@2", "--fault", "ntc-open@2"], "ntc_open_2 twice"),
        ([PRODUCT, "--fault", "ntc-open@2", "--plant-only"], "--plant-only"),
        ([PRODUCT, "--step", "-1 ms"], "--step: found"),
        ([PRODUCT, "--inverter", "nobody"], "found no inverter 'nobody'"),
        ([PRODUCT, "--fmi", "1"], "--fmi"),
    ],
)
def test_a_bad_order_writes_nothing(
    run: Callable[..., subprocess.CompletedProcess[str]],
    tmp_path: Path,
    arguments: list[str],
    message: str,
) -> None:
    done = run("export-fmu", *arguments, "--out", tmp_path / "none.fmu")
    assert done.returncode == 2
    assert message in done.stderr + done.stdout
    assert list(tmp_path.iterdir()) == []
