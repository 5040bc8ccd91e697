// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Behaviour of the PACE codec that no capture shows. Expected bytes are worked out by hand from the
// documents PACE485 and PACE232.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "pace_rs485_bench.hpp"

namespace doppelpack::can_emulator {
namespace {

/// The nine status bytes at the end of a 0x44 of 16 cells.
std::string status_of(const bms_report_t& report) {
  const std::string info = info_of(pace_reply("~25014644E00201FD2E", report));
  return info.substr(info.size() - 18);
}

bms_report_t at_rest() {
  bms_report_t report = pace_report();
  report.current_mA = 0;
  return report;
}

// ---- options ------------------------------------------------------------------------------------

TEST(PaceRs485, option_2731_moves_every_temperature_by_one_both_ways) {
  BatteryIdentity identity = pace_identity();
  identity.serial_choices[temperature_offset] = kOffset2731;
  const std::string reply = pace_reply("~25014642E00201FD30", pace_report(), identity);
  EXPECT_EQ(info_of(reply).substr(70, 26), "060B9C0B9A0B9A0B9A0BB40BBD");
  EXPECT_EQ(decode_pace(ask_42, reply, identity.serial_choices).ntc_degC,
            (std::vector<double>{24.1, 23.9, 23.9, 23.9, 26.5, 27.4}));
}

// The reader of DBUS wants 160 and 95 characters; NK knows 14 more bytes, then 1 more.
TEST(PaceRs485, option_p9_adds_14_bytes_to_42_and_one_to_44_both_ways) {
  BatteryIdentity identity = pace_identity();
  identity.serial_choices[variant] = kP9;
  const std::string analog = pace_reply("~25014642E00201FD30", pace_report(), identity);
  EXPECT_EQ(analog.substr(9, 4), "1096");
  EXPECT_GE(analog.size() + 1, 160U);
  EXPECT_EQ(info_of(analog).substr(108),
            "0928"
            "6A008C2710"
            "0000000000000000000000000000");
  EXPECT_DOUBLE_EQ(decode_pace(ask_42, analog, identity.serial_choices).full_Ah.value(), 103.46);

  const std::string warnings = pace_reply("~25014644E00201FD2E", pace_report(), identity);
  EXPECT_EQ(warnings.substr(9, 4), "E04E");
  EXPECT_GE(warnings.size() + 1, 95U);
  EXPECT_TRUE(decode_pace(ask_44, warnings, identity.serial_choices).is_charge_allowed.value());
}

TEST(PaceRs485, the_environment_is_the_mean_of_the_cells_unless_a_sensor_is_there_for_it) {
  BatteryIdentity identity = pace_identity();
  identity.serial_choices = {};
  bms_report_t report = pace_report();
  set_ntcs_ddegC(report, {200, 210, 220, 230, 240, 250});
  const BatteryView view = decode_pace(ask_42, pace_reply("~25014642E00201FD30", report, identity));
  EXPECT_EQ(view.ntc_degC, (std::vector<double>{20.0, 21.0, 23.0, 24.0, 26.5, 22.5}));
}

TEST(PaceRs485, sensors_that_cannot_be_read_are_minus_150_degC_and_F0) {
  bms_report_t report = pace_report();
  set_ntcs_ddegC(report, {241, BMS_NTC_INVALID_DDEGC, 239, 239, BMS_NTC_INVALID_DDEGC});
  report.mosfet_ddegC = BMS_NTC_INVALID_DDEGC;
  EXPECT_EQ(info_of(pace_reply("~25014642E00201FD30", report)).substr(70, 26),
            "060B9B04CE0B990B9904CE04CE");
  EXPECT_EQ(info_of(pace_reply("~25014644E00201FD2E", report)).substr(38, 14), "0600F00000F0F0");
  report.ntc_count = 0;
  EXPECT_EQ(info_of(pace_reply("~25014642E00201FD30", report)).substr(70, 10), "0604CE04CE");
}

// ---- who is answered ----------------------------------------------------------------------------

std::string problem_of(const std::string& request, Packs packs, const BatteryIdentity& identity) {
  const Reply reply = ask_pace(request, packs, identity);
  EXPECT_EQ(reply.kind, ReplyKind::none);
  EXPECT_TRUE(reply.bytes.empty());
  return std::string(reply.problem);
}

TEST(PaceRs485, a_stack_answers_per_pack_and_its_master_for_all) {
  std::vector<bms_report_t> packs(3, pace_report());
  packs[1].pack_mV = 51000;
  packs[2].pack_mV = 52000;
  const Packs stack = packs;
  const auto pack_V = [&](const std::string& characters) {
    return decode_pace(ask_42, pace_reply(request_of(characters), stack)).pack_V.value();
  };
  EXPECT_DOUBLE_EQ(pack_V("25014642E00201"), 52.429);
  EXPECT_DOUBLE_EQ(pack_V("25024642E00202"), 51.0);
  EXPECT_DOUBLE_EQ(pack_V("25014642E00203"), 52.0);  // the master knows the others
  EXPECT_DOUBLE_EQ(pack_V("250346420000"), 52.0);    // without INFO: the one addressed
  EXPECT_NEAR(pack_V("25014642E002FF"), (52.429 + 51 + 52) / 3, 1e-9);

  const std::string all = pace_reply(request_of("25014642E002FF"), stack);
  EXPECT_EQ(info_of(all).substr(0, 4), "0003");
  EXPECT_EQ(info_of(all).size(), 4U + 3 * 118);
  EXPECT_EQ(problem_of(request_of("25024642E002FF"), stack, pace_identity()),
            "a slave is asked for all packs");
  EXPECT_EQ(problem_of(request_of("25044642E00204"), stack, pace_identity()),
            "for another address");
  EXPECT_EQ(
      text_of(ask_pace(request_of("25014642E00204"), stack, pace_identity()).bytes).substr(0, 9),
      "~25014606");
}

// DBUS asks address 0 on RS232, where there is nobody else.
TEST(PaceRs485, only_rs232_answers_another_address) {
  const std::string request = request_of("25004642E002FF");
  EXPECT_EQ(problem_of(request, pace_report(), pace_identity()), "for another address");
  EXPECT_EQ(pace_reply(request, pace_report(), pace_rs232()).substr(0, 9), "~25004600");
  EXPECT_EQ(pace_reply(request, pace_report(), pace_identity(0)).substr(0, 9), "~25004600");
}

TEST(PaceRs485, damaged_and_unknown_requests_get_the_return_codes_of_the_document) {
  const auto rtn = [](const std::string& request) {
    const Reply reply = ask_pace(request, pace_report(), pace_identity());
    EXPECT_EQ(reply.kind, ReplyKind::rejection) << request;
    EXPECT_FALSE(reply.problem.empty());
    return text_of(reply.bytes).substr(7, 2);
  };
  EXPECT_EQ(rtn("~25014642E00201FD31"), "02");
  EXPECT_EQ(rtn(request_of("25014642D00201")), "03");
  EXPECT_EQ(rtn(request_of("250146430000")), "04");
  EXPECT_EQ(rtn(request_of("250146A60000")), "04");  // RS232 only
  EXPECT_EQ(rtn(request_of("2501469AE00200")), "04");
  EXPECT_EQ(rtn(request_of("25014642C0040101")), "05");
  EXPECT_EQ(rtn(request_of("25014642E00202")), "06");
  EXPECT_EQ(problem_of(request_of("25014A42E00201"), pace_report(), pace_identity()),
            "for another kind of device");
  EXPECT_EQ(problem_of("~25014642E00201", pace_report(), pace_identity()), "not a frame");
}

// ---- peculiarities of clients (section 10 of the reference) --------------------------------------

TEST(PaceRs485, info_where_none_belongs_is_ignored) {
  EXPECT_EQ(pace_reply(request_of("250146C1E00201")), pace_reply("~250146C10000FD9A"));
  EXPECT_EQ(pace_reply(request_of("25014690E002FF")), pace_reply("~250146900000FDA5"));
}

TEST(PaceRs485, replies_end_with_a_bare_carriage_return_and_are_in_version_25) {
  const Reply reply = ask_pace(request_of("200146420000"), pace_report(), pace_identity());
  const std::string text(reply.bytes.begin(), reply.bytes.end());
  EXPECT_EQ(text.find('\r'), text.size() - 1);
  EXPECT_EQ(text.find('\n'), std::string::npos);
  EXPECT_EQ(text.substr(0, 3), "~25");
}

// ---- alarms -------------------------------------------------------------------------------------

TEST(PaceRs485, each_rule_sets_its_bit) {
  const struct {
    bms_rule_t rule;
    const char *protection, *warning;
  } rows[] = {
      {BMS_RULE_CELL_OV, "010006000000000000", "000006000000000100"},
      {BMS_RULE_CELL_UV, "020006000000000000", "000006000000000200"},
      {BMS_RULE_PACK_OV, "040006000000000000", "000006000000000400"},
      {BMS_RULE_PACK_UV, "080006000000000000", "000006000000000800"},
      {BMS_RULE_OCC, "100006000000000000", "000006000000001000"},
      {BMS_RULE_OCD, "200006000000000000", "000006000000002000"},
      {BMS_RULE_OCD2, "200006000000000000", "000006000000002000"},
      {BMS_RULE_SCD, "400006000000000000", "000006000000002000"},
      {BMS_RULE_OTC, "000106000000000000", "000006000000000001"},
      {BMS_RULE_OTD, "000206000000000000", "000006000000000002"},
      {BMS_RULE_UTC, "000406000000000000", "000006000000000004"},
      {BMS_RULE_UTD, "000806000000000000", "000006000000000008"},
      {BMS_RULE_MOSFET_OT, "001006000000000000", "000006000000000040"},
      {BMS_RULE_SOC_LOW, "000006000000000000", "000006000000000080"},
      {BMS_RULE_CELL_ZERO, "000006001000000000", "000006000000000000"},
  };
  for (const auto& row : rows) {
    bms_report_t report = at_rest();
    report.protections = BMS_RULE_BIT(row.rule);
    EXPECT_EQ(status_of(report), row.protection) << row.rule;
    report.protections = 0;
    report.warnings = BMS_RULE_BIT(row.rule);
    EXPECT_EQ(status_of(report), row.warning) << row.rule;
  }
}

TEST(PaceRs485, state_and_failures_set_their_bits) {
  bms_report_t report = at_rest();
  report.current_mA = 1000;
  EXPECT_EQ(status_of(report).substr(4, 2), "26");
  report.current_mA = -1000;
  report.is_charge_allowed = false;
  EXPECT_EQ(status_of(report).substr(4, 4), "0C02");
  report.is_discharge_allowed = false;
  EXPECT_EQ(status_of(report).substr(4, 4), "0806");
  report.is_full = true;
  EXPECT_EQ(status_of(report).substr(2, 2), "80");

  const struct {
    bms_failure_t failure;
    const char* bits;
  } rows[] = {{BMS_FAILURE_SENSE_WIRE, "20"},
              {BMS_FAILURE_NTC_BROKEN, "04"},
              {BMS_FAILURE_DISCHARGE_MOSFET_OPEN, "02"},
              {BMS_FAILURE_CHARGE_MOSFET_CLOSED, "01"},
              {BMS_FAILURE_INVERTER_LOST, "00"}};
  for (const auto& row : rows) {
    report.failures = BMS_FAILURE_BIT(row.failure);
    EXPECT_EQ(status_of(report).substr(8, 2), row.bits) << row.failure;
  }
}

TEST(PaceRs485, alarms_of_several_packs_are_united) {
  std::vector<bms_report_t> packs(2, at_rest());
  packs[0].protections = BMS_RULE_BIT(BMS_RULE_CELL_UV);
  packs[1].protections = BMS_RULE_BIT(BMS_RULE_OTD);
  packs[0].warnings = BMS_RULE_BIT(BMS_RULE_CELL_UV);
  packs[1].warnings = BMS_RULE_BIT(BMS_RULE_SOC_LOW);
  const BatteryView view = decode_pace(ask_44, pace_reply(request_of("25014644E002FF"), packs));
  EXPECT_EQ(view.protections.value(), 0x0202U);
  EXPECT_EQ(view.warnings.value(), 0x8002U);
}

// ---- limits -------------------------------------------------------------------------------------

TEST(PaceRs485, numbers_saturate) {
  for (const bool is_negative : {false, true}) {
    bms_report_t report = extreme_report(is_negative);
    BatteryIdentity identity = pace_identity();
    identity.design_mAh = UINT32_MAX;
    const BatteryView view =
        decode_pace(ask_42, pace_reply("~25014642E00201FD30", report, identity));
    EXPECT_EQ(view.cell_V.size(), 32U);
    EXPECT_DOUBLE_EQ(view.current_A.value(), is_negative ? -327.68 : 327.67);
    EXPECT_DOUBLE_EQ(view.pack_V.value(), 65.535);
    EXPECT_DOUBLE_EQ(view.full_Ah.value(), 655.35);
    EXPECT_DOUBLE_EQ(view.ntc_degC.at(0), is_negative ? -273.0 : 3276.7);
  }
}

TEST(PaceRs485, a_reply_cut_or_lengthened_leaves_the_view_alone) {
  for (std::size_t i = 0; i < pace().request_count; ++i) {
    const Reply good = pace().respond(pace().encode_request(i, 1), pace_report(), pace_rs232());
    const std::string info = info_of(text_of(good.bytes));
    BatteryView view;
    for (const std::string& bad : {info.substr(2), info + "00", std::string()}) {
      const std::string frame = frame_of("25014600", bad);
      EXPECT_FALSE(pace().decode_reply(i, bytes_of(frame), {}, view)) << i << frame;
    }
    EXPECT_EQ(view, BatteryView{});
    EXPECT_TRUE(pace().decode_reply(i, good.bytes, {}, view)) << i;
  }
}

}  // namespace
}  // namespace doppelpack::can_emulator
