// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What a snapshot holds, field by field. The text of this file and of bms_fields.hpp is the layout of a
// snapshot: one of another layout is refused.
#pragma once

#include <cereal/types/array.hpp>
#include <cereal/types/deque.hpp>
#include <cereal/types/optional.hpp>
#include <cereal/types/string.hpp>
#include <cereal/types/utility.hpp>
#include <cereal/types/variant.hpp>
#include <cereal/types/vector.hpp>

#include <Eigen/Core>
#include <cstddef>
#include <cstdint>
#include <string>

#include "sim/fault.hpp"
#include "sim/scenario.hpp"
#include "sim/snapshot.hpp"
#include "snapshot/bms_fields.hpp"

namespace cereal {

// The firmware's RAM, as its compiler lays it out.
template <typename Archive>
void serialize(Archive& archive, std::max_align_t& slot) {
  archive(binary_data(reinterpret_cast<char*>(&slot), sizeof slot));
}

template <typename Archive, typename Scalar, int kRows, int kColumns, int kOptions, int kMaxRows,
          int kMaxColumns>
void save(Archive& archive,
          const Eigen::Array<Scalar, kRows, kColumns, kOptions, kMaxRows, kMaxColumns>& array) {
  archive(static_cast<std::int64_t>(array.rows()), static_cast<std::int64_t>(array.cols()));
  for (Eigen::Index i = 0; i < array.size(); ++i) archive(array.data()[i]);
}

template <typename Archive, typename Scalar, int kRows, int kColumns, int kOptions, int kMaxRows,
          int kMaxColumns>
void load(Archive& archive,
          Eigen::Array<Scalar, kRows, kColumns, kOptions, kMaxRows, kMaxColumns>& array) {
  std::int64_t rows = 0;
  std::int64_t columns = 0;
  archive(rows, columns);
  constexpr std::int64_t kMost = 1'000'000;
  if (rows < 0 || columns < 0 || rows > kMost || columns > kMost || rows * columns > kMost)
    throw Exception("an array of an impossible size");
  array.resize(rows, columns);
  for (Eigen::Index i = 0; i < array.size(); ++i) archive(array.data()[i]);
}

}  // namespace cereal

