# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""Recordings and their pictures."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from doppelpack import Bench, DataError
from doppelpack.plot import plot_run
from doppelpack.recording import read_recording

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Bench(out=tmp_path / "run") as bench:
        bench.set("inverter1/demand_W", 2000)
        bench.run(20)
        bench.inject("ntc-open", target=2)
        bench.run(10)
        bench.clear("ntc-open-2")
        bench.run(10)
    return tmp_path / "run"


def test_recording_is_what_the_bench_recorded(tmp_path: Path) -> None:
    with Bench(out=tmp_path) as bench:
        bench.run(5)
        recording = read_recording(tmp_path)
        assert recording.result == {}, "not finished yet"
        assert recording.events == bench.events
        assert np.allclose(recording.time, bench.time)
        assert list(recording.signals) == bench.recorded_signals
        for name, values in recording.signals.items():
            assert np.allclose(values, bench.recorded(name), rtol=1e-8, equal_nan=True)
        result = bench.finish()
    assert read_recording(tmp_path).result == result


def test_a_line_that_is_being_written_is_left_out(folder: Path) -> None:
    complete = read_recording(folder)
    with (folder / "signals.csv").open("a") as file:
        file.write("41,0.")
    with (folder / "events.jsonl").open("a") as file:
        file.write('{"t_ns":')
    assert len(read_recording(folder).time) == len(complete.time)
    assert read_recording(folder).events == complete.events


def test_plot(folder: Path) -> None:
    picture = plot_run(folder)
    assert picture == folder / "run.png"
    assert picture.read_bytes().startswith(PNG)


def test_plot_of_an_unfinished_run_and_of_next_to_nothing(folder: Path, tmp_path: Path) -> None:
    (folder / "result.json").unlink()
    (folder / "events.jsonl").unlink()
    (folder / "signals.csv").write_text("t_s,pack1/soc\n")
    assert plot_run(folder, tmp_path / "new" / "a.png").read_bytes().startswith(PNG)


def test_plot_as_a_program(folder: Path, tmp_path: Path) -> None:
    def plot(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "doppelpack.plot", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    assert plot(folder, tmp_path / "a.png").returncode == 0
    assert (tmp_path / "a.png").exists()
    assert plot().returncode == 2
    missing = plot(tmp_path / "missing")
    assert missing.returncode == 2
    assert len(missing.stderr.splitlines()) == 1


def test_a_folder_without_a_run(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"signals\.csv"):
        read_recording(tmp_path)
