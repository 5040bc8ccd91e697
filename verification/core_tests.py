# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The doppelpack authors

"""The core's own tests as object files, for everything that links them with some build of the core.

They see the core through its headers only, so they are compiled once for all of them.
"""

import concurrent.futures
import os
import pathlib

from verification import tools

COMPILER = "clang++-19"
LIBRARIES = ["-lgtest", "-lgtest_main", "-lpthread"]


def compile_test(source: pathlib.Path, newest_header_s: float) -> pathlib.Path:
    target = tools.folder("tests") / f"{source.stem}.o"
    needed_s = max(source.stat().st_mtime, newest_header_s)
    if not target.exists() or target.stat().st_mtime < needed_s:
        flags = ["-std=c++20", "-O1", "-g0", f"-I{tools.INCLUDE}", f"-I{source.parent}"]
        tools.run([COMPILER, *flags, "-c", source, "-o", target])
    return target


def objects() -> list[pathlib.Path]:
    """Compiled where a source or a header is newer."""
    sources = tools.test_sources()
    folders = (tools.INCLUDE, tools.core_sources()[0].parent, sources[0].parent)
    headers = [header for folder in folders for header in folder.rglob("*.h*")]
    newest_header_s = max(header.stat().st_mtime for header in headers)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(lambda source: compile_test(source, newest_header_s), sources))
