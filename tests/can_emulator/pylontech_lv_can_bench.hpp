// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Talking to the Pylontech CAN codec.
#pragma once

#include "can_protocol_bench.hpp"

namespace doppelpack::can_emulator {

inline const CanProtocol& lv_can() {
  return *find_can_protocol("pylontech-lv-can");
}

inline CanFrame encode(std::uint32_t id, const bms_report_t& report,
                       const BatteryIdentity& identity = {}) {
  return encode(lv_can(), id, report, identity).value();
}

inline BatteryView decode(const CanFrame& frame) {
  return decode(lv_can(), frame);
}

inline BatteryView decode_all(const bms_report_t& report, const BatteryIdentity& identity = {}) {
  BatteryView view;
  for (const CanFrame& frame : encode_every(lv_can(), report, identity))
    EXPECT_TRUE(lv_can().decode(frame, identity.can_choices, view)) << text_of(frame);
  return view;
}

}  // namespace doppelpack::can_emulator
