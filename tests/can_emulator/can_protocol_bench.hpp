// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Talking to any CAN codec.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "can_emulator/can_protocol.hpp"
#include "sample_report.hpp"

namespace doppelpack::can_emulator {

inline CanFrame frame_of(std::uint32_t id, const std::vector<int>& bytes) {
  CanFrame frame;
  frame.id = id;
  frame.dlc = static_cast<std::uint8_t>(bytes.size());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    frame.data[i] = static_cast<std::uint8_t>(bytes[i]);
  }
  return frame;
}

inline CanFrame extended_frame_of(std::uint32_t id, const std::vector<int>& bytes) {
  CanFrame frame = frame_of(id, bytes);
  frame.is_extended = true;
  return frame;
}

inline std::string text_of(const CanFrame& frame) {
  return candump_line(0, "can0", frame);
}

/// A dialect, by the words of product files.
inline Choices choices_of(
    const CanProtocol& protocol,
    const std::vector<std::pair<std::string_view, std::string_view>>& wanted) {
  Choices choices{};
  for (const auto& [key, choice] : wanted) {
    bool is_known = false;
    for (std::size_t i = 0; i < protocol.options.size(); ++i) {
      if (protocol.options[i].key != key) continue;
      const auto& known = protocol.options[i].choices;
      const auto place = std::find(known.begin(), known.end(), choice);
      is_known = place != known.end();
      choices[i] = static_cast<std::uint8_t>(place - known.begin());
    }
    EXPECT_TRUE(is_known) << key << ": " << choice;
  }
  return choices;
}

inline BatteryIdentity identity_with(const Choices& choices) {
  BatteryIdentity identity;
  identity.can_choices = choices;
  return identity;
}

/// What a dialect sends of one identifier; empty: nothing.
inline std::optional<CanFrame> encode(const CanProtocol& protocol, std::uint32_t id,
                                      const bms_report_t& report,
                                      const BatteryIdentity& identity = {}) {
  for (const PeriodicFrame& periodic : protocol.periodic) {
    if (periodic.id == id) return periodic.encode(report, identity);
  }
  ADD_FAILURE() << "no periodic frame " << id;
  return {};
}

/// Everything a dialect broadcasts, in the order it does.
inline std::vector<CanFrame> encode_every(const CanProtocol& protocol, const bms_report_t& report,
                                          const BatteryIdentity& identity = {}) {
  std::vector<CanFrame> frames;
  for (const PeriodicFrame& periodic : protocol.periodic) {
    if (const auto frame = periodic.encode(report, identity)) frames.push_back(*frame);
  }
  return frames;
}

inline BatteryView decode(const CanProtocol& protocol, const CanFrame& frame,
                          const Choices& choices = {}) {
  BatteryView view;
  EXPECT_TRUE(protocol.decode(frame, choices, view)) << text_of(frame);
  return view;
}

/// What an inverter makes of all of them; it may leave some out.
inline BatteryView decode_every(const CanProtocol& protocol, const bms_report_t& report,
                                const BatteryIdentity& identity = {}) {
  BatteryView view;
  for (const CanFrame& frame : encode_every(protocol, report, identity))
    protocol.decode(frame, identity.can_choices, view);
  return view;
}

/// Random frames near and far from those of a protocol are taken wholly or not at all, in every
/// dialect. Returns how many were taken.
inline int count_taken_of_random_frames(const CanProtocol& protocol,
                                        const std::vector<std::uint32_t>& ids) {
  std::mt19937 random(2);
  int taken = 0;
  for (int i = 0; i < 50'000; ++i) {
    CanFrame frame;
    const auto number = static_cast<std::uint32_t>(random());
    frame.id = random() % 4 == 0 ? number & 0x1FFFFFFF : ids[number % ids.size()];
    frame.is_extended = random() % 2 == 0;
    frame.is_remote = random() % 8 == 0;
    frame.dlc = static_cast<std::uint8_t>(random() % 16);  // more than 8 too
    for (std::uint8_t& byte : frame.data) byte = static_cast<std::uint8_t>(random());
    Choices choices{};
    for (std::size_t option = 0; option < protocol.options.size(); ++option) {
      choices[option] =
          static_cast<std::uint8_t>(random() % protocol.options[option].choices.size());
    }
    protocol.is_from_inverter(frame);
    BatteryView view;
    const bool is_taken = protocol.decode(frame, choices, view);
    if (!is_taken) EXPECT_EQ(view, BatteryView{}) << text_of(frame);
    taken += is_taken ? 1 : 0;
  }
  return taken;
}

}  // namespace doppelpack::can_emulator
