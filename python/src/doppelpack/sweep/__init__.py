# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""Many variations of one scenario: all values of axes, and draws by chance, on all processors.

    python -m doppelpack.sweep ntc-drift --workers auto --out results

The results are one table, sorted by case, the same for any number of workers. How to write a plan
is in scenarios/README.md. Needs pyarrow, matplotlib, PyYAML and, for more than one process, Dask:
pip install "doppelpack[campaign]".
"""
