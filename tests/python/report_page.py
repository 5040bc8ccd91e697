# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""What is in a report's file."""

import json
import re
from pathlib import Path
from typing import Any

PLACE = re.compile(r'<script type="application/json" id="report">(.*?)</script>', re.DOTALL)


def data_of(html: str) -> Any:
    (text,) = PLACE.findall(html)
    return json.loads(text)


def read_report(file: Path) -> Any:
    return data_of(file.read_text(encoding="utf-8"))