namespace doppelpack::models {

FIELDS(CycleThroughput, full_cycles, capacity, resistance)
FIELDS(HalfCycle, start, extreme, direction, to_extreme, since_extreme)
FIELDS(CellAgeing, calendar_capacity, calendar_resistance, cycle_capacity, cycle_resistance,
       cold_charge, full_cycles, half_cycle, capacity_factor, resistance_factor_r0,
       resistance_factor_rc)
FIELDS(AgeingState, cells)
FIELDS(AgeingWindow, cell_degC_s, charged_Ah, discharged_Ah, since_s)
FIELDS(CellState, x, T_degC, capacity_factor, r0_factor, rc_factor, charged_As, discharged_As,
       heat_J, r_Ohm, thermal_V, ocv_V, held, held_decay)
FIELDS(ThermalState, link_degC, mosfet_degC, board_degC, case_degC, bead_degC, owed_K, held_dt_s,
       held_parts, is_held_by_modes, held_order, held_bead_share, held_bead_ramp, node_degC, term_K,
       next_term_K, rise_K, bead_source_degC)
FIELDS(HeatInput, cell_J, link_J, mosfet_J, board_J, case_J)
FIELDS(RunawayState, early_reacted, main_reacted, molten, gas_mol, is_vented)
FIELDS(DamageState, loss, resistance, short_S)
FIELDS(Violation, invariant, node, size, limit)
FIELDS(AuditState, worst, share, windows, first, soc, ocv_V, thermal_V, stored_heat_J, electrical_J,
       turnover_J, bleeder_J, longest_step_s)

FIELDS(ContactState, is_closed, is_welded, moving_s, bounce_left_s)
FIELDS(FuseState, heat_A2s, is_open)
FIELDS(BreakerState, theta, over_s, is_tripped)
FIELDS(SwitchState, avalanche_J, is_molten)
FIELDS(ComparatorState, over_s, is_latched)
FIELDS(ComparatorBankState, scd, ocd, occ)
FIELDS(PowerPathState, current_A, cable_A, terminal_V, link_V, peak_A, main_1, main_2, precharge,
       fuse, breaker, charge_switch, discharge_switch, comparators)
FIELDS(PathDirection, r_Ohm, switch_Ohm, knee_V, charge_avalanche_V, discharge_avalanche_V, arc_V,
       drop_V, start_V)
FIELDS(PathElements, charge, discharge, is_two_way, shunt_Ohm, contact_Ohm, precharge_Ohm, short_S,
       polarity, is_plugged)
FIELDS(PathHeat, shunt_J, switch_J, charge_avalanche_J, discharge_avalanche_J, contact_J,
       precharge_J, arc_J, cable_J, short_J, clamp_J)
FIELDS(TerminalSource, current_A, conductance_S, max_V, min_V)
FIELDS(PackInputs, charge_gate, discharge_gate, main_1, main_2, precharge, is_plugged, is_supplied,
       bleeders, ambient_degC, source)
FIELDS(StringState, stack_Ohm, is_folded, is_any_bleeding, emf_V, leak_A, leak_V, short_S,
       per_divider, inner_S, inner_V, passive_J, group_Ohm, link_Ohm, bleeder_S, per_bleed, tap_Ohm,
       tap_emf_V, link_A, link_J)
FIELDS(PackState, cells, thermal, path, runaway, ageing, damage, charge_Ah, discharge_Ah, heat_J,
       to_ambient_J, vented_J, is_transient, path_heat, supply_J, waiting_s, owed_s, ageing_window,
       current_A, stack_V, terminal_V, cell_V, cell_current_A, audit, seen, seen_revision, elements,
       string, heat)
FIELDS(Thevenin, emf_V, r_Ohm)
FIELDS(BranchState, elements, stack, cable_Ohm, bus_A, current_A, terminal_V)
FIELDS(BankState, bus_V, source_A, elapsed_s, branches, stacks)
FIELDS(ImposedCurrent, current_A, max_V, conductance_S)
FIELDS(PowerStageInputs, target_A, max_V, min_V, is_connected, imposed)
FIELDS(PowerStageState, current_A, held_dt_s, held_share)

FIELDS(SenseWireCondition, is_open, extra_Ohm, leak_S)
FIELDS(NtcCondition, wire, offset_K, loose_share, is_frozen)
FIELDS(MosfetCondition, open_share, closed_share)
FIELDS(Hardware, revision, cell_short_S, link_extra_Ohm, sense_wires, ntcs, charge_mosfet,
       discharge_mosfet, main_relay_1, main_relay_2, precharge_relay, is_main_1_undriven,
       is_main_2_undriven, is_precharge_undriven, precharge_factor, is_fuse_blown, is_breaker_off,
       is_breaker_jammed, breaker_share, terminal_extra_Ohm, bleeders_on, bleeders_open,
       frozen_cells, afe_reference_error, pack_divider_error, is_comparator_dead, shunt_gain,
       shunt_offset_A, is_shunt_reversed, is_shunt_stuck, shunt_stuck_A, terminal_short_S,
       is_cable_reversed, insulation_S)

FIELDS(SenseLineInputs, bleeders, pull_downs)
FIELDS(SenseLineState, input_V, is_at_ease, leak_V, revision, inputs, dt_s, keep, gain, drop_V,
       is_any_guarded, is_guarded, wire_S, bleeder_S, pivot_Ohm, carry, node_V)
FIELDS(NoiseKeys, cells, pack, terminal, shunt, ntcs)
FIELDS(Measurements, cell_counts, pack_counts, terminal_counts, shunt_counts, ntc_counts)
FIELDS(SensingState, samples, lines, amplifier_A, amplifier_dt_s, amplifier_keep, noise, last)
FIELDS(SupplyRailState, is_alive, low_s)
FIELDS(InsulationMonitorState, samples, settled_S, reading_kOhm)

}  // namespace doppelpack::models

namespace doppelpack::can_emulator {

FIELDS(CanFrame, id, is_extended, is_remote, dlc, data)
FIELDS(CanPlug, is_connected, is_swapped, bit_rate_Hz, ground_offset_V, is_babbling)
FIELDS(CanWire, terminators, is_stuck_dominant, is_shorted, bit_error_rate)
FIELDS(CanGateway, delay_ns, duplicated, reordered, truncated)
FIELDS(CanErrorCounts, bit, stuff, acknowledge, bus_off, lost)
FIELDS(CanNodeState, is_powered, tec, rec, is_off, back_ns, may_start_ns, waiting, counts)
FIELDS(CanAttempt, sender, frame, is_babble, is_good, end_ns)
FIELDS(CanBusState, nodes, plugs, wire, attempt, free_ns, busy_ns, draws)
FIELDS(CanGatewayState::Held, due_ns, frame)
FIELDS(CanGatewayState, held, behind, draws)
FIELDS(SerialFormat, baud, parity)
FIELDS(SerialPlug, is_connected, is_swapped, format, ground_offset_V, delay_ns, lost_tail_bytes)
FIELDS(SerialWire, terminators, is_stuck, byte_error_rate)
FIELDS(SerialBurst, sender, bytes, start_ns, end_ns, is_hit)
FIELDS(SerialWireState, plugs, wire, bursts, collisions, garbled, draws)
FIELDS(Cabling, can_plug, can_wire, can_gateway, has_can_babbler, rs485_plug, rs485_wire)
FIELDS(BatteryView, cvl_V, discharge_voltage_limit_V, ccl_A, dcl_A, soc, soh, pack_V, current_A,
       T_degC, is_charge_allowed, is_discharge_allowed, is_charge_forced, is_full_charge_requested,
       is_charge_protected, is_discharge_protected, protections, warnings, protected_rules,
       warned_rules, is_faulty, manufacturer, device_name, barcode, family, module_count,
       cycle_count, remaining_Ah, full_Ah, highest_cell_V, lowest_cell_V, hottest_degC,
       coldest_degC, highest_cell, lowest_cell, hottest_ntc, coldest_ntc, cell_V, ntc_degC)

}  // namespace doppelpack::can_emulator

