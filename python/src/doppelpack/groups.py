# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
#
# Written by scripts/python_names.py.
"""The groups of signals that products have, for editors and type checkers.

What a bench really has, its catalogue says; these classes have no code.
"""

from __future__ import annotations

from .condition import Condition
from .signal import Flag, Number, Words
from .tree import Family, Group, Numbered


class NoYes(Flag):
    """One of two."""

    no: Condition
    yes: Condition


class BmsState(Words):
    """One of several words."""

    off: Condition
    activation: Condition
    self_test: Condition
    precharge: Condition
    standby: Condition
    charge: Condition
    discharge: Condition
    limit: Condition
    protection: Condition
    failure: Condition
    storage: Condition
    deep_sleep: Condition
    supply_loss: Condition
    shutdown: Condition


class BmsReason(Words):
    """One of several words."""

    none: Condition
    power_on: Condition
    button: Condition
    switch: Condition
    wake_pins: Condition
    terminals: Condition
    charger: Condition
    not_meant: Condition
    passed: Condition
    current: Condition
    limiting: Condition
    rule: Condition
    release: Condition
    failure: Condition
    reset: Condition
    inverter_silent: Condition
    under_voltage: Condition
    idle: Condition
    empty: Condition
    supply_low: Condition
    bank: Condition


class OpenClosed(Words):
    """One of two."""

    open: Condition
    closed: Condition


class OffOn(Flag):
    """One of two."""

    off: Condition
    on: Condition


class BmsRole(Words):
    """One of several words."""

    single: Condition
    master: Condition
    member: Condition


class ClearActive(Flag):
    """One of two."""

    clear: Condition
    active: Condition


class ReleasedPressed(Flag):
    """One of two."""

    released: Condition
    pressed: Condition


class PanelPattern(Words):
    """One of several words."""

    dark: Condition
    solid: Condition
    flashing: Condition
    unsure: Condition


class PanelColour(Words):
    """One of several words."""

    dark: Condition
    unnamed: Condition
    green: Condition
    red: Condition
    yellow: Condition
    orange: Condition
    blue: Condition
    white: Condition


class PowerState(Words):
    """One of several words."""

    none: Condition
    connecting: Condition
    off: Condition
    starting: Condition
    on: Condition
    safe: Condition


class PackCell(Group):
    """pack/cell/..."""

    T_degC: Number
    """temperature of this cell [degC]"""
    is_vented: NoYes
    """its vent has opened"""
    soc: Number
    """state of charge of this cell"""
    soh: Number
    """capacity over that of the new cell"""
    temperature: Number
    """temperature of this cell [degC]"""
    voltage: Number
    """voltage at the taps of this cell [V]"""
    voltage_V: Number
    """voltage at the taps of this cell [V]"""


class PackNtc(Group):
    """pack/ntc/..."""

    T_degC: Number
    """temperature of this thermistor's bead [degC]"""
    temperature: Number
    """temperature of this thermistor's bead [degC]"""


