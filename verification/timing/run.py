# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The doppelpack authors

"""How long every protection, and the finding of failures, takes on the bench.

The tests themselves are the gate; here what they have measured becomes tables.
"""

import argparse
import json
import pathlib
from typing import Any

from verification import tools

FILTER = "*ProtectionTim*:*FailureTiming*"
WORDS = ("rule", "failure", "cause", "sampled", "found_by", "bound", "driven_at")


def number(text: str) -> int | float:
    value = round(float(text), 3)
    return int(value) if value == int(value) else value


def row(test: dict[str, Any]) -> dict[str, Any]:
    """One row of a table: the properties of a test, times as numbers."""
    return {
        key: number(value) if key.endswith("_ms") else value
        for key, value in test.items()
        if key in WORDS or key.endswith("_ms")
    }


def with_excess(measured: dict[str, Any]) -> dict[str, Any]:
    since_reading_ms = measured["protection_ms"] - measured["reading_ms"]
    return measured | {"beyond_ms": number(str(since_reading_ms - measured["delay_ms"]))}


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
    rows = [row(test) for test in tests]
    rules = sorted((with_excess(each) for each in rows if "rule" in each), key=lambda r: r["rule"])
    found = sorted((each for each in rows if "failure" in each), key=lambda r: r["failure"])
    tools.write_result("timing", {"protections": rules, "failures": found})
    worst = max(rules, key=lambda each: abs(float(each["beyond_ms"])))
    print(f"{len(rules)} protections; worst {worst['beyond_ms']} ms ({worst['rule']})")
    print(f"{len(found)} failures")


if __name__ == "__main__":
    tools.main(main)
