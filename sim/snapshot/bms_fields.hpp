// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What the protection core is told, gets and gives: the structs of bms/, field by field.
#pragma once

#include <type_traits>
#include <utility>

#include "bms/config.h"
#include "bms/types.h"
#include "snapshot/fields.hpp"

FIELDS(bms_bank_config_t, kind, period_ms, lost_ms, pairing_ms, pairing_delta_mV, forget_ms,
       dip_mask, master_address, vital_address, opens_all, has_bare_master, is_in_order)
FIELDS(bms_failure_config_t, is_enabled, is_latched, latch, opens, delay_ms)
FIELDS(bms_diagnosis_config_t, wire_period_ms, wire_collapse_mV, wire_low_mV, wire_high_mV,
       cell_move_mV, cell_still_mV, cell_window_ms, sum_tolerance_mV, ntc_drift_ddegC,
       ntc_move_ddegC, ntc_still_ddegC, ntc_heat_A2s, ntc_heat_ms, ntc_rest_ms, shunt_rail_counts,
       shunt_step_mV, shunt_still_mA, shunt_offset_mA, mosfet_mA, mosfet_diode_mV, mosfet_block_mV,
       path_uOhm, watched_contacts, afe_current_ms, afe_cells_ms, afe_ntcs_ms, afe_errors,
       afe_window_ms, limit_tolerance_mA, limit_tolerance_permille, limit_reaction_ms,
       clock_window_ms, clock_tolerance_ms, task_us)
using CurvePoint = std::remove_reference_t<decltype(std::declval<bms_curve_t&>().point[0])>;
FIELDS(CurvePoint, x, factor_permille)
FIELDS(bms_curve_t, count, point)
FIELDS(bms_limits_t, cvl_mV, discharge_voltage_limit_mV, ccl_mA, dcl_mA, ccl_over_ddegC,
       dcl_over_ddegC, ccl_over_cell_mV, dcl_over_cell_mV, ccl_over_soc, dcl_over_soc,
       force_charge_permille, force_charge2_permille, full_charge_days, cvl_cell_mV, cvl_floor_mV,
       rise_mA_per_s, fall_mA_per_s)
FIELDS(bms_balancing_t, start_mV, start_delta_mV, stop_delta_mV, hottest_ddegC, max_bleeders,
       only_in_charge, is_alternating)
FIELDS(bms_pattern_t, period_ms, on_ms, cycle_ms, count)
FIELDS(bms_panel_row_t, failures, protections, warnings, states, flags, soc_from_permille,
       soc_below_permille, lamps, is_alone, pattern)
FIELDS(bms_panel_show_t, lamps, running_ms, is_alone, pattern)
FIELDS(bms_panel_code_t, failures, protections, code)
FIELDS(bms_panel_readout_t, press_ms, press_below_ms, beep_ms, flashing, lit, period_ms, on_ms,
       pause_ms)
FIELDS(bms_panel_config_t, row_count, code_count, reset_shows_self_test, com_ms, shows, readout,
       codes, rows)
FIELDS(bms_threshold_t, is_enabled, trip, release, trip_delay_ms, release_delay_ms)
FIELDS(bms_rule_config_t, warning, limiting, protection, max_retries, latch, opens, is_failure,
       asks, limited_ccl_permille, limited_dcl_permille)
FIELDS(bms_sensing_t, cell_uV_per_count, pack_uV_per_count, terminal_uV_per_count,
       shunt_uA_per_count, ntc_full_scale_counts, has_mosfet_ntc, ntc_pullup_Ohm)
FIELDS(bms_sequence_config_t, has_contacts, has_power_button, has_switch,
       is_precharge_across_main_1, press_on_ms, press_off_ms, activation_low_mV, activation_high_mV,
       activation_ms, not_meant_ms, inverter_silence_ms, inverter_lost_ms, shutdown_ms,
       storage_after_ms, grace_ms, supply_low_mV, supply_back_mV, supply_loss_ms, sleep_after_ms,
       precharge_ms, precharge_fast_ms, precharge_delta_mV, contact_ms, opening_ms, retry_ms)
using OcvPoint = std::remove_reference_t<decltype(std::declval<bms_ocv_t&>().point[0])>;
FIELDS(OcvPoint, cell_mV, soc_permille)
FIELDS(bms_ocv_t, count, point)
FIELDS(bms_soc_config_t, capacity_mAh, full_cell_mV, full_taper_mA, full_delay_ms, empty_cell_mV,
       empty_delay_ms, ocv, ocv_rest_ms, ocv_low_permille, ocv_high_permille, learn_weight_permille,
       learn_coldest_ddegC)
FIELDS(bms_config_t, cell_count, ntc_count, firmware_version, sensing, rules, failures, diagnosis,
       idle_current_mA, limits, balancing, soc, sequence, panel, bank, crc32)
FIELDS(bms_link_message_t, address, role, firmware_version, serial_number, uptime_ms, pack_mV,
       current_mA, remaining_mAh, full_mAh, cvl_mV, discharge_voltage_limit_mV, ccl_mA, dcl_mA,
       failures, protections, warnings, highest_cell_mV, lowest_cell_mV, hottest_ddegC,
       coldest_ddegC, soh_permille, flags, hops, reserved)
FIELDS(bms_bus_rx_t, inverter_frames, link_count, reserved, link)
FIELDS(bms_inputs_t, fresh, cell_adc, pack_adc, terminal_adc, shunt_adc, ntc_adc, mosfet_ntc_adc,
       insulation_kOhm, afe_errors, comparator_flags, contacts, buttons, wake, rtc_ms, dip,
       is_nvm_busy, reserved, bus)
FIELDS(bms_bank_t, pack_mV, current_mA, soc_permille, soh_permille, remaining_mAh, full_mAh, cvl_mV,
       discharge_voltage_limit_mV, ccl_mA, dcl_mA, warnings, protections, failures, highest_cell_mV,
       lowest_cell_mV, hottest_ddegC, coldest_ddegC, is_charge_allowed, is_discharge_allowed)
FIELDS(bms_report_t, uptime_ms, cell_count, ntc_count, cell_mV, ntc_ddegC, pack_mV, current_mA,
       soc_permille, soh_permille, remaining_mAh, full_mAh, cycle_count, cvl_mV,
       discharge_voltage_limit_mV, ccl_mA, dcl_mA, is_charge_allowed, is_discharge_allowed,
       requests, warnings, limitings, protections, latched, failures, state, reason, terminal_mV,
       stack_mV, mosfet_ddegC, insulation_kOhm, firmware_version, address, role, members, is_full,
       error_code, serial_number, bank)
FIELDS(bms_nvm_write_t, offset, length, bytes)
FIELDS(bms_outputs_t, charge_gate, discharge_gate, buzzer, hold_supply, coils, clear_comparators,
       bleeders, pull_downs, leds, has_link_message, link, nvm, report)
