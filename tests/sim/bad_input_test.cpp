// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What becomes of files that are wrong: one line that names file, line, field, and what was found
// and expected.

#include <gtest/gtest.h>

#include "bad_input.hpp"

namespace doppelpack::sim {
namespace {

using test::Edit;
using BadInput = test::BadInput;

const Edit kProductEdits[]{
    {"series: 16", "series: 99", "pack.series: found '99', expected a whole number, 1 to 32"},
    {"series: 16", "series: 16.5", "pack.series: found '16.5', expected a whole number, 1 to 32"},
    {"link: 60 uOhm", "link: 60 V",
     "pack.link: found '60 V', a voltage, expected a resistance in Ohm, mOhm, uOhm, kOhm, MOhm"},
    {"link: 60 uOhm",
     "link:", "pack.link: found nothing, expected one number in Ohm, mOhm, uOhm, kOhm, MOhm"},
    {"link: 60 uOhm", "link: [60 uOhm]",
     "pack.link: found a list, expected one number in Ohm, mOhm, uOhm, kOhm, MOhm"},
    {"link: 60 uOhm", "links: 60 uOhm",
     "pack.links: found the unknown key 'links' (did you mean link?), expected one of: cell, "
     "cell_model, series, parallel, capacity, self_discharge, spread, link, shunt, terminal, "
     "charge_mosfet, discharge_mosfet, loop_inductance, insulation, fuse, breaker, relays, "
     "bleeder, "
     "supply, thermal, ntcs, mosfet_ntc"},
    {"bleeder: 68 Ohm", "loop_inductance: 2 uF\n  bleeder: 68 Ohm",
     "pack.loop_inductance: found '2 uF', a capacitance, expected an inductance in H, mH, uH, nH"},
    {"bleeder: 68 Ohm", "insulation: 100 Ohm\n  bleeder: 68 Ohm",
     "pack.insulation: found '100 Ohm', expected 1000 Ohm to 1e+12 Ohm"},
    {"bleeder: 68 Ohm", "fuse: 150 A\n  bleeder: 68 Ohm",
     "pack.fuse: found '150 A', expected a map with the keys rated, melting, resistance"},
    {"bleeder: 68 Ohm", "fuse: {rated: 150 A}\n  bleeder: 68 Ohm",
     "pack.fuse.melting: found nothing, expected the key 'melting'"},
    {"bleeder: 68 Ohm", "fuse: {rated: 150 A, melting: 12 kA}\n  bleeder: 68 Ohm",
     "pack.fuse.melting: found '12 kA', a current, expected a melting integral in A2s, kA2s"},
    {"bleeder: 68 Ohm", "breaker: {rating: 100 A}\n  bleeder: 68 Ohm",
     "pack.breaker.rating: found the unknown key 'rating'"},
    {"bleeder: 68 Ohm", "breaker: {rated: 0 A}\n  bleeder: 68 Ohm",
     "pack.breaker.rated: found '0 A', expected 1 A to 10000 A"},
    {"self_discharge: 20 %}", "self_discharge: 20 %, cooling: 30 %}",
     "pack.spread.cooling: found '30 %', expected 0 to 0.2 (or in %)"},
    {"on_resistance: 0.4 mOhm,", "on_resistance: 0.4 mOhm, avalanche: 5 V,",
     "pack.charge_mosfet.avalanche: found '5 V', expected 20 V to 2000 V"},
    {"on_resistance: 0.4 mOhm,", "on_resistance: 0.4 mOhm, avalanche_limits: 10 J,",
     "pack.charge_mosfet.avalanche_limits: found the unknown key 'avalanche_limits' (did you mean "
     "avalanche_limit?), expected one of: "},
    {"face: 0.45 W/K", "neighbour: 0.45 W/K",
     "pack.thermal.neighbour: found the unknown key 'neighbour', expected one of: face, branch, "
     "link, "},
    {"face: 0.45 W/K", "face: 0.45 W/K, board: 150 W/K",
     "pack.thermal.board: found '150 W/K', a thermal conductance, expected a heat capacity in J/K, "
     "kJ/K"},
    {"bleeder: 68 Ohm", "shunt: 68 Ohm",
     "pack.shunt: found the key a second time, expected it once (first on line 31)"},
    {"cell: lfp-100ah", "cell: lfp-100",
     "pack.cell: found no cell 'lfp-100' (did you mean lfp-100ah?), expected a path or one of: "},
    {"cell_model: ecm-2rc", "cell_model: ecm-3rc",
     "pack.cell_model: found 'ecm-3rc' (did you mean ecm-2rc?), expected ecm-2rc"},
    {"ntcs: [1, 6, 11, 16]", "ntcs: [1, 17]",
     "pack.ntcs[1]: found '17', expected a whole number, 1 to 16"},
    {"ntcs: [1, 6, 11, 16]", "ntcs: [1, mosfets]",
     "pack.ntcs[1]: found 'mosfets' (did you mean mosfet?), expected mosfet, board or ambient"},
    {"ntcs: [1, 6, 11, 16]", "ntcs: [1, 2, 3, 4, 5, 6, 7, 8, 9]",
     "pack.ntcs: found a list of 9, expected at most 8 NTCs"},
    {"ntcs: [1, 6, 11, 16]", "ntcs: []",
     "pack.ntcs: found a list of 0, expected at least 1 entries"},
    {"resolution: 0.382 mV", "resolution: 0.3825 mV",
     "sensing.cells.resolution: found '0.3825 mV', expected a whole number of uV"},
    {"longest: 138 mOhm", "longest: 38 mOhm",
     "sensing.wires.longest: found '38 mOhm', expected at least the shortest, 58 mOhm"},
    {"wakes_above: 20 V", "wakes_above: 18 V",
     "supply.wakes_above: found '18 V', expected more than dies_below, 18 V"},
    {"cells: 20 ms", "cells: 20.5 ms",
     "sensing.periods.cells: found '20.5 ms', expected a multiple of the current's period, 1 ms"},
    {"task_delay: 200 us", "task_delay: 2 ms",
     "sensing.periods.task_delay: found '2 ms', expected less than the current's period, 1 ms"},
    {"    cell-ov:", "    cell-ovv:",
     "bms.rules.cell-ovv: found the unknown key 'cell-ovv' (did you mean cell-ov or cell-uv?), "
     "expected one of: cell-ov, cell-uv, pack-ov, pack-uv, occ, ocd, ocd2, scd, otc, otd, utc, "
     "utd, cell-failure-high, "},
    {"trip: 3.65 V, release: 3.45 V", "trip: 3.65 V, release: 3.70 V",
     "bms.rules.cell-ov.protection.release: found '3.70 V', expected less than the trip, 3.65 V"},
    {"trip: 2.50 V, release: 2.90 V", "trip: 2.50 V, release: 2.50 V",
     "bms.rules.cell-uv.protection.release: found '2.50 V', expected more than the trip, 2.50 V"},
    {"trip: 3.55 V, release: 3.45 V", "trip: 3.75 V, release: 3.45 V",
     "bms.rules.cell-ov.warning.trip: found '3.75 V', expected at most the trip of the "
     "protection, 3.65 V"},
    {"trip: 3.65 V", "trip: 36.5 V",
     "bms.rules.cell-ov.protection.trip: found '36.5 V', expected 0.5 V to 5 V"},
    {"trip: 55 degC, release: 50", "trip: 55 V, release: 50",
     "bms.rules.otc.protection.trip: found '55 V', a voltage, expected a temperature in degC, K"},
    {"retries: forever", "retries: often",
     "bms.rules.cell-ov.retries: found 'often', expected forever or a whole number"},
    {"delay: 1 s", "delay: -1 s",
     "bms.rules.cell-ov.protection.delay: found '-1 s', expected 0 s to 86400 s"},
    {"[[0 degC, 0 %], [5 degC, 10 %]", "[[5 degC, 0 %], [5 degC, 10 %]",
     "bms.limits.ccl_over_temperature[1][0]: found '5 degC', expected more than the entry before, "
     "'5 degC'"},
    {"[3.60 V, 0 %]]", "[3.60 V, 120 %]]",
     "bms.limits.ccl_over_cell_voltage[3][1]: found '120 %', expected 0 to 1 (or in %)"},
    {"[[2.60 V, 0 %], [2.90 V, 100 %]]", "[]",
     "bms.limits.dcl_over_cell_voltage: found a list of 0, expected at least 1 entries"},
    {"discharge_voltage_limit: 46.4 V", "discharge_voltage_limit: 56.4 V",
     "bms.limits.discharge_voltage_limit: found '56.4 V', expected less than the cvl, 56.0 V"},
    {"stop_delta: 12 mV", "stop_delta: 30 mV",
     "bms.balancing.stop_delta: found '30 mV', expected less than the start_delta, 30 mV"},
    {"can: pylontech-lv-can", "can: pylontech-can",
     "bus.can: found 'pylontech-can' (did you mean pylontech-lv-can or pylontech-hv-can?), "
     "expected "
     "pylontech-lv-can"},
    {"address: 2", "address: two", "bus.address: found 'two', expected a whole number, 0 to 255"},
    {"address: 2", "address: 2\n  address_switches: [1]",
     "bus.address: found '2', expected a whole number, 0 to 1"},
    {"address: 2", "address_switches: [1, 3]\n  address: 2",
     "bus.address_switches[1]: found '3', expected the switch after the one before it"},
    {"manufacturer: DOPPEL", "manufacturer: DÖPPEL",
     "bus.identity.manufacturer: found 'DÖPPEL', expected at most 20 ASCII characters"},
    {"version: [1, 0]", "version: 1", "bus.identity.version: found '1', expected a list"},
    {"product: generic-16s", "product: generic-15s",
     "product: found 'generic-15s', expected 'generic-16s', the name of the file"},
    {"title: Generic", "titel: Generic",
     "titel: found the unknown key 'titel' (did you mean title?), expected one of: product, "
     "title, sources, pack, sensing, supply, board, bms, bus"},
};

const Edit kCellEdits[]{
    {"[0.5 %, 2.914 V]", "[0 %, 2.914 V]",
     "ocv[3][0]: found '0 %', expected more than the entry before, '0 %'"},
    {"[0.5 %, 2.914 V]", "[0.5 %, 2.014 V]",
     "ocv[3][1]: found '2.014 V', expected at least 2.832 V, for the OCV never falls with SOC"},
    {"[0.5 %, 2.914 V]", "[0.5 %]", "ocv[3]: found a list, expected a pair [x, y]"},
    {"coulombic_efficiency: 0.999", "coulombic_efficiency: 1.5",
     "coulombic_efficiency: found '1.5', expected 0.5 to 1 (or in %)"},
    {"gamma: 40", "gamma: .nan",
     "hysteresis.gamma: found '.nan', expected a number or a ratio in %"},
    {"heat_capacity: 2080 J/K", "heat_capacity: 2080 J",
     "heat_capacity: found '2080 J', a heat, expected a heat capacity in J/K, kJ/K"},
    {"exponent: 0.526", "exponent: 3",
     "ageing.calendar.capacity.exponent: found '3', expected 0.2 to 2 (or in %)"},
    {"cubic: [1, 0.11, 0, 0]", "cubic: [1, 0.11, 0]",
     "ageing.cycle.capacity.depth.cubic: found a list of 3, expected 4 coefficients"},
    {"activation_energy: -55.546 kJ/mol", "activation_energy: -55.546",
     "ageing.cold_charge.activation_energy: found '-55.546' without a unit, expected an energy per "
     "mole in J/mol, kJ/mol"},
    {"current_factor: 2.64}", "current_factor: 2.64, exponent: 0.5}",
     "ageing.cold_charge.exponent: found the unknown key 'exponent', expected one of: rate, "
     "activation_energy, current_factor"},
};

const Edit kBehaviourEdits[]{
    {"when_lost: stop", "when_lost: go-on",
     "when_lost: found 'go-on', expected stop, fall-back or alarm-only"},
    {"alarms: [lost, protection]", "alarms: [lost, fire]",
     "alarms[1]: found 'fire', expected lost, protection, warning or voltage"},
    {"jitter: 50 ms", "jitter: 500 ms",
     "heartbeat.jitter: found '500 ms', expected a period more than twice as long beside it"},
    {"id: 0x306", "id: 0x806",
     "heartbeat.frames[1].id: found '0x806', expected an identifier from 0x0 to 0x7FF"},
    {"id: 0x306", "id: 306",
     "heartbeat.frames[1].id: found '306', expected an identifier from 0x0 to 0x7FF"},
    {"data: status", "data: [1, 2]",
     "heartbeat.frames[1].data: found a list, expected up to 8 bytes such as 0A 1B, or one "
     "of: measured, status, clock"},
    {"00 00}", "00 0}", "heartbeat.frames[2].data: found '00 00 00 00 00 00 00 0', expected up to"},
    {"00 00}", "00 00 00}",
     "heartbeat.frames[2].data: found '00 00 00 00 00 00 00 00 00', expected up to 8 bytes"},
    {"00 00}", "00-00}", "heartbeat.frames[2].data: found '00 00 00 00 00 00 00-00', expected up"},
    {"00 00}", "00 zz}", "heartbeat.frames[2].data: found '00 00 00 00 00 00 00 zz', expected up"},
    {"reaction_delay: 9 s", "reaction_delay: 1 h",
     "disobedience.reaction_delay: found '1 h', expected at most 10 min"},
    {"accepts: {cvl: [41 V, 63 V]", "accepts: {cvl: [41 V]",
     "accepts.cvl: found a list, expected [lowest, highest]"},
    {"cvl: [41 V, 63 V]", "cvl: [63 V, 41 V]",
     "accepts.cvl[1]: found '41 V', expected more than 63 V"},
    {"frame: 0x351", "frame: limits",
     "misses[1].frame: found 'limits', expected an identifier from 0x0 to 0x7FF"},
    {"{cvl: 54 V, ccl: 0 A", "{cvl: 54 V, cdl: 0 A",
     "misses[1].limits.cdl: found the unknown key 'cdl'"},
    {"reaction_delay: 9 s", "restart_period: 20 s",
     "disobedience.restart_period: found '20 s', expected more than the 20 s that a restart takes"},
    {"reaction_delay: 9 s", "ignores_ccI: yes",
     "disobedience.ignores_ccI: found the unknown key 'ignores_ccI' (did you mean ignores_ccl"},
    {"efficiency: 95 %", "efficiency: 0 %",
     "losses.efficiency: found '0 %', expected 0.5 to 1 (or in %)"},
};

const Edit kGapEdits[]{
    {"lasts: 3.5 s", "lasts: 2 h",
     "heartbeat.gaps[0].every: found '2 h', expected more than lasts, 2 h"},
    {"after_frame: 0x356", "after_frame: measurements",
     "heartbeat.after_frame: found 'measurements', expected an identifier from 0x0 to 0x7FF"},
};

const Edit kKnowledgeEdits[]{
    {"pack: LG, highest_cvl: 57.3 V", "pack: LG, highest_cvl: 57.3 A",
     "corrections[2].highest_cvl: found '57.3 A', a current, expected a voltage in V, mV, uV, kV"},
    {"cvl_up_to: 54.0 V, ", "", "corrections[0].cvl_up_to: found nothing, expected the key"},
    {"disobedience: {cvl_zero_discharges: yes}", "reads: {pylontech-lv-can: {voltage: 1V}}",
     "reads.pylontech-lv-can.voltage: found '1V', expected 0.01V or 0.1V"},
    {"disobedience: {cvl_zero_discharges: yes}", "reads: {pylontech: {voltage: 0.1V}}",
     "reads.pylontech: found the unknown key 'pylontech'"},
};

const Edit kScanEdits[]{
    {"period: 410 ms", "period: 0 s", "rs485_scan.period: found '0 s', expected 1 ms to 10 years"},
    {"reply_begins: \"~\"", "reply_begins: \"a b\"",
     "rs485_scan.reply_begins: found 'a b', expected printable characters without blanks"},
};

const Edit kInverterEdits[]{
    {"link: rs485", "link: can-bus", "link: found 'can-bus', expected can or rs485"},
    {"cutoff_voltage: 44.0 V", "cutoff_voltage: 57.6 V",
     "cutoff_voltage: found '57.6 V', expected less than the charge_voltage, 57.6 V"},
    {"obeys_limits: yes", "obeys_limits: maybe", "obeys_limits: found 'maybe', expected yes or no"},
    {"control_period: 100 ms", "control_period: 0 s",
     "control_period: found '0 s', expected 1 ms to 10 years"},
    {"stage: {", "cable: {resistance: 1.5 mOhm}\nstage: {",
     "cable.inductance: found nothing, expected the key 'inductance'"},
    {"stage: {", "cable: {resistance: 1.5 mOhm, inductance: 1 uF}\nstage: {",
     "cable.inductance: found '1 uF', a capacitance, expected an inductance in H, mH, uH, nH"},
    {"stage: {", "cable: {resistance: 1.5 mOhm, inductance: 0 uH}\nstage: {",
     "cable.inductance: found '0 uH', expected 1e-08 H to 0.001 H"},
    {"stage: {", "dc_link: 10 uH\nstage: {",
     "dc_link: found '10 uH', an inductance, expected a capacitance in F, mF, uF"},
    {"stage: {", "dc-link: 10 mF\nstage: {",
     "dc-link: found the unknown key 'dc-link' (did you mean dc_link?), expected one of: "},
};

const Edit kScenarioEdits[]{
    {"product: generic-16s", "product: generic-17s",
     "product: found no product 'generic-17s' (did you mean generic-16s?), expected a path or one "
     "of: "},
    {"duration: 2 min", "duration: 0 s", "duration: found '0 s', expected 1 ms to 10 years"},
    {"duration: 2 min", "duration: 2",
     "duration: found '2' without a unit, expected a time in s, ms, us, ns, min, h, d"},
    {"duration: 2 min", "time: 2 min",
     "time: found the unknown key 'time' (did you mean timeline?), expected one of: scenario, "
     "title, row, product, inverter, duration, seed, initial, bank, profiles, timeline, expect, "
     "record"},
    {"seed: 1", "seed: -1", "seed: found '-1', expected a whole number, 0 to 9223372036854775807"},
    {"soc: 90 %", "soc: 90", "initial.soc: found '90', expected 0 to 1 (or in %)"},
    {"temperature: 25 degC", "temperature: 3.6 V",
     "initial.temperature: found '3.6 V', a voltage, expected a temperature in degC, K"},
    {"inverter: disconnected", "inverter: unplugged",
     "initial.inverter: found 'unplugged', expected disconnected or connected"},
    {"inverter: disconnected", "cells: {cell: 7}", "initial.cells: found a map, expected a list"},
    {"inverter: disconnected", "cells: [7]",
     "initial.cells[0]: found '7', expected a map with the keys cell, soc, capacity, resistance, "
     "self_discharge, soh"},
    {"inverter: disconnected", "cells: [{soc: 60 %}]",
     "initial.cells[0].cell: found nothing, expected the key 'cell'"},
    {"inverter: disconnected", "cells: [{cell: 17}]",
     "initial.cells[0].cell: found '17', expected a whole number, 1 to 16"},
    {"inverter: disconnected", "cells: [{cell: 7}, {cell: 6}, {cell: 7, soc: 60 %}]",
     "initial.cells[2].cell: found cell 7 a second time (first on line "},
    {"inverter: disconnected", "cells: [{cell: 7, sok: 60 %}]",
     "initial.cells[0].sok: found the unknown key 'sok' (did you mean soc or soh?), expected one "
     "of: cell, soc, capacity, resistance, self_discharge, soh"},
    {"inverter: disconnected", "cells: [{cell: 7, soc: 120 %}]",
     "initial.cells[0].soc: found '120 %', expected 0 to 1 (or in %)"},
    {"inverter: disconnected", "cells: [{cell: 7, capacity: 92}]",
     "initial.cells[0].capacity: found '92' without a unit, expected a charge in Ah, mAh"},
    {"inverter: disconnected", "cells: [{cell: 7, resistance: 1 mOhm}]",
     "initial.cells[0].resistance: found '1 mOhm', a resistance, expected a number or a ratio in "
     "%"},
    {"inverter: disconnected", "cells: [{cell: 7, resistance: 0}]",
     "initial.cells[0].resistance: found '0', expected 0.1 to 100 (or in %)"},
    {"inverter: disconnected", "cells: [{cell: 7, self_discharge: -5 mA}]",
     "initial.cells[0].self_discharge: found '-5 mA', expected 0 A to 1 A"},
    {"inverter: disconnected", "cells: [{cell: 7, soh: 4 %}]",
     "initial.cells[0].soh: found '4 %', expected 0.05 to 1 (or in %)"},
    {"at: 5 s, ", "",
     "timeline[0]: found 0 of the keys that start an entry, expected one of at, when or every"},
    {"at: 5 s, ", "at: 5 s, every: 1 s, ",
     "timeline[0]: found 2 of the keys that start an entry, expected one of at, when or every"},
    {"at: 5 s, ", "at: 5 s, for: 1 s, ",
     "timeline[0].for: found 'for', expected it only beside 'when'"},
    {"at: 5 s, ", "at: -5 s, ", "timeline[0].at: found '-5 s', expected 0 s to 10 years"},
    {", press: {button: reset, for: 200 ms}}", " }",
     "timeline[2]: found nothing to do, expected set, inject, clear, press or note"},
    {"button: reset", "button: rset", "timeline[2].press.button: found"},
    {"id: still-waiting", "id: spanner",
     "timeline[1]: found the id 'spanner' a second time (first on line 10), expected each entry "
     "to have its own"},
    {"fault: terminal-short", "fault: terminal-shrt", "timeline[0].inject.fault: found"},
    {"severity: 10 mOhm", "severity: 10 V",
     "timeline[0].inject.severity: found '10 V', a voltage, expected a resistance in Ohm, mOhm, "
     "uOhm, kOhm, MOhm"},
    {"severity: 10 mOhm", "severity: 10 kOhm", "timeline[0].inject.severity: found"},
    {"severity: 10 mOhm", "severity: 10 mOhm, target: 1",
     "timeline[0].inject.target: found a target"},
    {"press: {button: reset, for: 200 ms}", "clear: spaner",
     "timeline[2].clear: found 'spaner', expected the id of a fault that the timeline injects"},
    {"of: spanner", "of: spaner",
     "expect[0].of: found 'spaner', expected the id of a timeline entry or a condition (did you "
     "mean spanner?)"},
    {"bms1/discharge_gate == open", "bms1/discharge_gat == open", "expect[0].that: "},
    {"bms1/discharge_gate == open", "bms1/discharge_gate == opened", "expect[0].that: "},
    {"bms1/discharge_gate == open", "bms1/discharge_gate == 3 V", "expect[0].that: "},
    {"bms1/discharge_gate == open", "bms1/discharge_gate open", "expect[0].that: "},
    {"within: 2 ms, ", "",
     "expect[0]: found 0 of the keys that say what is expected, expected one of within, never, "
     "always, by or at_end"},
    {"within: 2 ms, ", "within: 2 ms, after: 1 s, ",
     "expect[0].after: found the unknown key 'after', expected one of: name, proves, within, of, "
     "that"},
    {"within: 2 ms, ", "proves: detektion, within: 2 ms, ",
     "expect[0].proves: found 'detektion' (did you mean detection?), expected warning, detection, "
     "reaction, panel, bus, recovery or latch"},
    {"name: ready, at_end", "proves: reaction, at_end",
     "expect[5].proves: found 'reaction', expected this only of an expectation that holds within a "
     "time of something"},
    {"product: ", "row: PYL-V1\nproduct: ", "row: found 'PYL-V1', expected a list"},
    {"product: ", "row: []\nproduct: ", "row: found a list of 0, expected"},
    {"product: ", "row: [PYL-V1, pyl]\nproduct: ",
     "row[1]: found 'pyl', expected the ID of a row of the fault matrix, such as PYL-V1"},
    {"product: ", "row: [PYL-V1, PYL-V1]\nproduct: ",
     "row[1]: found 'PYL-V1', expected each row once"},
    {"signals: [pack1/current_A", "signals: [pack1/curent_A",
     "record.signals[0]: found 'pack1/curent_A' (did you mean pack1/current_A?), expected a "
     "signal, or a pattern that fits at least one"},
    {"signals: [pack1/current_A", "signals: [pack9/*",
     "record.signals[0]: found 'pack9/*', expected a signal, or a pattern that fits at least one"},
};

const Edit kFaultEdits[]{
    {"target: 3, severity: 12 K", "target: 6, severity: 12 K", "timeline[1].inject.target: found"},
    {"target: 3, severity: 12 K", "severity: 12 K", "timeline[1].inject.fault: found no target"},
    {", id: more", "",
     "timeline[2].inject.fault: found the id 'ntc-offset' a second time (first on line 11), "
     "expected each fault to have its own"},
};

const Edit kProfileEdits[]{
    {"site/price:", "site/cost:", "profiles.site/cost: found 'site/cost', expected a signal"},
    {"[1 h, 0.12]", "[0 h, 0.12]",
     "profiles.site/price.points[1][0]: found '0 h', expected a time after that of the point "
     "before"},
    {"[5 h, 0.30]", "[5 h, 0.30 W]",
     "profiles.site/price.points[2][1]: found '0.30 W', a power, expected a price, a plain number"},
    {"[5 h, 0.30]]", "[25 h, 0.30]]",
     "profiles.site/price.points[2][0]: found '25 h', expected at most the time to repeat after, "
     "24 h"},
    {"shape: steps", "shape: step",
     "profiles.site/price.shape: found 'step' (did you mean steps?), expected linear or steps"},
    {"site/is_active: \"yes\"", "site/is_active: 2",
     "timeline[0].set.site/is_active: found '2', expected no or yes"},
    {"site/is_active: \"yes\"", "pack1/soc: 50 %", "timeline[0].set.pack1/soc: found"},
    {"inverter: hybrid-5k", "inverter: hybrid-5kw",
     "inverter: found no inverter 'hybrid-5kw' (did you mean hybrid-5k?), expected a path or one "
     "of: "},
};

TEST_F(BadInput, is_refused_by_line_field_and_reason) {
  check("products/generic-16s.yaml", kProductEdits);
  check("cells/lfp-100ah.yaml", kCellEdits);
  check("inverters/hybrid-5k-rs485.yaml", kInverterEdits);
  check("inverters/sma-sunny-island.yaml", kBehaviourEdits);
  check("inverters/deye.yaml", kGapEdits);
  check("inverters/victron-gx.yaml", kKnowledgeEdits);
  check("inverters/voltronic.yaml", kScanEdits);
  check("cases/short-circuit.yaml", kScenarioEdits);
  check("cases/ntc-offset.yaml", kFaultEdits);
  check("cases/nominal-day.yaml", kProfileEdits);
}

const Edit kPowerStageEdits[]{
    {"positive_current: out", "positive_current: up",
     "positive_current: found 'up', expected out or in"},
    {"period: 40 ms", "period: 2 s", "period: found '2 s', expected 10 ms to 1 s"},
    {"settle: 100 ms", "settle: 1 V", "settle: found '1 V', a voltage, expected a time in"},
    {"identity: [PSB]", "identity: []", "identity: found a list of 0, expected a"},
    {"set_voltage: \"VOLT {V}\"", "set_voltage: \"VOLT 5\"",
     "commands.set_voltage: found 'VOLT 5', expected a command with {V} in it, once"},
    {"set_voltage: \"VOLT {V}\"", "set_voltage: \"VOLT {V\"",
     "commands.set_voltage: found 'VOLT {V', expected a letter in braces, such as {V}"},
    {"output_on: \"OUTP ON\"", "output_on: \"OUTP {A}\"",
     "commands.output_on: found 'OUTP {A}', expected a command without a number"},
    {"ask_output: \"OUTP?\"", "ask_output: OUTP",
     "commands.ask_output: found 'OUTP', expected a question, with '?' in it"},
    {"- \"OUTP OFF\"", "- \"OUTP?\"",
     "commands.prepare[2]: found 'OUTP?', expected a command, or {ask: QUESTION, expect: WORD}"},
    {"\"POW {W}\"", "\"POW {X}\"",
     "commands.prepare[7]: found 'POW {X}', expected only the letters VAW in braces"},
    {"timeout: 2 s", "timeout: 2500 ms",
     "watchdog.timeout: found '2500 ms', expected whole seconds, 1 to 60"},
    {"leave: [\"SYST:LOCK OFF\"]", "leave: [\"SYST:LOCK {V}\"]",
     "commands.leave[0]: found 'SYST:LOCK {V}', expected a command without a number"},
    {"ask_error", "ask_errors", "commands.ask_errors: found the unknown key 'ask_errors'"},
};

TEST_F(BadInput, refuses_wrong_power_stages) {
  check("power_stages/ea-psb.yaml", kPowerStageEdits);
}

}  // namespace
}  // namespace doppelpack::sim
