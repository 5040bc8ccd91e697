// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The dialects of the Pylontech CAN codec. Vectors and sources as in
// pylontech_lv_can_vectors_test.cpp; a name says which reading was chosen.

#include <gtest/gtest.h>

#include "pylontech_lv_can_bench.hpp"

namespace doppelpack::can_emulator::pylontech_lv_can_dialects_test {
namespace {

using Wanted = std::vector<std::pair<std::string_view, std::string_view>>;

BatteryIdentity dialect(const Wanted& wanted) {
  return identity_with(choices_of(lv_can(), wanted));
}

std::vector<std::uint32_t> ids_sent(const BatteryIdentity& identity) {
  std::vector<std::uint32_t> ids;
  for (const CanFrame& frame : encode_every(lv_can(), sample_report(), identity))
    ids.push_back(frame.id);
  return ids;
}

TEST(PylontechLvCanDialects, v12_sends_the_six_frames_of_the_document_in_their_order) {
  const std::vector<std::uint32_t> expected{0x359, 0x351, 0x355, 0x356, 0x35C, 0x35E};
  EXPECT_EQ(ids_sent({}), expected);
}

TEST(PylontechLvCanDialects, v13_sends_pair_codes_and_type_in_place_of_alarms_and_requests) {
  const std::vector<std::uint32_t> expected{0x35A, 0x351, 0x355, 0x356, 0x35F, 0x35E};
  EXPECT_EQ(ids_sent(dialect({{"frames", "v1.3"}})), expected);
}

TEST(PylontechLvCanDialects, L7_SETF_v13_state_of_charge_has_6_bytes) {
  bms_report_t report = sample_report();
  report.soc_permille = 840;
  report.soh_permille = 960;
  const CanFrame frame = frame_of(0x355, {0x54, 0x00, 0x60, 0x00, 0x00, 0x00});
  EXPECT_EQ(text_of(encode(0x355, report, dialect({{"frames", "v1.3"}}))), text_of(frame));
  EXPECT_DOUBLE_EQ(decode(frame).soc.value(), 0.84);
  EXPECT_DOUBLE_EQ(decode(frame).soh.value(), 0.96);
}

TEST(PylontechLvCanDialects, L9_SETF_v13_nothing_reported) {
  const CanFrame frame = frame_of(0x35A, {0, 0, 0, 0, 0, 0, 0, 0});
  EXPECT_EQ(text_of(encode(0x35A, sample_report(), dialect({{"frames", "v1.3"}}))), text_of(frame));
  EXPECT_EQ(decode(frame).protections.value(), 0U);
  EXPECT_EQ(decode(frame).warnings.value(), 0U);
}

TEST(PylontechLvCanDialects, L10_SETF_v13_battery_type) {
  BatteryIdentity identity = dialect({{"frames", "v1.3"}});
  identity.version_major = 1;
  identity.version_minor = 3;
  bms_report_t report = sample_report();
  report.full_mAh = 572'000;
  const CanFrame frame = frame_of(0x35F, {0x4C, 0x49, 0x01, 0x03, 0x3C, 0x02, 0xAA, 0x00});
  EXPECT_EQ(text_of(encode(0x35F, report, identity)), text_of(frame));
  EXPECT_DOUBLE_EQ(decode(frame).full_Ah.value(), 572.0);
}

TEST(PylontechLvCanDialects, L20_SIG_extremes_highest_first_in_whole_degrees) {
  const BatteryIdentity jk = dialect({{"extremes", "high-first"}});
  bms_report_t report = sample_report();
  set_ntcs_ddegC(report, {300, 290});
  set_cells_mV(report, {3573, 3572, 3571});
  const CanFrame frame = frame_of(0x370, {0x1E, 0x00, 0x1D, 0x00, 0xF5, 0x0D, 0xF3, 0x0D});
  EXPECT_EQ(text_of(encode(0x370, report, jk)), text_of(frame));
  const BatteryView view = decode(lv_can(), frame, jk.can_choices);
  EXPECT_DOUBLE_EQ(view.hottest_degC.value(), 30.0);
  EXPECT_DOUBLE_EQ(view.coldest_degC.value(), 29.0);
  EXPECT_DOUBLE_EQ(view.highest_cell_V.value(), 3.573);
  EXPECT_DOUBLE_EQ(view.lowest_cell_V.value(), 3.571);
}

TEST(PylontechLvCanDialects, L21_SIG_places_of_the_extremes) {
  const BatteryIdentity jk = dialect({{"extremes", "high-first"}});
  bms_report_t report = sample_report();
  set_ntcs_ddegC(report, {295, 295, 290, 300});
  set_cells_mV(report, {3573, 3572, 3571});
  const CanFrame frame = frame_of(0x371, {0x04, 0x00, 0x03, 0x00, 0x01, 0x00, 0x03, 0x00});
  EXPECT_EQ(text_of(encode(0x371, report, jk)), text_of(frame));
  const BatteryView view = decode(lv_can(), frame, jk.can_choices);
  EXPECT_EQ(view.hottest_ntc.value(), 4U);
  EXPECT_EQ(view.coldest_ntc.value(), 3U);
  EXPECT_EQ(view.highest_cell.value(), 1U);
  EXPECT_EQ(view.lowest_cell.value(), 3U);
}

TEST(PylontechLvCanDialects, extremes_may_come_lowest_first_and_in_tenths) {
  const BatteryIdentity shoto =
      dialect({{"extremes", "low-first"}, {"extreme_temperature", "0.1degC"}});
  bms_report_t report = sample_report();
  set_ntcs_ddegC(report, {300, 285});
  set_cells_mV(report, {3400, 3300});
  EXPECT_EQ(text_of(encode(0x370, report, shoto)),
            text_of(frame_of(0x370, {0x1D, 0x01, 0x2C, 0x01, 0xE4, 0x0C, 0x48, 0x0D})));
  const BatteryView view = decode_all(report, shoto);
  EXPECT_DOUBLE_EQ(view.hottest_degC.value(), 30.0);
  EXPECT_DOUBLE_EQ(view.coldest_degC.value(), 28.5);
  EXPECT_DOUBLE_EQ(view.highest_cell_V.value(), 3.4);
  EXPECT_EQ(view.highest_cell.value(), 1U);
  EXPECT_EQ(view.lowest_cell.value(), 2U);
  EXPECT_EQ(view.coldest_ntc.value(), 2U);
}

TEST(PylontechLvCanDialects, extremes_are_refused_where_the_dialect_has_none) {
  for (const std::uint32_t id : {0x370U, 0x371U}) {
    BatteryView view;
    EXPECT_FALSE(lv_can().decode(frame_of(id, {1, 2, 3, 4, 5, 6, 7, 8}), {}, view));
    EXPECT_EQ(view, BatteryView{});
  }
}

TEST(PylontechLvCanDialects, the_marker_behind_the_alarms_tells_makers_apart) {
  const auto marker = [](std::string_view choice) {
    const CanFrame frame = encode(0x359, sample_report(), dialect({{"marker", choice}}));
    EXPECT_EQ(frame.dlc, 7);
    return std::pair<int, int>{frame.data[5], frame.data[6]};
  };
  EXPECT_EQ(marker("PN"), std::make_pair(0x50, 0x4E));
  EXPECT_EQ(marker("PY"), std::make_pair(0x50, 0x59));   // ODTU pull request 1213
  EXPECT_EQ(marker("zero"), std::make_pair(0, 0));       // YAM, Dyness BX51100
  EXPECT_EQ(marker("capacity"), std::make_pair(50, 0));  // LUX: 50 Ah
  EXPECT_DOUBLE_EQ(decode_all(sample_report(), dialect({{"marker", "capacity"}})).full_Ah.value(),
                   50.0);
}

TEST(PylontechLvCanDialects, fields_behind_the_documented_ones_carry_more_in_some_dialects) {
  bms_report_t report = sample_report();
  report.soc_permille = 734;
  EXPECT_DOUBLE_EQ(decode_all(report, dialect({{"state_of_charge", "fine"}})).soc.value(), 0.734);
  BatteryView view = decode_all(report, dialect({{"state_of_charge", "cells"}}));
  EXPECT_DOUBLE_EQ(view.highest_cell_V.value(), 3.362);
  EXPECT_DOUBLE_EQ(view.lowest_cell_V.value(), 3.359);
  EXPECT_DOUBLE_EQ(view.soc.value(), 0.73);
  EXPECT_EQ(decode_all(report, dialect({{"measurements", "cycles"}})).cycle_count.value(), 79U);
  view = decode_all(report, dialect({{"measurements", "temperatures"}}));
  EXPECT_DOUBLE_EQ(view.hottest_degC.value(), 29.0);
  EXPECT_DOUBLE_EQ(view.coldest_degC.value(), 26.0);
  EXPECT_DOUBLE_EQ(decode_all(report, dialect({{"capacity", "sent"}})).full_Ah.value(), 50.0);
}

TEST(PylontechLvCanDialects, yambms_168_cycles_and_a_missing_sensor) {
  const BatteryIdentity yam = dialect({{"measurements", "cycles"}});
  bms_report_t report = sample_report();
  set_ntcs_ddegC(report, {BMS_NTC_INVALID_DDEGC});
  report.pack_mV = 53'050;
  report.current_mA = 30'900;
  report.cycle_count = 2;
  const CanFrame frame = frame_of(0x356, {0xB9, 0x14, 0x35, 0x01, 0x24, 0xFA, 0x02, 0x00});
  EXPECT_EQ(text_of(encode(0x356, report, yam)), text_of(frame));
  EXPECT_EQ(decode(lv_can(), frame, yam.can_choices).cycle_count.value(), 2U);
}

TEST(PylontechLvCanDialects, units_signs_and_padding_follow_who_reads_the_document_otherwise) {
  CanFrame frame = encode(0x356, sample_report(), dialect({{"voltage", "0.1V"}}));
  EXPECT_EQ(frame.data[0] | frame.data[1] << 8, 504);
  EXPECT_DOUBLE_EQ(decode_all(sample_report(), dialect({{"voltage", "0.1V"}})).pack_V.value(),
                   50.4);
  frame = encode(0x351, sample_report(), dialect({{"limit_sign", "negative"}}));
  EXPECT_EQ(frame.data[4] | frame.data[5] << 8, 0x10000 - 800);
  EXPECT_DOUBLE_EQ(decode(frame).dcl_A.value(), 80.0);
  frame = encode(0x35E, sample_report(), dialect({{"padding", "nul"}}));
  EXPECT_EQ(frame.data[5], 0);
  EXPECT_EQ(decode(frame).manufacturer.value(), "PYLON");
}

TEST(PylontechLvCanDialects, random_frames_are_taken_wholly_or_not_at_all) {
  EXPECT_GT(count_taken_of_random_frames(lv_can(), {0x351, 0x355, 0x356, 0x359, 0x35A, 0x35C, 0x35E,
                                                    0x35F, 0x370, 0x371, 0x379, 0x305}),
            5'000);
}

}  // namespace
}  // namespace doppelpack::can_emulator::pylontech_lv_can_dialects_test
