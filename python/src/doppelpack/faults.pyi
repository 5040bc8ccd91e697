# SPDX-FileCopyrightText: 2026 The doppelpack authors
# SPDX-License-Identifier: Apache-2.0
#
# Written by scripts/python_names.py.

from .fault import Fault as Fault
from .units import Quantity

def ntc_open(sensor: int, *, pack: int = 1) -> Fault:
    """A wire of the thermistor is broken: reads as extremely cold.

    sensor: number of the thermistor, from 1.
    pack: number of the pack of a bank, from 1.
    Found by: ntc-broken, mosfet-ntc: range check, or utc and utd.
    """

def ntc_short(sensor: int, *, pack: int = 1) -> Fault:
    """The wires of the thermistor touch: reads as extremely hot.

    sensor: number of the thermistor, from 1.
    pack: number of the pack of a bank, from 1.
    Found by: ntc-broken, mosfet-ntc: range check, or otc and otd.
    """

def ntc_offset(sensor: int, offset: float | Quantity | None = None, *, pack: int = 1) -> Fault:
    """The thermistor has drifted: reads too warm, or too cold when negative.

    sensor: number of the thermistor, from 1.
    offset: K, -60 to 60; 10 when None.
    pack: number of the pack of a bank, from 1.
    Found by: ntc-stuck: differs from its neighbours; otc, otd, utc, utd, mosfet-ot when far
        off; ntc-broken, mosfet-ntc: beyond the range of a thermistor.
    """

def charge_mosfet_stuck_closed(*, pack: int = 1) -> Fault:
    """The charge MOSFET has melted: it conducts whatever its gate says.

    pack: number of the pack of a bank, from 1.
    Found by: charge-mosfet-closed: current or voltage while it is off.
    """

def charge_mosfet_stuck_open(*, pack: int = 1) -> Fault:
    """The charge MOSFET never conducts, whatever its gate says.

    pack: number of the pack of a bank, from 1.
    Found by: charge-mosfet-open: path drops too much.
    """

def discharge_mosfet_stuck_closed(*, pack: int = 1) -> Fault:
    """The discharge MOSFET has melted: it conducts whatever its gate says.

    pack: number of the pack of a bank, from 1.
    Found by: discharge-mosfet-closed: current or voltage while it is off.
    """

def discharge_mosfet_stuck_open(*, pack: int = 1) -> Fault:
    """The discharge MOSFET never conducts, whatever its gate says.

    pack: number of the pack of a bank, from 1.
    Found by: discharge-mosfet-open: path drops too much; precharge-never: the link stays empty.
    """

def shunt_offset(offset: float | Quantity | None = None, *, pack: int = 1) -> Fault:
    """The current reading is off by a constant, positive in charge.

    offset: A, -50 to 50; 1 when None.
    pack: number of the pack of a bank, from 1.
    Found by: shunt: reading while every path is open; limit-ignored: not allowed.
    """

def shunt_gain(gain: float | Quantity | None = None, *, pack: int = 1) -> Fault:
    """The current reading is off by a factor.

    gain: a number, 0 to 2; 0.9 when None.
    pack: number of the pack of a bank, from 1.
    Found by: none below a few percent; soc drifts.
    """

def cell_internal_short(cell: int, resistance: float | Quantity | None = None, *, pack: int = 1) -> Fault:
    """A resistance inside the cell discharges it.

    cell: number of the cell, from 1.
    resistance: Ohm, 0.0001 to 10000; 1 when None.
    pack: number of the pack of a bank, from 1.
    Found by: spread, cell-failure-low, otc and otd: rules on voltage and temperature.
    """

def terminal_short(resistance: float | Quantity | None = None, *, pack: int = 1) -> Fault:
    """A resistance bridges the terminals of the pack.

    resistance: Ohm, 0.0001 to 10; 0.005 when None.
    pack: number of the pack of a bank, from 1.
    Found by: scd: comparator; precharge-never; fuse and breaker behind it; a soft one limit-
        ignored.
    """

def loose_busbar(cell: int, resistance: float | Quantity | None = None, *, pack: int = 1) -> Fault:
    """The busbar at the positive side of the cell has extra resistance.

    cell: number of the cell, from 1.
    resistance: Ohm, 0 to 0.1; 0.001 when None.
    pack: number of the pack of a bank, from 1.
    Found by: spread: the cell seems to differ under current; otc and otd.
    """

