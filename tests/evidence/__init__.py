# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""The cell model against another simulator and against measured cells; see tests/README.md."""
