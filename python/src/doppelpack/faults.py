# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""Every fault of the catalogue as a function: `from doppelpack.faults import ntc_open`.

`bench.inject(ntc_open(sensor=2))` puts one on. Called, `doppelpack.faults()` is the catalogue.
"""

import sys
from types import ModuleType
from typing import Any

from . import _core
from .fault import Fault, FaultKind

_KINDS = {kind.__name__: kind for kind in map(FaultKind, _core.faults())}

__all__ = ["Fault", *_KINDS]


def __getattr__(name: str) -> FaultKind:
    kind = _KINDS.get(name)
    if kind is None:
        import difflib  # only for what is wrong anyway

        near = difflib.get_close_matches(name, _KINDS, n=3)
        hint = f"; near: {', '.join(near)}" if near else ""
        raise AttributeError(f"doppelpack.faults: found no {name!r}{hint}")
    return kind


def __dir__() -> list[str]:
    return sorted(__all__)


class _Catalogue(ModuleType):
    def __call__(self) -> list[dict[str, Any]]:
        return _core.faults()


sys.modules[__name__].__class__ = _Catalogue
