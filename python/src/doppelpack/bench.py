# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""The bench as one writes in a lab book; what it simulates with is _core.Bench."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from os import PathLike
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeAlias

from . import _core
from ._core import DataError, Snapshot
from .condition import Combinable
from .expect import expect
from .fault import Fault, InjectedFault
from .notebook import Events
from .output import Output
from .shortcuts import Shortcuts
from .signal import Signal, make_signal
from .timing import Timing, timing_of
from .tree import Node
from .units import Duration, Quantity, number_in, optional_seconds, seconds_of
from .verdict import ExpectationError, Verdict, from_result

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_StrPath: TypeAlias = str | PathLike[str]

_PATIENCE_S = 86400.0  # of run_until without a timeout


class Bench(Output, Shortcuts):
    """A pack, its firmware, its buses and an inverter. Nothing happens until time is let pass.

    As a context manager it finishes the run at the end of the block and closes its ports. Several
    benches may exist at a time, in any threads: they take turns, half a simulated second at a time,
    and Python's other threads go on meanwhile.

    Times are in seconds, or quantities of doppelpack.units. Whatever is written wrongly raises
    DataError.
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
        record: Sequence[str] = (),
        record_period: float = 1.0,
        speed: float | None = None,
        can: Sequence[str] = (),
        rs485: Sequence[str] = (),
        out: _StrPath | None = None,
        record_format: str = "csv",
        bms: _StrPath | None = None,
        isolated: bool = False,
        bms_budget: float = 2.0,
        bms_cpu_budget: float | None = None,
        report: bool = False,
        real_time: bool = False,
        timing_budget: Duration | None = None,
    ) -> None:
        """A bench without a scenario, powered up at t = 0.

        product, inverter: key, or path of a .yaml file.
        seed: which specimen of the product, and which noise; the same seed gives the same bits.
        initial_soc: 0..1; soc_spread: standard deviation between the cells.
        bms_soc: what the BMS remembers of its SOC; the true one when None.
        record: signals to record, * allowed; a standard set when empty. record_period: seconds.
        speed: simulated seconds per second; None: as fast as possible.
        can, rs485: ports to the outside, "slcan-pty:/tmp/can", "tcp:127.0.0.1:5020", ...
        out: folder for events.jsonl, signals.csv, bus logs and result.json.
        record_format: of the signals, "csv" or "mdf4" (ASAM MDF 4.1, signals.mf4).
        bms: shared library with a protection core; None: the one of the package.
        isolated: run the core in a child process; when it crashes or hangs, run() raises
            RuntimeError and finish() still has everything.
        bms_budget: seconds of wall time an isolated core has for a step.
        bms_cpu_budget: seconds of CPU time a core has for a step; None: any.
        report: collect what write_report() needs; takes a tenth more time, and some megabytes.
        real_time: ask the host for SCHED_FIFO and memory that stays; speed is 1 where not given.
        timing_budget: later than that a slot is late, for `timing`; 1 ms when None.
        """
        self._take(
            _core.Bench(
                product,
                inverter=inverter,
                seed=seed,
                initial_soc=initial_soc,
                soc_spread=soc_spread,
                bms_soc=bms_soc,
                temperature_degC=temperature_degC,
                record=record,
                record_period=record_period,
                speed=speed,
                can=can,
                rs485=rs485,
                out=out,
                record_format=record_format,
                bms=bms,
                isolated=isolated,
                bms_budget=bms_budget,
                bms_cpu_budget=bms_cpu_budget,
                report=report,
                real_time=real_time,
                timing_budget=optional_seconds(timing_budget, "timing_budget"),
            )
        )

    @classmethod
    def from_scenario(
        cls,
        scenario: _StrPath,
        overrides: Mapping[str, bool | float | str] = {},
        *,
        seed: int | None = None,
        speed: float | None = None,
        can: Sequence[str] = (),
        rs485: Sequence[str] = (),
        out: _StrPath | None = None,
        record_format: str = "csv",
        bms: _StrPath | None = None,
        isolated: bool = False,
        bms_budget: float = 2.0,
        bms_cpu_budget: float | None = None,
        report: bool = False,
        real_time: bool = False,
        timing_budget: Duration | None = None,
    ) -> Bench:
        """The bench of a scenario, by key or path.

        overrides: values that replace those of the file, {"initial.soc": "80 %"}.
        seed: replaces that of the file. The rest as for Bench().
        """
        core = _core.Bench.from_scenario(
            scenario,
            overrides,
            seed=seed,
            speed=speed,
            can=can,
            rs485=rs485,
            out=out,
            record_format=record_format,
            bms=bms,
            isolated=isolated,
            bms_budget=bms_budget,
            bms_cpu_budget=bms_cpu_budget,
            report=report,
            real_time=real_time,
            timing_budget=optional_seconds(timing_budget, "timing_budget"),
        )
        return cls._of(core)

    @classmethod
    def _of(cls, core: _core.Bench) -> Bench:
        made = cls.__new__(cls)
        made._take(core)
        return made

    def _take(self, core: _core.Bench) -> None:
        self._core = core
        self._expected: list[Verdict] = []
        self._expected_in_result: int | None = None  # the first so many; None: no result yet
        self._judged: list[Verdict] = []

    # ---- time -------------------------------------------------------------------------------

    def run(self, seconds: Duration | None = None) -> None:
        """Lets time pass; without a number up to the end of the scenario. Ctrl-C interrupts it."""
        self._core.run(None if seconds is None else seconds_of(seconds, "seconds"))

    def run_for(self, duration: Duration) -> None:
        """Lets time pass: `run_for(40 * minutes)`."""
        self._core.run(seconds_of(duration, "duration"))

    def run_until(self, condition: Combinable | str, timeout: Duration | None = None) -> bool:
        """Lets time pass until the condition holds, at most timeout; True if it held.

        Without a timeout it must hold within a simulated day; ExpectationError if it does not.
        A text is written as in scenario files: "bms1/charge_gate == open and pack1/soc > 0.9".
        """
        __tracebackhide__ = True
        text = self.condition_text(condition)
        if timeout is not None:
            return self._core.run_until(text, seconds_of(timeout, "timeout"))
        if not self._core.run_until(text, _PATIENCE_S):
            reason = "it did not hold, and run_until() has no timeout"
            raise ExpectationError(Verdict(text, text, "by", False, None, _PATIENCE_S, reason))
        return True

    def expect(
        self,
        condition: Combinable | str,
        *,
        within: Duration | None = None,
        stays: Duration | None = None,
        until: Combinable | str | None = None,
        name: str | None = None,
    ) -> Verdict:
        """Expects the condition to hold, and lets as much time pass as it takes to know.

        Alone: now. within: at some moment from now on, at the latest then. stays: from the moment
        it holds on, for so long. until: from now on, all the time until the other condition holds,
        which must happen within `within`, or a simulated day.

        Raises ExpectationError, an AssertionError, with what was measured; that of a `within` also
        says how late it would have been. Returns the verdict, which `.verdicts` keeps either way.
        """
        __tracebackhide__ = True  # pytest shows the line of the test
        verdict = expect(self, condition, within, stays, until, name)
        self._expected.append(verdict)
        if not verdict.has_held:
            raise ExpectationError(verdict)
        return verdict

    def holds(self, condition: Combinable | str) -> bool:
        """Whether a condition holds at this moment."""
        return self._core.holds(self.condition_text(condition))

    # ---- what one does to it ----------------------------------------------------------------

    def charge(self, demand: Quantity) -> None:
        """Asks the inverter to charge, from now on, with a current or a power: `charge(50 * A)`.

        It charges with less where the limits that the pack sends, or its own, say so; to provoke a
        protection, set("inverter1/obeys_limits", "no"). A current is held whatever the voltage.
        """
        self._demand(demand, +1.0, "charge")

    def discharge(self, demand: Quantity) -> None:
        """Asks the inverter to discharge, likewise: `discharge(2 * kW)`."""
        self._demand(demand, -1.0, "discharge")

    def rest(self) -> None:
        """Asks the inverter for no current."""
        self._drive(0.0, 0.0, "rest")

    def inject(
        self,
        fault: Fault | str,
        target: int = 0,
        severity: float | str | Quantity | None = None,
        id: str | None = None,  # noqa: A002 (so it is called in scenarios)
        pack: int = 1,
    ) -> InjectedFault:
        """Puts a fault on: `inject(ntc_open(sensor=2))`, with doppelpack.faults, or by its key.

        Returns the id to clear it by, which can do so itself: `.clear()`, or at the end of a block,
        `with bench.inject(ntc_open(sensor=2)): ...`.

        target: number of the cell, NTC or wire, from 1; 0 for faults of the pack as a whole.
        severity: in the fault's unit or as text with unit; its default when None.
        id: the fault's key when None, followed by -TARGET if there is one.
        pack: number of the pack of a bank, from 1.
        """
        if isinstance(fault, Fault):
            if target or severity is not None or pack != 1:
                raise DataError("fault: found a target, severity or pack beside it")
            key, target, severity, pack = fault.key, fault.target, fault.severity, fault.pack
        else:
            key = fault
        if isinstance(severity, Quantity):
            severity = str(severity)
        return InjectedFault(self, self._core.inject(key, target, severity, id, pack))

    def clear(self, id: str) -> None:  # noqa: A002
        """Takes a fault away."""
        self._core.clear(id)

    def set(self, control: str, value: float | str | Quantity) -> None:
        """Sets a control: set("inverter1/demand_W", "3 kW")."""
        if isinstance(value, Quantity):
            value = number_in(self.signal(control).unit, value, control)
        self._core.set(control, value)

    def press(self, button: str, seconds: Duration = 0.2, pack: int = 1) -> None:
        """Presses "power", "reset", "switch" or "wake" for a while, beginning now."""
        self._core.press(button, seconds_of(seconds, "seconds"), pack)

    # ---- moments ----------------------------------------------------------------------------

    def snapshot(self) -> Snapshot:
        """This moment, to go on from as often as one likes, bit for bit.

        What external software has sent and the bench has not yet taken is no part of it.
        """
        return self._core.snapshot()

    def restore(self, snapshot: Snapshot) -> None:
        """Goes back to a snapshot of this bench, or of one made alike; also after finish().

        What is recorded begins there anew; .events has what happened before, too. ValueError for a
        bench with ports or a folder: outside, time does not go back. DataError for a snapshot of
        something else.
        """
        self._core.restore(snapshot)
        self._expected_in_result = None
        self._judged = []

    def fork(self, snapshot: Snapshot | None = None) -> Bench:
        """Another bench that goes on from here, or from a snapshot, without ports and folder."""
        return self._of(self._core.fork(snapshot))

    def finish(self) -> dict[str, Any]:
        """Judges the expectations of the scenario, writes result.json and returns its content.

        What was expected by expect() stands in it before those, and it has passed if all of them
        held. Time cannot be moved any more; everything can still be read.
        """
        result = self._core.finish(self._expected)
        if self._expected_in_result is None:
            self._expected_in_result = len(self._expected)
        self._judged = from_result(result)[self._expected_in_result :]
        return result

    def close(self) -> None:
        """Closes ports and files without judging anything. A closed bench cannot be read."""
        self._core.close()

    def __enter__(self) -> Bench:
        return self

    def __exit__(
        self,
        type_: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None:
        if type_ is None and not self.is_closed:
            self.finish()
        self.close()

    # ---- what one sees ----------------------------------------------------------------------

    def __getitem__(self, signal: str) -> float:
        """The value of a signal at this moment."""
        return self._core[signal]

    def word(self, signal: str) -> str:
        """The value of a signal as people read it: "open", "yes", "3.652 V"."""
        return self._core.word(signal)

    def signal(self, name: str) -> Signal:
        """A signal by its name: signal("pack1/soc") is pack.soc."""
        for row in self._catalogue:
            if row["key"] == name:
                return make_signal(self, row)
        self._core.word(name)  # knows what is near
        raise DataError(f"{name}: found no such signal")

    def recorded(self, signal: str) -> NDArray[np.float64]:
        """What was recorded of a signal so far: read-only, not copied, one row per .time.

        The array stays as it is while the bench runs on; ask again for more rows.
        """
        return self._core.recorded(signal)

    def catalogue(self) -> list[dict[str, Any]]:
        """What can be read or set here, with every pack of a bank; as signals()."""
        return self._core.catalogue()

    @property
    def is_closed(self) -> bool:
        """Whether it has been closed, at the end of its block or by close()."""
        return self._core.is_closed

    @property
    def now(self) -> float:
        """Simulated seconds since power-up."""
        return self._core.now

    @property
    def timing(self) -> Timing | None:
        """How it has kept to the host's clock so far; None of one that is not paced."""
        return timing_of(self._core.timing)

    @property
    def duration(self) -> float | None:
        """When the scenario ends; None without one."""
        return self._core.duration

    @property
    def seed(self) -> int:
        """Which specimen, and which noise."""
        return self._core.seed

    @property
    def product(self) -> str:
        """The key of the (first) pack's product."""
        return self._core.product

    @property
    def signals(self) -> list[str]:
        """The names of everything that can be read."""
        return self._core.signals

    @property
    def recorded_signals(self) -> list[str]:
        """The names of what is recorded."""
        return self._core.recorded_signals

    @property
    def time(self) -> NDArray[np.float64]:
        """The times of the recorded rows, in seconds; read-only, not copied."""
        return self._core.time

    @property
    def events(self) -> Events:
        """What happened so far, as in events.jsonl: t_ns, event, and what belongs to the event."""
        return Events(self._core.events)

    @property
    def event_log_sha256(self) -> str:
        """The hash of events.jsonl up to now, the same on every machine."""
        return self._core.event_log_sha256

    @property
    def verdicts(self) -> list[Verdict]:
        """How every expect() came out so far and, after finish(), the scenario's expectations."""
        return [*self._expected, *self._judged]

    @property
    def _not_in_result(self) -> list[Verdict]:
        return self._expected[self._expected_in_result or 0 :]

    # ---- inside, and how it looks ------------------------------------------------------------

    def __repr__(self) -> str:
        if self.is_closed:
            return "<Bench, closed>"
        return f"<Bench {self.product}, seed {self.seed}, {self.now:.6g} s>"

    def condition_text(self, condition: Combinable | str) -> str:
        """A condition as scenario files have it; TypeError for one of another bench."""
        if isinstance(condition, str):
            return condition
        if not isinstance(condition, Combinable):
            raise TypeError(f"found {condition!r}, expected a condition, such as pack.soc > 0.9")
        mine = condition.condition()
        if mine.bench is not self:
            raise TypeError(
                f"found {mine.text!r} of another bench, expected a condition on this one"
            )
        return mine.text

    @cached_property
    def _catalogue(self) -> list[dict[str, Any]]:
        return self._core.catalogue()

    @cached_property
    def _tree(self) -> Node:
        return Node.of(self._catalogue)

    def _demand(self, demand: Quantity, sign: float, field: str) -> None:
        if isinstance(demand, Quantity) and demand.kind == "a current":
            self._drive(0.0, sign * self._magnitude("A", demand, field), field)
        elif isinstance(demand, Quantity) and demand.kind == "a power":
            self._drive(sign * self._magnitude("W", demand, field), 0.0, field)
        else:
            raise DataError(
                f"{field}: found {demand}, expected a current or a power, 50 * A, 2 * kW"
            )

    @staticmethod
    def _magnitude(unit: str, demand: Quantity, field: str) -> float:
        number = number_in(unit, demand, field)
        if not number >= 0:
            raise DataError(f"{field}: found {demand}, expected 0 or more")
        return number

    def _drive(self, power_W: float, current_A: float, field: str) -> None:
        if self["site/is_active"]:
            raise DataError(f"{field}: found a site that drives the inverter, expected none")
        for control, value in (("inverter1/demand_W", power_W), ("inverter1/demand_A", current_A)):
            if self[control] != value:
                self.set(control, value)