class Pack(Numbered):
    """pack/..."""

    T_max: Number
    """hottest cell [degC]"""
    T_max_degC: Number
    """hottest cell [degC]"""
    T_min: Number
    """coldest cell [degC]"""
    T_min_degC: Number
    """coldest cell [degC]"""
    board: Number
    """temperature of the BMS board [degC]"""
    board_degC: Number
    """temperature of the BMS board [degC]"""
    case: Number
    """temperature of the case [degC]"""
    case_degC: Number
    """temperature of the case [degC]"""
    cell: Family[PackCell]
    cell_max: Number
    """highest cell [V]"""
    cell_max_V: Number
    """highest cell [V]"""
    cell_min: Number
    """lowest cell [V]"""
    cell_min_V: Number
    """lowest cell [V]"""
    charge: Number
    """charged since the start [Ah]"""
    charge_Ah: Number
    """charged since the start [Ah]"""
    current: Number
    """current into the pack, + charges [A]"""
    current_A: Number
    """current into the pack, + charges [A]"""
    discharge: Number
    """discharged since the start [Ah]"""
    discharge_Ah: Number
    """discharged since the start [Ah]"""
    gas: Number
    """gas that left through the vents, mol"""
    gas_mol: Number
    """gas that left through the vents, mol"""
    heat: Number
    """heat produced in the box since the start [J]"""
    heat_J: Number
    """heat produced in the box since the start [J]"""
    is_supply_alive: NoYes
    """the BMS has a supply"""
    link: Number
    """voltage of the DC link, at the inverter [V]"""
    link_V: Number
    """voltage of the DC link, at the inverter [V]"""
    mosfet: Number
    """temperature of the MOSFETs [degC]"""
    mosfet_degC: Number
    """temperature of the MOSFETs [degC]"""
    ntc: Family[PackNtc]
    peak: Number
    """highest magnitude since something switched [A]"""
    peak_A: Number
    """highest magnitude since something switched [A]"""
    soc: Number
    """state of charge, mean of the cells"""
    stack: Number
    """voltage of all cells in series [V]"""
    stack_V: Number
    """voltage of all cells in series [V]"""
    terminal: Number
    """voltage at the terminals [V]"""
    terminal_V: Number
    """voltage at the terminals [V]"""


class BmsCell(Group):
    """bms/cell/..."""

    bleeder: OffOn
    """bleeder of this cell"""
    voltage: Number
    """voltage of this cell, measured [V]"""
    voltage_V: Number
    """voltage of this cell, measured [V]"""


class BmsNtc(Group):
    """bms/ntc/..."""

    T_degC: Number
    """temperature at this thermistor, measured; unknown when open or shorted [degC]"""
    temperature: Number
    """temperature at this thermistor, measured; unknown when open or shorted [degC]"""


class Rules(Group):
    """bms/warning/..."""

    cell_failure_high: ClearActive
    cell_failure_low: ClearActive
    cell_ov: ClearActive
    cell_uv: ClearActive
    cell_zero: ClearActive
    insulation: ClearActive
    mosfet_ot: ClearActive
    occ: ClearActive
    ocd2: ClearActive
    ocd: ClearActive
    otc: ClearActive
    otd: ClearActive
    pack_ov: ClearActive
    pack_uv: ClearActive
    scd: ClearActive
    soc_low: ClearActive
    spread: ClearActive
    spread_failure: ClearActive
    t_spread: ClearActive
    utc: ClearActive
    utd: ClearActive


class BmsLatched(Group):
    """bms/latched/..."""

    cell_failure_high: NoYes
    cell_failure_low: NoYes
    cell_ov: NoYes
    cell_uv: NoYes
    cell_zero: NoYes
    insulation: NoYes
    mosfet_ot: NoYes
    occ: NoYes
    ocd2: NoYes
    ocd: NoYes
    otc: NoYes
    otd: NoYes
    pack_ov: NoYes
    pack_uv: NoYes
    scd: NoYes
    soc_low: NoYes
    spread: NoYes
    spread_failure: NoYes
    t_spread: NoYes
    utc: NoYes
    utd: NoYes


class Failures(Group):
    """bms/failure/..."""

    address: ClearActive
    afe_corrupt: ClearActive
    afe_silent: ClearActive
    breaker: ClearActive
    cell_stuck: ClearActive
    charge_mosfet_closed: ClearActive
    charge_mosfet_open: ClearActive
    clock: ClearActive
    config: ClearActive
    discharge_mosfet_closed: ClearActive
    discharge_mosfet_open: ClearActive
    inverter_lost: ClearActive
    limit_ignored: ClearActive
    main_1_open: ClearActive
    main_1_welded: ClearActive
    main_2_open: ClearActive
    main_2_welded: ClearActive
    master_lost: ClearActive
    member_lost: ClearActive
    mosfet_ntc: ClearActive
    ntc_broken: ClearActive
    ntc_stuck: ClearActive
    ntcs_dead: ClearActive
    nvm: ClearActive
    pairing: ClearActive
    precharge_fast: ClearActive
    precharge_never: ClearActive
    precharge_slow: ClearActive
    precharge_welded: ClearActive
    sense_wire: ClearActive
    serial: ClearActive
    shunt: ClearActive
    sum: ClearActive
    task: ClearActive
    two_masters: ClearActive
    version: ClearActive


