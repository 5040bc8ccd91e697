# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""Looks for a pack, a load, a fault and a moment at which a protection core does wrong.

    python -m doppelpack.search --bms ./libmycore.so --examples 200 --seed 1 --out found

Hypothesis makes the situations, the oracles of `doppelpack campaign` judge them by the truth and
the configuration of the product, and what they object to is shrunk to the simplest situation that
shows it: a scenario that `doppelpack run` fails. Needs Hypothesis and PyYAML
(pip install "doppelpack[search]") and the program doppelpack.
"""
