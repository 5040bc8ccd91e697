# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""Numbers with units."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from doppelpack import Bench, DataError, units
from doppelpack.units import A, Ah, K, Ohm, V, W, degC, h, kW, kWh, minutes, ms, mV, percent, s


def test_numbers_come_back_in_any_unit_of_their_kind() -> None:
    assert (2 * kW).to(W) == 2000
    assert (300 * mV).to(V) == 0.3
    assert (40 * minutes).to(s) == 2400
    assert (1 * kWh).to(kW * h) == 1
    assert float(80 * percent) == 0.8


def test_arithmetic_keeps_track_of_what_things_are() -> None:
    assert str(48 * V * (50 * A)) == "2400 W"
    assert str(100 * Ah / (50 * A)) == "7200 s"
    assert str(1 * V / (50 * A)) == "0.02 Ohm"
    assert str(1 * minutes + 500 * ms) == "60.5 s"
    assert -(3 * A) < 2 * A <= abs(-2 * A)
    assert {50 * A: 1}[50 * A] == 1
    assert 50 * A != 50 * V


def test_temperatures_are_points_and_differences() -> None:
    assert str(25 * degC + 5 * K) == "30 degC"
    assert str(30 * degC - 20 * degC) == "10 K"


def test_numpy_numbers_are_numbers() -> None:
    assert np.float64(50) * A == 50 * A
    assert A * np.int64(50) == 50 * A


def test_the_units_of_all_signals_and_severities_are_known() -> None:
    bench = Bench()
    for row in bench.catalogue():
        units.unit_called(row["unit"])


@pytest.mark.parametrize(
    ("mistake", "says"),
    [
        (lambda: (5 * A).to(V), "found 5 A, expected a voltage"),
        (lambda: 5 * A + 5 * V, "found 5 A + 5 V, expected two quantities of one kind"),
        (lambda: 20 * degC + 20 * degC, "expected two quantities of one kind"),
        (lambda: 5 * K - 20 * degC, "expected two quantities of one kind"),
        (lambda: 20 * degC * A, "expected K, not degC"),
        (lambda: 5 * A < 5 * V, "found 5 A, expected a voltage"),
        (lambda: float(5 * Ohm), "found 5 Ohm, expected a number"),
        (lambda: Bench().run_for(5 * A), "duration: found 5 A, expected a time"),
        (lambda: Bench().run(5 * V), "seconds: found 5 V, expected a time"),
        (lambda: Bench().pack.soc > 5 * V, "pack1/soc: found 5 V, expected a number"),
        (lambda: Bench().pack.T_max > 5 * K, "found 5 K, expected a temperature"),
        (lambda: Bench().set("inverter1/demand_W", 5 * V), "found 5 V, expected a power"),
        (lambda: Bench().charge(50), "found 50, expected a current or a power"),  # type: ignore
        (lambda: Bench().charge(-50 * A), "found -50 A, expected 0 or more"),
    ],
)
def test_what_does_not_fit_is_one_clear_line(mistake: Callable[[], Any], says: str) -> None:
    with pytest.raises(DataError) as caught:
        mistake()
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)
