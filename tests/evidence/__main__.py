# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""All evidence at once: python -m evidence [--publish]; `make evidence` runs it."""

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("PYBAMM_DISABLE_TELEMETRY", "true")
os.environ.setdefault("MPLBACKEND", "agg")

from evidence import (
    against_pybamm,
    bank_storage,
    calce,
    half_cells,
    pylontech,
    sony,
    xu2015,
)
from evidence.dataset import ROOT, Report
from evidence.document import write_document


def sources(publish: bool) -> dict[str, Callable[[], Report | None]]:
    return {
        "calce_a123": calce.report,
        "xu2015_prismatic": lambda: xu2015.report(publish),
        "lithiumwerks_apr18650m1b": lambda: half_cells.report_full_cell(
            half_cells.LITHIUM_WERKS.name,
            "Lithium Werks APR18650M1B, 1.2 Ah: pseudo-OCV at C/32 (S. Sunil)",
            "MIT",
            publish,
        ),
        "sony_us26650_simses": lambda: half_cells.report_full_cell(
            half_cells.SONY.name,
            "Sony US26650FTC1, 3 Ah: OCV (M. Naumann, in SimSES)",
            "BSD-3-Clause",
            publish,
        ),
        "sony_us26650_shape": sony.report,
        "lfp_halfcell_haidi": half_cells.report_default,
        "lfp_bank_storage": bank_storage.report,
        "pylontech_us2000c_15s": pylontech.report,
    }


def run_pybamm() -> tuple[against_pybamm.Comparison, bool]:
    both = against_pybamm.compare()
    print(
        f"pybamm: {1e3 * both.rms_V():.4f} mV rms, {1e3 * both.worst_K():.1f} mK at worst; "
        f"solved in {both.their_seconds:.2f} s, here in {1e3 * both.our_seconds:.1f} ms: "
        f"{both.their_seconds / both.our_seconds:.0f} times",
        flush=True,
    )
    is_good = both.rms_V() < 0.1e-3 and both.worst_V() < 1e-3 and both.worst_K() < 0.02
    return both, is_good


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m evidence", description=__doc__)
    parser.add_argument(
        "--publish", action="store_true", help="renew docs/validation and the fitted cells"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "evidence")
    arguments = parser.parse_args()
    both, is_good = run_pybamm()
    reports: list[Report] = []
    missing: list[str] = []
    for name, make in sources(arguments.publish).items():
        started = time.perf_counter()
        report = make()
        if report is None:
            missing.append(name)
            print(f"{name}: skipped, no such folder in DOPPELPACK_DATA", flush=True)
            continue
        reports.append(report)
        print(f"{name}: {time.perf_counter() - started:.0f} s", flush=True)
        for figure in report.figures:
            verdict = "" if figure.is_good else f"  FAILED, bound {figure.bound:g}"
            print(f"    {figure.what}: {figure.value:.4g} {figure.unit}{verdict}", flush=True)
            is_good &= figure.is_good
    if arguments.publish and missing:
        print("not published: " + ", ".join(missing) + " are missing", file=sys.stderr)
        return 1
    folder = ROOT / "docs" if arguments.publish else arguments.out
    print(f"written: {write_document(folder, reports, missing, both)}")
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
