// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What the INFO of each PACE reply (VER 0x25) holds, in both directions, and what its readers
// disagree about. Sources, by short name:
//   PACE485  "PACE-BMS-RS485-communication-protocol" (2018-06-15)
//   PACE232  "72651.11625-PACE-RS232commuciation-protocal" (2018-07-05)
//   NK       nkinnan/esphome-pace-bms: its vectors come from a running pack
//   TER      Tertiush/bmspace            DBUS  mr-manuel/venus-os_dbus-serialbattery, bms/pace.py
#pragma once

#include <span>

#include "can_emulator/serial_protocol.hpp"
#include "protocols/ydt1363_frame.hpp"

namespace doppelpack::can_emulator {

/// In the order of SerialProtocol::options.
enum class PaceOption { temperature_offset, variant, environment, port };
enum class PaceOffset { at_2730, at_2731 };
enum class PaceVariant { p3, p9 };
enum class PaceEnvironment { mean_of_cells, last_sensor };
enum class PacePort { rs485, rs232 };

/// The packs a reply speaks of; `selector` is what 0x42 and 0x44 repeat of the request: the number of
/// one pack, or how many there are when all were asked for.
struct PaceStack {
  Packs packs;
  const BatteryIdentity& identity;
  std::uint8_t selector;
};

Bytes encode_pace_analog(const PaceStack& stack);      // 0x42
Bytes encode_pace_warnings(const PaceStack& stack);    // 0x44
Bytes encode_pace_pack_count(const PaceStack& stack);  // 0x90
Bytes encode_pace_capacity(const PaceStack& stack);    // 0xA6
Bytes encode_pace_version(const PaceStack& stack);     // 0xC1
Bytes encode_pace_serial(const PaceStack& stack);      // 0xC2

/// Each takes over what a well-formed INFO says; false leaves the view in an undefined state.
bool decode_pace_analog(BytesView bytes, const Choices& choices, BatteryView& view);
bool decode_pace_warnings(BytesView bytes, const Choices& choices, BatteryView& view);
bool decode_pace_pack_count(BytesView bytes, const Choices& choices, BatteryView& view);
bool decode_pace_capacity(BytesView bytes, const Choices& choices, BatteryView& view);
bool decode_pace_version(BytesView bytes, const Choices& choices, BatteryView& view);
bool decode_pace_serial(BytesView bytes, const Choices& choices, BatteryView& view);

}  // namespace doppelpack::can_emulator
