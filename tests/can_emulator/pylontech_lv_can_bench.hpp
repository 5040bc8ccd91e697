// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Talking to the Pylontech CAN codec.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "can_emulator/can_protocol.hpp"
#include "sample_report.hpp"

namespace doppelpack::can_emulator {

inline const CanProtocol& lv_can() {
  return *find_can_protocol("pylontech-lv-can");
}

inline CanFrame frame_of(std::uint32_t id, const std::vector<int>& bytes) {
  CanFrame frame;
  frame.id = id;
  frame.dlc = static_cast<std::uint8_t>(bytes.size());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    frame.data[i] = static_cast<std::uint8_t>(bytes[i]);
  }
  return frame;
}

inline std::string text_of(const CanFrame& frame) {
  return candump_line(0, "can0", frame);
}

inline CanFrame encode(std::uint32_t id, const bms_report_t& report,
                       const BatteryIdentity& identity = {}) {
  for (const PeriodicFrame& periodic : lv_can().periodic) {
    if (periodic.id == id) return periodic.encode(report, identity).value();
  }
  ADD_FAILURE() << "no periodic frame " << id;
  return {};
}

inline BatteryView decode(const CanFrame& frame) {
  BatteryView view;
  EXPECT_TRUE(lv_can().decode(frame, {}, view)) << text_of(frame);
  return view;
}

inline BatteryView decode_all(const bms_report_t& report, const BatteryIdentity& identity = {}) {
  BatteryView view;
  for (const PeriodicFrame& periodic : lv_can().periodic) {
    EXPECT_TRUE(lv_can().decode(periodic.encode(report, identity).value(), {}, view));
  }
  return view;
}

}  // namespace doppelpack::can_emulator
