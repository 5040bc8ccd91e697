# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""What a bench leaves for people: plots, tables, the report."""

from __future__ import annotations

import os
import shlex
import sys
from datetime import datetime, timezone
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, cast

from .notebook import bench_html
from .units import Duration

if TYPE_CHECKING:
    import pandas
    from matplotlib.figure import Figure

    from .bench import Bench
    from .recorded import Moment
    from .signal import Signal


class Output:
    """Of a Bench."""

    @property
    def _bench(self) -> Bench:
        return cast("Bench", self)

    def plot(
        self,
        *what: str | Signal,
        around: Moment | None = None,
        span: Duration = 60.0,
    ) -> Figure:
        """Draws what was recorded so far: `plot("cell*", b.pack.current, around=fault)`.

        what: signals, or patterns of names, with or without pack1/ and the like; a panel for each
            unit. Without any: cell voltages, current and SOC.
        around: a moment to draw only the surroundings of, `span` seconds in all: an event of
            `.events`, the id of a fault, or a time. What was done in it is marked.

        Needs matplotlib. DataError for what is not recorded or never happened.
        """
        from .curves import draw

        return draw(self._bench, what, around, span)

    def to_pandas(self, *what: str | Signal) -> pandas.DataFrame:
        """What was recorded so far, or what of it is named as for plot(): a column for each signal.

        The index is the time, `t_s`. The numbers are those of recorded(), not copied. Needs pandas.
        """
        import pandas

        from .recorded import chosen

        bench = self._bench
        columns = {
            name: bench.recorded(name) for name in chosen(bench.recorded_signals, what or ["*"])
        }
        index = pandas.Index(bench.time, name="t_s")
        return pandas.DataFrame(columns, index=index, copy=False)

    def write_report(self, file: str | PathLike[str], *, again: str | None = None) -> Path:
        """Writes what happened so far as one HTML file: verdicts, plots, lamps, buses, events.

        At any time, also after finish() and close(). Returns the path. The bench must have been
        made with report=True; docs/report.md says what stands in it.

        again: the command that does the same once more; None: that of this process.

        DataError for a bench that collects no report, and where the page was not built.
        """
        bench = self._bench
        now = datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC")
        command = _this_command() if again is None else again
        html = bench._core.report(command, now, bench._not_in_result)
        file = Path(file)
        file.parent.mkdir(parents=True, exist_ok=True)
        begun = file.with_name(f"{file.name}.{os.getpid()}.tmp")
        try:
            begun.write_text(html, encoding="utf-8")
            begun.replace(file)
        finally:
            begun.unlink(missing_ok=True)
        return file

    def _repr_html_(self) -> str:
        return bench_html(self._bench)

    def _ipython_key_completions_(self) -> list[str]:
        return self._bench.signals


def _this_command() -> str:
    """As a shell takes it; nothing where one would only start a notebook again."""
    words = sys.orig_argv
    if not words or any("ipykernel" in word for word in words):
        return ""
    return shlex.join([Path(words[0]).name, *words[1:]])
