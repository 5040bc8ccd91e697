# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""What is kept of the benches of a test that failed, and how reports of tests show it."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from .bench import Bench
    from .recording import Recording

_REPORT = "report.html"
_PICTURE = "run.png"
EVIDENCE = (_REPORT, _PICTURE)  # file names, in the folder of a bench


class Evidence:
    """Files written into the folders of benches, or why they could not be."""

    def __init__(self, benches: Sequence[tuple[Bench, Path]], again: str) -> None:
        self._benches = benches
        self._again = again  # the command that repeats the test
        # A file that cannot be written must not hide what failed.
        self._reports = [_report(bench, folder, again) for bench, folder in benches]
        self._pictures = [_picture(bench, folder) for bench, folder in benches]

    def lines(self) -> Iterator[str]:
        """For people."""
        for (bench, folder), report, picture in zip(
            self._benches, self._reports, self._pictures, strict=True
        ):
            yield repr(bench)
            yield from (f"  {verdict}" for verdict in bench.verdicts)
            yield f"recording: {folder}"
            yield f"report: {report}"
            yield f"picture: {picture}"
        yield f"again: {self._again}"

    def properties(self) -> Iterator[tuple[str, Any]]:
        """For JUnit."""
        for number, (report, picture) in enumerate(
            zip(self._reports, self._pictures, strict=True), 1
        ):
            prefix = "" if number == 1 else f"bench {number}: "
            yield f"{prefix}report", str(report)
            yield f"{prefix}picture", str(picture)
        yield "again", self._again

    def extras(self, page: Path) -> Iterator[dict[str, Any]]:
        """For the page of pytest-html: links as seen from it, and the pictures themselves."""
        from pytest_html import extras

        for number, (report, picture) in enumerate(
            zip(self._reports, self._pictures, strict=True), 1
        ):
            prefix = "" if number == 1 else f"bench {number}: "
            if isinstance(report, Path):
                seen = os.path.relpath(report, page.parent)
                yield extras.url(quote(seen), name=f"{prefix}report")
            if isinstance(picture, Path):
                content = base64.b64encode(picture.read_bytes()).decode("ascii")
                yield extras.png(content, name=f"{prefix}picture")


def _report(bench: Bench, folder: Path, again: str) -> Path | str:
    try:
        return bench.write_report(folder / _REPORT, again=again)
    except Exception as error:
        return _none(error)


def _picture(bench: Bench, folder: Path) -> Path | str:
    try:
        from .plot import plot_run

        return plot_run(folder if bench.is_closed else _memory_of(bench, folder))
    except Exception as error:
        return _none(error)


def _none(error: Exception) -> str:
    from ._core import DataError

    is_told = isinstance(error, (ImportError, DataError))
    return f"none, {error}" if is_told else f"none, {type(error).__name__}: {error}"


def _memory_of(bench: Bench, folder: Path) -> Recording:
    """What an open bench has recorded; the files may be behind, and in another format."""
    from .recording import Recording

    signals = {name: bench.recorded(name) for name in bench.recorded_signals}
    return Recording(folder, bench.time, signals, bench.events)