class BmsBank(Group):
    """bms/bank/..."""

    ccl: Number
    """charge current limit [A]"""
    ccl_A: Number
    """charge current limit [A]"""
    current: Number
    """current, sum of the packs, + charges [A]"""
    current_A: Number
    """current, sum of the packs, + charges [A]"""
    cvl: Number
    """charge voltage limit [V]"""
    cvl_V: Number
    """charge voltage limit [V]"""
    dcl: Number
    """discharge current limit [A]"""
    dcl_A: Number
    """discharge current limit [A]"""
    full: Number
    """charge when full [Ah]"""
    full_Ah: Number
    """charge when full [Ah]"""
    is_charge_allowed: NoYes
    """every pack may be charged"""
    is_discharge_allowed: NoYes
    """every pack may be discharged"""
    pack: Number
    """voltage, mean of the packs [V]"""
    pack_V: Number
    """voltage, mean of the packs [V]"""
    remaining: Number
    """charge left [Ah]"""
    remaining_Ah: Number
    """charge left [Ah]"""
    soc: Number
    """state of charge"""
    soh: Number
    """state of health"""


class BmsLed(Group):
    """bms/led/..."""

    alarm: OffOn
    """lamp of the front panel"""
    com: OffOn
    """lamp of the front panel"""
    error: OffOn
    """lamp of the front panel"""
    run: OffOn
    """lamp of the front panel"""
    soc1: OffOn
    """lamp of the front panel"""
    soc2: OffOn
    """lamp of the front panel"""
    soc3: OffOn
    """lamp of the front panel"""
    soc4: OffOn
    """lamp of the front panel"""
    soc5: OffOn
    """lamp of the front panel"""
    soc6: OffOn
    """lamp of the front panel"""


class BmsButton(Group):
    """bms/button/..."""

    power: ReleasedPressed
    """button of the front panel; a control"""
    reset: ReleasedPressed
    """button of the front panel; a control"""
    switch: ReleasedPressed
    """button of the front panel; a control"""
    wake: ReleasedPressed
    """button of the front panel; a control"""


class BmsCoil(Group):
    """bms/coil/..."""

    main_1: OffOn
    """coil of the relay"""
    main_2: OffOn
    """coil of the relay"""
    precharge: OffOn
    """coil of the relay"""


class BmsContact(Group):
    """bms/contact/..."""

    breaker: OpenClosed
    """auxiliary contact"""
    main_1: OpenClosed
    """auxiliary contact"""
    main_2: OpenClosed
    """auxiliary contact"""
    precharge: OpenClosed
    """auxiliary contact"""


