// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Talking to the PACE codec in text, as frames are printed.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "can_emulator/serial_protocol.hpp"
#include "sample_report.hpp"
#include "ydt1363_text.hpp"

namespace doppelpack::can_emulator {

inline const SerialProtocol& pace() {
  return *find_serial_protocol("pace-rs485");
}

/// Places in the list of requests, of options and of their choices.
enum PaceQuestion : std::size_t { ask_42, ask_44, ask_c1, ask_c2, ask_90, ask_a6 };
enum PaceOptionPlace : std::size_t { temperature_offset, variant, environment, port };
inline constexpr std::uint8_t kOffset2731 = 1, kP9 = 1, kLastSensor = 1, kRs232 = 1;

/// Pack 1, whose last sensor is the environment's, as the captured boards are built.
inline BatteryIdentity pace_identity(std::uint8_t address = 1) {
  BatteryIdentity identity;
  identity.serial_address = address;
  identity.device_name = "P16S100A-1812";
  identity.barcode = "1812101380309D";
  identity.design_mAh = 100'000;
  identity.serial_choices[environment] = kLastSensor;
  return identity;
}

inline BatteryIdentity pace_rs232() {
  BatteryIdentity identity = pace_identity();
  identity.serial_choices[port] = kRs232;
  return identity;
}

/// The pack of vector C1.
inline bms_report_t pace_report() {
  bms_report_t report = sample_report();
  set_cells_mV(report, {3271, 3272, 3271, 3271, 3271, 3269, 3270, 3271, 3271, 3270, 3271, 3270,
                        3270, 3271, 3270, 3271});
  set_ntcs_ddegC(report, {241, 239, 239, 239, 274});
  report.mosfet_ddegC = 265;
  report.current_mA = -2250;
  report.pack_mV = 52429;
  report.remaining_mAh = 48190;
  report.full_mAh = 103460;
  report.cycle_count = 140;
  return report;
}

inline Reply ask_pace(const std::string& request, Packs packs, const BatteryIdentity& identity) {
  return pace().respond(bytes_of(request), packs, identity);
}

inline std::string pace_reply(const std::string& request, Packs packs = pace_report(),
                              const BatteryIdentity& identity = pace_identity()) {
  const Reply reply = ask_pace(request, packs, identity);
  EXPECT_EQ(reply.kind, ReplyKind::answer) << reply.problem;
  return text_of(reply.bytes);
}

inline BatteryView decode_pace(PaceQuestion question, const std::string& reply,
                               const Choices& choices = {}) {
  BatteryView view;
  EXPECT_TRUE(pace().decode_reply(question, bytes_of(reply), choices, view)) << reply;
  return view;
}

}  // namespace doppelpack::can_emulator
