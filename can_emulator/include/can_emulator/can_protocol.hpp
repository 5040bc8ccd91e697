// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A CAN protocol as data and pure functions, both directions. A new protocol is one file in
// can_emulator/protocols/ and one word in its list.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "bms/types.h"
#include "can_emulator/battery.hpp"
#include "can_emulator/dialect.hpp"
#include "can_emulator/frame.hpp"

namespace doppelpack::can_emulator {

/// One frame the battery broadcasts on its own.
struct PeriodicFrame {
  std::uint32_t id;
  std::uint32_t period_ms;
  std::uint32_t offset_ms;  ///< of the first one after the bus comes up
  /// Empty: not sent in this dialect.
  std::optional<CanFrame> (*encode)(const bms_report_t& report, const BatteryIdentity& identity);
};

struct CanProtocol {
  std::string_view key;
  std::string_view title;
  std::uint32_t bit_rate_Hz;
  std::string_view dbc;                     ///< file name below can_emulator/dbc/
  std::span<const ProtocolOption> options;  ///< at most kMaxProtocolOptions
  std::span<const PeriodicFrame> periodic;

  /// Battery side: the frames that answer one from the inverter, in their order; none when it is no
  /// question. nullptr: this protocol only broadcasts.
  std::vector<CanFrame> (*respond)(const CanFrame& request, const bms_report_t& report,
                                   const BatteryIdentity& identity) = nullptr;

  /// Battery side: is this a frame an inverter sends in this protocol? (keeps its watchdog calm)
  bool (*is_from_inverter)(const CanFrame& frame);

  /// Inverter side: takes over what the frame says. False: not a battery frame of this protocol, or
  /// malformed (too short); the view is then unchanged.
  bool (*decode)(const CanFrame& frame, const Choices& choices, BatteryView& view);

  /// Inverter side: the heartbeat, sent every heartbeat_period_ms.
  CanFrame (*encode_heartbeat)();
  std::uint32_t heartbeat_period_ms;
};

/// Every CAN protocol compiled in, and the one with that key or nullptr.
std::span<const CanProtocol* const> can_protocols();
const CanProtocol* find_can_protocol(std::string_view key);

}  // namespace doppelpack::can_emulator
