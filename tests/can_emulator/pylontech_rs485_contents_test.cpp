// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Contents of Pylontech RS485 replies that no capture shows: alarms, requests, missing sensors,
// limits of numbers. Expected bytes are worked out by hand from the layouts of V3.3 and V3.5.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "pylontech_rs485_bench.hpp"

namespace doppelpack::can_emulator::pylontech_rs485_contents_test {
namespace {

// ---- contents -----------------------------------------------------------------------------------

TEST(PylontechRs485, replies_are_long_enough_for_fhem) {
  const std::vector<std::pair<std::string, std::size_t>> shortest{
      {"42", 128}, {"44", 82}, {"51", 82}, {"92", 38}, {"93", 52}, {"96", 30}, {"4F", 18}};
  for (const auto& [cid2, size] : shortest) {
    const bool has_selector = cid2 != "51" && cid2 != "4F";
    const Reply reply = ask(request_of("200246" + cid2 + (has_selector ? "E00202" : "0000")));
    EXPECT_GE(reply.bytes.size(), size) << cid2;
  }
}

bms_report_t report_with_4_cells() {
  bms_report_t report = sample_report();
  set_cells_mV(report, {3300, 3310, 3305, 3290});
  set_ntcs_ddegC(report, {260, 250, BMS_NTC_INVALID_DDEGC});
  report.current_mA = 100;
  return report;
}

// After flag and address: counts and levels of cells and sensors, three levels, five status bytes.
std::string alarms_of(const bms_report_t& report) {
  return info_of(reply_to("~20024644E00202FD31", report)).substr(4);
}

TEST(PylontechRs485, alarm_levels_point_at_the_readings_that_are_out_of_range) {
  bms_report_t report = report_with_4_cells();
  report.protections = BMS_RULE_BIT(BMS_RULE_CELL_OV) | BMS_RULE_BIT(BMS_RULE_UTC);
  report.warnings = BMS_RULE_BIT(BMS_RULE_CELL_UV) | BMS_RULE_BIT(BMS_RULE_OTD);
  EXPECT_EQ(alarms_of(report),
            "04"
            "00020001"
            "03"
            "0201F0"
            "000000"
            "000E000000"
            "00");
  report.protections = BMS_RULE_BIT(BMS_RULE_PACK_OV) | BMS_RULE_BIT(BMS_RULE_OCC);
  report.warnings = 0;
  EXPECT_EQ(alarms_of(report),
            "04"
            "00000000"
            "03"
            "0000F0"
            "020200"
            "050E000000"
            "00");
  report.protections = BMS_RULE_BIT(BMS_RULE_PACK_UV) | BMS_RULE_BIT(BMS_RULE_SCD);
  EXPECT_EQ(alarms_of(report),
            "04"
            "00000000"
            "03"
            "0000F0"
            "000102"
            "900E000000"
            "00");
}

TEST(PylontechRs485, each_protection_sets_its_bit_of_status_1_and_warnings_set_none) {
  const std::vector<std::pair<bms_rule_t, const char*>> expected{{BMS_RULE_CELL_OV, "00"},
                                                                 {BMS_RULE_CELL_UV, "02"},
                                                                 {BMS_RULE_PACK_OV, "01"},
                                                                 {BMS_RULE_PACK_UV, "80"},
                                                                 {BMS_RULE_OCC, "04"},
                                                                 {BMS_RULE_OCD, "10"},
                                                                 {BMS_RULE_OCD2, "10"},
                                                                 {BMS_RULE_SCD, "10"},
                                                                 {BMS_RULE_OTC, "40"},
                                                                 {BMS_RULE_OTD, "20"},
                                                                 {BMS_RULE_UTC, "00"},
                                                                 {BMS_RULE_UTD, "00"},
                                                                 {BMS_RULE_CELL_FAILURE_HIGH, "00"},
                                                                 {BMS_RULE_CELL_FAILURE_LOW, "00"},
                                                                 {BMS_RULE_CELL_ZERO, "00"},
                                                                 {BMS_RULE_SPREAD, "00"},
                                                                 {BMS_RULE_SPREAD_FAILURE, "00"},
                                                                 {BMS_RULE_T_SPREAD, "00"},
                                                                 {BMS_RULE_MOSFET_OT, "00"},
                                                                 {BMS_RULE_INSULATION, "00"},
                                                                 {BMS_RULE_SOC_LOW, "00"}};
  ASSERT_EQ(expected.size(), std::size_t{BMS_RULE_COUNT});
  for (const auto& [rule, status] : expected) {
    bms_report_t report = report_with_4_cells();
    report.protections = BMS_RULE_BIT(rule);
    EXPECT_EQ(alarms_of(report).substr(24, 2), status) << rule;
    report.protections = 0;
    report.warnings = BMS_RULE_BIT(rule);
    EXPECT_EQ(alarms_of(report).substr(24, 2), "00") << rule;
  }
}

TEST(PylontechRs485, status_2_to_5_tell_switches_current_full_charge_and_broken_cells) {
  bms_report_t report = report_with_4_cells();
  report.is_charge_allowed = false;
  EXPECT_EQ(alarms_of(report).substr(26),
            "0C"
            "00"
            "0000"
            "00");
  report.is_discharge_allowed = false;
  report.current_mA = 101;
  EXPECT_EQ(alarms_of(report).substr(26),
            "08"
            "80"
            "0000"
            "00");
  report.current_mA = -101;
  report.soc_permille = 1000;
  EXPECT_EQ(alarms_of(report).substr(26),
            "08"
            "48"
            "0000"
            "00");

  report = sample_report();
  report.cell_count = 20;
  std::fill_n(report.cell_mV, 20, std::uint16_t{3300});
  report.cell_mV[0] = 4201;
  report.cell_mV[7] = 999;
  report.cell_mV[8] = 0;
  report.cell_mV[15] = 5000;
  report.cell_mV[1] = 4200;
  report.cell_mV[2] = 1000;
  report.cell_mV[19] = 0;  // beyond what the two bytes can tell
  const std::string alarms = alarms_of(report);
  EXPECT_EQ(alarms.substr(alarms.size() - 6),
            "81"
            "81"
            "00");
}

TEST(PylontechRs485, each_rule_sets_one_bit_of_the_system_alarms) {
  const struct {
    bms_rule_t rule;
    unsigned alarms, protections;
  } expected[] = {{BMS_RULE_CELL_OV, 0x0020, 0x0020},
                  {BMS_RULE_CELL_UV, 0x0010, 0x0010},
                  {BMS_RULE_PACK_OV, 0x0080, 0x0080},
                  {BMS_RULE_PACK_UV, 0x0040, 0x0040},
                  {BMS_RULE_OCC, 0x4000, 0x4000},
                  {BMS_RULE_OCD, 0x2000, 0x2000},
                  {BMS_RULE_OCD2, 0x2000, 0x2000},
                  {BMS_RULE_SCD, 0x2000, 0x2000},
                  {BMS_RULE_OTC, 0x0008, 0x0008},
                  {BMS_RULE_OTD, 0x0008, 0x0008},
                  {BMS_RULE_UTC, 0x0004, 0x0004},
                  {BMS_RULE_UTD, 0x0004, 0x0004},
                  {BMS_RULE_CELL_FAILURE_HIGH, 0, 0x0800},
                  {BMS_RULE_CELL_FAILURE_LOW, 0, 0x0800},
                  {BMS_RULE_CELL_ZERO, 0, 0x0800},
                  {BMS_RULE_SPREAD, 0x0001, 0},
                  {BMS_RULE_SPREAD_FAILURE, 0, 0x0800},
                  {BMS_RULE_T_SPREAD, 0x8000, 0},
                  {BMS_RULE_MOSFET_OT, 0x0002, 0x0002},
                  {BMS_RULE_INSULATION, 0, 0x0800},
                  {BMS_RULE_SOC_LOW, 0, 0}};
  ASSERT_EQ(std::size(expected), std::size_t{BMS_RULE_COUNT});
  for (const auto& [rule, alarms, protections] : expected) {
    bms_report_t report = sample_report();
    report.protections = BMS_RULE_BIT(rule);
    BatteryView view = decode(ask_62, reply_to("~200246620000FDAA", report));
    EXPECT_EQ(view.protections.value(), protections) << rule;
    EXPECT_EQ(view.warnings.value(), 0U) << rule;
    report.protections = 0;
    report.warnings = BMS_RULE_BIT(rule);
    view = decode(ask_62, reply_to("~200246620000FDAA", report));
    EXPECT_EQ(view.protections.value(), 0U) << rule;
    EXPECT_EQ(view.warnings.value(), alarms) << rule;
  }
}

TEST(PylontechRs485, failures_are_an_internal_communication_alarm_and_a_system_fault) {
  bms_report_t report = sample_report();
  report.failures = BMS_FAILURE_BIT(BMS_FAILURE_AFE_SILENT);
  EXPECT_EQ(info_of(reply_to("~200246620000FDAA", report)), "00100000");
  report.is_discharge_allowed = false;
  EXPECT_EQ(info_of(reply_to("~200246620000FDAA", report)), "00100008");
  report.failures = BMS_FAILURE_BIT(BMS_FAILURE_SHUNT);
  EXPECT_EQ(info_of(reply_to("~200246620000FDAA", report)), "00000008");
}

TEST(PylontechRs485, requests_of_the_pack_have_other_bits_in_63_than_in_92) {
  const struct {
    std::uint32_t requests;
    const char *status_63, *status_92;
    bool is_forced, is_full;
  } cases[] = {
      {BMS_REQUEST_FORCE_CHARGE, "60", "60", true, false},
      {BMS_REQUEST_FORCE_CHARGE2, "60", "50", true, false},
      {BMS_REQUEST_FULL_CHARGE, "50", "48", false, true},
      {0, "40", "40", false, false},
  };
  bms_report_t report = sample_report();
  report.is_charge_allowed = false;
  for (const auto& [requests, status_63, status_92, is_forced, is_full] : cases) {
    report.requests = requests;
    const std::string reply_63 = reply_to("~200246630000FDA9", report);
    const std::string reply_92 = reply_to("~20024692E00202FD2E", report);
    EXPECT_EQ(info_of(reply_63).substr(16), status_63);
    EXPECT_EQ(info_of(reply_92).substr(18), status_92);
    for (const BatteryView& view : {decode(ask_63, reply_63), decode(ask_92, reply_92)}) {
      EXPECT_FALSE(view.is_charge_allowed.value());
      EXPECT_TRUE(view.is_discharge_allowed.value());
      EXPECT_EQ(view.is_charge_forced.value(), is_forced);
      EXPECT_EQ(view.is_full_charge_requested.value(), is_full);
    }
  }
}

TEST(PylontechRs485, discharge_limit_counts_by_its_magnitude) {
  // the end of a 0x63 of a Seplos pack, F8F8 = -180.0 A (SIG); CHKSUM by hand
  const std::string reply = request_of("20024600D012E100A280017CF8F8C0");
  EXPECT_DOUBLE_EQ(decode(ask_63, reply).dcl_A.value(), 180.0);
}

TEST(PylontechRs485, sensors_that_cannot_be_read_are_minus_150_degC_and_not_in_the_mean) {
  bms_report_t report = sample_report();
  set_ntcs_ddegC(report, {250, BMS_NTC_INVALID_DDEGC, 260});
  EXPECT_EQ(decode(ask_42, reply_to("~20024642E00202FD33", report)).ntc_degC,
            (std::vector<double>{25.0, -150.0, 26.0}));
  const std::string system = reply_to("~200246610000FDAB", report);
  EXPECT_DOUBLE_EQ(decode(ask_61, system).T_degC.value(), 25.5);
  EXPECT_EQ(info_of(system).substr(38, 20),
            "0BAA"
            "0BAF0003"
            "0BA50001");
  set_ntcs_ddegC(report, {BMS_NTC_INVALID_DDEGC});
  EXPECT_DOUBLE_EQ(decode(ask_61, reply_to("~200246610000FDAB", report)).T_degC.value(), -150.0);
}

TEST(PylontechRs485, capacity_moves_to_24_bits_above_65_Ah) {
  bms_report_t report = sample_report();
  for (const auto& [full_mAh, items] : std::vector<std::pair<std::uint32_t, std::string>>{
           {65'000, "02"}, {65'001, "04"}, {280'000, "04"}}) {
    report.full_mAh = full_mAh;
    report.remaining_mAh = full_mAh / 2;
    const std::string reply = reply_to("~20024642E00202FD33", report);
    EXPECT_EQ(info_of(reply).substr(100, 2), items) << full_mAh;
    EXPECT_NEAR(decode(ask_42, reply).full_Ah.value(), full_mAh / 1000.0, 1e-9);
    EXPECT_NEAR(decode(ask_42, reply).remaining_Ah.value(), report.remaining_mAh / 1000.0, 1e-9);
  }
}

TEST(PylontechRs485, capacity_saturates_at_24_bits) {
  bms_report_t report = sample_report();
  report.remaining_mAh = 0x1'000'000;
  report.full_mAh = 0x1'000'001;
  const BatteryView view = decode(ask_42, reply_to("~20024642E00202FD33", report));
  EXPECT_DOUBLE_EQ(view.remaining_Ah.value(), 16777.215);
  EXPECT_DOUBLE_EQ(view.full_Ah.value(), 16777.215);
}

TEST(PylontechRs485, the_first_of_equal_readings_is_the_highest_and_the_lowest) {
  bms_report_t report = sample_report();
  set_cells_mV(report, {3300, 3310, 3310, 3300});
  set_ntcs_ddegC(report, {BMS_NTC_INVALID_DDEGC, 250, 250});
  const std::string info = info_of(reply_to("~200246610000FDAB", report));
  EXPECT_EQ(info.substr(22, 16),
            "0CEE0002"
            "0CE40001");
  EXPECT_EQ(info.substr(42, 16),
            "0BA50002"
            "0BA50002");
}

TEST(PylontechRs485, positive_current_charges) {
  bms_report_t report = sample_report();
  report.current_mA = 12'340;
  EXPECT_DOUBLE_EQ(decode(ask_61, reply_to("~200246610000FDAB", report)).current_A.value(), 12.34);
  EXPECT_DOUBLE_EQ(decode(ask_42, reply_to("~20024642E00202FD33", report)).current_A.value(), 12.3);
  report.current_mA = -12'340;
  EXPECT_DOUBLE_EQ(decode(ask_61, reply_to("~200246610000FDAB", report)).current_A.value(), -12.34);
  EXPECT_DOUBLE_EQ(decode(ask_42, reply_to("~20024642E00202FD33", report)).current_A.value(),
                   -12.3);
}

BatteryView decode_answers(const bms_report_t& report, const BatteryIdentity& identity = {}) {
  BatteryView view;
  for (std::size_t i = 0; i < rs485().request_count; ++i) {
    const Bytes request = rs485().encode_request(i, identity.serial_address);
    const Reply reply = rs485().respond(request, report, identity);
    EXPECT_EQ(reply.kind, ReplyKind::answer);
    EXPECT_TRUE(rs485().decode_reply(i, reply.bytes, {}, view)) << i;
  }
  return view;
}

TEST(PylontechRs485, decoding_gives_back_the_report_within_its_resolution) {
  bms_report_t report = sample_report();
  for (std::int32_t step = -40; step <= 40; ++step) {
    report.cell_count = static_cast<std::uint8_t>(1 + (step + 40) % BMS_MAX_CELLS);
    report.ntc_count = static_cast<std::uint8_t>(1 + (step + 40) % BMS_MAX_NTCS);
    for (std::size_t i = 0; i < BMS_MAX_CELLS; ++i) {
      report.cell_mV[i] = static_cast<std::uint16_t>(3'300 + step * 7 + static_cast<int>(i));
    }
    std::fill_n(report.ntc_ddegC, BMS_MAX_NTCS, static_cast<std::int16_t>(step * 17));
    report.current_mA = step * 4'937;
    report.pack_mV = static_cast<std::uint32_t>(48'000 + step * 197);
    report.soc_permille = static_cast<std::uint16_t>(500 + step * 12);
    report.soh_permille = static_cast<std::uint16_t>(900 - step);
    report.remaining_mAh = report.full_mAh * report.soc_permille / 1000;
    report.ccl_mA = static_cast<std::uint32_t>(100'000 + step * 2'345);
    report.dcl_mA = static_cast<std::uint32_t>(100'000 - step * 2'345);
    const BatteryView view = decode_answers(report);
    constexpr double kSlack = 1e-9;
    ASSERT_EQ(view.cell_V.size(), report.cell_count);
    for (std::size_t i = 0; i < report.cell_count; ++i) {
      EXPECT_NEAR(view.cell_V[i], report.cell_mV[i] / 1000.0, kSlack);
    }
    EXPECT_EQ(view.ntc_degC.size(), report.ntc_count);
    EXPECT_NEAR(view.ntc_degC[0], step * 1.7, kSlack);
    EXPECT_NEAR(view.T_degC.value(), step * 1.7, kSlack);
    EXPECT_NEAR(view.current_A.value(), report.current_mA / 1000.0, 0.05 + kSlack);
    EXPECT_NEAR(view.pack_V.value(), report.pack_mV / 1000.0, kSlack);
    EXPECT_NEAR(view.soc.value(), report.soc_permille / 1000.0, 0.001);  // from 0x42
    EXPECT_NEAR(view.soh.value(), report.soh_permille / 1000.0, 0.005 + kSlack);
    EXPECT_NEAR(view.cvl_V.value(), report.cvl_mV / 1000.0, kSlack);
    EXPECT_NEAR(view.discharge_voltage_limit_V.value(), report.discharge_voltage_limit_mV / 1000.0,
                kSlack);
    EXPECT_LE(view.ccl_A.value(), report.ccl_mA / 1000.0 + kSlack);
    EXPECT_GT(view.ccl_A.value(), report.ccl_mA / 1000.0 - 0.1);
    EXPECT_LE(view.dcl_A.value(), report.dcl_mA / 1000.0 + kSlack);
    EXPECT_GT(view.dcl_A.value(), report.dcl_mA / 1000.0 - 0.1);
    EXPECT_EQ(view.cycle_count.value(), report.cycle_count);
  }
}

TEST(PylontechRs485, numbers_saturate) {
  for (const bool is_negative : {false, true}) {
    const bms_report_t report = extreme_report(is_negative);
    const BatteryView analog = decode(ask_42, reply_to("~20024642E00202FD33", report));
    EXPECT_EQ(analog.cell_V.size(), std::size_t{BMS_MAX_CELLS});
    EXPECT_EQ(analog.ntc_degC.size(), std::size_t{BMS_MAX_NTCS});
    EXPECT_DOUBLE_EQ(analog.current_A.value(), is_negative ? -3276.8 : 3276.7);
    EXPECT_DOUBLE_EQ(analog.pack_V.value(), 65.535);
    EXPECT_DOUBLE_EQ(analog.full_Ah.value(), 16777.215);
    EXPECT_DOUBLE_EQ(analog.ntc_degC[0], is_negative ? -273.1 : 3276.7);

    const BatteryView system = decode(ask_61, reply_to("~200246610000FDAB", report));
    EXPECT_DOUBLE_EQ(system.current_A.value(), is_negative ? -327.68 : 327.67);
    EXPECT_DOUBLE_EQ(system.soc.value(), 1.0);
    EXPECT_DOUBLE_EQ(system.soh.value(), 1.0);

    for (const BatteryView& limits : {decode(ask_63, reply_to("~200246630000FDA9", report)),
                                      decode(ask_92, reply_to("~20024692E00202FD2E", report))}) {
      EXPECT_DOUBLE_EQ(limits.cvl_V.value(), 65.535);
      EXPECT_DOUBLE_EQ(limits.ccl_A.value(), 3276.7);
      EXPECT_NEAR(limits.dcl_A.value(), 3276.7, 0.11);  // 0x92 reaches -3276.8
    }
  }
}

TEST(PylontechRs485, text_is_cut_padded_and_printable) {
  BatteryIdentity identity;
  identity.manufacturer = "A manufacturer with a long name";
  identity.device_name =
      "US\x07"
      "5000-with-options";
  const BatteryView view = decode_answers(sample_report(), identity);
  EXPECT_EQ(view.manufacturer.value(), "A manufacturer with");
  EXPECT_EQ(view.device_name.value(), "US?5000-wi");
  identity.barcode = "SHORT";
  EXPECT_EQ(info_of(reply_to("~20024693E00202FD2D", sample_report(), identity)),
            "02"
            "53484F5254"
            "0000000000000000000000");
}

}  // namespace
}  // namespace doppelpack::can_emulator::pylontech_rs485_contents_test
