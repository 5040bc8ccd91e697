# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""Reads the folder a run leaves behind; also while the run is still writing it."""

import csv
import json
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._core import DataError
from .notebook import recording_html

_UNKNOWN_WORD = 255
_VALUE_TO_TEXT = 7


@dataclass(frozen=True)
class Recording:
    """One run: signals over time, what happened, and how it came out."""

    folder: Path
    time: NDArray[np.float64]  # seconds
    signals: dict[str, NDArray[np.float64]]  # one row per time
    events: list[dict[str, Any]] = field(default_factory=list)
    result: dict[str, Any] = field(default_factory=dict)  # empty while the run is going on

    def _repr_html_(self) -> str:
        return recording_html(self.folder, len(self.signals), len(self.time), self.result)


def read_recording(folder: str | PathLike[str]) -> Recording:
    """Reads signals.csv or signals.mf4 (needs asammdf), events.jsonl and result.json.

    The last two may be missing. DataError when there are no signals or they cannot be read.
    """
    folder = Path(folder)
    measured = folder / "signals.mf4"
    time, signals = _read_mdf4(measured) if measured.exists() else _read_csv(folder / "signals.csv")
    events = folder / "events.jsonl"
    result = folder / "result.json"
    return Recording(
        folder,
        time,
        signals,
        [json.loads(line) for line in _whole_lines(events)] if events.exists() else [],
        json.loads(result.read_text(encoding="utf-8")) if result.exists() else {},
    )


def _whole_lines(file: Path) -> list[str]:
    """The lines of a file without one that has not been written to its end."""
    text = file.read_text(encoding="utf-8")
    return text[: text.rfind("\n") + 1].splitlines()


def _read_csv(file: Path) -> tuple[NDArray[np.float64], dict[str, NDArray[np.float64]]]:
    if not file.exists():
        raise DataError(f"{file}: found no such file, expected the folder of a recorded run")
    header, *rows = csv.reader(_whole_lines(file)) or [[]]
    table = np.array(rows, dtype=np.float64).reshape(len(rows), len(header))
    return table[:, 0], {name: table[:, i] for i, name in enumerate(header) if i > 0}


def _read_mdf4(file: Path) -> tuple[NDArray[np.float64], dict[str, NDArray[np.float64]]]:
    try:
        from asammdf import MDF
    except ImportError as error:
        raise DataError(
            f"{file}: found no asammdf to read it, expected: pip install 'doppelpack[convert]'"
        ) from error
    with MDF(file) as measured:
        channels: list[Any] = measured.groups[0].channels
        master, *others = channels
        wanted = [(channel.name, 0, i) for i, channel in enumerate(others, start=1)]
        series: list[Any] = measured.select(wanted, raw=True)
        time: NDArray[np.float64] = measured.get_master(0).astype(np.float64)
    signals = {
        each.name: _numbers(each.samples, each.conversion)
        for each in series
        if each.name != master.name
    }
    return time, signals


def _numbers(samples: NDArray[Any], conversion: Any) -> NDArray[np.float64]:
    """Words are numbered; that which is not known is not a number."""
    numbers = samples.astype(np.float64)
    if conversion is not None and conversion.conversion_type == _VALUE_TO_TEXT:
        numbers[samples == _UNKNOWN_WORD] = np.nan
    return numbers