def can_unplugged(*, pack: int = 1) -> Fault:
    """The CAN cable is unplugged.

    pack: number of the pack of a bank, from 1.
    Found by: time-outs on both sides.
    """

def can_swapped(*, pack: int = 1) -> Fault:
    """CANH and CANL of the pack are swapped.

    pack: number of the pack of a bank, from 1.
    Found by: error counters of CAN; time-outs on both sides.
    """

def can_wrong_bit_rate(rate: float | Quantity | None = None, *, pack: int = 1) -> Fault:
    """The CAN of the pack is set to another bit rate.

    rate: bit/s, 10000 to 1e+06; 250000 when None.
    pack: number of the pack of a bank, from 1.
    Found by: error counters of CAN; time-outs on both sides.
    """

def can_terminator_missing(*, pack: int = 1) -> Fault:
    """A terminating resistor of the CAN is missing; twice: both.

    pack: number of the pack of a bank, from 1.
    Found by: CRC and error counters of CAN.
    """

def can_bit_errors(rate: float | Quantity | None = None, *, pack: int = 1) -> Fault:
    """Bits on the CAN are misread, each with this probability.

    rate: a number, 0 to 1; 0.001 when None.
    pack: number of the pack of a bank, from 1.
    Found by: CRC and error counters of CAN.
    """

def can_stuck_dominant(*, pack: int = 1) -> Fault:
    """A driver holds the CAN dominant.

    pack: number of the pack of a bank, from 1.
    Found by: error counters of CAN; time-outs on both sides.
    """

def can_shorted(*, pack: int = 1) -> Fault:
    """CANH and CANL touch each other.

    pack: number of the pack of a bank, from 1.
    Found by: error counters of CAN; time-outs on both sides.
    """

def can_babbling_node(*, pack: int = 1) -> Fault:
    """Somebody on the CAN sends identifier 0 without end.

    pack: number of the pack of a bank, from 1.
    Found by: inverter-lost: time-out of its frames; bus load.
    """

def can_ground_offset(offset: float | Quantity | None = None, *, pack: int = 1) -> Fault:
    """The ground of the pack is off that of the others on the CAN.

    offset: V, -60 to 60; 8 when None.
    pack: number of the pack of a bank, from 1.
    Found by: CRC and error counters of CAN; time-outs on both sides.
    """

def can_gateway_late(delay: float | Quantity | None = None, *, pack: int = 1) -> Fault:
    """A gateway hands on late what the pack sends on CAN.

    delay: s, 0 to 60; 1 when None.
    pack: number of the pack of a bank, from 1.
    Found by: none: the inverter acts on old values; its own time-out beyond it.
    """

def can_gateway_duplicates(share: float | Quantity | None = None, *, pack: int = 1) -> Fault:
    """A gateway hands on twice what the pack sends on CAN, this share of it.

    share: a number, 0 to 1; 0.1 when None.
    pack: number of the pack of a bank, from 1.
    Found by: none: values stay true.
    """

def can_gateway_reorders(share: float | Quantity | None = None, *, pack: int = 1) -> Fault:
    """A gateway lets frames of the pack overtake this share of them.

    share: a number, 0 to 1; 0.1 when None.
    pack: number of the pack of a bank, from 1.
    Found by: none: every frame holds whole values.
    """

def can_gateway_truncates(share: float | Quantity | None = None, *, pack: int = 1) -> Fault:
    """A gateway loses data bytes at the end of frames of the pack, of this share.

    share: a number, 0 to 1; 0.1 when None.
    pack: number of the pack of a bank, from 1.
    Found by: length check of the inverter.
    """

def rs485_unplugged(*, pack: int = 1) -> Fault:
    """The RS485 cable is unplugged.

    pack: number of the pack of a bank, from 1.
    Found by: time-out of the monitor.
    """

def rs485_swapped(*, pack: int = 1) -> Fault:
    """A and B of the pack are swapped.

    pack: number of the pack of a bank, from 1.
    Found by: time-out of the monitor.
    """

def rs485_wrong_baud(rate: float | Quantity | None = None, *, pack: int = 1) -> Fault:
    """The RS485 of the pack is set to another rate.

    rate: bit/s, 1200 to 1e+06; 19200 when None.
    pack: number of the pack of a bank, from 1.
    Found by: time-out of the monitor.
    """

def rs485_terminator_missing(*, pack: int = 1) -> Fault:
    """A terminating resistor of the RS485 is missing; twice: both.

    pack: number of the pack of a bank, from 1.
    Found by: checksum of every frame.
    """

