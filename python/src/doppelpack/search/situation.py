# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""A situation that may show a bug, as a plan for the oracles and as a scenario."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

STARTS_S = 20  # the pack is on, closed and loaded by then; what happens happens from there on

# The styles in which a fault is put on: timings of a plan, named in the ids of its cases.
STYLES: dict[str, dict[str, Any]] = {
    "stays": {"places": "all"},
    "comes": {"lasts": "300 ms", "every": "2 s", "natures": ["intermittent", "transient"]},
    "grows": {"ramp": "10 s"},
}
PRODUCTS = {
    "generic-16s": "hybrid-5k",
    "pylontech-us5000": "hybrid-5k",
    "dyness-bx51100": "hybrid-5k",
    "residential-6k5": "hybrid-5k",
    "telecom-48v": "telecom-rectifier",
}
# On the same link, stronger, and with a higher ceiling than any pack stands.
RUFFIANS = {"hybrid-5k": "disobedient-surge", "telecom-rectifier": "disobedient-surge-rs485"}


@dataclass(frozen=True)
class Situation:
    """A pack in a state, a fault, and what is done then."""

    case: str  # "generic-16s/search/ntc-open@3/stays"
    soc: int  # %
    odd_cell: tuple[int, int] | None  # a cell that is at another SOC: which one, %
    temperature_degC: int
    demand_W: int  # of the inverter
    obeys_limits: bool  # to the end; otherwise it is what goes wrong
    is_ruffian: bool  # the inverter is not the one that fits, but one that is too strong
    turn: tuple[int, int] | None  # so many s after the fault, this demand
    reset_after_s: int | None  # likewise, RESET is pressed
    watch_s: int

    @property
    def product(self) -> str:
        return self.case.split("/")[0]

    @property
    def style(self) -> str:
        return self.case.rsplit("/", 1)[1]

    @property
    def inverter(self) -> str:
        fits = PRODUCTS[self.product]
        return RUFFIANS[fits] if self.is_ruffian else fits

    def initial(self) -> dict[str, Any]:
        state: dict[str, Any] = {"soc": f"{self.soc} %"}
        if self.odd_cell is not None:
            state["cells"] = [{"cell": self.odd_cell[0], "soc": f"{self.odd_cell[1]} %"}]
        return {**state, "temperature": f"{self.temperature_degC} degC"}

    def before(self) -> list[dict[str, Any]]:
        """A load that is there before; that of an inverter that is the fault comes with it."""
        if not self.demand_W or not self.obeys_limits:
            return []
        return [{"at": "10 s", "set": {"inverter1/demand_W": f"{self.demand_W} W"}}]

    def after(self, zero_s: int) -> list[dict[str, Any]]:
        """What follows, with times counted so that the fault begins at `zero_s`."""
        entries: list[tuple[int, dict[str, Any]]] = []
        if not self.obeys_limits:
            demand = {"inverter1/demand_W": f"{self.demand_W} W"} if self.demand_W else {}
            entries.append((0, {"set": {"inverter1/obeys_limits": "no", **demand}}))
        if self.turn is not None:
            entries.append((self.turn[0], {"set": {"inverter1/demand_W": f"{self.turn[1]} W"}}))
        if self.reset_after_s is not None:
            entries.append((self.reset_after_s, {"press": {"button": "reset", "for": "200 ms"}}))
        entries.sort(key=lambda entry: entry[0])
        return [{"at": f"{zero_s + at_s} s", **what} for at_s, what in entries]


def resting(case: str) -> Situation:
    """The simplest situation of a case: half full, without load, watched for 15 s."""
    return Situation(case, 50, None, 25, 0, True, False, None, None, 15)


def plan_of(group: Sequence[Situation], shipped: Mapping[str, Any]) -> dict[str, Any]:
    """A campaign in which the situations, alike but for their case, are among the cases."""
    one = group[0]
    styles = [style for style in STYLES if any(other.style == style for other in group)]
    then = {"then": one.after(0)} if one.after(0) else {}
    return {
        "campaign": "minimal",
        "title": "One situation",
        "watch": f"{one.watch_s} s",
        "products": [{"product": one.product, "inverter": one.inverter}],
        "states": [
            {
                "name": "search",
                "title": "What is searched",
                "initial": one.initial(),
                **({"timeline": one.before()} if one.before() else {}),
                "after": f"{STARTS_S} s",
            }
        ],
        "timings": [
            {"name": style, "title": "What is searched", **STYLES[style], **then}
            for style in styles
        ],
        "severities": shipped["severities"],
        "ramps": shipped["ramps"],
    }


def scenario_of(one: Situation, fault: Mapping[str, Any]) -> dict[str, Any]:
    """The same as a scenario without expectations; fault: what inject says, empty without one."""
    put_on: list[dict[str, Any]] = []
    start = f"{STARTS_S} s"
    if fault and one.style == "comes":
        inject = {**fault, "for": STYLES["comes"]["lasts"]}
        put_on = [{"every": STYLES["comes"]["every"], "from": start, "inject": inject}]
    elif fault:
        put_on = [{"at": start, "inject": dict(fault)}]
    return {
        "scenario": "minimal",
        "title": f"The simplest situation that shows it: {one.case}",
        "product": one.product,
        "inverter": one.inverter,
        "duration": f"{STARTS_S + one.watch_s} s",
        "seed": 1,
        "initial": one.initial(),
        "timeline": [*one.before(), *put_on, *one.after(STARTS_S)],
    }
