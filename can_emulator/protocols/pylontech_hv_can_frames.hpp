// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What the two sides of Pylontech's high-voltage CAN share; sources as in pylontech_hv_can.cpp.
#pragma once

#include <cstdint>

#include "can_emulator/battery.hpp"
#include "can_emulator/frame.hpp"
#include "protocols/pylontech_hv_can_options.hpp"

namespace doppelpack::can_emulator::pylontech_hv {

enum Id : std::uint32_t {
  id_question = 0x4200,
  id_measurements = 0x4210,
  id_limits = 0x4220,
  id_cells = 0x4230,
  id_temperatures = 0x4240,
  id_status = 0x4250,
  id_module_voltages = 0x4260,
  id_module_temperatures = 0x4270,
  id_forbidden = 0x4280,
  id_fault_extension = 0x4290,
  id_versions = 0x7310,
  id_capacity = 0x7320,
  id_name_first = 0x7330,
  id_name_second = 0x7340,
  id_sleep = 0x8200,
  id_close = 0x8210,
  id_mask = 0x8240,
  id_mask_answer = 0x8250,
  id_energy = 0x18FF9A6E,
};

inline constexpr std::uint32_t kAddressBits = 0xF;
inline constexpr std::int64_t kCurrentOffset = 30000;     // 0.1 A
inline constexpr std::int64_t kTemperatureOffset = 1000;  // 0.1 K
inline constexpr std::uint8_t kYes = 0xAA;

inline bool is_big(const Choices& choices) {
  return choice_of<ByteOrder>(choices, Option::byte_order) == ByteOrder::big;
}

/// As CanProtocol::decode.
bool decode(const CanFrame& frame, const Choices& choices, BatteryView& view);

}  // namespace doppelpack::can_emulator::pylontech_hv
