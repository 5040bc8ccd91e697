# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""Makes other files of a recording, for other people's tools.

python -m doppelpack.convert FOLDER --to {asc,blf,csv,mdf4,parquet} [--out FILE]

asc, blf: what can1.log holds, by python-can. csv, mdf4, parquet: the signals, by pandas, pyarrow
and asammdf. `pip install 'doppelpack[convert]'` brings them all.
"""

import argparse
import importlib
import sys
from collections.abc import Callable
from os import PathLike
from pathlib import Path
from typing import Any

from ._core import DataError
from .recording import Recording, read_recording

_Path = str | PathLike[str]


def convert(folder: _Path, to: str, out: _Path | None = None) -> Path:
    """Writes can1.asc or can1.blf, or signals.csv, .mf4 or .parquet; returns the file's path.

    folder: of a recorded run; the file goes there unless `out` names another one.
    DataError for an unknown format, a folder without a recording or a missing package.
    """
    if to not in _WRITERS:
        raise DataError(f"to: found {to!r}, expected one of {', '.join(_WRITERS)}")
    name, write = _WRITERS[to]
    target = Path(out) if out is not None else Path(folder) / name
    target.parent.mkdir(parents=True, exist_ok=True)
    write(Path(folder), target)
    return target


def _package(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise DataError(
            f"found no {name.partition('.')[0]}, expected: pip install 'doppelpack[convert]'"
        ) from error


def _bus_log(folder: Path) -> Path:
    log = folder / "can1.log"
    if not log.exists():
        raise DataError(f"{log}: found no such file, expected a recorded run with CAN")
    return log


def _copy_frames(log: Path, writer: Any) -> None:
    with _package("can").LogReader(log) as frames:
        for frame in frames:
            frame.channel = 0  # counted from 1 in files: the first bus
            writer(frame)


def _write_asc(folder: Path, target: Path) -> None:
    log = _bus_log(folder)
    with _package("can").ASCWriter(target) as writer:
        writer.log_event("powered up", 0.0)  # else time would begin with the first frame
        _copy_frames(log, writer)


def _write_blf(folder: Path, target: Path) -> None:
    log = _bus_log(folder)
    with _package("can").BLFWriter(target) as writer:
        _copy_frames(log, writer)


def _signals(folder: Path, target: Path) -> Recording:
    for source in (folder / "signals.mf4", folder / "signals.csv"):
        if source.exists() and target.resolve() == source.resolve():
            raise DataError(f"{target}: found the recording itself, expected another file")
    return read_recording(folder)


def _write_csv(folder: Path, target: Path) -> None:
    recording = _signals(folder, target)
    pandas = _package("pandas")
    frame = pandas.DataFrame(recording.signals)
    frame.insert(0, "t_s", [f"{t:.12g}" for t in recording.time])
    frame.to_csv(target, index=False, na_rep="nan", float_format="%.9g")


def _write_parquet(folder: Path, target: Path) -> None:
    recording = _signals(folder, target)
    pandas = _package("pandas")
    _package("pyarrow")
    frame = pandas.DataFrame({"t_s": recording.time, **recording.signals})
    frame.to_parquet(target, engine="pyarrow", compression="zstd", index=False)


def _write_mdf4(folder: Path, target: Path) -> None:
    recording = _signals(folder, target)
    asammdf = _package("asammdf")
    with asammdf.MDF(version="4.10") as measured:
        measured.append(
            [
                asammdf.Signal(samples=values, timestamps=recording.time, name=name)
                for name, values in recording.signals.items()
            ]
        )
        measured.save(target, overwrite=True, compression=2)


_WRITERS: dict[str, tuple[str, Callable[[Path, Path], None]]] = {
    "asc": ("can1.asc", _write_asc),
    "blf": ("can1.blf", _write_blf),
    "csv": ("signals.csv", _write_csv),
    "mdf4": ("signals.mf4", _write_mdf4),
    "parquet": ("signals.parquet", _write_parquet),
}


def _main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m doppelpack.convert",
        description="Makes other files of a recording, for other people's tools.",
    )
    parser.add_argument("folder", metavar="FOLDER", help="of a recorded run")
    parser.add_argument("--to", required=True, choices=_WRITERS)
    parser.add_argument("--out", metavar="FILE", help="instead of a file in the folder")
    options = parser.parse_args(arguments)
    try:
        print(convert(options.folder, options.to, options.out))
    except (ValueError, OSError) as error:
        print(f"doppelpack.convert: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