def rs485_byte_errors(rate: float | Quantity | None = None, *, pack: int = 1) -> Fault:
    """Bytes on the RS485 are misread, each with this probability.

    rate: a number, 0 to 1; 0.01 when None.
    pack: number of the pack of a bank, from 1.
    Found by: checksum of every frame; time-out of the monitor.
    """

def rs485_stuck(*, pack: int = 1) -> Fault:
    """A driver on the RS485 does not let go of the pair.

    pack: number of the pack of a bank, from 1.
    Found by: time-out of the monitor.
    """

def rs485_ground_offset(offset: float | Quantity | None = None, *, pack: int = 1) -> Fault:
    """The ground of the pack is off that of the others on the RS485.

    offset: V, -60 to 60; 10 when None.
    pack: number of the pack of a bank, from 1.
    Found by: checksum of every frame; time-out of the monitor.
    """

def rs485_late(delay: float | Quantity | None = None, *, pack: int = 1) -> Fault:
    """A converter on the RS485 hands on late what the pack sends.

    delay: s, 0 to 60; 0.2 when None.
    pack: number of the pack of a bank, from 1.
    Found by: time-out of the monitor.
    """

def rs485_driver_early_off(bytes: float | Quantity | None = None, *, pack: int = 1) -> Fault:
    """The RS485 driver of the pack lets go before its last bytes are out.

    bytes: a number, 0 to 1000; 2 when None.
    pack: number of the pack of a bank, from 1.
    Found by: checksum of every frame; time-out of the monitor.
    """

def wrong_port(*, pack: int = 1) -> Fault:
    """The cable of the inverter is in a jack of the pack that carries neither CAN nor RS485.

    pack: number of the pack of a bank, from 1.
    Found by: time-outs on both sides.
    """

def link_unplugged(*, pack: int = 1) -> Fault:
    """The link cable to the next pack of the bank is loose.

    pack: number of the pack of a bank, from 1.
    Found by: the other packs are silent: member-lost, master-lost.
    """

def power_cable_off(*, pack: int = 1) -> Fault:
    """The cable to the inverter, or to the busbar of a bank, is off the terminals.

    pack: number of the pack of a bank, from 1.
    Found by: none: no current looks like idle; precharge-fast: nothing but air to charge.
    """

def afe_silent(*, pack: int = 1) -> Fault:
    """The AFE neither converts nor answers; its comparators still work.

    pack: number of the pack of a bank, from 1.
    Found by: afe-silent: time-out of the conversions.
    """

def afe_corrupt(share_of_transfers: float | Quantity | None = None, *, pack: int = 1) -> Fault:
    """Transfers from the AFE arrive with a wrong checksum.

    share_of_transfers: a number, 0 to 1; 1 when None.
    pack: number of the pack of a bank, from 1.
    Found by: afe-corrupt: checksum of every transfer; afe-silent: none left.
    """

def rtc_drift(error_of_its_rate: float | Quantity | None = None, *, pack: int = 1) -> Fault:
    """The real-time clock runs fast, or slow when negative.

    error_of_its_rate: a number, -0.4 to 1; 0.05 when None.
    pack: number of the pack of a bank, from 1.
    Found by: clock: two oscillators compared.
    """

def sense_wire_open(wire: int, *, pack: int = 1) -> Fault:
    """A sense wire is broken: its line drifts between those of its neighbours.

    wire: number of the sense wire, from 1.
    pack: number of the pack of a bank, from 1.
    Found by: sense-wire: test current; sum, of the topmost one; near their limits cell-ov,
        cell-uv, pack-ov, pack-uv: it shifts the readings.
    """

def insulation_fault(resistance: float | Quantity | None = None, *, pack: int = 1) -> Fault:
    """Moisture or chafed insulation: a resistance from P+ to earth.

    resistance: Ohm, 10 to 1e+08; 10000 when None.
    pack: number of the pack of a bank, from 1.
    Found by: insulation: monitor, where there is one.
    """

def breaker_off(*, pack: int = 1) -> Fault:
    """Somebody has switched the breaker off.

    pack: number of the pack of a bank, from 1.
    Found by: breaker: auxiliary contact; without one charge-mosfet-open, discharge-mosfet-open;
        where it feeds the BMS, in a bank, member-lost, master-lost.
    """

