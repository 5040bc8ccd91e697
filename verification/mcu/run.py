# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The doppelpack authors

"""The same bits on a Cortex-M4, and what the core needs of it.

Records what the core gets and answers in scenarios, replays the trace on the host and on the
microcontroller in QEMU, and compares every step. Prints flash, RAM, stack and instructions.
"""

import argparse
import json
import pathlib
import re
from typing import Any

import yaml

from verification import tools
from verification.mcu.layout import check_layout

HERE = tools.HERE / "mcu"
LEAST_STEPS = 1_000_000
MOST_FLASH = 64 * 1024
MOST_RAM = 8 * 1024
MOST_INSTRUCTIONS = 10_000

C_FLAGS = ["-std=c11", "-O2", "-Wall", "-Wextra", "-Werror"]
MCU_FLAGS = ["-mcpu=cortex-m4", "-mthumb", "-fno-short-enums", "-ffunction-sections"]
MCU_FLAGS += ["-fdata-sections"]
LINK_FLAGS = [f"-T{HERE}/mps2-an386.ld", "-nostartfiles", "-Wl,--gc-sections"]
LINK_FLAGS += ["-Wl,--no-warn-rwx-segments", "-Wl,--no-enum-size-warning"]
INCLUDES = [f"-I{tools.INCLUDE}", f"-I{tools.ROOT}/sim/include"]

# QEMU's clock advances 2^6 ns with each instruction, the SysTick of the board counts at 25 MHz.
ICOUNT = "shift=6,align=off,sleep=off"
NS_PER_INSTRUCTION = 64
NS_PER_TICK = 40


def duration_min(case: pathlib.Path) -> float:
    value, unit = str(yaml.safe_load(case.read_text(encoding="utf-8"))["duration"]).split()
    return float(value) * {"s": 1 / 60, "min": 1, "h": 60}[unit]


def record(program: pathlib.Path, longest_min: float) -> tuple[pathlib.Path, list[str]]:
    """One trace of all cases that are not longer."""
    trace = tools.folder("mcu") / "cases.bmst"
    cases = sorted((tools.ROOT / "scenarios" / "cases").glob("*.yaml"))
    names = [case.stem for case in cases if duration_min(case) <= longest_min]
    tools.run([program, "run", "--record-bms", trace, *names])
    return trace, names


def build_host() -> pathlib.Path:
    program = tools.folder("mcu") / "replay"
    sources = [HERE / "replay.c", HERE / "platform_host.c", *tools.core_sources()]
    tools.run(["gcc", *C_FLAGS, *INCLUDES, *sources, "-o", program])
    return program


def build_mcu() -> pathlib.Path:
    program = tools.folder("mcu") / "replay.elf"
    sources = [HERE / "replay.c", HERE / "platform_mcu.c", *tools.core_sources()]
    command = ["arm-none-eabi-gcc", *C_FLAGS, *MCU_FLAGS, *INCLUDES, *LINK_FLAGS]
    tools.run([*command, "--specs=rdimon.specs", *sources, "-o", program])
    return program


def measure_footprint() -> dict[str, int]:
    """Bytes of the smallest firmware with the core, its configuration included."""
    program = tools.folder("mcu") / "footprint.elf"
    command = ["arm-none-eabi-gcc", *C_FLAGS, *MCU_FLAGS, *INCLUDES, *LINK_FLAGS]
    command += ["-Wl,--defsym=instance=0x20000000", "--specs=nosys.specs"]
    tools.run([*command, HERE / "footprint.c", *tools.core_sources(), "-o", program])
    words = tools.run(["arm-none-eabi-size", program]).stdout.splitlines()[1].split()
    text, data, bss = (int(word) for word in words[:3])
    return {"flash_bytes": text + data, "static_bytes": data + bss}


def replay(command: list[str | pathlib.Path]) -> dict[str, Any]:
    done = tools.run(command, ok=(0, 1))
    found = re.search(r"^\{.*\}$", done.stdout, re.MULTILINE)
    if found is None:
        raise tools.CheckError(f"{command[0]} said nothing: {done.stdout}{done.stderr}")
    result: dict[str, Any] = json.loads(found[0])
    if "error" in result:
        raise tools.CheckError(f"{command[0]}: {result['error']}")
    return result


def replay_mcu(program: pathlib.Path, trace: pathlib.Path) -> dict[str, Any]:
    command: list[str | pathlib.Path] = ["qemu-system-arm", "-M", "mps2-an386", "-kernel", program]
    command += ["-display", "none", "-monitor", "none", "-serial", "null", "-icount", ICOUNT]
    arguments = f"enable=on,target=native,arg=replay,arg={trace.relative_to(tools.ROOT)}"
    return replay([*command, "-semihosting-config", arguments])


def summarise(mcu: dict[str, Any], footprint: dict[str, int]) -> dict[str, Any]:
    def instructions(ticks: float) -> int:
        return round(ticks * NS_PER_TICK / NS_PER_INSTRUCTION)

    total_ticks = (mcu["total_ticks_high"] << 32) + mcu["total_ticks_low"]
    ram_bytes = footprint["static_bytes"] + mcu["instance_bytes"] + mcu["stack_bytes"]
    return {
        "steps": mcu["steps"],
        "power_ups": mcu["power_ups"],
        "differing_steps": mcu["differing"],
        "instance_bytes": mcu["instance_bytes"],
        "config_bytes": mcu["config_bytes"],
        "stack_bytes": mcu["stack_bytes"],
        "flash_bytes": footprint["flash_bytes"],
        "ram_bytes": ram_bytes,
        "mean_instructions": instructions(total_ticks / mcu["steps"]),
        "worst_instructions": instructions(mcu["worst_ticks"]),
    }


def judge(host: dict[str, Any], mcu: dict[str, Any], result: dict[str, Any]) -> None:
    bounds = {
        "flash_bytes": MOST_FLASH,
        "ram_bytes": MOST_RAM,
        "worst_instructions": MOST_INSTRUCTIONS,
    }
    failures = [
        f"{where}: {each['differing']} steps differ, first {each['first_differing']}; see it with"
        " replay <trace> <step>"
        for where, each in (("host", host), ("microcontroller", mcu))
        if each["differing"]
    ]
    if result["steps"] < LEAST_STEPS:
        failures.append(f"only {result['steps']} steps, wanted {LEAST_STEPS}")
    failures += [
        f"{name} is {result[name]}, at most {most}"
        for name, most in bounds.items()
        if result[name] > most
    ]
    tools.gate(failures)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", type=pathlib.Path, default="build/release/doppelpack")
    parser.add_argument("--longest", type=float, default=10, help="cases up to so many minutes")
    arguments = parser.parse_args()
    fields = check_layout()
    trace, cases = record(arguments.program, arguments.longest)
    host = replay([build_host(), trace])
    mcu = replay_mcu(build_mcu(), trace)
    result = summarise(mcu, measure_footprint()) | {"cases": cases, "fields_alike": fields}
    tools.write_result("mcu", result)
    for name, value in result.items():
        print(f"{name:20} {value}")
    judge(host, mcu, result)


if __name__ == "__main__":
    tools.main(main)
