# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""Judges one expectation on a bench, and explains one that did not hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ._core import DataError
from .condition import Combinable
from .units import Duration, seconds_of
from .verdict import Verdict

if TYPE_CHECKING:
    from .bench import Bench

_PATIENCE_S = 86400.0  # for what has no limit
_LATE = 10.0  # how many limits long it is looked whether it comes at all ...
_LATE_S = 60.0  # ... at most so long
_NAME = re.compile(r"[a-z][a-z0-9_]*(?:/[A-Za-z0-9_-]+)+")


def expect(
    bench: Bench,
    condition: Combinable | str,
    within: Duration | None,
    stays: Duration | None,
    until: Combinable | str | None,
    name: str | None,
) -> Verdict:
    """The verdict of Bench.expect(), which says what the arguments mean."""
    that = bench.condition_text(condition)
    limit_s = None if within is None else seconds_of(within, "within")
    if until is not None:
        if stays is not None:
            raise DataError("expect: found stays and until, expected one of them")
        return _expect_until(bench, that, bench.condition_text(until), limit_s, name)
    verdict = _expect_within(bench, that, limit_s, name)
    if stays is None or not verdict.has_held:
        return verdict
    return _expect_stays(bench, verdict, seconds_of(stays, "stays"), name)


def _expect_within(bench: Bench, that: str, limit_s: float | None, name: str | None) -> Verdict:
    if limit_s is None:
        has_held = bench.holds(that)
        reason = "" if has_held else f"now {_values(bench, that)}"
        return Verdict(name or that, that, "now", has_held, reason=reason)
    name = name or f"{that} within {limit_s:g} s"
    start_s = bench.now
    if bench.run_until(that, limit_s):
        return Verdict(name, that, "within", True, _since(bench, start_s), limit_s)
    values = _values(bench, that)
    late_s = _would_hold_after(bench, that, start_s, min(_LATE * limit_s, _LATE_S))
    reason = f"did not hold, {values}" if late_s is None else f"at the limit {values}"
    return Verdict(name, that, "within", False, late_s, limit_s, reason)


def _expect_stays(bench: Bench, came: Verdict, stays_s: float, name: str | None) -> Verdict:
    that = came.that
    start_s = bench.now
    is_broken = bench.run_until(f"not ({that})", stays_s)
    if not is_broken and came.kind == "within":
        return came
    verdict_name = name or f"{that} stays for {stays_s:g} s"
    if not is_broken:
        return Verdict(verdict_name, that, "stays", True, limit_s=stays_s)
    reason = f"held no longer, {_values(bench, that)}"
    return Verdict(verdict_name, that, "stays", False, _since(bench, start_s), stays_s, reason)


def _expect_until(
    bench: Bench, that: str, end: str, limit_s: float | None, name: str | None
) -> Verdict:
    name = name or f"{that} until {end}"
    start_s = bench.now
    has_ended = bench.run_until(f"not ({that}) or ({end})", limit_s or _PATIENCE_S)
    measured_s = _since(bench, start_s)
    if has_ended and bench.holds(end):
        return Verdict(name, that, "until", True, measured_s, limit_s)
    held_on = "what ends it did not come" if not has_ended else "held no longer"
    values = _values(bench, end if not has_ended else that)
    return Verdict(name, that, "until", False, measured_s, limit_s, f"{held_on}, {values}")


def _would_hold_after(bench: Bench, that: str, start_s: float, patience_s: float) -> float | None:
    """Looked up on a fork, which leaves the bench at the moment the limit was over."""
    try:
        fork = bench.fork()
        return _since(fork, start_s) if fork.run_until(that, patience_s) else None
    except (DataError, RuntimeError):
        return None  # a core that cannot be copied, or fails


def _since(bench: Bench, start_s: float) -> float:
    return round(bench.now - start_s, 9)


def _values(bench: Bench, that: str) -> str:
    """What the signals of a condition are: "bms1/charge_gate is closed"."""
    known = set(bench.signals)
    names = dict.fromkeys(name for name in _NAME.findall(that) if name in known)
    return ", ".join(f"{name} is {bench.word(name)}" for name in names)
