# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""Recordings in every format: what they hold, what a kill leaves, what others make of them."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import can
import numpy as np
import pandas as pd
import pytest
from asammdf import MDF
from conftest import ROOT, Served, wait_until, whole_lines
from doppelpack import Bench, DataError, signals
from doppelpack.convert import convert
from doppelpack.plot import plot_run
from doppelpack.recording import read_recording
from live import Live

Run = Callable[..., subprocess.CompletedProcess[str]]
Serve = Callable[..., Served]

HOUR_BYTES = 400e6  # docs/recordings.md
FORMATS = ["csv", "mdf4"]
WORDS = {each["key"]: each["words"] for each in signals("pylontech-us5000") if "words" in each}


def charging(folder: Path, record_format: str, **options: Any) -> Bench:
    bench = Bench("pylontech-us5000", out=folder, record_format=record_format, **options)
    bench.set("inverter1/demand_W", 2000)
    return bench


@pytest.fixture
def measured(tmp_path: Path) -> Path:
    """A folder with signals.mf4, can1.log and rs485_1.log."""
    with charging(tmp_path / "run", "mdf4") as bench:
        bench.run(30)
    return tmp_path / "run"


# ---- signals.mf4 ----


def precision_of(unit: str, has_words: bool) -> type[np.generic]:
    summed_up = unit in ("", "Ah", "Wh", "J", "s")
    return np.float64 if summed_up or has_words else np.float32


def test_mdf4_has_every_signal_as_it_was(tmp_path: Path) -> None:
    with charging(tmp_path, "mdf4", record=["*"], record_period=0.1) as bench:
        bench.run(20)
        bench.inject("ntc-open", target=2)
        bench.run(20)
        time, names = bench.time, bench.recorded_signals
        recorded = {name: bench.recorded(name) for name in names}
    with MDF(tmp_path / "signals.mf4") as measured:
        assert measured.version == "4.10"
        channels = {each.name: each for each in measured.groups[0].channels}
        assert list(channels) == ["t_s", *names]
        for name in names:
            raw, texts = measured.get(name, raw=True), channels[name].conversion is not None
            np.testing.assert_array_equal(raw.timestamps, time)
            expected = recorded[name].astype(precision_of(raw.unit, texts))
            values = raw.samples.astype(np.float64)
            if texts:
                values[raw.samples == 255] = np.nan
            np.testing.assert_array_equal(values, expected.astype(np.float64), err_msg=name)
        assert measured.get("pack1/cell01/voltage_V").unit == "V"
        assert "discharge" in measured.get("bms1/discharge_gate").comment
        for name in ("bms1/state", "bms1/charge_gate", "inverter1/is_connected"):
            texts = [text.decode() for text in measured.get(name).samples]
            assert texts == [WORDS[name][int(value)] for value in recorded[name]]


@pytest.mark.parametrize("record_format", FORMATS)
def test_equal_runs_leave_equal_files(tmp_path: Path, record_format: str) -> None:
    """Bit for bit, in whatever portions they were written."""
    options = {"record": ["*"], "record_period": 0.01}
    folders = [tmp_path / "whole", tmp_path / "slices"]
    with charging(folders[0], record_format, **options) as bench:
        bench.run(30)
    with charging(folders[1], record_format, **options) as bench:
        for _ in range(30):
            bench.run(1)
    files = [sorted(file.name for file in folder.iterdir()) for folder in folders]
    assert files[0] == files[1]
    for name in files[0]:
        if name != "result.json":  # has the wall time
            assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes(), name


def test_both_formats_read_alike(tmp_path: Path) -> None:
    for record_format in FORMATS:
        with charging(tmp_path / record_format, record_format) as bench:
            bench.run(20)
    text, binary = (read_recording(tmp_path / each) for each in FORMATS)
    np.testing.assert_array_equal(binary.time, text.time)
    assert list(binary.signals) == list(text.signals)
    for name, values in text.signals.items():
        np.testing.assert_allclose(binary.signals[name], values, rtol=1e-6, err_msg=name)
    assert binary.events == text.events
    assert binary.result["recording"] == {
        "format": "mdf4",
        "lost_rows": 0,
        "lost_frames": 0,
        "lost_events": 0,
        "stopped": None,
    }


def test_mdf4_of_no_rows_can_be_read(tmp_path: Path) -> None:
    Bench(out=tmp_path, record_format="mdf4").close()
    recording = read_recording(tmp_path)
    assert len(recording.time) == 0
    assert "pack1/soc" in recording.signals


def test_mdf4_can_be_drawn(measured: Path) -> None:
    assert plot_run(measured).read_bytes().startswith(b"\x89PNG")


def test_everything_at_1_khz_has_the_stated_size(run: Run, tmp_path: Path) -> None:
    """Two minutes of the hour in docs/recordings.md."""
    hour = ROOT / "benchmarks" / "recording-hour.yaml"
    finished = run(
        *("run", hour, "--set", "duration=2 min", "--out", tmp_path),
        *("--record", "*", "--record-period", "1 ms", "--record-format", "mdf4"),
        timeout=240,
    )
    assert finished.returncode == 0, finished.stderr
    with MDF(tmp_path / "signals.mf4") as measured:
        assert len(measured.groups[0].channels) == 1 + len(signals("generic-16s"))
        assert measured.groups[0].channel_group.cycles_nr == 120_000
    assert (tmp_path / "signals.mf4").stat().st_size < HOUR_BYTES * 2 / 60


