// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Modbus RTU and the Growatt map, where no capture shows them. CRCs come from with_crc().

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "can_emulator/serial_protocol.hpp"
#include "modbus_bench.hpp"
#include "sample_report.hpp"

namespace doppelpack::can_emulator::growatt_rs485_test {
namespace {

const SerialProtocol& growatt() {
  return *find_serial_protocol("growatt-rs485");
}

BatteryIdentity at(std::uint8_t address) {
  BatteryIdentity identity;
  identity.serial_address = address;
  return identity;
}

Reply ask(const std::string& text, Packs packs = sample_report(),
          const BatteryIdentity& identity = at(1)) {
  return growatt().respond(hex(with_crc(text)), packs, identity);
}

std::string reply_to(const std::string& text, Packs packs = sample_report()) {
  return hex_of(ask(text, packs).bytes);
}

/// The register alone.
std::string read(const std::string& index, const bms_report_t& report) {
  return word_of(reply_to("01 03 " + index + " 00 01", report), 0);
}

// ---- framing ------------------------------------------------------------------------------------

TEST(ModbusRtu, what_came_before_the_silence_is_one_frame_or_garbage) {
  EXPECT_GT(growatt().gap_bits, 0U);
  const Bytes frame = hex("01 03 00 15 00 01 95 CE");
  EXPECT_EQ(growatt().find_frame(frame).length, frame.size());
  EXPECT_EQ(growatt().find_frame(frame).garbage, 0U);
  for (std::size_t size = 0; size < frame.size(); ++size) {
    const FrameSpan span = growatt().find_frame(BytesView(frame).substr(0, size));
    EXPECT_EQ(span.length, 0U);
    EXPECT_EQ(span.garbage, size);
  }
  EXPECT_EQ(growatt().find_frame(hex("00 01 03 00 15 00 01 95 CE")).garbage, 9U);
}

TEST(ModbusRtu, a_frame_longer_than_any_can_be_is_garbage) {
  std::string text = "01 03";
  while (hex(text).size() < 254) text += " 00";
  EXPECT_EQ(growatt().find_frame(hex(with_crc(text))).length, 256U);
  EXPECT_EQ(growatt().find_frame(hex(with_crc(text + " 00"))).length, 0U);
}

TEST(ModbusRtu, damaged_requests_get_silence) {
  std::mt19937 random(6);
  const Bytes good = hex("01 03 00 13 00 11 74 03");
  for (int i = 0; i < 10'000; ++i) {
    Bytes bad = good;
    bad[random() % bad.size()] ^= static_cast<std::uint8_t>(1 + random() % 255);
    const Reply reply = growatt().respond(bad, sample_report(), at(1));
    ASSERT_EQ(reply.kind, ReplyKind::none);
    ASSERT_EQ(reply.problem, "wrong CRC");
  }
}

// ---- who is answered ----------------------------------------------------------------------------

TEST(GrowattRs485, only_its_own_address_is_answered_and_never_a_broadcast) {
  EXPECT_EQ(ask("02 03 00 15 00 01").kind, ReplyKind::none);
  EXPECT_EQ(ask("00 03 00 15 00 01").kind, ReplyKind::none);
  EXPECT_EQ(ask("02 03 00 15 00 01", sample_report(), at(2)).kind, ReplyKind::answer);
}

// The trap of EG4SN: two packs answer at 1.
TEST(GrowattRs485, a_pack_at_dip_0_answers_for_address_1_too) {
  EXPECT_EQ(ask("01 03 00 15 00 01", sample_report(), at(0)).kind, ReplyKind::answer);
  EXPECT_EQ(ask("02 03 00 15 00 01", sample_report(), at(0)).kind, ReplyKind::none);
  EXPECT_EQ(ask("00 03 00 15 00 01", sample_report(), at(0)).kind, ReplyKind::none);
}

TEST(GrowattRs485, exceptions_say_what_is_wrong) {
  EXPECT_EQ(reply_to("01 04 00 15 00 01"), with_crc("01 84 01"));
  EXPECT_EQ(reply_to("01 03 00 00 00 01"), with_crc("01 83 02"));
  EXPECT_EQ(reply_to("01 03 00 2A 00 02"), with_crc("01 83 02"));
  EXPECT_EQ(reply_to("01 03 00 81 00 10"), with_crc("01 83 02"));  // there is no second pack
  EXPECT_EQ(reply_to("01 03 FF FF 00 02"), with_crc("01 83 02"));
  EXPECT_EQ(reply_to("01 03 00 15 00 00"), with_crc("01 83 03"));
  EXPECT_EQ(reply_to("01 03 00 15 00 7E"), with_crc("01 83 03"));
  EXPECT_EQ(reply_to("01 03 00 15"), with_crc("01 83 03"));
}

TEST(GrowattRs485, the_greeting_of_the_document_is_the_only_write) {
  EXPECT_EQ(reply_to("01 10 00 13 00 01 02 0C 00"), with_crc("01 10 00 13 00 01"));
  EXPECT_EQ(reply_to("01 10 00 13 00 01 02 00 00"), with_crc("01 10 00 13 00 01"));
  EXPECT_EQ(reply_to("01 10 00 13 00 01 02 00 01"), with_crc("01 90 03"));
  EXPECT_EQ(reply_to("01 10 00 14 00 01 02 00 00"), with_crc("01 90 02"));
  EXPECT_EQ(reply_to("01 10 00 13 00 02 04 00 00 00 00"), with_crc("01 90 02"));
  EXPECT_EQ(reply_to("01 10 00 13 00 01 04 00 00"), with_crc("01 90 03"));
  EXPECT_EQ(reply_to("01 10 00 13 00 01 02 00"), with_crc("01 90 03"));
}

// ---- contents -----------------------------------------------------------------------------------

TEST(GrowattRs485, status_tells_activity_outputs_and_requests) {
  bms_report_t report = sample_report();
  report.current_mA = 1000;
  EXPECT_EQ(read("00 13", report), "08 62");
  report.current_mA = -1000;
  EXPECT_EQ(read("00 13", report), "0C 63");
  report.current_mA = 0;
  report.is_charge_allowed = false;
  EXPECT_EQ(read("00 13", report), "04 21");
  report.is_discharge_allowed = false;
  report.requests = BMS_REQUEST_FORCE_CHARGE;
  EXPECT_EQ(read("00 13", report), "14 01");
  report.protections = BMS_RULE_BIT(BMS_RULE_CELL_UV);
  EXPECT_EQ(read("00 13", report), "14 05");
  report.state = BMS_STATE_PRECHARGE;
  EXPECT_EQ(read("00 13", report), "10 04");
}

TEST(GrowattRs485, each_rule_sets_its_bits) {
  const struct {
    bms_rule_t rule;
    const char *error, *warning;
  } rows[] = {
      {BMS_RULE_OCD, "00 01", "00 10"},       {BMS_RULE_SCD, "00 02", "00 10"},
      {BMS_RULE_CELL_OV, "00 04", "00 01"},   {BMS_RULE_PACK_OV, "00 04", "00 04"},
      {BMS_RULE_CELL_UV, "00 08", "00 02"},   {BMS_RULE_PACK_UV, "00 08", "00 08"},
      {BMS_RULE_OTD, "00 10", "00 40"},       {BMS_RULE_OTC, "00 20", "01 00"},
      {BMS_RULE_UTD, "00 40", "00 80"},       {BMS_RULE_UTC, "00 80", "02 00"},
      {BMS_RULE_SPREAD, "04 00", "00 00"},    {BMS_RULE_OCC, "08 00", "00 20"},
      {BMS_RULE_CELL_ZERO, "02 00", "00 00"}, {BMS_RULE_MOSFET_OT, "10 00", "04 00"},
      {BMS_RULE_SOC_LOW, "00 00", "20 00"},
  };
  for (const auto& row : rows) {
    bms_report_t report = sample_report();
    report.protections = BMS_RULE_BIT(row.rule);
    EXPECT_EQ(read("00 14", report), row.error) << row.rule;
    EXPECT_EQ(read("00 22", report), "00 00") << row.rule;
    report.protections = 0;
    report.warnings = BMS_RULE_BIT(row.rule);
    EXPECT_EQ(read("00 22", report), row.warning) << row.rule;
    EXPECT_EQ(read("00 14", report), "00 00") << row.rule;
  }
}

TEST(GrowattRs485, registers_behind_the_last_cell_are_no_cells) {
  constexpr std::size_t kAsk70x17 = 1;
  BatteryView view;
  const Bytes request = growatt().encode_request(kAsk70x17, 1);
  const Reply reply = growatt().respond(request, sample_report(), at(1));
  ASSERT_TRUE(growatt().decode_reply(kAsk70x17, reply.bytes, {}, view));
  EXPECT_EQ(view.cell_V.size(), 15U);
  EXPECT_EQ(word_of(hex_of(reply.bytes), 0), "00 00");  // 0x70, before cell 1
}

TEST(GrowattRs485, the_bank_is_told_with_the_cells_of_both_packs) {
  std::vector<bms_report_t> packs(2, sample_report());
  packs[1].cell_mV[0] = 3111;
  packs[0].members = 2;
  packs[0].bank.soc_permille = 330;
  packs[0].bank.full_mAh = 100'000;
  packs[0].bank.dcl_mA = 123'456;
  const auto of_two = [&](const std::string& index) {
    return word_of(reply_to("01 03 " + index + " 00 01", packs), 0);
  };
  EXPECT_EQ(of_two("00 15"), "00 21");
  EXPECT_EQ(of_two("00 1B"), "27 10");
  EXPECT_EQ(of_two("00 23"), "30 39");  // rounded down
  EXPECT_EQ(of_two("00 71"), "0D 1F");
  EXPECT_EQ(of_two("00 81"), "0C 27");
}

TEST(GrowattRs485, numbers_saturate) {
  const bms_report_t high = extreme_report(false);
  const bms_report_t low = extreme_report(true);
  EXPECT_EQ(read("00 15", high), "00 64");
  EXPECT_EQ(read("00 16", high), "FF FF");
  EXPECT_EQ(read("00 17", high), "7F FF");
  EXPECT_EQ(read("00 17", low), "80 00");
  EXPECT_EQ(read("00 1B", high), "FF FF");
  EXPECT_EQ(read("00 80", high), "FF FF");
  EXPECT_EQ(read("00 20", high), "00 64");
}

TEST(GrowattRs485, a_reply_of_another_length_leaves_the_view_alone) {
  BatteryView view;
  for (std::size_t i = 0; i < growatt().request_count; ++i) {
    const Reply good = growatt().respond(growatt().encode_request(i, 1), sample_report(), at(1));
    const std::string text = hex_of(good.bytes);
    const std::string body = text.substr(0, text.size() - 6);
    EXPECT_FALSE(growatt().decode_reply(i, hex(with_crc(body + " 00 00")), {}, view)) << i;
    EXPECT_FALSE(growatt().decode_reply(i, hex(body + " 00 00"), {}, view)) << i;
    EXPECT_EQ(view, BatteryView{});
    BatteryView taken;
    EXPECT_TRUE(growatt().decode_reply(i, good.bytes, {}, taken)) << i;
    const bool says_what_a_view_holds =
        hex_of(growatt().encode_request(i, 1)).substr(6, 5) != "00 01";
    EXPECT_EQ(taken != BatteryView{}, says_what_a_view_holds) << i;
  }
}

}  // namespace
}  // namespace doppelpack::can_emulator::growatt_rs485_test