namespace doppelpack::sim {

FIELDS(Electronics, is_afe_silent, afe_corrupt_share, rtc_error, supply_drop_V, is_nvm_worn,
       is_nvm_silent, is_wake_wire_broken, stuck_buttons, dead_buttons, dead_lamps, is_buzzer_dead,
       feedback_open, feedback_closed)
FIELDS(Condition, hardware, cabling, electronics, is_power_cable_off, is_link_unplugged)
FIELDS(NvmState, image, writing, started_ns)
FIELDS(RtcState, t_ns, into_ms_ps, ms)
FIELDS(WakeState, stuck_buttons, was_switched_on, switched_ns, is_switch_fresh)
FIELDS(LampWatch, changed_ns, rose_ns, period_ns, lit_ns, flashes, last_flashes)
FIELDS(PanelWatch, now_ns, lit, lamps)
FIELDS(ScanState, left, tick, next, due)
FIELDS(AfeState, due_ns, sampled_ns, is_powered, voltages, ntcs, comparators_due_ns)
FIELDS(LoggedOutputs, charge_gate, discharge_gate, coils, warnings, limitings, protections,
       failures, state)
FIELDS(BoardState, steps, logged, insulation_due_ns, is_tied_on)
FIELDS(ResponderState, received, reply, request_done_ns, reply_due_ns)
FIELDS(PackUnit, condition, pack_inputs, pull_downs, pack, sensing, supply, bms_inputs, bms_outputs,
       link_queue, bms_instance, nvm, wake, panel, rtc, insulation, afe, board, responder)

FIELDS(HeardLimits, cvl_V, discharge_V, ccl_A, dcl_A, may_charge, may_discharge)
FIELDS(TimedLimits, effective_at_ns, limits)
FIELDS(InverterState, demand_W, demand_A, obeys_limits, is_connected, wake_V, is_imposed, imposed_A,
       imposed_W, imposed_max_V, battery, last_heard_ns, watched_ns, limits, pending,
       is_battery_lost, lost_ns, is_missing_frame, is_alarm, is_cut_off, target_A, max_V)
FIELDS(SiteState, is_active, house_W, sun_W, price, cheap_price, cheap_charge_W, is_grid_present,
       grid_W, are_wake_pins_driven)
FIELDS(BusCounters, from_pack, from_inverter, from_outside, dropped, load)
FIELDS(Environment, ambient_degC)
FIELDS(PowerReading, phase, is_valid, is_output_on, measured_A, measured_V, age_s, setpoint_V,
       charge_limit_A, discharge_limit_A)
FIELDS(PowerState, is_wanted, reading)

// A fault is code: by its key.
template <typename Archive>
void save(Archive& archive, const FaultInstance& it) {
  archive(std::string(it.fault->key), it.pack, it.target, it.severity, it.ramp_to);
}
template <typename Archive>
void load(Archive& archive, FaultInstance& it) {
  std::string key;
  archive(key, it.pack, it.target, it.severity, it.ramp_to);
  it.fault = find_fault(key);
  if (it.fault == nullptr) throw cereal::Exception("the fault \"" + key + "\"");
}

FIELDS(CanAgenda, frames_due_ns, beat_ns, beats, busy_before_ns, broadcast_due_ns, heartbeat_due_ns,
       bus_due_ns, gateway_due_ns, load_due_ns)
FIELDS(SerialAgenda, request, is_reply_awaited, searches, has_found, found_ns, poll_due_ns,
       wire_due_ns)
FIELDS(EntryState, held_since_ns, is_waiting)
FIELDS(ActiveFault, id, fault, since_ns, ramp_ns)
FIELDS(Due, kind, t_ns, entry, fault_id, pack, button)
FIELDS(TimelineState, entries, active, agenda, agenda_due_ns, profiles_due_ns)
FIELDS(Agenda, firmware_due_ns, inverter_due_ns, sample_due_ns, digest_due_ns, can, rs485, timeline)
FIELDS(BenchState, units, bank, environment, site, inverter, stage_inputs, stage, power, plant_t_ns,
       can_bus, can_gateway, serial_wire, can, rs485, agenda)

FIELDS(Verdict, name, kind, that, proves, has_held, is_decided, measured_s, limit_s, margin_s,
       reason)
FIELDS(WatchProgress, did_of_hold, has_of_happened, since_ns, has_looked)
FIELDS(WatchState, verdicts, progress)
FIELDS(Event, t_ns, kind, fields)
FIELDS(CoreIdentity, name, version, library, sha256, is_isolated)
FIELDS(Snapshot, scenario, fingerprint, core, t_ns, state, watch, events)

// Of what a bench is built from: for its fingerprint.
FIELDS(CellSetting, cell, soc, capacity_Ah, resistance, self_discharge_A, soh)
FIELDS(InitialState, soc, soc_spread, T_degC, bms_soc, is_inverter_connected, is_bms_on, dip,
       firmware, cells)

}  // namespace doppelpack::sim