# ---- killed ----


@pytest.mark.parametrize("record_format", FORMATS)
@pytest.mark.parametrize("lived_s", [2, 12, 33])
def test_kill_costs_a_second_at_most(
    serve: Serve, tmp_path: Path, record_format: str, lived_s: float
) -> None:
    speed, period_s = 10.0, 0.01
    served = serve(
        *("pylontech-us5000", "--power", "1 kW", "--speed", speed, "--http", "127.0.0.1:0"),
        *("--out", tmp_path, "--record-period", f"{period_s} s", "--record-format", record_format),
        *("--record", "*"),
    )
    live = Live(served)

    def seen() -> float:
        t_s = float(live.get("state")["t_s"])
        return t_s if t_s > lived_s else 0.0

    seen_s = wait_until(seen)
    served.process.kill()
    served.process.wait()
    recording = read_recording(tmp_path)
    np.testing.assert_allclose(np.diff(recording.time), period_s, rtol=1e-6)
    assert recording.time[-1] >= seen_s - 1.0 * speed - period_s
    assert all(len(values) == len(recording.time) for values in recording.signals.values())
    assert recording.events[0]["event"] == "start"
    assert recording.result == {}
    last = whole_lines(tmp_path / "can1.log")[-1]
    assert float(last[1 : last.index(")")]) >= seen_s - 1.0 * speed - 1.0


def test_mdf4_is_whole_after_every_write(program: Path, tmp_path: Path) -> None:
    """The file as a kill after each write, and in the middle of each, leaves it."""
    subprocess.run([program.parent / "tests" / "doppelpack_recording_cuts", tmp_path], check=True)
    cuts = sorted(tmp_path.iterdir())
    assert len(cuts) > 40
    counts = []
    for cut in cuts:
        safe = int(cut.stem.split("-")[1])
        with MDF(cut) as measured:
            count = measured.groups[0].channel_group.cycles_nr
            voltage = measured.get("pack1/cell01/voltage_V")
            state = measured.get("bms1/state", raw=True)
        assert count >= safe, cut
        rows = np.arange(count)
        np.testing.assert_array_equal(voltage.timestamps, rows / 1e3, err_msg=cut.name)
        np.testing.assert_array_equal(
            voltage.samples, (3.0 + rows * 1e-3).astype(np.float32), err_msg=cut.name
        )
        np.testing.assert_array_equal(state.samples, rows % 3, err_msg=cut.name)
        counts.append(count)
    assert counts == sorted(counts)
    assert counts[-1] == 420


# ---- a full disk ----


