# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The doppelpack authors

"""libFuzzer on the core's init and step, with address and undefined-behaviour sanitizers.

The same number of runs and the same seed give the same inputs. What a longer session finds goes
into the corpus with --grow.
"""

import argparse
import pathlib
import re
import shutil

import clang.cindex as ci

from verification import tools
from verification.mcu import layout

HERE = tools.HERE / "fuzz"
CORPUS = HERE / "corpus"
SANITIZERS = "-fsanitize=address,undefined,integer"
FAILURE = re.compile(r"^oracle:|runtime error:|^==\d+==ERROR|^SUMMARY|Test unit written to")
# What the C standard defines, the core uses and clang's group `integer` reports nevertheless.
DEFINED = "-fno-sanitize=unsigned-integer-overflow,unsigned-shift-base,implicit-conversion"
COMMON = ["-O1", "-g", SANITIZERS, DEFINED, "-fno-sanitize-recover=all", f"-I{tools.INCLUDE}"]


def write_bools(folder: pathlib.Path) -> None:
    """bools.hpp: where the bools of a configuration and of the inputs are, from the headers."""
    lines = ["#pragma once", "#include <cstddef>"]
    for name, struct in (("kConfigBools", "bms_config_t"), ("kInputBools", "bms_inputs_t")):
        offsets = [
            str(field.offset_bits // 8)
            for field in layout.layout(layout.HOST)[struct]
            if field.kind == ci.TypeKind.BOOL.name
        ]
        listed = ", ".join(offsets) or "static_cast<std::size_t>(-1)"
        lines.append(f"inline constexpr std::size_t {name}[]{{{listed}}};")
    (folder / "bools.hpp").write_text("\n".join(lines) + "\n", encoding="utf-8")


def build() -> pathlib.Path:
    folder = tools.folder("fuzz")
    write_bools(folder)
    objects = []
    for source in tools.core_sources():
        objects.append(folder / f"{source.stem}.o")
        flags = ["-std=c11", "-fsanitize=fuzzer-no-link", *COMMON]
        tools.run([tools.CLANG, *flags, "-c", source, "-o", objects[-1]])
    program = folder / "fuzz_core"
    flags = ["-std=c++20", "-fsanitize=fuzzer", *COMMON, f"-I{folder}", f"-I{tools.ROOT}/tests/bms"]
    sources = [HERE / "fuzz_core.cpp", *objects]
    tools.run(["clang++-19", *flags, *sources, "-lgtest", "-lpthread", "-o", program])
    return program


def fuzz(program: pathlib.Path, options: list[str]) -> dict[str, int]:
    """Runs on a copy of the corpus: what it finds stays out of the repository."""
    found = program.parent / "found"
    found.mkdir(exist_ok=True)
    options = [*options, "-max_len=600", f"-artifact_prefix={program.parent}/", "-verbosity=1"]
    done = tools.run([program, *options, "-print_final_stats=1", found, CORPUS], ok=range(256))
    tools.gate([line for line in done.stderr.splitlines() if FAILURE.search(line)])
    runs = re.search(r"stat::number_of_executed_units: (\d+)", done.stderr)
    covered = re.findall(r"cov: (\d+)", done.stderr)
    if runs is None or not covered:
        raise tools.CheckError(f"no statistics from {program}")
    return {"runs": int(runs[1]), "covered_edges": int(covered[-1])}


def grow(program: pathlib.Path, seconds: int) -> None:
    """Fuzzes for a while and keeps the smallest set of inputs that reaches the same."""
    fuzz(program, [f"-max_total_time={seconds}"])
    merged = program.parent / "merged"
    shutil.rmtree(merged, ignore_errors=True)
    merged.mkdir()
    tools.run([program, "-merge=1", "-max_len=600", merged, program.parent / "found", CORPUS])
    shutil.rmtree(CORPUS)
    shutil.copytree(merged, CORPUS)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--grow", type=int, metavar="SECONDS", help="renew the corpus instead")
    arguments = parser.parse_args()
    program = build()
    shutil.rmtree(program.parent / "found", ignore_errors=True)
    if arguments.grow:
        grow(program, arguments.grow)
        return
    result = fuzz(program, [f"-runs={arguments.runs}", f"-seed={arguments.seed}"])
    result |= {"corpus_files": len(list(CORPUS.iterdir())), "seed": arguments.seed}
    tools.write_result("fuzz", result)
    print(" ".join(f"{name} {value}" for name, value in result.items()))


if __name__ == "__main__":
    tools.main(main)
