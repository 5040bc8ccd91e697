// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A serial (RS485) protocol as data and pure functions, both directions. A new protocol is one file
// in can_emulator/protocols/ and one word in its list.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bms/types.h"
#include "can_emulator/battery.hpp"
#include "can_emulator/dialect.hpp"

namespace doppelpack::can_emulator {

using Bytes = std::basic_string<std::uint8_t>;
using BytesView = std::basic_string_view<std::uint8_t>;

/// Where the first complete frame lies in a receive buffer.
struct FrameSpan {
  std::size_t garbage = 0;  ///< bytes before it that belong to no frame; drop them, count them
  std::size_t length = 0;   ///< of the frame, 0 while none is complete
};

/// What became of a request.
enum class ReplyKind {
  none,      ///< not for this pack, or not a valid frame: stay silent (counted by the caller)
  answer,    ///< the data asked for
  rejection  ///< a valid frame the pack refuses: reply carries the protocol's error code
};

struct Reply {
  ReplyKind kind = ReplyKind::none;
  Bytes bytes;               ///< the whole reply, framing included; empty for none
  std::string_view problem;  ///< why, for none and rejection; empty for answer
};

inline Reply stay_silent(std::string_view problem) {
  return {ReplyKind::none, {}, problem};
}

/// What the packs of a stack report, in the order of their addresses; the first one is the master at
/// the end of the line. A single report is a stack of one.
struct Packs : std::span<const bms_report_t> {
  // NOLINTBEGIN(google-explicit-constructor)
  Packs(std::span<const bms_report_t> all) : span(all) {}
  Packs(const std::vector<bms_report_t>& all) : span(all) {}
  Packs(const bms_report_t& only) : span(&only, 1) {}
  // NOLINTEND(google-explicit-constructor)
};

struct SerialProtocol {
  std::string_view key;
  std::string_view title;
  std::uint32_t baud;
  std::uint32_t turnaround_ms;  ///< from the end of the request to the start of the reply
  std::span<const ProtocolOption> options;  ///< at most kMaxProtocolOptions

  /// The silence that ends a frame, in bit times: the line calls `find_frame` after it, and all that
  /// was received until then is one frame or garbage. 0: frames say themselves where they end.
  std::uint32_t gap_bits = 0;

  FrameSpan (*find_frame)(BytesView received);

  /// Battery side. `packs` is not empty.
  Reply (*respond)(BytesView request, Packs packs, const BatteryIdentity& identity);

  /// Inverter side: the requests masters send (index 0..request_count-1), and taking over what a
  /// reply to that request says. False: malformed or a rejection; the view is unchanged. An inverter
  /// cycles through the first `poll_count` of them; the others are those of monitors.
  std::size_t poll_count;
  std::size_t request_count;
  Bytes (*encode_request)(std::size_t index, std::uint8_t address);
  bool (*decode_reply)(std::size_t index, BytesView reply, const Choices& choices,
                       BatteryView& view);
};

/// Every serial protocol compiled in, and the one with that key or nullptr.
std::span<const SerialProtocol* const> serial_protocols();
const SerialProtocol* find_serial_protocol(std::string_view key);

}  // namespace doppelpack::can_emulator