def on_small_disk(program: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """No file may become larger than 2 MB."""
    return subprocess.run(
        ["prlimit", "--fsize=2000000", "--", str(program), *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("record_format", FORMATS)
def test_full_disk_ends_a_fast_run(program: Path, tmp_path: Path, record_format: str) -> None:
    finished = on_small_disk(
        *(program, "run", "over-charge", "--out", tmp_path, "--record-format", record_format),
        *("--record", "*", "--record-period", "10 ms"),
    )
    assert finished.returncode == 2
    assert "cannot be written: File too large" in finished.stderr
    assert str(tmp_path / "signals.") in finished.stderr
    assert len(read_recording(tmp_path).time) > 100


@pytest.mark.parametrize("record_format", FORMATS)
def test_full_disk_ends_the_recording_of_a_served_pack(
    program: Path, tmp_path: Path, record_format: str
) -> None:
    finished = on_small_disk(
        *(program, "serve", "pylontech-us5000", "--speed", 50, "--duration", 60),
        *("--out", tmp_path, "--record-format", record_format),
        *("--record", "*", "--record-period", "10 ms"),
    )
    assert finished.returncode == 0, finished.stderr
    assert "stopped after 60.000 s simulated" in finished.stdout
    assert "recording stopped: " in finished.stderr
    assert "File too large" in finished.stderr
    assert "rows of signals" in finished.stdout
    assert len(read_recording(tmp_path).time) > 100


# ---- options of the program ----


def test_record_options_replace_the_plan(run: Run, tmp_path: Path) -> None:
    finished = run(
        *("run", "over-charge", "--set", "duration=2 s", "--out", tmp_path),
        *("--record", "pack1/cell0?/voltage_V", "--record", "bms1/state"),
        *("--record-period", "250 ms"),
    )
    assert finished.returncode in (0, 1), finished.stderr
    recording = read_recording(tmp_path)
    assert len(recording.signals) == 10
    np.testing.assert_allclose(np.diff(recording.time), 0.25)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--record", "bms1/stat"], "--record: found 'bms1/stat'"),
        (["--record-period", "1 us"], '--record-period: found "1 us", expected 1 ms to 24 h'),
        (["--record-format", "xls"], "--record-format"),
    ],
)
def test_wrong_record_options_are_named(
    run: Run, tmp_path: Path, options: list[str], message: str
) -> None:
    finished = run("run", "over-charge", "--out", tmp_path / "out", *options)
    assert finished.returncode == 2
    assert message in finished.stderr
    assert not (tmp_path / "out").exists()


def test_record_needs_a_folder(run: Run) -> None:
    finished = run("run", "over-charge", "--record", "*")
    assert finished.returncode == 2
    assert "--out" in finished.stderr


def test_python_names_a_wrong_format() -> None:
    with pytest.raises(DataError, match='record_format: found "xls", expected csv or mdf4'):
        Bench(record_format="xls")


# ---- converted ----


def frames_of(file: Path) -> list[tuple[float, int, bytes]]:
    with can.LogReader(file) as frames:
        return [(round(f.timestamp, 4), f.arbitration_id, bytes(f.data)) for f in frames]


@pytest.mark.parametrize("to", ["asc", "blf"])
def test_frames_survive_a_conversion(measured: Path, to: str) -> None:
    expected = frames_of(measured / "can1.log")
    assert len(expected) > 100
    assert frames_of(convert(measured, to)) == expected


def test_parquet_is_the_csv(tmp_path: Path) -> None:
    with charging(tmp_path, "csv") as bench:
        bench.run(30)
    columns = pd.read_parquet(convert(tmp_path, "parquet"))
    pd.testing.assert_frame_equal(
        columns.astype(float), pd.read_csv(tmp_path / "signals.csv").astype(float), check_exact=True
    )


def test_csv_of_an_mdf4_is_what_would_have_been_recorded(measured: Path, tmp_path: Path) -> None:
    with charging(tmp_path / "text", "csv") as bench:
        bench.run(30)
    made, recorded = (
        pd.read_csv(file) for file in (convert(measured, "csv"), tmp_path / "text" / "signals.csv")
    )
    pd.testing.assert_frame_equal(made, recorded, rtol=1e-6)


def test_mdf4_of_a_csv(tmp_path: Path) -> None:
    with charging(tmp_path, "csv") as bench:
        bench.run(30)
    recorded = read_recording(tmp_path)
    target = convert(tmp_path, "mdf4", tmp_path / "other" / "made.mf4")
    with MDF(target) as made:
        for name, values in recorded.signals.items():
            np.testing.assert_array_equal(made.get(name).samples, values, err_msg=name)


def test_convert_as_a_program(measured: Path) -> None:
    def program(*arguments: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "doppelpack.convert", *map(str, arguments)],
            capture_output=True,
            text=True,
            check=False,
        )

    finished = program(measured, "--to", "blf")
    assert (finished.returncode, finished.stdout.strip()) == (0, str(measured / "can1.blf"))
    (measured / "can1.log").unlink()
    finished = program(measured, "--to", "blf")
    assert finished.returncode == 2
    assert "can1.log: found no such file" in finished.stderr
    assert program(measured, "--to", "asc").returncode == 2
    assert not (measured / "can1.asc").exists()
    finished = program(measured, "--to", "mdf4")
    assert finished.returncode == 2
    assert "found the recording itself" in finished.stderr


def test_a_missing_package_is_named(measured: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(DataError, match=r"found no pyarrow, expected: pip install"):
        convert(measured, "parquet")
    monkeypatch.setitem(sys.modules, "asammdf", None)
    with pytest.raises(DataError, match=r"signals.mf4: found no asammdf to read it"):
        read_recording(measured)


# ---- restored ----


def test_a_restored_bench_records_in_a_folder_of_its_own(serve: Serve, tmp_path: Path) -> None:
    served = serve(
        *("pylontech-us5000", "--http", "127.0.0.1:0", "--speed", 20, "--out", tmp_path),
        *("--record-format", "mdf4"),
    )
    live = Live(served)
    wait_until(lambda: live.get("state")["t_s"] > 3)
    live.post("snapshot", name="here")
    kept_s = live.get("bench")["snapshots"][0]["t_s"] if "snapshots" in live.get("bench") else 0.0
    wait_until(lambda: live.get("state")["t_s"] > 6)
    live.post("restore", snapshot=1)
    begin = live.get("state")["t_s"]
    wait_until(lambda: live.get("state")["t_s"] > begin + 5)
    assert served.stop() == 0
    first, second = (read_recording(each) for each in (tmp_path, tmp_path / "restored-1"))
    assert first.time[0] == 0.0
    assert second.time[0] >= max(3.0, kept_s)
    assert first.result["recording"]["format"] == "mdf4"
    assert second.result["recording"]["lost_rows"] == 0


def test_an_older_recording_is_not_mixed_in(measured: Path) -> None:
    shutil.copy(measured / "events.jsonl", measured / "losses.jsonl")
    with charging(measured, "csv") as bench:
        bench.run(1)
    assert not (measured / "signals.mf4").exists()
    assert not (measured / "losses.jsonl").exists()
    assert json.loads((measured / "result.json").read_text())["recording"]["format"] == "csv"