def main_relay_1_welded(*, pack: int = 1) -> Fault:
    """The contact of main relay 1 is welded: closed whatever its coil says.

    pack: number of the pack of a bank, from 1.
    Found by: main-1-welded: auxiliary contact.
    """

def main_relay_1_stuck_open(*, pack: int = 1) -> Fault:
    """The contact of main relay 1 never closes.

    pack: number of the pack of a bank, from 1.
    Found by: main-1-open: auxiliary contact.
    """

def main_relay_2_welded(*, pack: int = 1) -> Fault:
    """The contact of main relay 2 is welded: closed whatever its coil says.

    pack: number of the pack of a bank, from 1.
    Found by: main-2-welded: auxiliary contact.
    """

def main_relay_2_stuck_open(*, pack: int = 1) -> Fault:
    """The contact of main relay 2 never closes.

    pack: number of the pack of a bank, from 1.
    Found by: main-2-open: auxiliary contact.
    """

def precharge_relay_welded(*, pack: int = 1) -> Fault:
    """The contact of the pre-charge relay is welded: closed whatever its coil says.

    pack: number of the pack of a bank, from 1.
    Found by: precharge-welded: the link is charged too early.
    """

def precharge_relay_stuck_open(*, pack: int = 1) -> Fault:
    """The contact of the pre-charge relay never closes.

    pack: number of the pack of a bank, from 1.
    Found by: precharge-never: the link does not rise.
    """

def sense_wire_corroded(wire: int, resistance: float | Quantity | None = None, *, pack: int = 1) -> Fault:
    """The contact of a sense wire has extra resistance.

    wire: number of the sense wire, from 1.
    resistance: Ohm, 1 to 1e+06; 10000 when None.
    pack: number of the pack of a bank, from 1.
    Found by: sense-wire: test current; otherwise small.
    """

def sense_wire_leak(wire: int, resistance: float | Quantity | None = None, *, pack: int = 1) -> Fault:
    """Moisture on the AFE side of a sense wire: a resistance to B-.

    wire: number of the sense wire, from 1.
    resistance: Ohm, 1000 to 1e+08; 100000 when None.
    pack: number of the pack of a bank, from 1.
    Found by: sum, spread, spread-failure; cell-ov, cell-uv, pack-ov, pack-uv: it shifts the
        readings; when heavy cell-failure-high, cell-failure-low, sense-wire.
    """

def charge_mosfet_partly_open(share: float | Quantity | None = None, *, pack: int = 1) -> Fault:
    """Bond wires of this share of the charge MOSFETs have lifted: the others carry all.

    share: a number, 0 to 0.99; 0.5 when None.
    pack: number of the pack of a bank, from 1.
    Found by: mosfet-ot: the others grow hot.
    """

def charge_mosfet_partly_closed(share: float | Quantity | None = None, *, pack: int = 1) -> Fault:
    """This share of the charge MOSFETs has melted: they conduct whatever their gate says.

    share: a number, 0.01 to 0.99; 0.1 when None.
    pack: number of the pack of a bank, from 1.
    Found by: charge-mosfet-closed: current or voltage while it is off.
    """

def discharge_mosfet_partly_open(share: float | Quantity | None = None, *, pack: int = 1) -> Fault:
    """Bond wires of this share of the discharge MOSFETs have lifted: the others carry all.

    share: a number, 0 to 0.99; 0.5 when None.
    pack: number of the pack of a bank, from 1.
    Found by: mosfet-ot: the others grow hot.
    """

def discharge_mosfet_partly_closed(share: float | Quantity | None = None, *, pack: int = 1) -> Fault:
    """This share of the discharge MOSFETs has melted: they conduct whatever their gate says.

    share: a number, 0.01 to 0.99; 0.1 when None.
    pack: number of the pack of a bank, from 1.
    Found by: discharge-mosfet-closed: current or voltage while it is off.
    """

def cable_reversed(*, pack: int = 1) -> Fault:
    """The cable to the inverter is connected the wrong way round.

    pack: number of the pack of a bank, from 1.
    Found by: scd: comparator; precharge-never; fuse and breaker behind it.
    """

def shunt_open(*, pack: int = 1) -> Fault:
    """A sense lead of the shunt is broken: the amplifier runs to its rail.

    pack: number of the pack of a bank, from 1.
    Found by: shunt: reading at the rail; occ, which takes it for a current.
    """

def current_amplifier_stuck(reading: float | Quantity | None = None, *, pack: int = 1) -> Fault:
    """The current reading stays at one value whatever flows.

    reading: A, -500 to 500; 0 when None.
    pack: number of the pack of a bank, from 1.
    Found by: shunt: reading without noise, or while every path is open.
    """

