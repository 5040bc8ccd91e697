# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The doppelpack authors

"""Proves with Frama-C WP that the core has no undefined behaviour and keeps its contracts.

Contracts (ACSL) stand before functions: those of a stage in bms/src/core.h, those of a helper where
it is defined. Prover time is limited per goal; a goal that takes longer needs an assertion on the
way, not more time.
"""

import argparse
import re

from verification import tools

# A source and what of it is taken on trust: its contract is used, its body is not proved.
PROVED: dict[str, list[str]] = {
    "balance.c": [],
    "limits.c": ["factor_permille"],  # a product of two variables, divided: beyond the provers
    "panel.c": [],
}
OPTIONS = ["-wp", "-wp-rte", "-wp-model", "Typed+Cast", "-wp-prover", "cvc4", "-wp-timeout", "10"]
OPTIONS += ["-wp-par", "1", "-machdep", "gcc_x86_64", "-c11"]
OPTIONS += [f"-cpp-extra-args=-I{tools.INCLUDE}"]
SUMMARY = re.compile(r"Proved goals:\s+(\d+) / (\d+)")
UNPROVED = re.compile(r"Goal (\S+) : (?:Timeout|Unknown|Failed)|\[Failed\] Goal (\S+)")


def prove(name: str, trusted: list[str]) -> tuple[list[int], list[str]]:
    """Goals proved and goals in all, and the names of those that are not."""
    skip = ["-wp-skip-fct", ",".join(trusted)] if trusted else []
    done = tools.run(["frama-c", *OPTIONS, *skip, tools.ROOT / "bms" / "src" / name])
    summary = SUMMARY.search(done.stdout)
    if summary is None:
        raise tools.CheckError(f"{name}: Frama-C gave no summary\n{done.stdout[-2000:]}")
    unproved = [f"{name}: {a or b}" for a, b in UNPROVED.findall(done.stdout)]
    return [int(summary[1]), int(summary[2])], unproved


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    tools.run(["why3", "config", "detect"])
    goals, failures = {}, []
    for name, trusted in PROVED.items():
        goals[name], unproved = prove(name, trusted)
        failures += unproved
        print(f"{name:12} {goals[name][0]} of {goals[name][1]} goals", flush=True)
        if goals[name][0] < goals[name][1] and not unproved:
            failures.append(f"{name}: {goals[name][1] - goals[name][0]} goals are not proved")
    tools.write_result("proof", {"files": goals, "trusted": PROVED})
    tools.gate(failures)


if __name__ == "__main__":
    tools.main(main)
