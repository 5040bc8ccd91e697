# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""What was expected of a bench, and how it came out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Verdict:
    """How one expectation came out; times in seconds of simulated time."""

    name: str
    that: str  # the condition
    kind: str  # "now", "within", "stays", "until", "never", "always", "by", "at_end"
    has_held: bool
    measured_s: float | None = None  # from the beginning until it held, or was broken
    limit_s: float | None = None
    reason: str = ""  # of a failure, one line

    @property
    def margin_s(self) -> float | None:
        """What was left of the limit; negative: too late; None where there is no limit."""
        if self.measured_s is None or self.limit_s is None or self.kind not in ("within", "by"):
            return None
        return self.limit_s - self.measured_s

    def __str__(self) -> str:
        line = f"{'ok' if self.has_held else 'FAILED'}: {self.name}"
        if self.measured_s is not None:
            line += f": {self.measured_s:.4g} s"
            line += "" if self.limit_s is None else f" of {self.limit_s:.4g} s"
        if self.margin_s is not None:
            line += f", margin {self.margin_s:.4g} s"
        return line if self.has_held else f"{line}; {self.reason}"

    def properties(self) -> dict[str, Any]:
        """For a report: what is known of measured_s, limit_s and margin_s, and has_held."""
        numbers = {
            "measured_s": self.measured_s, "limit_s": self.limit_s, "margin_s": self.margin_s
        }  # fmt: skip
        known = {key: value for key, value in numbers.items() if value is not None}
        return {"has_held": self.has_held, **known}


class ExpectationError(AssertionError):
    """An expectation did not hold; `.verdict` has what was measured."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(str(verdict))
        self.verdict = verdict


def from_result(result: dict[str, Any]) -> list[Verdict]:
    """Those of a scenario, of what Bench.finish() returns."""
    return [
        Verdict(
            each["name"],
            each["that"],
            each["kind"],
            each["has_held"],
            each.get("measured_s"),
            each.get("limit_s"),
            each.get("reason") or "",
        )
        for each in result["expectations"]
    ]