class Bms(Numbered):
    """bms/..."""

    T_max: Number
    """hottest thermistor, measured [degC]"""
    T_max_degC: Number
    """hottest thermistor, measured [degC]"""
    T_min: Number
    """coldest thermistor, measured [degC]"""
    T_min_degC: Number
    """coldest thermistor, measured [degC]"""
    afe_errors: Number
    """transfers from the AFE with a wrong checksum"""
    bank: BmsBank
    bleeders: Number
    """how many cells are being bled"""
    button: BmsButton
    buzzer: OffOn
    ccl: Number
    """charge current limit for the inverter [A]"""
    ccl_A: Number
    """charge current limit for the inverter [A]"""
    cell: Family[BmsCell]
    cell_max: Number
    """highest cell, measured [V]"""
    cell_max_V: Number
    """highest cell, measured [V]"""
    cell_min: Number
    """lowest cell, measured [V]"""
    cell_min_V: Number
    """lowest cell, measured [V]"""
    charge_gate: OpenClosed
    """drive of the charge MOSFET"""
    coil: BmsCoil
    contact: BmsContact
    current: Number
    """current, measured, + charges [A]"""
    current_A: Number
    """current, measured, + charges [A]"""
    cvl: Number
    """charge voltage limit for the inverter [V]"""
    cvl_V: Number
    """charge voltage limit for the inverter [V]"""
    cycle_count: Number
    """equivalent full cycles"""
    dcl: Number
    """discharge current limit for the inverter [A]"""
    dcl_A: Number
    """discharge current limit for the inverter [A]"""
    dip: Number
    """DIP switches, switch 1 is bit 0; a control"""
    discharge_gate: OpenClosed
    """drive of the discharge MOSFET"""
    failure: Failures
    force_charge2: NoYes
    """asks to be charged soon"""
    force_charge: NoYes
    """asks to be charged now"""
    full_charge: NoYes
    """asks to be charged to full"""
    hold_supply: OffOn
    """the firmware holds its own supply"""
    insulation: Number
    """insulation, measured; unknown when above the range [Ohm]"""
    insulation_Ohm: Number
    """insulation, measured; unknown when above the range [Ohm]"""
    is_charge_allowed: NoYes
    """the inverter may charge"""
    is_discharge_allowed: NoYes
    """the inverter may discharge"""
    is_full: NoYes
    """has been charged to full"""
    latched: BmsLatched
    led: BmsLed
    limiting: Rules
    members: Number
    """packs in the bank, this one included"""
    mosfet: Number
    """temperature of the MOSFETs, measured; unknown when open or shorted [degC]"""
    mosfet_degC: Number
    """temperature of the MOSFETs, measured; unknown when open or shorted [degC]"""
    ntc: Family[BmsNtc]
    pack: Number
    """sum of the measured cell voltages [V]"""
    pack_V: Number
    """sum of the measured cell voltages [V]"""
    protection: Rules
    pull_downs: Number
    """how many sense lines carry the test current of the AFE"""
    reason: BmsReason
    """why it changed its state last"""
    role: BmsRole
    """what it is on the link to other packs"""
    soc: Number
    """state of charge, estimated"""
    soh: Number
    """state of health, estimated"""
    state: BmsState
    terminal: Number
    """voltage at the terminals, measured [V]"""
    terminal_V: Number
    """voltage at the terminals, measured [V]"""
    warning: Rules


class Lamp(Group):
    """panel/run/..."""

    colour: PanelColour
    """colour of its light"""
    count: Number
    """how often in its last group"""
    is_lit: NoYes
    """gives light, or sound, at this very moment"""
    pattern: PanelPattern
    """what a person would say of it; unsure for 5 s after a change"""
    period: Number
    """start to start; unknown unless flashing [s]"""
    period_s: Number
    """start to start; unknown unless flashing [s]"""


class PanelBuzzer(Group):
    """panel/buzzer/..."""

    count: Number
    """how often in its last group"""
    is_lit: NoYes
    """gives light, or sound, at this very moment"""
    pattern: PanelPattern
    """what a person would say of it; unsure for 5 s after a change"""
    period: Number
    """start to start; unknown unless flashing [s]"""
    period_s: Number
    """start to start; unknown unless flashing [s]"""


class Panel(Numbered):
    """panel/..."""

    alarm: Lamp
    buzzer: PanelBuzzer
    com: Lamp
    display: Number
    """error code on the display; 0: nothing"""
    error: Lamp
    run: Lamp
    soc1: Lamp
    soc2: Lamp
    soc3: Lamp
    soc4: Lamp
    soc5: Lamp
    soc6: Lamp


class InverterHeard(Group):
    """inverter/heard/..."""

    protection: Rules
    warning: Rules