def shunt_leads_swapped(*, pack: int = 1) -> Fault:
    """The sense leads of the shunt are swapped: charge reads as discharge.

    pack: number of the pack of a bank, from 1.
    Found by: none: soc runs the wrong way until the voltages do not fit.
    """

def fuse_blown(*, pack: int = 1) -> Fault:
    """The fuse has opened, by age or vibration.

    pack: number of the pack of a bank, from 1.
    Found by: charge-mosfet-open, discharge-mosfet-open: no current where there should be.
    """

def loose_terminal(resistance: float | Quantity | None = None, *, pack: int = 1) -> Fault:
    """The lug at a terminal has extra resistance.

    resistance: Ohm, 0 to 1; 0.01 when None.
    pack: number of the pack of a bank, from 1.
    Found by: charge-mosfet-open, discharge-mosfet-open: path drops too much.
    """

def breaker_weak(share_of_its_rating: float | Quantity | None = None, *, pack: int = 1) -> Fault:
    """The breaker trips at this share of its rating.

    share_of_its_rating: a number, 0.05 to 0.99; 0.5 when None.
    pack: number of the pack of a bank, from 1.
    Found by: breaker: auxiliary contact, where there is one.
    """

def breaker_jammed(*, pack: int = 1) -> Fault:
    """The breaker does not trip.

    pack: number of the pack of a bank, from 1.
    Found by: none: latent until it is needed.
    """

def bleeder_stuck_on(cell: int, *, pack: int = 1) -> Fault:
    """The bleeder of a cell never stops.

    cell: number of the cell, from 1.
    pack: number of the pack of a bank, from 1.
    Found by: spread; soh and full charges in the long run.
    """

def bleeder_open(cell: int, *, pack: int = 1) -> Fault:
    """The bleeder of a cell never conducts.

    cell: number of the cell, from 1.
    pack: number of the pack of a bank, from 1.
    Found by: none: the cell drifts away over weeks; spread.
    """

def ntc_stuck(sensor: int, *, pack: int = 1) -> Fault:
    """The channel of the thermistor keeps the reading it has.

    sensor: number of the thermistor, from 1.
    pack: number of the pack of a bank, from 1.
    Found by: ntc-stuck: does not move, or differs from its neighbours.
    """

def ntc_loose(sensor: int, share: float | Quantity | None = None, *, pack: int = 1) -> Fault:
    """The thermistor has come off its cell: this share of what it reads is the air in the case.

    sensor: number of the thermistor, from 1.
    share: a number, 0 to 1; 0.8 when None.
    pack: number of the pack of a bank, from 1.
    Found by: ntc-stuck: differs from its neighbours; t-spread.
    """

def comparator_dead(*, pack: int = 1) -> Fault:
    """The comparators of the AFE do not act.

    pack: number of the pack of a bank, from 1.
    Found by: none: latent until it is needed; ocd2 and the fuse behind it.
    """

def precharge_resistor_wrong(factor: float | Quantity | None = None, *, pack: int = 1) -> Fault:
    """The pre-charge resistor is this many times as large as it should be.

    factor: a number, 0.001 to 1000; 10 when None.
    pack: number of the pack of a bank, from 1.
    Found by: precharge-slow, precharge-fast: time that the link takes.
    """

def main_relay_1_coil_open(*, pack: int = 1) -> Fault:
    """The driver of the coil of main relay 1 is broken: the spring opens it.

    pack: number of the pack of a bank, from 1.
    Found by: main-1-open: auxiliary contact.
    """

def main_relay_2_coil_open(*, pack: int = 1) -> Fault:
    """The driver of the coil of main relay 2 is broken: the spring opens it.

    pack: number of the pack of a bank, from 1.
    Found by: main-2-open: auxiliary contact.
    """

def precharge_relay_coil_open(*, pack: int = 1) -> Fault:
    """The driver of the coil of the pre-charge relay is broken: the spring opens it.

    pack: number of the pack of a bank, from 1.
    Found by: precharge-never: the link does not rise.
    """

def afe_reference_drift(share: float | Quantity | None = None, *, pack: int = 1) -> Fault:
    """The reference of the AFE has drifted: all its voltages read too high by this share.

    share: a number, -0.1 to 0.1; 0.01 when None.
    pack: number of the pack of a bank, from 1.
    Found by: none: all readings drift alike; the inverter may know better.
    """

