# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""How things look in a notebook. All texts are escaped: names come from files and from others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .bench import Bench

_MOST_EVENTS = 30
_TELLING = (
    "bms1/state",
    "bms1/charge_gate",
    "bms1/discharge_gate",
    "pack1/soc",
    "pack1/current_A",
    "pack1/terminal_V",
    "pack1/cell_min_V",
    "pack1/cell_max_V",
    "pack1/T_max_degC",
)


class Events(list[dict[str, Any]]):
    """What happened, in order; a table in a notebook."""

    def _repr_html_(self) -> str:
        rows = [_event_row(event) for event in self[-_MOST_EVENTS:]]
        left_out = len(self) - len(rows)
        note = f"{left_out} earlier ones are left out" if left_out else ""
        return _table(["t [s]", "event", ""], rows, note)


def bench_html(bench: Bench) -> str:
    """A bench at this moment: what it is, what it measures, what was expected of it."""
    if bench.is_closed:
        return f"<p>{escape(repr(bench))}</p>"
    rows = [[name, bench.word(name)] for name in _TELLING]
    verdicts = [[str(verdict)] for verdict in bench.verdicts]
    title = f"{bench.product}, seed {bench.seed}, {bench.now:.6g} s"
    return _table([title, ""], rows) + (_table(["expected"], verdicts) if verdicts else "")


def recording_html(folder: object, signals: int, rows: int, result: dict[str, Any]) -> str:
    """A recording: where it is, how much it has, how the run came out."""
    lines = [["signals", str(signals)], ["rows", str(rows)]]
    for verdict in result.get("expectations", []):
        lines.append([verdict["name"], "ok" if verdict["has_held"] else "FAILED"])
    return _table([str(folder), ""], lines)


def _event_row(event: dict[str, Any]) -> list[str]:
    details = (f"{key} {value}" for key, value in event.items() if key not in ("t_ns", "event"))
    return [f"{event['t_ns'] * 1e-9:.6g}", str(event["event"]), ", ".join(details)]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], note: str = "") -> str:
    def line(tag: str, texts: Sequence[str]) -> str:
        return "<tr>" + "".join(f"<{tag}>{escape(text)}</{tag}>" for text in texts) + "</tr>"

    body = "".join(line("td", row) for row in rows)
    caption = f"<caption>{escape(note)}</caption>" if note else ""
    return f"<table>{caption}<thead>{line('th', head)}</thead><tbody>{body}</tbody></table>"