class Inverter(Numbered):
    """inverter/..."""

    T_heard: Number
    """pack temperature, heard [degC]"""
    T_heard_degC: Number
    """pack temperature, heard [degC]"""
    ccl: Number
    """charge current limit, heard [A]"""
    ccl_A: Number
    """charge current limit, heard [A]"""
    current: Number
    """current of the power stage, + charges [A]"""
    current_A: Number
    """current of the power stage, + charges [A]"""
    current_heard: Number
    """pack current, heard, + charges [A]"""
    current_heard_A: Number
    """pack current, heard, + charges [A]"""
    cvl: Number
    """charge voltage limit, heard [V]"""
    cvl_V: Number
    """charge voltage limit, heard [V]"""
    dcl: Number
    """discharge current limit, heard [A]"""
    dcl_A: Number
    """discharge current limit, heard [A]"""
    demand: Number
    """power wished for without a site, + charges [W]; a control"""
    demand_A: Number
    """current wished for without a site, added to that of the power, + charges [A]; a control"""
    demand_W: Number
    """power wished for without a site, + charges [W]; a control"""
    discharge_limit: Number
    """discharge voltage limit, heard [V]"""
    discharge_limit_V: Number
    """discharge voltage limit, heard [V]"""
    full: Number
    """charge when full, heard [Ah]"""
    full_Ah: Number
    """charge when full, heard [Ah]"""
    heard: InverterHeard
    imposed: Number
    """current of that source, + charges [A]; a control"""
    imposed_A: Number
    """current of that source, + charges [A]; a control"""
    imposed_W: Number
    """power of that source, beside its current [W]; a control"""
    imposed_max: Number
    """where that source stops charging [V]; a control"""
    imposed_max_V: Number
    """where that source stops charging [V]; a control"""
    is_alarm: NoYes
    """shows an alarm about the battery"""
    is_battery_lost: NoYes
    """nothing heard of the pack for too long"""
    is_charge_allowed: NoYes
    """the pack allows charging, heard"""
    is_charge_forced: NoYes
    """the pack asks for charge now, heard"""
    is_connected: NoYes
    """DC breaker is closed; a control"""
    is_discharge_allowed: NoYes
    """the pack allows discharging, heard"""
    is_faulty: NoYes
    """the pack says that it is broken, heard"""
    is_full_charge_requested: NoYes
    """the pack asks to be charged to full, heard"""
    is_imposed: NoYes
    """another source is at its terminals in place of its power stage; a control"""
    is_protected: NoYes
    """any protection of the pack, heard"""
    is_warned: NoYes
    """any warning of the pack, heard"""
    max: Number
    """voltage the controller charges to [V]"""
    max_V: Number
    """voltage the controller charges to [V]"""
    modules: Number
    """packs in the battery, heard"""
    obeys_limits: NoYes
    """follows what the pack says; a control"""
    pack_heard: Number
    """pack voltage, heard [V]"""
    pack_heard_V: Number
    """pack voltage, heard [V]"""
    remaining: Number
    """charge left, heard [Ah]"""
    remaining_Ah: Number
    """charge left, heard [Ah]"""
    soc: Number
    """state of charge, heard"""
    soh: Number
    """state of health, heard"""
    target: Number
    """current the controller asks for [A]"""
    target_A: Number
    """current the controller asks for [A]"""
    wake: Number
    """put onto a battery it does not hear, to wake it; 0 V: none [V]; a control"""
    wake_V: Number
    """put onto a battery it does not hear, to wake it; 0 V: none [V]; a control"""


class Power(Numbered):
    """power/..."""

    age: Number
    """of the current measured outside, on the host's clock [s]"""
    age_s: Number
    """of the current measured outside, on the host's clock [s]"""
    charge_limit: Number
    """current it may take, told last [A]"""
    charge_limit_A: Number
    """current it may take, told last [A]"""
    discharge_limit: Number
    """current it may give, told last [A]"""
    discharge_limit_A: Number
    """current it may give, told last [A]"""
    is_output_on: NoYes
    """its output, as far as is known"""
    is_wanted: NoYes
    """current from outside may flow; after a safe state: no, then yes; a control"""
    measured: Number
    """current measured outside, + charges [A]"""
    measured_A: Number
    """current measured outside, + charges [A]"""
    measured_V: Number
    """voltage measured outside [V]"""
    setpoint: Number
    """voltage the device was told last [V]"""
    setpoint_V: Number
    """voltage the device was told last [V]"""
    state: PowerState
    """of the device that measures the current"""


