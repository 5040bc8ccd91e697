# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""Situations by chance. What is simplest comes first: towards it Hypothesis shrinks."""

from collections.abc import Sequence

from hypothesis import strategies as st

from .situation import PRODUCTS, Situation

_SOC = (50, 95, 99, 80, 20, 8, 4)
_T_DEGC = (25, 40, 52, 58, 10, 1, -8, -18)
_DEMAND_W = (0, 2000, -2000, 5000, -5000, 12000, -12000)


@st.composite
def situations(draw: st.DrawFn, cases: Sequence[str]) -> Situation:
    """Products, loads, and when what happens. One thing is wrong: a part, or the inverter."""
    product = draw(st.sampled_from(list(PRODUCTS)))
    is_whole = draw(st.booleans())
    its_cases = [
        case for case in cases if case.startswith(f"{product}/") and ("/none/" in case) == is_whole
    ]
    turn = st.tuples(st.integers(0, 10), st.sampled_from(_DEMAND_W))
    return Situation(
        draw(st.sampled_from(its_cases)),
        draw(st.sampled_from(_SOC)),
        draw(st.sampled_from(_T_DEGC)),
        draw(st.sampled_from(_DEMAND_W)),
        not is_whole or draw(st.booleans()),
        draw(st.none() | turn),
        draw(st.none() | st.integers(1, 15)),
        draw(st.sampled_from((15, 22, 40))),
    )