def pack_divider_drift(share: float | Quantity | None = None, *, pack: int = 1) -> Fault:
    """The divider of the stack has drifted: it reads too high by this share.

    share: a number, -0.5 to 0.5; 0.05 when None.
    pack: number of the pack of a bank, from 1.
    Found by: sum: cells against stack.
    """

def cell_channel_stuck(cell: int, *, pack: int = 1) -> Fault:
    """The channel of a cell keeps the reading it has.

    cell: number of the cell, from 1.
    pack: number of the pack of a bank, from 1.
    Found by: cell-stuck: does not move while its neighbours do.
    """

def cell_self_discharge(cell: int, current: float | Quantity | None = None, *, pack: int = 1) -> Fault:
    """Impurities in a cell discharge it by this current: a soft short.

    cell: number of the cell, from 1.
    current: A, 0.001 to 50; 0.1 when None.
    pack: number of the pack of a bank, from 1.
    Found by: spread after weeks; balancing hides it until it is too much.
    """

def busbar_open(cell: int, *, pack: int = 1) -> Fault:
    """The busbar at the positive side of the cell is broken.

    cell: number of the cell, from 1.
    pack: number of the pack of a bank, from 1.
    Found by: cell-failure-low, cell-failure-high: the cell seems to leave all bounds under
        current; in a bank member-lost, master-lost: its BMS loses its supply.
    """

def module_connector_loose(*, pack: int = 1) -> Fault:
    """The connector on top of the module is loose: neither power nor supply comes through.

    pack: number of the pack of a bank, from 1.
    Found by: none: dark, and told apart only by fixing it; in a bank member-lost, master-lost.
    """

def power_button_stuck(*, pack: int = 1) -> Fault:
    """The POWER button is stuck: pressed for good.

    pack: number of the pack of a bank, from 1.
    Found by: none: as a person who holds it.
    """

def power_button_dead(*, pack: int = 1) -> Fault:
    """The POWER button makes no contact.

    pack: number of the pack of a bank, from 1.
    Found by: none: a person notices.
    """

def reset_button_dead(*, pack: int = 1) -> Fault:
    """The RESET button makes no contact.

    pack: number of the pack of a bank, from 1.
    Found by: none: a person notices.
    """

def wake_wire_broken(*, pack: int = 1) -> Fault:
    """A wire of the WAKE pins is broken.

    pack: number of the pack of a bank, from 1.
    Found by: none: a person notices.
    """

def alarm_lamp_dead(*, pack: int = 1) -> Fault:
    """The ALARM lamp is dead.

    pack: number of the pack of a bank, from 1.
    Found by: none: a person notices in the self-test, where there is one.
    """

def run_lamp_dead(*, pack: int = 1) -> Fault:
    """The RUN lamp is dead.

    pack: number of the pack of a bank, from 1.
    Found by: none: a person notices.
    """

def buzzer_dead(*, pack: int = 1) -> Fault:
    """The buzzer is dead.

    pack: number of the pack of a bank, from 1.
    Found by: none: a person notices.
    """

def nvm_worn(*, pack: int = 1) -> Fault:
    """The non-volatile memory does not take new bytes any more.

    pack: number of the pack of a bank, from 1.
    Found by: nvm: checksums, at the next start.
    """

def nvm_silent(*, pack: int = 1) -> Fault:
    """The non-volatile memory does not answer: it reads as erased and takes no bytes.

    pack: number of the pack of a bank, from 1.
    Found by: serial: the pack does not know its number after the next start.
    """

def supply_brown_out(voltage_lost: float | Quantity | None = None, *, pack: int = 1) -> Fault:
    """The regulator of the BMS loses this voltage of its feed.

    voltage_lost: V, 0 to 500; 40 when None.
    pack: number of the pack of a bank, from 1.
    Found by: none: the core stops and starts anew, gates open by hardware; in a bank member-
        lost, master-lost.
    """

def main_relay_1_feedback_open(*, pack: int = 1) -> Fault:
    """The auxiliary contact of main relay 1 always says open.

    pack: number of the pack of a bank, from 1.
    Found by: main-1-open: differs from its coil.
    """

def main_relay_1_feedback_closed(*, pack: int = 1) -> Fault:
    """The auxiliary contact of main relay 1 always says closed.

    pack: number of the pack of a bank, from 1.
    Found by: main-1-welded: differs from its coil.
    """
