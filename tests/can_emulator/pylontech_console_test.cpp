// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The Pylontech text console: the sample rows of the reference (IRE irekzielinski/
// Pylontech-Battery-Monitoring, MIK mikee47/IOPylontech), and what their readers rely on.

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <utility>
#include <vector>

#include "can_emulator/serial_protocol.hpp"
#include "sample_report.hpp"

namespace doppelpack::can_emulator {
namespace {

enum Question : std::size_t { ask_pwr, ask_bat, ask_info };

const SerialProtocol& console() {
  return *find_serial_protocol("pylontech-console");
}

Bytes raw(const std::string& text) {
  return Bytes(text.begin(), text.end());
}

Reply ask(const std::string& line, Packs packs = sample_report(),
          const BatteryIdentity& identity = {}) {
  return console().respond(raw(line), packs, identity);
}

std::string text(const Reply& reply) {
  return std::string(reply.bytes.begin(), reply.bytes.end());
}

/// The lines of a page, without the frame around it.
std::vector<std::string> page(const std::string& line, Packs packs = sample_report(),
                              const BatteryIdentity& identity = {}) {
  const std::string all = text(ask(line + "\r", packs, identity));
  const std::size_t start = all.find("@\r\n") + 3;
  const std::size_t end = all.find("Command completed successfully");
  EXPECT_NE(end, std::string::npos) << all;
  std::vector<std::string> lines;
  std::string current;
  for (const char c : all.substr(start, end - start)) {
    if (c == '\n') lines.push_back(std::exchange(current, {}));
    if (c != '\n' && c != '\r') current += c;
  }
  EXPECT_EQ(current, "");
  return lines;
}

/// The packs of the two sample rows.
bms_report_t ire_report() {
  bms_report_t report = sample_report();
  set_cells_mV(report, {3315, 3317, 3316});
  set_ntcs_ddegC(report, {190, 190, 280});  // their mean is 22.0
  report.pack_mV = 49735;
  report.current_mA = -1440;
  report.soc_permille = 930;
  return report;
}
bms_report_t mik_report() {
  bms_report_t report = sample_report();
  set_cells_mV(report, {3329, 3330});
  set_ntcs_ddegC(report, {201, 202});
  report.current_mA = -1186;
  report.soc_permille = 920;
  report.remaining_mAh = 66561;
  return report;
}

// ---- lines --------------------------------------------------------------------------------------

TEST(PylontechConsole, lines_end_with_cr_or_lf_or_both) {
  const struct {
    std::string received;
    std::size_t garbage, length;
  } cases[] = {
      {"", 0, 0},
      {"pwr", 0, 0},
      {"pwr\r", 0, 4},
      {"pwr\n", 0, 4},
      {"pwr\r\n", 0, 5},
      {"pwr\rinfo\r", 0, 4},
      {"\n\n", 0, 1},
      {std::string(128, 'x') + "\r", 0, 129},
      {std::string(129, 'x') + "\rpwr\r", 130, 4},
      {std::string(129, 'x'), 129, 0},
  };
  for (const auto& [received, garbage, length] : cases) {
    const FrameSpan span = console().find_frame(raw(received));
    EXPECT_EQ(span.garbage, garbage) << received;
    EXPECT_EQ(span.length, length) << received;
  }
}

TEST(PylontechConsole, an_empty_line_gets_a_prompt_and_the_wake_up_frame_nothing) {
  for (const char* line : {"\r", "\n", "\r\n", "  \r"}) {
    EXPECT_EQ(text(ask(line)), "\r\npylon>");
  }
  const Reply reply = ask("~20014682C0048520FCC3\r");
  EXPECT_EQ(reply.kind, ReplyKind::none);
  EXPECT_TRUE(reply.bytes.empty());
}

// MLE compares whole lines without CR; IRE wants "$$\r\n\rpylon" and reads up to the ">".
TEST(PylontechConsole, a_reply_is_framed_as_its_readers_want_it) {
  const std::string reply = text(ask("time\n"));
  EXPECT_EQ(reply.substr(0, 13), "time\r\n@\r\nRTC ");
  EXPECT_EQ(reply.substr(reply.size() - 45),
            "\r\nCommand completed successfully\r\n$$\r\n\rpylon>");
}

TEST(PylontechConsole, what_it_does_not_know_ends_without_the_success_line) {
  const Reply unknown = ask("pwrsys\r");
  EXPECT_EQ(unknown.kind, ReplyKind::rejection);
  EXPECT_EQ(text(unknown),
            "pwrsys\r\n@\r\nUnknown command 'pwrsys' - try 'help'\r\n$$\r\n\rpylon>");
  for (const char* line : {"pwr 2\r", "pwr 0\r", "bat x\r", "info 999\r", "pwr -1\r"}) {
    const Reply wrong = ask(line);
    EXPECT_EQ(wrong.kind, ReplyKind::rejection) << line;
    EXPECT_NE(text(wrong).find("Invalid command or fail to excute.\r\n"), std::string::npos);
    EXPECT_EQ(text(wrong).find("successfully"), std::string::npos);
  }
  EXPECT_EQ(text(ask("a\x01\xFF"
                     "b\r"))
                .substr(0, 6),
            "a??b\r\n");
}

// ---- pages --------------------------------------------------------------------------------------

TEST(PylontechConsole, IRE_a_row_of_pwr_and_its_columns) {
  const auto lines = page("pwr", ire_report());
  ASSERT_EQ(lines.size(), 17U);
  EXPECT_EQ(lines[0].substr(0, 71),
            "Power Volt   Curr   Tempr  Tlow   Thigh  Vlow   Vhigh  Base.St  Volt.St");
  EXPECT_EQ(lines[1].substr(0, 41), "1     49735  -1440  22000  19000  28000  ");
  EXPECT_EQ(lines[1].substr(41, 59), "3315   3317   Dischg   Normal   Normal   Normal   93%      ");
  EXPECT_EQ(lines[1].substr(119, 17), "  Normal   Normal");
  for (const char* column : {"Volt ", "Curr ", "Base.St", "Coulomb", "Time", "B.V.St"}) {
    EXPECT_NE(lines[1][lines[0].find(column)], ' ') << column;
    EXPECT_EQ(lines[1][lines[0].find(column) - 1], ' ') << column;
  }
  EXPECT_NE(text(ask("pwr\r")).find("\r\r\n1     "), std::string::npos);
}

TEST(PylontechConsole, IRE_absent_modules_are_printed_with_the_word_in_column_55) {
  const auto lines = page("pwr", std::vector<bms_report_t>(2, ire_report()));
  EXPECT_EQ(lines[2].substr(0, 12), "2     49735 ");
  for (std::size_t i = 3; i <= 16; ++i) {
    EXPECT_EQ(lines[i].substr(0, 7), std::to_string(i) + (i < 10 ? "     -" : "    -")) << i;
    EXPECT_EQ(lines[i].find("Absent"), 55U) << i;
  }
}

TEST(PylontechConsole, MIK_a_row_of_bat) {
  const auto lines = page("bat 1", mik_report());
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[1],
            "0        3329     -1186    20100    Dischg       Normal       Normal       Normal     "
            "  92%         66561 mAH      N");
  EXPECT_EQ(lines[2].substr(0, 32), "1        3330     -1186    20200");
}

TEST(PylontechConsole, MLE_the_labels_of_info) {
  BatteryIdentity identity;
  identity.member_barcodes = {"SECOND0000000002"};
  const std::vector<bms_report_t> two(2, sample_report());
  const std::vector<std::string> expected{"Device address      : 1",
                                          "Manufacturer        : PYLON",
                                          "Device name         : US5000",
                                          "Board version       : -",
                                          "Main Soft version   : B1.0",
                                          "Soft  version       : V1.0",
                                          "Boot  version       : V1.0",
                                          "Comm version        : V1.0",
                                          "Release Date        : -",
                                          "Barcode             : DOPPELPACK000001",
                                          "",
                                          "Specification       : 48V/50AH",
                                          "Cell Number         : 15",
                                          "Max Dischg Curr     : -100000mA",
                                          "Max Charge Curr     : 100000mA",
                                          "EPONPort rate       : 1200",
                                          "Console Port rate   : 115200"};
  EXPECT_EQ(page("info", two, identity), expected);
  EXPECT_EQ(page("info 2", two, identity)[9], "Barcode             : SECOND0000000002");
  EXPECT_EQ(page("info 2", two)[9], "Barcode             : ");
}

TEST(PylontechConsole, states_follow_current_and_alarms) {
  bms_report_t report = ire_report();
  report.current_mA = 0;
  report.warnings = BMS_RULE_BIT(BMS_RULE_PACK_UV) | BMS_RULE_BIT(BMS_RULE_OTC);
  report.protections = BMS_RULE_BIT(BMS_RULE_CELL_UV);
  const std::string row = page("pwr", report)[1];
  EXPECT_EQ(row.substr(55, 33), "Idle     Low      Normal   High  ");
  EXPECT_EQ(row.substr(121, 14), "Under    High ");
  report.current_mA = 1;
  EXPECT_EQ(page("pwr", report)[1].substr(55, 6), "Charge");
  EXPECT_EQ(page("pwr 1", report)[2], "Voltage             : 49735 mV");
}

TEST(PylontechConsole, log_tells_what_is_active) {
  EXPECT_TRUE(page("log").empty());
  bms_report_t report = sample_report();
  report.uptime_ms = 1000U * (86'400 * 33 + 3661);
  report.protections = BMS_RULE_BIT(BMS_RULE_SCD);
  report.warnings = BMS_RULE_BIT(BMS_RULE_SOC_LOW);
  EXPECT_EQ(page("log", report),
            (std::vector<std::string>{"2000-02-03 01:01:01  SC          Protect",
                                      "2000-02-03 01:01:01  SOC Low     Alarm"}));
  EXPECT_EQ(page("time", report)[0], "RTC 2000-02-03 01:01:01");
}

TEST(PylontechConsole, help_names_every_command_that_works) {
  const auto lines = page("help");
  EXPECT_EQ(lines.size(), 8U);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::string name = lines[i].substr(0, lines[i].find(' '));
    EXPECT_EQ(ask(name + "\r").kind, ReplyKind::answer) << name;
  }
}

// ---- the other side -----------------------------------------------------------------------------

TEST(PylontechConsole, a_monitor_reads_back_what_was_printed) {
  BatteryView view;
  for (std::size_t i = 0; i < console().request_count; ++i) {
    const Reply reply = console().respond(console().encode_request(i, 2), ire_report(), {});
    EXPECT_TRUE(console().decode_reply(i, reply.bytes, {}, view)) << i;
  }
  EXPECT_DOUBLE_EQ(view.pack_V.value(), 49.735);
  EXPECT_DOUBLE_EQ(view.current_A.value(), -1.44);
  EXPECT_DOUBLE_EQ(view.T_degC.value(), 22.0);
  EXPECT_DOUBLE_EQ(view.soc.value(), 0.93);
  EXPECT_EQ(view.cell_V, (std::vector<double>{3.315, 3.317, 3.316}));
  EXPECT_EQ(view.ntc_degC, (std::vector<double>{19.0, 19.0, 28.0}));
  EXPECT_EQ(view.device_name.value(), "US5000");
  EXPECT_EQ(view.barcode.value(), "DOPPELPACK000001");
}

TEST(PylontechConsole, refusals_and_pages_of_another_command_leave_the_view_alone) {
  BatteryView view;
  for (std::size_t i = 0; i < console().request_count; ++i) {
    for (const char* line : {"\r", "pwrsys\r", "bat 9\r", "stat\r"}) {
      EXPECT_FALSE(console().decode_reply(i, ask(line).bytes, {}, view)) << i << line;
    }
  }
  const std::vector<bms_report_t> two(2, ire_report());
  EXPECT_FALSE(console().decode_reply(ask_bat, ask("bat 2\r", two).bytes, {}, view));
  EXPECT_EQ(view, BatteryView{});
}

TEST(PylontechConsole, noise_is_answered_briefly_or_not_at_all) {
  std::mt19937 random(7);
  const std::string alphabet = "pwrbatinfo 0123456789\r\n~";
  for (int i = 0; i < 20'000; ++i) {
    Bytes buffer;
    for (std::size_t left = random() % 300; left > 0; --left) {
      const bool is_wild = random() % 16 == 0;
      buffer.push_back(
          static_cast<std::uint8_t>(is_wild ? random() : alphabet[random() % alphabet.size()]));
    }
    BytesView rest = buffer;
    while (true) {
      const FrameSpan span = console().find_frame(rest);
      ASSERT_LE(span.garbage + span.length, rest.size());
      rest.remove_prefix(span.garbage);
      if (span.length == 0) break;
      ASSERT_LE(span.length, 130U);
      const Reply reply = console().respond(rest.substr(0, span.length), sample_report(), {});
      ASSERT_LE(reply.bytes.size(), 4096U);
      ASSERT_EQ(reply.bytes.empty(), reply.kind == ReplyKind::none);
      rest.remove_prefix(span.length);
    }
    ASSERT_LE(rest.size(), 128U);
  }
}

TEST(PylontechConsole, numbers_beyond_a_column_still_leave_a_blank) {
  const auto row = page("pwr", extreme_report(true))[1];
  EXPECT_EQ(row.substr(0, 29), "1     4294967295 -2147483648 ");
}

}  // namespace
}  // namespace doppelpack::can_emulator
