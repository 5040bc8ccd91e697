# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
#
# The Python interface and its reference; the names come from python/bindings/ and
# tests/python/test_stubs.py compares the two.
#
# Numbers are in the unit a signal's name ends with (V, A, W, degC, ...), without one in SI; ratios
# such as soc run from 0 to 1. Positive current and power charge the pack. Times are seconds of
# simulated time. Whatever a user wrote wrongly raises DataError.

from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, SupportsFloat, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .verdict import Verdict

_StrPath: TypeAlias = str | PathLike[str]
_Number: TypeAlias = SupportsFloat | str  # 3000, or a text with unit or word: "3 kW", "open"

__version__: str

class DataError(ValueError):
    """A file, a setting or an argument is wrong: one line saying where, what was found, what expected."""

    file: str
    line: int  # 0: not from a file
    field: str

class PortError(OSError):
    """A port could not be opened."""

def data_folder() -> Path:
    """The folder with products/, inverters/, cells/ and cases/ in use."""

def has_report_page() -> bool:
    """Whether reports can be written: the page they are made of was built, which takes npm."""

def products() -> list[dict[str, Any]]:
    """What Bench() can be made of: key, title, file."""

def inverters() -> list[dict[str, Any]]:
    """What can hang on a pack: key, title, file."""

def scenarios() -> list[dict[str, Any]]:
    """The scenarios that come with the package: key, title, file."""

def faults() -> list[dict[str, Any]]:
    """What can be injected: key, title, target ("pack", "cell", "ntc", "sense wire"), failure_mode,
    nature and found_by (words of IEC 61508 and ISO 26262), timings ("step", "ramp", ...) and, for
    a fault with a severity, severity: a dict of name, unit, min, max, default.
    """

def signals(product: _StrPath = "generic-16s") -> list[dict[str, Any]]:
    """What can be read or set on a bench of a product: key, title, unit, is_control and, for an
    enumeration, words: what its values 0, 1, ... are called.
    """

def check(file: _StrPath) -> str:
    """Reads a data file without running it: "product", "inverter", "cell" or "scenario"."""

def run_scenario(
    scenario: _StrPath,
    *,
    overrides: Mapping[str, bool | float | str] = {},
    seed: int | None = None,
    speed: float | None = None,
    out: _StrPath | None = None,
    bms: _StrPath | None = None,
    isolated: bool = False,
    bms_budget: float = 2.0,
    bms_cpu_budget: float | None = None,
) -> dict[str, Any]:
    """Runs a scenario, by key or path, to its end. Arguments and result as for Bench.

    A core that fails ends the run; has_passed is False and the last expectation says why.
    """

def simulate_cell(
    cell: _StrPath,
    time_s: ArrayLike,
    current_A: ArrayLike,
    *,
    soc: float,
    T_degC: float = 25.0,
    ambient_degC: float | None = None,
    cooling_W_per_K: float | None = None,
    capacity_Ah: float | None = None,
    resistance_factor: float = 1.0,
    max_step_s: float = 1.0,
    hold: Literal["next", "previous"] = "next",
) -> dict[str, NDArray[np.float64]]:
    """One cell alone, rested at first, driven by a current that is constant between given times.

    cell: key of a file in cells/, path of a .yaml file, or the text of one (has a line break).
    time_s: shape (n), n >= 1, rising strictly.
    current_A: shape (n), positive in charge. It is imposed whatever the voltage: no cut-off.
    soc: at the first time, 0..1; it may leave that range later.
    T_degC: of the cell at the first time, -40..120.
    ambient_degC: temperature of the surroundings; T_degC when None.
    cooling_W_per_K: conductance from the cell to its surroundings, 0: adiabatic, at most 1e6.
        None: isothermal.
    capacity_Ah: of this specimen, that of the file when None. Resistances go with 1/capacity, the
        heat capacity goes with it.
    resistance_factor: on all resistances.
    max_step_s: 0.0001..1; between given times the model advances in equal steps of at most this.
    hold: "next": current_A[k] flows from time_s[k] on to time_s[k+1], the last one only shows in
        the voltage. "previous": it has flowed since time_s[k-1], as loggers write it down.

    Returns arrays of shape (n): voltage_V while current_A[k] flows, soc, T_degC, and heat_J, the
    heat produced since the first time (with steps below 0.1 s up to 0.1 s late). Wrong values raise
    DataError.
    """

