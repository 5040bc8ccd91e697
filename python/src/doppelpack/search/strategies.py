# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""Situations by chance. What is simplest comes first: towards it Hypothesis shrinks."""

import dataclasses
import re
from collections.abc import Mapping, Sequence

from hypothesis import strategies as st

from .situation import PRODUCTS, Situation

# Drawn from all of a range, and as often from each of its ends: there limits are.
_FULL, _EMPTY, _ANY_SOC = st.integers(97, 100), st.integers(0, 8), st.integers(0, 100)
_SOC = st.just(50) | _FULL | _EMPTY | _ANY_SOC
_MILD, _HOT, _COLD = st.integers(5, 42), st.integers(40, 65), st.integers(-22, 5)
_T_DEGC = st.just(25) | _MILD | _MILD | _HOT | _COLD
_POWER_W = st.sampled_from((0, 1000, 2000, 3000, 4000, 6000, 8000, 10000))
_DEMAND_W = _POWER_W | _POWER_W.map(lambda power_W: -power_W)
_CELLS = st.integers(1, 15)  # every product has so many
# Put on one after the other, each on a copy of the same pack.
_FEWEST_FAULTS, _MOST_FAULTS = 6, 16
# Where packs have their limits: SOC, that of an odd cell, temperature, whether it is charged.
_EDGES = (
    (100, None, 25, True),
    (95, 100, 25, True),
    (2, None, 25, False),
    (20, 1, 25, False),
    (50, None, 25, True),
    (50, None, 25, False),
    (50, None, 60, True),
    (50, None, 62, False),
    (50, None, -4, True),
    (50, None, -22, False),
)

Cases = Mapping[str, Mapping[str, Sequence[str]]]  # by product and fault


def sort_cases(cases: Sequence[str]) -> Cases:
    """By product and fault: one that has many places and severities is not likelier than others."""
    found: dict[str, dict[str, list[str]]] = {}
    for case in cases:
        product, _, fault, _ = case.split("/")
        faults = found.setdefault(product, {})
        faults.setdefault(re.split("[=@]", fault)[0], []).append(case)
    return found


@st.composite
def _whole(draw: st.DrawFn, its_cases: Mapping[str, Sequence[str]]) -> list[Situation]:
    """Nothing is broken; mostly the inverter is the fault, and drives the pack to its limits."""
    (case,) = its_cases["none"]
    first = draw(_begun(case))
    if draw(st.sampled_from((True, False, False))):
        return [first]
    charges = draw(st.booleans())
    end = _FULL if charges else _EMPTY
    power_W = draw(_POWER_W)
    return [
        dataclasses.replace(
            first,
            soc=draw(end | end | _ANY_SOC),
            demand_W=power_W if charges else -power_W,
            obeys_limits=False,
            is_ruffian=draw(st.booleans()),
            watch_s=draw(st.sampled_from((20, 45, 90))),
        )
    ]


@st.composite
def _driven(draw: st.DrawFn, its_cases: Mapping[str, Sequence[str]]) -> list[Situation]:
    """Likewise, and straight over a limit, by an inverter that is strong enough."""
    (case,) = its_cases["none"]
    soc, odd_soc, temperature_degC, charges = draw(st.sampled_from(_EDGES))
    power_W = draw(st.sampled_from((3000, 5000, 10000)))
    return [
        dataclasses.replace(
            draw(_begun(case)),
            soc=soc,
            odd_cell=None if odd_soc is None else (draw(_CELLS), odd_soc),
            temperature_degC=temperature_degC,
            demand_W=power_W if charges else -power_W,
            obeys_limits=False,
            is_ruffian=draw(st.booleans()),
            watch_s=draw(st.sampled_from((45, 90))),
        )
    ]


@st.composite
def _broken(draw: st.DrawFn, its_cases: Mapping[str, Sequence[str]]) -> list[Situation]:
    """In each something else is broken, and the inverter obeys."""
    faults = st.sampled_from([fault for fault in its_cases if fault != "none"])
    chosen = draw(st.lists(faults, min_size=_FEWEST_FAULTS, max_size=_MOST_FAULTS, unique=True))
    first = draw(_begun(""))
    cases = [draw(st.sampled_from(its_cases[fault])) for fault in chosen]
    return [dataclasses.replace(first, case=case) for case in cases]


@st.composite
def _begun(draw: st.DrawFn, case: str) -> Situation:
    """A pack, what is asked of it, and what follows."""
    return Situation(
        case=case,
        soc=draw(_SOC),
        odd_cell=draw(st.none() | st.tuples(_CELLS, _SOC)),
        temperature_degC=draw(_T_DEGC),
        demand_W=draw(_DEMAND_W),
        obeys_limits=True,
        is_ruffian=False,
        turn=draw(st.none() | st.tuples(st.integers(0, 20), _DEMAND_W)),
        reset_after_s=draw(st.none() | st.integers(1, 30)),
        watch_s=draw(st.sampled_from((15, 25, 45))),
    )


@st.composite
def groups(draw: st.DrawFn, cases: Cases) -> list[Situation]:
    """Situations that begin alike. In each one thing is wrong at most: a part, or the inverter."""
    its_cases = cases[draw(st.sampled_from(list(PRODUCTS)))]
    return draw(st.one_of(_whole(its_cases), _driven(its_cases), _broken(its_cases)))
