// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What the two sides of Pylontech's low-voltage CAN share; sources as in pylontech_lv_can.cpp.
#pragma once

#include <cstdint>

#include "can_emulator/battery.hpp"
#include "can_emulator/frame.hpp"
#include "protocols/pylontech_lv_can_options.hpp"

namespace doppelpack::can_emulator::pylontech_lv {

enum Id : std::uint32_t {
  id_alarms = 0x359,
  id_requests = 0x35C,
  id_extremes = 0x370,
  id_places = 0x371,
};

inline std::int64_t voltage_step_mV(const Choices& choices) {
  return choice_of<Voltage>(choices, Option::voltage) == Voltage::decivolts ? 100 : 10;
}

/// As CanProtocol::decode.
bool decode(const CanFrame& frame, const Choices& choices, BatteryView& view);

}  // namespace doppelpack::can_emulator::pylontech_lv
