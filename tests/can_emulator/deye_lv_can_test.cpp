// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Deye's own CAN. Nobody published a capture: every vector is worked out by hand from the tables of
// "PCS CAN-Bus-protocol-DY-low-voltage V3.3", a single source.

#include <gtest/gtest.h>

#include "can_protocol_bench.hpp"

namespace doppelpack::can_emulator::deye_lv_can_test {
namespace {

const CanProtocol& deye() {
  return *find_can_protocol("deye-lv-can");
}
std::string sent(std::uint32_t id, const bms_report_t& report,
                 const BatteryIdentity& identity = {}) {
  return text_of(encode(deye(), id, report, identity).value());
}
std::string text(std::uint32_t id, const std::vector<int>& bytes) {
  return text_of(frame_of(id, bytes));
}

TEST(DeyeLvCan, positive_current_discharges_on_the_wire) {
  bms_report_t report = sample_report();
  report.pack_mV = 53'250;
  report.current_mA = -45'600;
  set_ntcs_ddegC(report, {253});
  EXPECT_EQ(sent(0x356, report), text(0x356, {0xCD, 0x14, 0xC8, 0x01, 0xFD, 0x00, 0, 0}));
  EXPECT_DOUBLE_EQ(decode_every(deye(), report).current_A.value(), -45.6);
  report.current_mA = INT32_MIN;
  EXPECT_DOUBLE_EQ(decode_every(deye(), report).current_A.value(), -3276.7);
}

TEST(DeyeLvCan, alarms_have_a_map_of_their_own) {
  const std::pair<bms_rule_t, std::uint16_t> rules[]{
      {BMS_RULE_CELL_OV, 1},        {BMS_RULE_CELL_UV, 2},    {BMS_RULE_PACK_OV, 4},
      {BMS_RULE_PACK_UV, 8},        {BMS_RULE_OCC, 0x10},     {BMS_RULE_OCD, 0x20},
      {BMS_RULE_OTC, 0x40},         {BMS_RULE_UTC, 0x80},     {BMS_RULE_OTD, 0x100},
      {BMS_RULE_UTD, 0x200},        {BMS_RULE_SPREAD, 0x400}, {BMS_RULE_T_SPREAD, 0x800},
      {BMS_RULE_MOSFET_OT, 0x1000},
  };
  for (const auto& [rule, bits] : rules) {
    bms_report_t report = sample_report();
    report.protections = BMS_RULE_BIT(rule);
    EXPECT_EQ(decode_every(deye(), report).protections.value(), bits) << rule;
    report.warnings = BMS_RULE_BIT(rule);
    EXPECT_EQ(decode_every(deye(), report).warnings.value(), bits) << rule;
  }
  bms_report_t report = sample_report();
  report.protections = BMS_RULE_BIT(BMS_RULE_SCD);
  report.failures = BMS_FAILURE_BIT(BMS_FAILURE_NVM) | BMS_FAILURE_BIT(BMS_FAILURE_SENSE_WIRE);
  EXPECT_EQ(sent(0x359, report), text(0x359, {0, 0, 0x10, 0x10, 0, 0, 0x20, 0}));
}

TEST(DeyeLvCan, limits_differ_on_and_off_the_grid_only_in_their_frame) {
  bms_report_t report = sample_report();
  EXPECT_EQ(sent(0x371, report), text(0x371, {0xF4, 0x01, 0x20, 0x03, 0, 0, 0, 0}));
  EXPECT_EQ(sent(0x351, report), text(0x351, {0x28, 0x02, 0xF4, 0x01, 0x20, 0x03, 0xE0, 0x01}));
  const BatteryView view = decode_every(deye(), report);
  EXPECT_DOUBLE_EQ(view.ccl_A.value(), 50.0);
  EXPECT_DOUBLE_EQ(view.dcl_A.value(), 80.0);
}

TEST(DeyeLvCan, the_name_carries_the_number_of_packs_and_the_capacity) {
  BatteryIdentity identity;
  identity.manufacturer = "DY";
  identity.module_count = 12;
  EXPECT_EQ(sent(0x35E, sample_report(), identity),
            text(0x35E, {'D', 'Y', '0', '1', '2', 0, 0xF4, 0x01}));
  const BatteryView view = decode_every(deye(), sample_report(), identity);
  EXPECT_EQ(view.manufacturer.value(), "DY");
  EXPECT_DOUBLE_EQ(view.full_Ah.value(), 50.0);
}

TEST(DeyeLvCan, modules_extremes_and_requests) {
  bms_report_t report = sample_report();
  report.is_charge_allowed = false;
  report.requests = BMS_REQUEST_FULL_CHARGE;
  EXPECT_EQ(sent(0x364, report), text(0x364, {0, 1, 0, 0, 1, 0, 0, 0}));
  EXPECT_EQ(sent(0x35C, report), text(0x35C, {0x48, 0, 0, 0, 0, 0, 0, 0}));
  EXPECT_EQ(sent(0x361, report), text(0x361, {0x22, 0x0D, 0x1F, 0x0D, 0x22, 0x01, 0x04, 0x01}));
  const BatteryView view = decode_every(deye(), report);
  EXPECT_FALSE(view.is_charge_allowed.value());
  EXPECT_DOUBLE_EQ(view.coldest_degC.value(), 26.0);
  EXPECT_DOUBLE_EQ(view.soc.value(), 0.71);
  EXPECT_EQ(view.module_count.value(), 1U);
}

TEST(DeyeLvCan, L38_computed_its_heartbeat_carries_a_clock) {
  EXPECT_TRUE(deye().is_from_inverter(frame_of(0x305, {0x1E, 0x2D, 0x0D, 0x1F, 0x0C, 0x1A, 0, 0})));
  EXPECT_FALSE(deye().is_from_inverter(frame_of(0x306, {0})));
}

TEST(DeyeLvCan, random_frames_are_taken_wholly_or_not_at_all) {
  EXPECT_GT(count_taken_of_random_frames(deye(),
                                         {0x351, 0x355, 0x356, 0x359, 0x35C, 0x35E, 0x361, 0x364}),
            3'000);
}

}  // namespace
}  // namespace doppelpack::can_emulator::deye_lv_can_test
