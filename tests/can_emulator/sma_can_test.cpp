// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Vectors V1 to V39 of SMA and Victron, in both directions where the report can say it. Sources as in
// can_emulator/protocols/sma_can.cpp; "computed" means by hand from the document.

#include <gtest/gtest.h>

#include "can_protocol_bench.hpp"

namespace doppelpack::can_emulator::sma_can_test {
namespace {

const CanProtocol& sma() {
  return *find_can_protocol("sma-can");
}
BatteryIdentity dialect(const std::vector<std::pair<std::string_view, std::string_view>>& wanted) {
  return identity_with(choices_of(sma(), wanted));
}
std::string sent(std::uint32_t id, const bms_report_t& report, const BatteryIdentity& identity) {
  return text_of(encode(sma(), id, report, identity).value());
}

TEST(SmaCan, V1_DFCH_V9_PYT_V18_SIG_limits) {
  struct Vector {
    std::vector<int> bytes;
    std::uint32_t cvl_mV, ccl_mA, dcl_mA, dvl_mV;
  };
  const Vector vectors[]{
      {{0x48, 0x02, 0x00, 0x05, 0x00, 0x05, 0xAE, 0x01}, 58'400, 128'000, 128'000, 43'000},
      {{0x38, 0x02, 0xE8, 0x03, 0xE8, 0x03, 0xC7, 0x01}, 56'800, 100'000, 100'000, 45'500},
      {{0x40, 0x02, 0x08, 0x07, 0x08, 0x07, 0x00, 0x02}, 57'600, 180'000, 180'000, 51'200},
  };
  for (const Vector& vector : vectors) {
    bms_report_t report = sample_report();
    report.cvl_mV = vector.cvl_mV;
    report.ccl_mA = vector.ccl_mA;
    report.dcl_mA = vector.dcl_mA;
    report.discharge_voltage_limit_mV = vector.dvl_mV;
    const CanFrame frame = frame_of(0x351, vector.bytes);
    EXPECT_EQ(sent(0x351, report, {}), text_of(frame));
    const BatteryView view = decode(sma(), frame);
    EXPECT_DOUBLE_EQ(view.cvl_V.value(), vector.cvl_mV / 1000.0);
    EXPECT_DOUBLE_EQ(view.ccl_A.value(), vector.ccl_mA / 1000.0);
    EXPECT_DOUBLE_EQ(view.dcl_A.value(), vector.dcl_mA / 1000.0);
    EXPECT_DOUBLE_EQ(view.discharge_voltage_limit_V.value(), vector.dvl_mV / 1000.0);
  }
}

TEST(SmaCan, V2_DFCH_V10_PYT_measurements) {
  bms_report_t report = sample_report();
  report.pack_mV = 53'100;
  report.current_mA = -700;
  set_ntcs_ddegC(report, {140});
  EXPECT_EQ(sent(0x356, report, dialect({{"frame_length", "all8"}})),
            text_of(frame_of(0x356, {0xBE, 0x14, 0xF9, 0xFF, 0x8C, 0x00, 0x00, 0x00})));
  report.pack_mV = 52'620;
  set_ntcs_ddegC(report, {180});
  const CanFrame frame = frame_of(0x356, {0x8E, 0x14, 0xF9, 0xFF, 0xB4, 0x00});
  EXPECT_EQ(sent(0x356, report, {}), text_of(frame));
  const BatteryView view = decode(sma(), frame);
  EXPECT_DOUBLE_EQ(view.pack_V.value(), 52.62);
  EXPECT_DOUBLE_EQ(view.current_A.value(), -0.7);
  EXPECT_DOUBLE_EQ(view.T_degC.value(), 18.0);
}

TEST(SmaCan, V15_SIG_V35_computed_state_of_charge_in_hundredths) {
  bms_report_t report = sample_report();
  report.soc_permille = 987;
  report.soh_permille = 1000;
  const CanFrame frame = frame_of(0x355, {0x63, 0x00, 0x64, 0x00, 0x8E, 0x26});
  EXPECT_EQ(sent(0x355, report, {}), text_of(frame));
  EXPECT_DOUBLE_EQ(decode(sma(), frame).soc.value(), 0.987);
  // 73.42 %: finer than a report is, so only decoded
  const CanFrame finer = frame_of(0x355, {0x49, 0x00, 0x63, 0x00, 0xAE, 0x1C});
  EXPECT_DOUBLE_EQ(decode(sma(), finer).soc.value(), 0.7342);
  const Choices plain = choices_of(sma(), {{"state_of_charge", "plain"}});
  EXPECT_DOUBLE_EQ(decode(sma(), finer, plain).soc.value(), 0.73);
  EXPECT_EQ(sent(0x355, report, identity_with(plain)),
            text_of(frame_of(0x355, {0x63, 0x00, 0x64, 0x00})));
}

TEST(SmaCan, V3_V11_V16_V20_healthy_packs_differ_in_what_they_support) {
  const std::pair<std::string_view, std::vector<int>> styles[]{
      {"all", {0xAA, 0xAA, 0xAA, 0xAA, 0xAA, 0xAA, 0xAA, 0xAA}},         // V3 BYD, DFCH
      {"silent", {0, 0, 0, 0, 0, 0, 0, 0}},                              // V11 Pytes, PYT
      {"jk", {0xA8, 0xA8, 0x02, 0x00, 0xA8, 0xA8, 0x02, 0x02}},          // V16 JK, SIG
      {"documented", {0xAA, 0xAA, 0xAA, 0x02, 0xAA, 0xAA, 0xAA, 0x02}},  // V20 Seplos, SIG
  };
  for (const auto& [style, bytes] : styles) {
    const CanFrame frame = frame_of(0x35A, bytes);
    EXPECT_EQ(sent(0x35A, sample_report(), dialect({{"pairs", style}})), text_of(frame));
    EXPECT_EQ(decode(sma(), frame).protections.value(), 0U) << style;
    EXPECT_EQ(decode(sma(), frame).warnings.value(), 0U) << style;
  }
}

TEST(SmaCan, V23_to_V34_computed_alarms_and_warnings) {
  struct Vector {
    const char* name;
    std::uint32_t protections, warnings;
    std::uint64_t failures;
    std::vector<int> bytes;
  };
  constexpr auto rule = [](int number) { return BMS_RULE_BIT(number); };
  const Vector vectors[]{
      {"V23 general", rule(BMS_RULE_CELL_ZERO), 0, 0, {0xA9, 0xAA, 0xAA, 2, 0xAA, 0xAA, 0xAA, 2}},
      {"V24", rule(BMS_RULE_CELL_OV), 0, 0, {0xA6, 0xAA, 0xAA, 2, 0xAA, 0xAA, 0xAA, 2}},
      {"V25", rule(BMS_RULE_PACK_UV), 0, 0, {0x9A, 0xAA, 0xAA, 2, 0xAA, 0xAA, 0xAA, 2}},
      {"V26", rule(BMS_RULE_OTD), 0, 0, {0x6A, 0xAA, 0xAA, 2, 0xAA, 0xAA, 0xAA, 2}},
      {"V27", rule(BMS_RULE_UTD), 0, 0, {0xAA, 0xA9, 0xAA, 2, 0xAA, 0xAA, 0xAA, 2}},
      {"V28", rule(BMS_RULE_UTC), 0, 0, {0xAA, 0x9A, 0xAA, 2, 0xAA, 0xAA, 0xAA, 2}},
      {"V29", rule(BMS_RULE_OCD), 0, 0, {0xAA, 0x6A, 0xAA, 2, 0xAA, 0xAA, 0xAA, 2}},
      {"V30", rule(BMS_RULE_OCC), 0, 0, {0xAA, 0xAA, 0xA9, 2, 0xAA, 0xAA, 0xAA, 2}},
      {"V31", rule(BMS_RULE_SCD), 0, 0, {0xAA, 0xAA, 0x9A, 2, 0xAA, 0xAA, 0xAA, 2}},
      {"V32",
       0,
       0,
       BMS_FAILURE_BIT(BMS_FAILURE_AFE_SILENT),
       {0xAA, 0xAA, 0x6A, 2, 0xAA, 0xAA, 0xAA, 2}},
      {"contactor, by hand",
       0,
       0,
       BMS_FAILURE_BIT(BMS_FAILURE_MAIN_1_WELDED),
       {0xAA, 0xAA, 0xA6, 2, 0xAA, 0xAA, 0xAA, 2}},
      {"V33", 0, rule(BMS_RULE_OTD), 0, {0xAA, 0xAA, 0xAA, 2, 0x6A, 0xAA, 0xAA, 2}},
      {"V34", 0, rule(BMS_RULE_SPREAD), 0, {0xAA, 0xAA, 0xAA, 2, 0xAA, 0xAA, 0xAA, 1}},
  };
  for (const Vector& vector : vectors) {
    SCOPED_TRACE(vector.name);
    bms_report_t report = sample_report();
    report.protections = vector.protections;
    report.warnings = vector.warnings;
    report.failures = vector.failures;
    report.is_charge_allowed = vector.failures == 0;
    const CanFrame frame = frame_of(0x35A, vector.bytes);
    EXPECT_EQ(sent(0x35A, report, {}), text_of(frame));
    const BatteryView view = decode(sma(), frame);
    EXPECT_EQ(view.protections.value() != 0, vector.warnings == 0);
    EXPECT_EQ(view.warnings.value() != 0, vector.warnings != 0);
  }
}

TEST(SmaCan, a_failure_the_pack_lives_with_is_a_warning) {
  bms_report_t report = sample_report();
  report.failures = BMS_FAILURE_BIT(BMS_FAILURE_NTC_BROKEN);
  EXPECT_EQ(sent(0x35A, report, {}),
            text_of(frame_of(0x35A, {0xAA, 0xAA, 0xAA, 0x02, 0xAA, 0xAA, 0x6A, 0x02})));
}

TEST(SmaCan, V4_DFCH_V12_PYT_V22_SIG_battery_type) {
  bms_report_t report = sample_report();
  BatteryIdentity identity = dialect({{"battery_type", "Li"}});
  identity.version_major = 0x01;
  identity.version_minor = 0x17;
  report.full_mAh = 105'000;
  CanFrame frame = frame_of(0x35F, {0x4C, 0x69, 0x01, 0x17, 0x69, 0x00, 0x00, 0x00});
  EXPECT_EQ(sent(0x35F, report, identity), text_of(frame));
  EXPECT_DOUBLE_EQ(decode(sma(), frame).full_Ah.value(), 105.0);

  identity.can_choices = choices_of(sma(), {{"battery_type", "pytes"}});
  identity.version_major = 0x6E;
  identity.version_minor = 0x01;
  report.full_mAh = 50'000;
  frame = frame_of(0x35F, {0x01, 0x00, 0x6E, 0x01, 0x32, 0x00});
  EXPECT_EQ(sent(0x35F, report, identity), text_of(frame));
  EXPECT_DOUBLE_EQ(decode(sma(), frame).full_Ah.value(), 50.0);

  identity.can_choices = choices_of(sma(), {{"battery_type", "none"}});
  identity.version_major = 0x00;
  report.full_mAh = 290'000;
  frame = frame_of(0x35F, {0x00, 0x00, 0x00, 0x01, 0x22, 0x01, 0x00, 0x00});
  EXPECT_EQ(sent(0x35F, report, identity), text_of(frame));
  EXPECT_DOUBLE_EQ(decode(sma(), frame).full_Ah.value(), 290.0);
}

TEST(SmaCan, V21_SIG_manufacturer) {
  BatteryIdentity identity;
  identity.manufacturer = "SMA";
  const CanFrame frame = frame_of(0x35E, {0x53, 0x4D, 0x41, 0x20, 0x20, 0x20, 0x20, 0x20});
  EXPECT_EQ(sent(0x35E, sample_report(), identity), text_of(frame));
  EXPECT_EQ(decode(sma(), frame).manufacturer.value(), "SMA");
  EXPECT_EQ(decode(sma(), frame_of(0x35E, {'P', 'Y', 'T', 'E', 'S'})).manufacturer.value(),
            "PYTES");  // PYT: no padding
}

TEST(SmaCan, values_out_of_range_and_missing_sensors_are_invalid) {
  bms_report_t report = extreme_report(false);
  set_ntcs_ddegC(report, {BMS_NTC_INVALID_DDEGC});
  const BatteryView view = decode_every(sma(), report);
  EXPECT_FALSE(view.cvl_V.has_value());
  EXPECT_FALSE(view.discharge_voltage_limit_V.has_value());
  EXPECT_FALSE(view.T_degC.has_value());
  EXPECT_DOUBLE_EQ(view.ccl_A.value(), 3276.7);
  EXPECT_DOUBLE_EQ(view.pack_V.value(), 327.67);
  EXPECT_DOUBLE_EQ(view.soc.value(), 1.0);
}

TEST(SmaCan, sends_the_identifiers_of_the_document_only_and_not_faster_than_every_200_ms) {
  const std::vector<std::uint32_t> expected{0x351, 0x355, 0x356, 0x35A, 0x35E, 0x35F};
  std::vector<std::uint32_t> ids;
  for (const CanFrame& frame : encode_every(sma(), sample_report())) ids.push_back(frame.id);
  EXPECT_EQ(ids, expected);
  EXPECT_EQ(sma().bit_rate_Hz, 500'000U);
  for (const PeriodicFrame& periodic : sma().periodic) {
    EXPECT_EQ(periodic.period_ms, 1000U);
  }
}

TEST(SmaCan, V37_V38_V39_frames_of_the_inverter_keep_its_watchdog_calm) {
  EXPECT_TRUE(
      sma().is_from_inverter(frame_of(0x305, {0x09, 0x02, 0x84, 0xFF, 0xE1, 0x00, 0xDE, 0x02})));
  EXPECT_TRUE(
      sma().is_from_inverter(frame_of(0x306, {0x63, 0x00, 0x0A, 0x01, 0x00, 0x00, 0x30, 0x02})));
  EXPECT_TRUE(
      sma().is_from_inverter(frame_of(0x307, {0x12, 0x34, 0x56, 0x78, 0x56, 0x49, 0x43, 0x00})));
  EXPECT_FALSE(sma().is_from_inverter(frame_of(0x308, {})));
  EXPECT_FALSE(sma().is_from_inverter(frame_of(0x304, {})));
  EXPECT_TRUE(sma().is_from_inverter(sma().encode_heartbeat()));
  EXPECT_EQ(sma().heartbeat_period_ms, 1000U);
}

TEST(SmaCan, random_frames_are_taken_wholly_or_not_at_all) {
  EXPECT_GT(count_taken_of_random_frames(sma(), {0x351, 0x355, 0x356, 0x35A, 0x35E, 0x35F, 0x360,
                                                 0x372, 0x373, 0x379, 0x382}),
            3'000);
}

}  // namespace
}  // namespace doppelpack::can_emulator::sma_can_test
