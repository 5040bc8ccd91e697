// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Talking to the Pylontech RS485 codec in text, as frames are printed: "~2002..." without the CR.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "can_emulator/serial_protocol.hpp"
#include "sample_report.hpp"
#include "ydt1363_text.hpp"

namespace doppelpack::can_emulator {

inline const SerialProtocol& rs485() {
  return *find_serial_protocol("pylontech-rs485");
}

/// Places in the list of requests, of options and of their choices.
enum Question : std::size_t {
  ask_61,
  ask_63,
  ask_62,
  ask_42,
  ask_92,
  ask_51,
  ask_44,
  ask_93,
  ask_60
};

enum OptionPlace : std::size_t {
  system_current,
  system_discharge,
  alarm_length,
  system_commands,
  group_addresses
};
inline constexpr std::uint8_t kDeciampere = 1, kAmpere = 2, kNegative = 1, kThirtyTwo = 1;
inline constexpr std::uint8_t kUnanswered = 1, kGroupsAnswered = 1;

inline BatteryIdentity with_choice(OptionPlace option, std::uint8_t choice) {
  BatteryIdentity identity;
  identity.serial_choices[option] = choice;
  return identity;
}

inline Reply ask(const std::string& request, Packs packs = sample_report(),
                 const BatteryIdentity& identity = {}) {
  return rs485().respond(bytes_of(request), packs, identity);
}

inline std::string reply_to(const std::string& request, Packs packs = sample_report(),
                            const BatteryIdentity& identity = {}) {
  const Reply reply = ask(request, packs, identity);
  EXPECT_EQ(reply.kind, ReplyKind::answer) << reply.problem;
  EXPECT_TRUE(reply.problem.empty());
  return text_of(reply.bytes);
}

inline BatteryIdentity at_address(std::uint8_t address) {
  BatteryIdentity identity;
  identity.serial_address = address;
  return identity;
}

inline BatteryView decode(Question question, const std::string& reply,
                          const Choices& choices = {}) {
  BatteryView view;
  EXPECT_TRUE(rs485().decode_reply(question, bytes_of(reply), choices, view)) << reply;
  return view;
}

}  // namespace doppelpack::can_emulator
