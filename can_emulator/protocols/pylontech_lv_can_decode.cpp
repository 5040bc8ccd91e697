// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The inverter's side of Pylontech's low-voltage CAN; sources as in pylontech_lv_can.cpp.

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "protocols/pair_code.hpp"
#include "protocols/pylon_family.hpp"
#include "protocols/pylontech_lv_can_bits.hpp"
#include "protocols/pylontech_lv_can_frames.hpp"
#include "protocols/request_flags.hpp"

namespace doppelpack::can_emulator::pylontech_lv {

namespace {

void decode_charge(const CanFrame& frame, const Choices& choices, BatteryView& view) {
  decode_percents(frame, view);
  const auto content = choice_of<StateOfCharge>(choices, Option::state_of_charge);
  if (content == StateOfCharge::fine && frame.dlc >= 6) view.soc = u16le_at(frame, 4) / 10000.0;
  if (content == StateOfCharge::cells && frame.dlc >= 8) {
    view.highest_cell_V = u16le_at(frame, 4) / 1000.0;
    view.lowest_cell_V = u16le_at(frame, 6) / 1000.0;
  }
}

void decode_readings(const CanFrame& frame, const Choices& choices, BatteryView& view) {
  decode_measurements(frame, 1000.0 / static_cast<double>(voltage_step_mV(choices)), view);
  const auto content = choice_of<Measurements>(choices, Option::measurements);
  if (content == Measurements::cycles && frame.dlc >= 8) view.cycle_count = u16le_at(frame, 6);
  if (content == Measurements::temperatures && frame.dlc >= 8) {
    view.hottest_degC = s16le_at(frame, 4) / 10.0;
    view.coldest_degC = s16le_at(frame, 6) / 10.0;
  }
}

// "PN", or "PY" of Pytes; YamBMS sends zeros.
std::optional<std::string> family_in(const CanFrame& frame) {
  std::string letters{static_cast<char>(frame.data[5]), static_cast<char>(frame.data[6])};
  const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (!std::all_of(letters.begin(), letters.end(), is_capital)) return {};
  return letters;
}

// Bytes 5 and 6 are not checked: whoever says something else there is as good.
void decode_alarms(const CanFrame& frame, const Choices& choices, BatteryView& view) {
  take_protections(kAlarmBits, u16le_at(frame, 0), kSystemError, view);
  take_warnings(kAlarmBits, u16le_at(frame, 2), view);
  view.module_count = frame.data[4];
  if (choice_of<Marker>(choices, Option::marker) == Marker::capacity)
    view.full_Ah = u16le_at(frame, 5);
  else
    view.family = family_in(frame);
}

void decode_requests(const CanFrame& frame, const Choices& /*choices*/, BatteryView& view) {
  take_request_flags(frame.data[0], view);
}

void decode_extremes(const CanFrame& frame, const Choices& choices, BatteryView& view) {
  const bool is_tenths = choice_of<ExtremeTemperature>(choices, Option::extreme_temperature) ==
                         ExtremeTemperature::tenths;
  const double steps_per_K = is_tenths ? 10.0 : 1.0;
  view.hottest_degC = s16le_at(frame, 0) / steps_per_K;
  view.coldest_degC = s16le_at(frame, 2) / steps_per_K;
  view.highest_cell_V = u16le_at(frame, 4) / 1000.0;
  view.lowest_cell_V = u16le_at(frame, 6) / 1000.0;
  if (choice_of<Extremes>(choices, Option::extremes) != Extremes::low_first) return;
  std::swap(view.hottest_degC, view.coldest_degC);
  std::swap(view.highest_cell_V, view.lowest_cell_V);
}

void decode_places(const CanFrame& frame, const Choices& choices, BatteryView& view) {
  view.hottest_ntc = u16le_at(frame, 0);
  view.coldest_ntc = u16le_at(frame, 2);
  view.highest_cell = u16le_at(frame, 4);
  view.lowest_cell = u16le_at(frame, 6);
  if (choice_of<Extremes>(choices, Option::extremes) != Extremes::low_first) return;
  std::swap(view.hottest_ntc, view.coldest_ntc);
  std::swap(view.highest_cell, view.lowest_cell);
}

// min_dlc: what real packs send (DBCP); 6 for 0x351 of an old firmware without the voltage limit.
constexpr std::array kDecoders{
    FrameDecoder{id_limits, 6, decode_limits},
    FrameDecoder{id_state_of_charge, 4, decode_charge},
    FrameDecoder{id_measurements, 6, decode_readings},
    FrameDecoder{id_alarms, 7, decode_alarms},
    FrameDecoder{kPairCodesId, 8, decode_pair_codes},
    FrameDecoder{id_requests, 2, decode_requests},
    FrameDecoder{id_manufacturer, 8, decode_manufacturer},
    FrameDecoder{id_battery_type, 6, decode_battery_type},
    FrameDecoder{id_extremes, 8, decode_extremes},
    FrameDecoder{id_places, 8, decode_places},
    FrameDecoder{id_installed_capacity, 2, decode_installed_capacity},
};

}  // namespace

// 0x370 and 0x371 mean something else to Victron and to Deye: taken only in a dialect that has them.
bool decode(const CanFrame& frame, const Choices& choices, BatteryView& view) {
  const bool has_extremes = choice_of<Extremes>(choices, Option::extremes) != Extremes::absent;
  if (!has_extremes && (frame.id == id_extremes || frame.id == id_places)) return false;
  return decode_by(kDecoders, false, frame, choices, view);
}

}  // namespace doppelpack::can_emulator::pylontech_lv
