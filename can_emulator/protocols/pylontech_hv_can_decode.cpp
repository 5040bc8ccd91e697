// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The inverter's side of Pylontech's high-voltage CAN; sources as in pylontech_hv_can.cpp.

#include <algorithm>
#include <array>
#include <cmath>

#include "protocols/can_fields.hpp"
#include "protocols/pylontech_hv_can_frames.hpp"
#include "protocols/pylontech_hv_can_status.hpp"

namespace doppelpack::can_emulator::pylontech_hv {

namespace {

int word_at(const CanFrame& frame, std::size_t index, const Choices& choices) {
  return is_big(choices) ? u16be_at(frame, index) : u16le_at(frame, index);
}
double current_at(const CanFrame& frame, std::size_t index, const Choices& choices) {
  return static_cast<double>(word_at(frame, index, choices) - kCurrentOffset) / 10.0;
}
double temperature_at(const CanFrame& frame, std::size_t index, const Choices& choices) {
  return static_cast<double>(word_at(frame, index, choices) - kTemperatureOffset) / 10.0;
}

void decode_measurements(const CanFrame& frame, const Choices& choices, BatteryView& view) {
  view.pack_V = word_at(frame, 0, choices) / 10.0;
  view.current_A = current_at(frame, 2, choices);
  view.T_degC = temperature_at(frame, 4, choices);
  view.soc = frame.data[6] / 100.0;
  view.soh = frame.data[7] / 100.0;
}

// Some packs send the discharge limit positive: its magnitude counts.
void decode_limits(const CanFrame& frame, const Choices& choices, BatteryView& view) {
  view.cvl_V = word_at(frame, 0, choices) / 10.0;
  view.discharge_voltage_limit_V = word_at(frame, 2, choices) / 10.0;
  view.ccl_A = std::max(current_at(frame, 4, choices), 0.0);
  view.dcl_A = std::abs(current_at(frame, 6, choices));
}

void decode_cells(const CanFrame& frame, const Choices& choices, BatteryView& view) {
  view.highest_cell_V = word_at(frame, 0, choices) / 1000.0;
  view.lowest_cell_V = word_at(frame, 2, choices) / 1000.0;
  view.highest_cell = static_cast<unsigned>(word_at(frame, 4, choices));
  view.lowest_cell = static_cast<unsigned>(word_at(frame, 6, choices));
}

void decode_temperatures(const CanFrame& frame, const Choices& choices, BatteryView& view) {
  view.hottest_degC = temperature_at(frame, 0, choices);
  view.coldest_degC = temperature_at(frame, 2, choices);
  view.hottest_ntc = static_cast<unsigned>(word_at(frame, 4, choices));
  view.coldest_ntc = static_cast<unsigned>(word_at(frame, 6, choices));
}

void decode_status(const CanFrame& frame, const Choices& choices, BatteryView& view) {
  constexpr unsigned kForceCharge = 1U << 3U, kBalanceCharge = 1U << 4U;
  view.is_charge_forced = (frame.data[0] & kForceCharge) != 0;
  view.is_full_charge_requested = (frame.data[0] & kBalanceCharge) != 0;
  view.cycle_count = static_cast<unsigned>(word_at(frame, 1, choices));
  view.warnings = static_cast<std::uint32_t>(word_at(frame, 4, choices));
  const auto bits = static_cast<std::uint32_t>(word_at(frame, 6, choices));
  take_protections(kAlarmBits, bits, 0, view);
  const std::uint32_t faults = frame.data[3];
  if ((faults & kDamagedFault) != 0) view.is_charge_protected = true;
  view.protections = bits | faults << 16U;
}

void decode_forbidden(const CanFrame& frame, const Choices& /*choices*/, BatteryView& view) {
  view.is_charge_allowed = frame.data[0] != kYes;
  view.is_discharge_allowed = frame.data[1] != kYes;
}

void decode_capacity(const CanFrame& frame, const Choices& choices, BatteryView& view) {
  view.module_count = frame.data[2];
  view.full_Ah = word_at(frame, 6, choices);
}

void decode_name(const CanFrame& frame, const Choices& /*choices*/, BatteryView& view) {
  view.manufacturer = text_at(frame, 0);
}

constexpr std::array kDecoders{
    FrameDecoder{id_measurements, 8, decode_measurements},
    FrameDecoder{id_limits, 8, decode_limits},
    FrameDecoder{id_cells, 8, decode_cells},
    FrameDecoder{id_temperatures, 8, decode_temperatures},
    FrameDecoder{id_status, 8, decode_status},
    FrameDecoder{id_forbidden, 8, decode_forbidden},
    FrameDecoder{id_capacity, 8, decode_capacity},
    FrameDecoder{id_name_first, 8, decode_name},
};

}  // namespace

// From whatever address of the up to fifteen stacks.
bool decode(const CanFrame& frame, const Choices& choices, BatteryView& view) {
  CanFrame unaddressed = frame;
  unaddressed.id &= ~kAddressBits;
  return decode_by(kDecoders, true, unaddressed, choices, view);
}

}  // namespace doppelpack::can_emulator::pylontech_hv
