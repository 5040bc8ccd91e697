# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The doppelpack authors

"""cppcheck and its MISRA C:2012 checks on the core: clean but for what deviations.yaml explains.

The texts of the rules are their publisher's: here are numbers, and reasons in our own words.
"""

import argparse
import collections
import re

import yaml

from verification import tools

DEVIATIONS = tools.HERE / "misra" / "deviations.yaml"
OPTIONS = ["--addon=misra", "--enable=warning,style,performance,portability", "--std=c11"]
OPTIONS += ["--platform=arm32-wchar_t4", "--suppress=missingIncludeSystem", "--quiet"]
FINDING = re.compile(r"^(?P<file>.+):(?P<line>\d+):(?P<rule>[^:]+):(?P<message>.*)$")


def find() -> list[dict[str, str]]:
    command = ["cppcheck", *OPTIONS, "--template={file}:{line}:{id}:{message}"]
    done = tools.run([*command, f"-I{tools.INCLUDE}", "bms/src"])
    lines = sorted(set(done.stderr.splitlines()))
    findings = [match.groupdict() for match in map(FINDING.match, lines) if match]
    for each in findings:
        each["rule"] = each["rule"].removeprefix("misra-c2012-")
        each["file"] = each["file"].removeprefix(f"{tools.ROOT}/")
    return findings


def count_of(found: collections.Counter[tuple[int, str]], entry: int) -> int:
    return sum(count for (i, _), count in found.items() if i == entry)


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    tools.forget_result("misra")
    deviations = yaml.safe_load(DEVIATIONS.read_text(encoding="utf-8"))
    found: collections.Counter[tuple[int, str]] = collections.Counter()
    failures = []
    for finding in find():
        matching = [
            i
            for i, each in enumerate(deviations)
            if str(each["rule"]) == finding["rule"]
            and finding["file"] in each.get("files", [finding["file"]])
        ]
        if matching:
            found[matching[0], finding["file"]] += 1
        else:
            failures.append("{file}:{line}: {rule}: {message}".format(**finding))
    counts = [count_of(found, i) for i in range(len(deviations))]
    for i, each in enumerate(deviations):
        idle = [file for file in each.get("files", []) if not found[i, file]]
        failures += [f"deviations.yaml: rule {each['rule']}: no deviation in {f}" for f in idle]
        if counts[i] == 0 and not idle:
            failures.append(f"deviations.yaml: rule {each['rule']}: nothing deviates any more")
    listed = [each | {"found": counts[i]} for i, each in enumerate(deviations)]
    print(f"{sum(counts)} explained deviations from {len(deviations)} rules")
    tools.gate(failures)
    tools.write_result("misra", {"deviations": listed})


if __name__ == "__main__":
    tools.main(main)