class Site(Group):
    """site/..."""

    cheap_charge: Number
    """power to charge with when it is cheap [W]; a control"""
    cheap_charge_W: Number
    """power to charge with when it is cheap [W]; a control"""
    cheap_price: Number
    """charges from the grid up to this price; a control"""
    grid: Number
    """power from the grid, + imports [W]"""
    grid_W: Number
    """power from the grid, + imports [W]"""
    house: Number
    """what the house takes [W]; a control"""
    house_W: Number
    """what the house takes [W]; a control"""
    is_active: NoYes
    """house, sun and tariff drive the inverter; a control"""
    is_grid_present: NoYes
    """the grid is there to take from; a control"""
    price: Number
    """price of energy from the grid, per kWh; a control"""
    sun: Number
    """what the roof gives [W]; a control"""
    sun_W: Number
    """what the roof gives [W]; a control"""
    wake_pins: OffOn
    """the WAKE pins of the pack are driven; a control"""


class Env(Group):
    """env/..."""

    ambient: Number
    """temperature around the pack [degC]; a control"""
    ambient_degC: Number
    """temperature around the pack [degC]; a control"""


class Can(Numbered):
    """can/..."""

    dropped: Number
    """frames or requests that got lost"""
    errors: Number
    """attempts of the pack to send that failed"""
    from_inverter: Number
    """frames or requests of the inverter"""
    from_outside: Number
    """frames or requests from ports"""
    from_pack: Number
    """frames or replies the pack sent"""
    is_bus_off: NoYes
    """the pack's controller is bus-off"""
    is_passive: NoYes
    """the pack's controller is error passive"""
    load: Number
    """share of the last second with bits on the wire"""
    rec: Number
    """receive error counter of the pack"""
    tec: Number
    """transmit error counter of the pack"""


class Rs485(Numbered):
    """rs485/..."""

    collisions: Number
    """two talked at once"""
    dropped: Number
    """frames or requests that got lost"""
    from_inverter: Number
    """frames or requests of the inverter"""
    from_outside: Number
    """frames or requests from ports"""
    from_pack: Number
    """frames or replies the pack sent"""
    garbled: Number
    """bytes that arrived as something else"""


#: By the path of a group, without numbers, its class.
CLASSES: dict[str, type[Group]] = {
    "pack/cell": PackCell,
    "pack/ntc": PackNtc,
    "pack": Pack,
    "bms/cell": BmsCell,
    "bms/ntc": BmsNtc,
    "bms/warning": Rules,
    "bms/limiting": Rules,
    "bms/protection": Rules,
    "bms/latched": BmsLatched,
    "bms/failure": Failures,
    "bms/bank": BmsBank,
    "bms/led": BmsLed,
    "bms/button": BmsButton,
    "bms/coil": BmsCoil,
    "bms/contact": BmsContact,
    "bms": Bms,
    "panel/run": Lamp,
    "panel/alarm": Lamp,
    "panel/soc1": Lamp,
    "panel/soc2": Lamp,
    "panel/soc3": Lamp,
    "panel/soc4": Lamp,
    "panel/soc5": Lamp,
    "panel/soc6": Lamp,
    "panel/com": Lamp,
    "panel/error": Lamp,
    "panel/buzzer": PanelBuzzer,
    "panel": Panel,
    "inverter/heard/warning": Rules,
    "inverter/heard/protection": Rules,
    "inverter/heard": InverterHeard,
    "inverter": Inverter,
    "power": Power,
    "site": Site,
    "env": Env,
    "can": Can,
    "rs485": Rs485,
}
