# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The doppelpack authors

"""How long every protection takes on the bench: what the tests of its timing have measured.

The tests themselves are the gate; here their properties become a table.
"""

import argparse
import json
import pathlib
from typing import Any

from verification import tools

FILTER = "*ProtectionTiming*"


def number(text: str) -> int | float:
    value = round(float(text), 3)
    return int(value) if value == int(value) else value


def row(test: dict[str, Any]) -> dict[str, Any]:
    """One row of the table: the properties of a test, times as numbers."""
    measured: dict[str, Any] = {
        key: number(value) if key.endswith("_ms") else value
        for key, value in test.items()
        if key in ("rule", "cause", "sampled", "driven_at") or key.endswith("_ms")
    }
    since_reading_ms = measured["protection_ms"] - measured["reading_ms"]
    measured["beyond_ms"] = number(str(since_reading_ms - measured["delay_ms"]))
    return measured


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", type=pathlib.Path, required=True, help="doppelpack_sim_tests")
    program = parser.parse_args().program
    report = tools.folder("timing") / "tests.json"
    done = tools.run(
        [program, f"--gtest_filter={FILTER}", f"--gtest_output=json:{report}"], ok=(0, 1)
    )
    suites = json.loads(report.read_text(encoding="utf-8"))["testsuites"]
    tests = [test for suite in suites for test in suite["testsuite"]]
    failed = [test["name"] for test in tests if "failures" in test]
    if failed or not tests:
        tail = "\n".join(done.stdout.splitlines()[-20:])
        raise tools.CheckError(f"{tail}\nnot within one task: {', '.join(failed) or 'no test ran'}")
    rows = sorted(map(row, tests), key=lambda each: str(each["rule"]))
    tools.write_result("timing", {"rows": rows})
    worst = max(rows, key=lambda each: abs(float(each["beyond_ms"])))
    print(f"{len(rows)} protections; worst {worst['beyond_ms']} ms ({worst['rule']})")


if __name__ == "__main__":
    tools.main(main)