class Snapshot:
    """A bench at one moment. Fits benches of the same scenario, files, settings, seed and core."""

    def save(self, file: _StrPath) -> None:
        """Writes it; the first line of the file is JSON about it."""

    @staticmethod
    def load(file: _StrPath) -> Snapshot:
        """Reads it. DataError for a file that is damaged, or of another version."""

    @property
    def now(self) -> float:
        """Its time in seconds."""

    @property
    def scenario(self) -> str:
        """The key of its scenario, of its product without one."""

class Bench:
    """A pack, its firmware, its buses and an inverter. Nothing happens until run().

    As a context manager it finishes the run at the end of the block and closes its ports. Several
    benches may exist at a time, in any threads: they take turns, half a simulated second at a time,
    and Python's other threads go on meanwhile.
    """

    def __init__(
        self,
        product: _StrPath = "generic-16s",
        *,
        inverter: _StrPath = "hybrid-5k",
        seed: int = 1,
        initial_soc: float = 0.5,
        soc_spread: float = 0.0,
        bms_soc: float | None = None,
        temperature_degC: float = 25.0,
        record: Sequence[str] = [],
        record_period: float = 1.0,
        speed: float | None = None,
        can: Sequence[str] = [],
        rs485: Sequence[str] = [],
        out: _StrPath | None = None,
        record_format: str = "csv",
        bms: _StrPath | None = None,
        isolated: bool = False,
        bms_budget: float = 2.0,
        bms_cpu_budget: float | None = None,
        report: bool = False,
        real_time: bool = False,
        timing_budget: float | None = None,
    ) -> None:
        """A bench without a scenario, powered up at t = 0.

        product, inverter: key, or path of a .yaml file.
        seed: which specimen of the product, and which noise; the same seed gives the same bits.
        soc_spread: standard deviation between the cells.
        bms_soc: what the BMS remembers of its SOC; the true one when None.
        record: signals to record, * allowed; a standard set when empty.
        speed: simulated seconds per second; None: as fast as possible.
        can, rs485: ports to the outside, "slcan-pty:/tmp/can", "tcp:127.0.0.1:5020", ...
        out: folder for events.jsonl, signals.csv or signals.mf4, bus logs and result.json.
        record_format: "csv", or "mdf4" (ASAM MDF 4.1).
        bms: shared library with a protection core; None: the one of the package.
        isolated: run the core in a child process; when it crashes or hangs, run() raises RuntimeError
            and finish() still has everything.
        bms_budget: seconds of wall time an isolated core has for a step.
        bms_cpu_budget: seconds of CPU time a core has for a step; None: any.
        report: collect what report() shows. DataError where has_report_page() is false.
        real_time: ask the host for SCHED_FIFO and memory that stays; speed is 1 when None.
        timing_budget: seconds of the host's time, later than which a slot is late; 1 ms when None.
        """

    @staticmethod
    def from_scenario(
        scenario: _StrPath,
        overrides: Mapping[str, bool | float | str] = {},
        *,
        seed: int | None = None,
        speed: float | None = None,
        can: Sequence[str] = [],
        rs485: Sequence[str] = [],
        out: _StrPath | None = None,
        record_format: str = "csv",
        bms: _StrPath | None = None,
        isolated: bool = False,
        bms_budget: float = 2.0,
        bms_cpu_budget: float | None = None,
        report: bool = False,
        real_time: bool = False,
        timing_budget: float | None = None,
    ) -> Bench:
        """The bench of a scenario, by key or path.

        overrides: values that replace those of the file, {"initial.soc": "80 %"}.
        seed: replaces that of the file. The rest as for Bench().
        """

    def run(self, seconds: float | None = None) -> None:
        """Lets time pass; without a number up to the end of the scenario. Ctrl-C interrupts it."""

    def run_until(self, condition: str, timeout: float) -> bool:
        """Lets time pass until the condition holds, at most timeout seconds; True if it held.

        The condition is written as in scenario files: "bms1/charge_gate == open and pack1/soc > 0.9".
        """

    def holds(self, condition: str) -> bool:
        """Whether a condition holds at this moment."""

    def inject(
        self,
        fault: str,
        target: int = 0,
        severity: _Number | None = None,
        id: str | None = None,
        pack: int = 1,
    ) -> str:
        """Puts a fault on and returns the id to clear it by.

        target: number of the cell, NTC or wire, from 1; 0 for faults of the pack as a whole.
        severity: in the fault's unit or as text with unit; its default when None.
        id: the fault's key when None, followed by -TARGET if there is one.
        pack: number of the pack of a bank, from 1.
        """

    def clear(self, id: str) -> None:
        """Takes a fault away."""

    def set(self, control: str, value: _Number) -> None:
        """Sets a control: bench.set("inverter1/demand_W", "3 kW")."""

    def press(self, button: str, seconds: float = 0.2, pack: int = 1) -> None:
        """Presses "power", "reset", "switch" or "wake" for a while, beginning now."""

    def snapshot(self) -> Snapshot:
        """This moment, to go on from as often as one likes, bit for bit.

        What external software has sent and the bench has not yet taken is no part of it.
        """

    def restore(self, snapshot: Snapshot) -> None:
        """Goes back to a snapshot of this bench, or of one made alike; also after finish().

        What is recorded begins there anew; .events has what happened before, too. ValueError for a
        bench with ports or a folder: outside, time does not go back. DataError for a snapshot of
        something else.
        """

    def fork(self, snapshot: Snapshot | None = None) -> Bench:
        """Another bench that goes on from here, or from a snapshot, without ports and folder."""

    def __getitem__(self, signal: str) -> float:
        """The value of a signal at this moment."""

    def catalogue(self) -> list[dict[str, Any]]:
        """What can be read or set here, with every pack of a bank; rows as of signals()."""

    def word(self, signal: str) -> str:
        """The value of a signal as people read it: "open", "yes", "3.652 V"."""

    def recorded(self, signal: str) -> NDArray[np.float64]:
        """What was recorded of a signal so far: read-only, not copied, one row per .time.

        The array stays as it is while the bench runs on; ask again for more rows.
        """

    def finish(self, verdicts: Sequence[Verdict] = ()) -> dict[str, Any]:
        """Judges the expectations, writes result.json and returns its content.

        verdicts: of what was expected from outside; they stand before those of the scenario.
        Time cannot be moved any more; everything can still be read.
        """

    def report(self, command: str, made_at: str, verdicts: Sequence[Verdict] = ()) -> str:
        """What happened so far as one page of HTML, also after finish() and close().

        command: that does it again, made_at: date and time; as they stand in it.
        verdicts: those that finish() was not given.
        """

    def close(self) -> None:
        """Closes ports and files without judging anything. A closed bench cannot be read."""

    def __enter__(self) -> Bench: ...
    def __exit__(
        self,
        type: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None: ...
    @property
    def is_closed(self) -> bool:
        """Whether close() was called, or the block of a `with` is over."""
    @property
    def now(self) -> float:
        """Simulated seconds since power-up."""
    @property
    def timing(self) -> dict[str, Any] | None:
        """How a paced bench has kept to the host's clock, as in result.json."""
    @property
    def duration(self) -> float | None:
        """When the scenario ends; None without one."""
    @property
    def seed(self) -> int: ...
    @property
    def product(self) -> str: ...
    @property
    def signals(self) -> list[str]:
        """The names of everything that can be read."""
    @property
    def recorded_signals(self) -> list[str]:
        """The names of what is recorded."""
    @property
    def time(self) -> NDArray[np.float64]:
        """The times of the recorded rows, in seconds; read-only, not copied."""
    @property
    def events(self) -> list[dict[str, Any]]:
        """What happened so far, as in events.jsonl: t_ns, event, and what belongs to the event."""
    @property
    def event_log_sha256(self) -> str:
        """The hash of events.jsonl up to now, the same on every machine."""
