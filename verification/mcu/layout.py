# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The doppelpack authors

"""Do the structs of a trace lie alike on the host and on the microcontroller?

A trace holds them as they lie in memory. Every field of every nested struct is compared: its
offset, size and kind. A field whose size depends on the processor (pointer, size_t, long) differs.
"""

import dataclasses
from collections.abc import Iterator

import clang.cindex as ci

from verification import tools

TRACED = ("bms_config_t", "bms_factory_t", "bms_inputs_t", "bms_outputs_t")
HOST = ["--target=x86_64-linux-gnu"]
MCU = ["--target=arm-none-eabi", "-mcpu=cortex-m4", "-fno-short-enums"]


@dataclasses.dataclass(frozen=True)
class Field:
    name: str
    offset_bits: int
    size_bytes: int
    kind: str


def parse(arguments: list[str]) -> ci.TranslationUnit:
    resources = tools.run([tools.CLANG, "-print-resource-dir"]).stdout.strip()
    unit = ci.Index.create().parse(
        "layout.c",
        [
            "-std=c11",
            "-ffreestanding",
            f"-I{tools.INCLUDE}",
            "-resource-dir",
            resources,
            *arguments,
        ],
        unsaved_files=[("layout.c", '#include "bms/bms.h"\n')],
    )
    errors = [str(each) for each in unit.diagnostics if each.severity >= ci.Diagnostic.Error]
    tools.gate(errors)
    return unit


def flatten(kind: ci.Type, name: str, offset_bits: int) -> Iterator[Field]:
    """The scalars of a type, each with its offset from the start of the outermost struct."""
    canonical = kind.get_canonical()
    if canonical.kind == ci.TypeKind.CONSTANTARRAY:
        element = canonical.get_array_element_type()
        for i in range(canonical.get_array_size()):
            yield from flatten(element, f"{name}[{i}]", offset_bits + i * 8 * element.get_size())
    elif canonical.kind == ci.TypeKind.RECORD:
        for field in canonical.get_fields():
            inner = offset_bits + field.get_field_offsetof()
            yield from flatten(field.type, f"{name}.{field.spelling}", inner)
    else:
        # uint64_t is a long here and a long long there; a true long has another size.
        kind_name = canonical.kind.name.replace("LONGLONG", "LONG")
        yield Field(name, offset_bits, canonical.get_size(), kind_name)


def layout(arguments: list[str]) -> dict[str, list[Field]]:
    typedefs = {
        cursor.spelling: cursor.underlying_typedef_type
        for cursor in parse(arguments).cursor.get_children()
        if cursor.kind == ci.CursorKind.TYPEDEF_DECL
    }
    return {
        name: [*flatten(typedefs[name], name, 0), Field("sizeof", 0, typedefs[name].get_size(), "")]
        for name in TRACED
    }


def check_layout() -> int:
    """The number of fields that lie alike. Raises CheckError for each that does not."""
    host, mcu = layout(HOST), layout(MCU)
    differing = [
        f"{on_host.name} is at bit {on_host.offset_bits} with {on_host.size_bytes} bytes on the"
        f" host, at bit {on_mcu.offset_bits} with {on_mcu.size_bytes} on the microcontroller"
        for name in TRACED
        for on_host, on_mcu in zip(host[name], mcu[name], strict=True)
        if on_host != on_mcu
    ]
    tools.gate(differing[:10])
    return sum(len(fields) - 1 for fields in host.values())
