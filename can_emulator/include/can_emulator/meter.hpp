// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A meter at the terminals of a battery: what a bench measures current with, as data and pure functions.
// A new meter is one file in can_emulator/meters/ and one word in its list.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "can_emulator/frame.hpp"
#include "can_emulator/serial_protocol.hpp"

namespace doppelpack::can_emulator {

/// As the meter counts them. Empty: not in this message.
struct MeterSample {
  std::optional<double> current_A;
  std::optional<double> voltage_V;
};

struct Meter {
  std::string_view key;
  std::string_view title;

  /// Takes over what a frame says. False: not one of this meter, or the meter says it measured wrongly.
  /// nullptr: it does not speak CAN.
  bool (*take_frame)(const CanFrame& frame, MeterSample& sample) = nullptr;

  /// It is asked over a serial line; nullptr: it does not speak there. take_reply gets all that came since
  /// the request. False: not (yet) a whole reply.
  Bytes (*encode_request)(std::uint8_t address) = nullptr;
  bool (*take_reply)(BytesView received, MeterSample& sample) = nullptr;
};

/// Every meter compiled in, and the one with that key or nullptr.
std::span<const Meter* const> meters();
const Meter* find_meter(std::string_view key);

}  // namespace doppelpack::can_emulator
