# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
"""What a bench has as attributes: the roots of its signals, and what is asked for most."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from .tree import Family, Group, root_group

if TYPE_CHECKING:
    from . import groups
    from .bench import Bench


class Shortcuts:
    """The signals of a Bench by name. Without number or owner: of pack 1 and its BMS."""

    @property
    def _bench(self) -> Bench:
        return cast("Bench", self)

    @property
    def pack(self) -> groups.Pack:
        """The truth: what the plant is like. pack[2] is another one of a bank."""
        return cast("groups.Pack", root_group(self._bench, "pack", 1))

    @property
    def bms(self) -> groups.Bms:
        """What the firmware has measured and decided."""
        return cast("groups.Bms", root_group(self._bench, "bms", 1))

    @property
    def panel(self) -> groups.Panel:
        """What a person in front of it sees."""
        return cast("groups.Panel", root_group(self._bench, "panel", 1))

    @property
    def inverter(self) -> groups.Inverter:
        """What the inverter has heard and does."""
        return cast("groups.Inverter", root_group(self._bench, "inverter", 1))

    @property
    def power(self) -> groups.Power:
        """A power stage outside whose current flows in the pack."""
        return cast("groups.Power", root_group(self._bench, "power", 1))

    @property
    def can(self) -> groups.Can:
        """The CAN bus, where the product has one."""
        return cast("groups.Can", root_group(self._bench, "can", 1))

    @property
    def rs485(self) -> groups.Rs485:
        """The RS485 line, where the product has one."""
        return cast("groups.Rs485", root_group(self._bench, "rs485", 1))

    @property
    def site(self) -> groups.Site:
        """House, sun and tariff."""
        return cast("groups.Site", Group(self._bench, self._bench._tree)._at("site"))

    @property
    def env(self) -> groups.Env:
        """The air around the pack."""
        return cast("groups.Env", Group(self._bench, self._bench._tree)._at("env"))

    @property
    def cell(self) -> Family[groups.PackCell]:
        """The cells of pack 1, in truth; as measured: bms.cell."""
        return self.pack.cell

    @property
    def ntc(self) -> Family[groups.PackNtc]:
        """The thermistors of pack 1, in truth; as measured: bms.ntc."""
        return self.pack.ntc

    @property
    def charge_gate(self) -> groups.OpenClosed:
        """What drives the charge MOSFET of pack 1."""
        return self.bms.charge_gate

    @property
    def discharge_gate(self) -> groups.OpenClosed:
        """What drives the discharge MOSFET of pack 1."""
        return self.bms.discharge_gate

    @property
    def warning(self) -> groups.Rules:
        """The warnings of BMS 1, by rule."""
        return self.bms.warning

    @property
    def protection(self) -> groups.Rules:
        """The protections of BMS 1, by rule."""
        return self.bms.protection

    @property
    def failure(self) -> groups.Failures:
        """What BMS 1 has found broken."""
        return self.bms.failure
