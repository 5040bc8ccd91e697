# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""What a bench draws, exports and shows in a notebook."""

import re
from pathlib import Path

import numpy as np
import pytest
from doppelpack import Bench, DataError, faults
from doppelpack.faults import ntc_open
from doppelpack.recording import read_recording
from doppelpack.units import A, s


@pytest.fixture
def b(tmp_path: Path) -> Bench:
    bench = Bench(initial_soc=0.6, out=tmp_path / "run")
    bench.charge(30 * A)
    bench.run(60)
    bench.inject(ntc_open(sensor=2), id="<b>wire</b>")
    bench.run(60)
    return bench


def test_one_call_draws_a_panel_for_each_unit_around_an_event(b: Bench) -> None:
    pytest.importorskip("matplotlib")
    fault = next(event for event in b.events if event["event"] == "fault")
    figure = b.plot("cell*/voltage_V", b.pack.current, around=fault, span=20 * s)
    cells, current = figure.axes
    assert (cells.get_ylabel(), current.get_ylabel()) == ("V", "A")
    names = [name for name in b.recorded_signals if re.search(r"/cell\d+/voltage_V", name)]
    assert len([line for line in cells.lines if len(line.get_xdata()) > 2]) == len(names)
    assert current.get_xlim() == pytest.approx((50, 70))
    assert cells.get_ylim()[0] > 3, "what was before does not press them flat"
    assert [text.get_text() for text in cells.texts] == ["<b>wire</b> on"]
    assert [text.get_text() for text in current.get_legend().get_texts()] == ["pack1/current_A"]


def test_moments_are_events_ids_or_times(b: Bench) -> None:
    pytest.importorskip("matplotlib")
    for around in ("<b>wire</b>", "ntc-open", "fault", 60, 60 * s):
        assert b.plot("soc", around=around, span=20).axes[0].get_xlim() == pytest.approx((50, 70))
    assert b.plot().axes[0].get_xlim() == pytest.approx((0, 120))
    with pytest.raises(DataError, match="around: found 'nothing', expected"):
        b.plot(around="nothing")
    with pytest.raises(DataError, match="nonsense: found no recorded signal like it"):
        b.plot("nonsense")


def test_pandas_has_what_was_recorded(b: Bench) -> None:
    pandas = pytest.importorskip("pandas")
    frame = b.to_pandas()
    assert list(frame.columns) == b.recorded_signals
    assert frame.index.name == "t_s"
    assert np.array_equal(frame.index, b.time)
    assert isinstance(frame, pandas.DataFrame)
    few = b.to_pandas("pack1/soc", b.pack.current)
    assert list(few.columns) == ["pack1/soc", "pack1/current_A"]
    assert np.array_equal(few["pack1/soc"], b.recorded("pack1/soc"))
    assert np.shares_memory(few["pack1/soc"].to_numpy(), b.recorded("pack1/soc"))


def test_texts_in_a_notebook_are_escaped(b: Bench, tmp_path: Path) -> None:
    b.expect(b.charge_gate.open, name="<script>")
    for shown in (b, b.events, read_recording(tmp_path / "run")):
        html = shown._repr_html_()
        assert html.startswith("<table>")
        assert "<b>" not in html
        assert "<script>" not in html
    assert "&lt;script&gt;" in b._repr_html_()
    assert "&lt;b&gt;wire" in b.events._repr_html_()
    assert "bms1/charge_gate</td><td>open" in b._repr_html_()


def test_completion_lists_what_there_is(b: Bench) -> None:
    assert {"current", "current_A", "cell", "ntc", "soc"} <= set(dir(b.pack))
    assert "voltage" in dir(b.cell[1])
    assert "open" in dir(b.charge_gate)
    assert "ntc_open" in dir(faults)
    assert b._ipython_key_completions_() == b.signals
    assert b.cell._ipython_key_completions_() == list(range(1, 17))


def test_representations_are_one_short_line(b: Bench) -> None:
    assert repr(b) == "<Bench generic-16s, seed 1, 120 s>"
    assert repr(b.snapshot()) == "<Snapshot of generic-16s at 120 s>"
    assert repr(b.cell) == "<pack1/cell[1..16]>"
    assert repr(b.charge_gate.open) == "<bms1/charge_gate == open>"
    b.close()
    assert repr(b) == "<Bench, closed>"
    assert b._repr_html_() == "<p>&lt;Bench, closed&gt;</p>"
