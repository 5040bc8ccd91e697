// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The dialects of Pylontech RS485: each option, both directions, the default first.
#include <gtest/gtest.h>

#include <string>

#include "pylontech_rs485_bench.hpp"

namespace doppelpack::can_emulator {
namespace {

const char* const kAsk61 = "~200246610000FDAB";
const char* const kAsk63 = "~200246630000FDA9";

TEST(PylontechRs485Options, the_current_of_61_is_in_10_mA_or_100_mA_or_1_A) {
  bms_report_t report = sample_report();
  report.current_mA = -23'456;
  const struct {
    std::uint8_t choice;
    const char* bytes;
    double current_A;
  } rows[] = {{0, "F6D6", -23.46}, {kDeciampere, "FF15", -23.5}, {kAmpere, "FFE9", -23.0}};
  for (const auto& row : rows) {
    const BatteryIdentity identity = with_choice(system_current, row.choice);
    const std::string reply = reply_to(kAsk61, report, identity);
    EXPECT_EQ(info_of(reply).substr(4, 4), row.bytes);
    EXPECT_DOUBLE_EQ(decode(ask_61, reply, identity.serial_choices).current_A.value(),
                     row.current_A);
  }
}

TEST(PylontechRs485Options, the_discharge_limit_of_63_is_positive_or_negative) {
  const BatteryIdentity seplos = with_choice(system_discharge, kNegative);
  bms_report_t report = sample_report();
  report.dcl_mA = 180'000;  // SIG: a Seplos sends F8F8
  EXPECT_EQ(info_of(reply_to(kAsk63, report)).substr(12, 4), "0708");
  EXPECT_EQ(info_of(reply_to(kAsk63, report, seplos)).substr(12, 4), "F8F8");
  EXPECT_DOUBLE_EQ(
      decode(ask_63, reply_to(kAsk63, report, seplos), seplos.serial_choices).dcl_A.value(), 180.0);
}

TEST(PylontechRs485Options, alarms_have_33_bytes_or_32) {
  const BatteryIdentity us2000 = with_choice(alarm_length, kThirtyTwo);
  const std::string request = "~20024644E00202FD31";
  const std::string longer = reply_to(request);
  const std::string shorter = reply_to(request, sample_report(), us2000);
  EXPECT_EQ(longer.substr(9, 4), "A042");
  EXPECT_EQ(shorter.substr(9, 4), "C040");
  EXPECT_EQ(info_of(longer), info_of(shorter) + "00");
  EXPECT_TRUE(decode(ask_44, shorter, us2000.serial_choices).is_charge_allowed.value());
  BatteryView view;
  EXPECT_FALSE(rs485().decode_reply(ask_44, bytes_of(shorter), {}, view));
}

// A Dyness pack behind an Anenji inverter (muwlgr/scripts).
TEST(PylontechRs485Options, a_pack_may_leave_system_commands_unanswered) {
  const BatteryIdentity dyness = with_choice(system_commands, kUnanswered);
  for (const char* command : {"60", "61", "62", "63", "64"}) {
    const std::string request = request_of(std::string("200246") + command + "0000");
    EXPECT_NE(ask(request).kind, ReplyKind::none) << command;
    EXPECT_EQ(ask(request, sample_report(), dyness).kind, ReplyKind::none) << command;
  }
  EXPECT_EQ(ask("~20024642E00202FD33", sample_report(), dyness).kind, ReplyKind::answer);
}

// SIG: a JK answers ADR 02 to all of them; the Seplos there is silent.
TEST(PylontechRs485Options, the_masters_of_other_groups_may_be_answered_from_our_address) {
  const BatteryIdentity jk = with_choice(group_addresses, kGroupsAnswered);
  for (const char* address : {"12", "22", "32", "42", "52", "62", "72"}) {
    const std::string request = request_of(std::string("20") + address + "46610000");
    EXPECT_EQ(ask(request).kind, ReplyKind::none) << address;
    EXPECT_EQ(reply_to(request, sample_report(), jk), reply_to(kAsk61)) << address;
  }
  EXPECT_EQ(ask(request_of("2082"
                           "46610000"),
                sample_report(), jk)
                .kind,
            ReplyKind::none);
  EXPECT_EQ(ask(request_of("2013"
                           "46610000"),
                sample_report(), jk)
                .kind,
            ReplyKind::none);
}

// P28 as captured: asked at 42, it refuses from 02.
TEST(PylontechRs485Options, P28_SIG_an_unknown_command_at_another_group_is_refused_from_ours) {
  const BatteryIdentity jk = with_choice(group_addresses, kGroupsAnswered);
  EXPECT_EQ(text_of(ask("~204246640000FDA4", sample_report(), jk).bytes), "~200246040000FDAE");
}

}  // namespace
}  // namespace doppelpack::can_emulator
