// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Talking to the Pylontech RS485 codec in text, as frames are printed: "~2002..." without the CR.
#pragma once

#include <gtest/gtest.h>

#include <cstdio>
#include <string>

#include "can_emulator/serial_protocol.hpp"
#include "sample_report.hpp"

namespace doppelpack::can_emulator {

inline const SerialProtocol& rs485() {
  return *find_serial_protocol("pylontech-rs485");
}

/// Places in the list of requests.
enum Question : std::size_t { ask_61, ask_63, ask_62, ask_42, ask_92, ask_51 };

inline Bytes raw(const std::string& text) {
  return Bytes(text.begin(), text.end());
}

inline Bytes bytes_of(const std::string& text) {
  return raw(text + '\r');
}

inline std::string text_of(BytesView bytes) {
  std::string text(bytes.begin(), bytes.end());
  EXPECT_TRUE(text.ends_with('\r')) << text;
  return text.substr(0, text.find('\r'));
}

inline Reply ask(const std::string& request, const bms_report_t& report = sample_report(),
                 const BatteryIdentity& identity = {}) {
  return rs485().respond(bytes_of(request), report, identity);
}

inline std::string reply_to(const std::string& request,
                            const bms_report_t& report = sample_report(),
                            const BatteryIdentity& identity = {}) {
  const Reply reply = ask(request, report, identity);
  EXPECT_EQ(reply.kind, ReplyKind::answer) << reply.problem;
  EXPECT_TRUE(reply.problem.empty());
  return text_of(reply.bytes);
}

/// A request with a checksum, by another route than the code under test.
inline std::string request_of(const std::string& characters) {
  unsigned checksum = 0x10000;
  for (const char character : characters) checksum -= static_cast<unsigned char>(character);
  char text[8];
  std::snprintf(text, sizeof text, "%04X", checksum & 0xFFFF);
  return "~" + characters + text;
}

/// The INFO of a frame, as text; and without its first byte.
inline std::string info_of(const std::string& frame) {
  return frame.substr(13, frame.size() - 17);
}
inline std::string info_after_flag(const std::string& frame) {
  return info_of(frame).substr(2);
}

inline BatteryIdentity at_address(std::uint8_t address) {
  BatteryIdentity identity;
  identity.serial_address = address;
  return identity;
}

inline BatteryView decode(Question question, const std::string& reply) {
  BatteryView view;
  EXPECT_TRUE(rs485().decode_reply(question, bytes_of(reply), {}, view)) << reply;
  return view;
}

}  // namespace doppelpack::can_emulator
