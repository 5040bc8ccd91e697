# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""The folder of a sweep: a part for each batch as it comes, and one table in the end.

A part is there as a whole or not at all, so a sweep that was killed goes on where it was.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from .. import _core
from .batch import Row
from .marked_yaml import data_error
from .plan import Plan

_ROWS_OF_A_GROUP = 8192


def schema_of(plan: Plan) -> pa.Schema:
    fields = [("case", pa.int64()), ("seed", pa.int64())]
    for variable in plan.variables:
        is_number = (
            variable.is_number
            if hasattr(variable, "is_number")
            else variable.distribution.is_number
        )
        fields.append((variable.name, pa.float64() if is_number else pa.string()))
    fields += [(measure.name, pa.float64()) for measure in plan.measures]
    fields += [("has_passed", pa.bool_()), ("failed", pa.string()), ("margin_s", pa.float64())]
    fields += [("event_log_sha256", pa.string()), ("error", pa.string())]
    return pa.schema(fields)


class Store:
    """Parts, manifest and results of one sweep."""

    def __init__(self, folder: Path, plan: Plan, scenario: str, bms: str | None) -> None:
        self.folder = folder
        self._schema = schema_of(plan)
        self._plan = plan
        self._identity = _identity(plan, scenario, bms)
        self.batch = 0

    def begin(self, batch: int, is_resumed: bool) -> None:
        """Makes the folder, or goes on with it. Raises DataError."""
        manifest = self.folder / "manifest.json"
        if manifest.exists():
            self.batch = self._read(manifest, is_resumed)
            return
        self.batch = batch
        self._parts.mkdir(parents=True, exist_ok=True)
        content = {"sweep": self._plan.key, "cases": self._plan.cases, "batch": batch}
        write_whole(manifest, json.dumps({**content, "identity": self._identity}, indent=2) + "\n")

    def _read(self, manifest: Path, is_resumed: bool) -> int:
        if not is_resumed:
            text = "found a sweep that was begun here, expected --resume or another folder"
            raise data_error(str(self.folder), 0, "", text)
        try:
            content = json.loads(manifest.read_text("utf-8"))
            identity, batch = content["identity"], int(content["batch"])
        except (ValueError, KeyError, TypeError):
            raise data_error(
                str(manifest), 0, "", "found no manifest of a sweep, expected one"
            ) from None
        if identity != self._identity:
            text = "found results of another plan, core or version, expected those of this one"
            raise data_error(str(self.folder), 0, "", text)
        return batch

    @property
    def _parts(self) -> Path:
        return self.folder / "parts"

    def _part(self, number: int) -> Path:
        return self._parts / f"part-{number:08d}.parquet"

    @property
    def batches(self) -> int:
        return -(-self._plan.cases // self.batch)

    def missing(self) -> Iterator[int]:
        """Numbers of the batches that are still to be run."""
        return (number for number in range(self.batches) if not self._part(number).exists())

    def numbers(self, batch: int) -> range:
        """The cases of a batch."""
        return range(batch * self.batch, min((batch + 1) * self.batch, self._plan.cases))

    def keep(self, batch: int, rows: Sequence[Row]) -> None:
        """Writes the rows of a batch: on disk as a whole, or not at all."""
        assert [row["case"] for row in rows] == list(self.numbers(batch))
        part = self._part(batch)
        new = part.with_suffix(".new")
        pq.write_table(pa.Table.from_pylist(list(rows), schema=self._schema), new)
        _settle(new, part)

    def rows(self) -> Iterator[Row]:
        """All rows, by number of their case."""
        for number in range(self.batches):
            yield from pq.read_table(self._part(number), schema=self._schema).to_pylist()

    def finish(self) -> tuple[Path, str]:
        """One table of all parts, and the hash of what is in it."""
        table = self.folder / "cases.parquet"
        new = table.with_suffix(".new")
        digest = hashlib.sha256()
        with pq.ParquetWriter(new, self._schema, compression="zstd") as writer:
            for rows in _grouped(self.rows(), _ROWS_OF_A_GROUP):
                for row in rows:
                    digest.update(json.dumps(row, sort_keys=True).encode() + b"\n")
                writer.write_table(pa.Table.from_pylist(rows, schema=self._schema))
        _settle(new, table)
        return table, digest.hexdigest()


def write_whole(file: Path, text: str) -> None:
    new = file.with_name(file.name + ".new")
    new.write_text(text, "utf-8")
    _settle(new, file)


def _settle(new: Path, file: Path) -> None:
    with new.open("rb") as written:
        os.fsync(written.fileno())
    new.replace(file)


def _grouped(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    group: list[Row] = []
    for row in rows:
        group.append(row)
        if len(group) == size:
            yield group
            group = []
    if group:
        yield group


def _identity(plan: Plan, scenario: str, bms: str | None) -> str:
    from .batch import data_fingerprint

    content: dict[str, Any] = {
        "plan": plan.root.plain(),
        "scenario": scenario,
        "data": data_fingerprint(),
        "program": hashlib.sha256(Path(_core.__file__).read_bytes()).hexdigest(),
        "bms": hashlib.sha256(Path(bms).read_bytes()).hexdigest() if bms else None,
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
