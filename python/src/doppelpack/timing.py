# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""How a paced bench has kept to the host's clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Timing:
    """All slots so far; docs/real_time.md says what the numbers are. Times are the host's."""

    speed: float  # simulated seconds per second
    budget_ms: float
    slots: int
    missed_slots: int
    late_share: float
    p50_us: float  # of the lateness, as the next three
    p99_us: float
    p99_9_us: float
    max_us: float
    worst_catch_up_ms: float
    slips: int
    pauses: int
    is_valid: bool
    reason: str  # why it is not valid; empty: it is
    scheduling: tuple[str, ...]  # what was asked of the host, as granted or refused

    def __str__(self) -> str:
        verdict = "valid" if self.is_valid else f"not valid, {self.reason}"
        return (
            f"timing {verdict}: {self.slots} slots, {self.missed_slots} missed, late by "
            f"{self.p50_us:.0f} us (p50), {self.p99_us:.0f} us (p99), {self.p99_9_us:.0f} us "
            f"(p99.9), {self.max_us:.0f} us at most"
        )


def timing_of(report: dict[str, Any] | None) -> Timing | None:
    """Of "timing" in result.json."""
    if report is None:
        return None
    rest = {key: value for key, value in report.items() if key not in ("lateness_us", "scheduling")}
    lateness = {f"{key}_us": value for key, value in report["lateness_us"].items()}
    return Timing(**rest, **lateness, scheduling=tuple(report["scheduling"]))
