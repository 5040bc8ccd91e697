// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Vectors H1 to H16 of Pylontech's high-voltage CAN, all worked out by hand from the layout of HV118.
// A report knows the cells of one module, so of places only those within it.

#include <gtest/gtest.h>

#include "can_protocol_bench.hpp"

namespace doppelpack::can_emulator::pylontech_hv_can_test {
namespace {

const CanProtocol& hv() {
  return *find_can_protocol("pylontech-hv-can");
}
BatteryIdentity dialect(const std::vector<std::pair<std::string_view, std::string_view>>& wanted) {
  return identity_with(choices_of(hv(), wanted));
}
CanFrame question(int kind) {
  return extended_frame_of(0x4200, {kind, 0, 0, 0, 0, 0, 0, 0});
}
// The answer with that identifier to one of the two questions.
std::string answer(std::uint32_t id, const bms_report_t& report,
                   const BatteryIdentity& identity = {}) {
  for (const int kind : {0, 2}) {
    for (const CanFrame& frame : hv().respond(question(kind), report, identity)) {
      if (frame.id == id) return text_of(frame);
    }
  }
  return "none";
}
std::string text(std::uint32_t id, const std::vector<int>& bytes) {
  return text_of(extended_frame_of(id, bytes));
}
BatteryView heard(std::uint32_t id, const std::vector<int>& bytes) {
  return decode(hv(), extended_frame_of(id, bytes));
}

TEST(PylontechHvCan, H16_two_questions_and_what_they_are_answered_with) {
  const auto ids = [](int kind, const BatteryIdentity& identity) {
    std::vector<std::uint32_t> ids;
    for (const CanFrame& frame : hv().respond(question(kind), sample_report(), identity)) {
      EXPECT_TRUE(frame.is_extended);
      EXPECT_EQ(frame.dlc, 8);
      ids.push_back(frame.id);
    }
    return ids;
  };
  using Ids = std::vector<std::uint32_t>;
  EXPECT_EQ(ids(0, {}),
            (Ids{0x4211, 0x4221, 0x4231, 0x4241, 0x4251, 0x4261, 0x4271, 0x4281, 0x4291}));
  EXPECT_EQ(ids(2, {}), (Ids{0x7311, 0x7321, 0x7331, 0x7341}));
  EXPECT_EQ(ids(1, {}), Ids{});
  EXPECT_EQ(ids(2, dialect({{"answer_address", "0"}})), (Ids{0x7310, 0x7320, 0x7330, 0x7340}));
  EXPECT_EQ(text_of(hv().encode_heartbeat()), text_of(question(0)));
  EXPECT_TRUE(encode_every(hv(), sample_report()).empty()) << "never unasked";
}

TEST(PylontechHvCan, H1_H2_measurements) {
  bms_report_t report = sample_report();
  report.pack_mV = 396'800;
  report.current_mA = 15'500;
  set_ntcs_ddegC(report, {254});
  report.soc_permille = 670;
  report.soh_permille = 990;
  EXPECT_EQ(answer(0x4211, report), text(0x4211, {0x80, 0x0F, 0xCB, 0x75, 0xE6, 0x04, 0x43, 0x63}));
  const BatteryView view = heard(0x4211, {0xED, 0x0E, 0x4E, 0x73, 0xC5, 0x03, 0x0C, 0x61});
  EXPECT_DOUBLE_EQ(view.pack_V.value(), 382.1);
  EXPECT_DOUBLE_EQ(view.current_A.value(), -48.2);
  EXPECT_DOUBLE_EQ(view.T_degC.value(), -3.5);
  EXPECT_DOUBLE_EQ(view.soc.value(), 0.12);
  EXPECT_DOUBLE_EQ(view.soh.value(), 0.97);
}

TEST(PylontechHvCan, H3_H4_limits_with_discharge_below_the_offset) {
  bms_report_t report = sample_report();
  report.cvl_mV = 432'000;
  report.discharge_voltage_limit_mV = 336'000;
  report.ccl_mA = 25'000;
  report.dcl_mA = 37'000;
  EXPECT_EQ(answer(0x4221, report), text(0x4221, {0xE0, 0x10, 0x20, 0x0D, 0x2A, 0x76, 0xBE, 0x73}));
  report.ccl_mA = 0;
  EXPECT_EQ(answer(0x4221, report), text(0x4221, {0xE0, 0x10, 0x20, 0x0D, 0x30, 0x75, 0xBE, 0x73}));
  const BatteryView view = heard(0x4221, {0xE0, 0x10, 0x20, 0x0D, 0x2A, 0x76, 0xBE, 0x73});
  EXPECT_DOUBLE_EQ(view.cvl_V.value(), 432.0);
  EXPECT_DOUBLE_EQ(view.discharge_voltage_limit_V.value(), 336.0);
  EXPECT_DOUBLE_EQ(view.ccl_A.value(), 25.0);
  EXPECT_DOUBLE_EQ(view.dcl_A.value(), 37.0);
  // 30000 + 370, as some packs send it
  EXPECT_EQ(answer(0x4221, report, dialect({{"discharge_limit", "positive"}})),
            text(0x4221, {0xE0, 0x10, 0x20, 0x0D, 0x30, 0x75, 0xA2, 0x76}));
  EXPECT_DOUBLE_EQ(heard(0x4221, {0, 0, 0, 0, 0, 0, 0xA2, 0x76}).dcl_A.value(), 37.0);
}

TEST(PylontechHvCan, H5_H6_extremes) {
  const BatteryView cells = heard(0x4231, {0x18, 0x0D, 0x0D, 0x0D, 0x11, 0x00, 0x5C, 0x00});
  EXPECT_DOUBLE_EQ(cells.highest_cell_V.value(), 3.352);
  EXPECT_DOUBLE_EQ(cells.lowest_cell_V.value(), 3.341);
  EXPECT_EQ(cells.highest_cell.value(), 17U);
  EXPECT_EQ(cells.lowest_cell.value(), 92U);
  const BatteryView ntcs = heard(0x4241, {0x01, 0x05, 0xDB, 0x04, 0x05, 0x00, 0x16, 0x00});
  EXPECT_DOUBLE_EQ(ntcs.hottest_degC.value(), 28.1);
  EXPECT_DOUBLE_EQ(ntcs.coldest_degC.value(), 24.3);
  EXPECT_EQ(ntcs.coldest_ntc.value(), 22U);

  bms_report_t report = sample_report();
  set_cells_mV(report, {3345, 3352, 3346});
  set_ntcs_ddegC(report, {250, 281});
  report.members = 4;
  report.bank.highest_cell_mV = 3352;
  report.bank.lowest_cell_mV = 3341;  // in another module: place unknown, 0
  report.bank.hottest_ddegC = 281;
  report.bank.coldest_ddegC = 243;
  EXPECT_EQ(answer(0x4231, report), text(0x4231, {0x18, 0x0D, 0x0D, 0x0D, 2, 0, 0, 0}));
  EXPECT_EQ(answer(0x4241, report), text(0x4241, {0x01, 0x05, 0xDB, 0x04, 2, 0, 0, 0}));
}

TEST(PylontechHvCan, H7_to_H13_status_alarms_and_faults) {
  struct Row {
    const char* name;
    bms_state_t state;
    std::uint32_t requests, warnings, protections;
    std::uint64_t failures;
    std::vector<int> bytes;
  };
  constexpr std::uint32_t kCellHigh = BMS_RULE_BIT(BMS_RULE_CELL_OV);
  constexpr std::uint32_t kCellLow = BMS_RULE_BIT(BMS_RULE_CELL_UV);
  const Row rows[]{
      {"H8", BMS_STATE_CHARGE, 0, 0, 0, 0, {0x01, 0x9C, 1, 0, 0, 0, 0, 0}},
      {"H9",
       BMS_STATE_PROTECTION,
       0,
       kCellHigh | BMS_RULE_BIT(BMS_RULE_PACK_OV),
       kCellHigh,
       0,
       {0x03, 0x9C, 1, 0, 0x0A, 0, 0x02, 0}},
      {"H10",
       BMS_STATE_PROTECTION,
       BMS_REQUEST_FORCE_CHARGE,
       kCellLow,
       kCellLow,
       0,
       {0x0B, 0x9C, 1, 0, 1, 0, 1, 0}},
      {"H11",
       BMS_STATE_FAILURE,
       0,
       0,
       0,
       BMS_FAILURE_BIT(BMS_FAILURE_NTC_BROKEN),
       {0, 0x9C, 1, 0x02, 0, 0, 0, 0}},
      {"H12",
       BMS_STATE_FAILURE,
       0,
       0,
       0,
       BMS_FAILURE_BIT(BMS_FAILURE_MAIN_1_WELDED),
       {0, 0x9C, 1, 0x20, 0, 0, 0, 0}},
      {"H13",
       BMS_STATE_FAILURE,
       0,
       0,
       0,
       BMS_FAILURE_BIT(BMS_FAILURE_MEMBER_LOST),
       {0, 0x9C, 1, 0x04, 0, 0, 0, 0}},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    bms_report_t report = sample_report();
    report.cycle_count = 412;
    report.state = row.state;
    report.requests = row.requests;
    report.warnings = row.warnings;
    report.protections = row.protections;
    report.failures = row.failures;
    EXPECT_EQ(answer(0x4251, report), text(0x4251, row.bytes));
    EXPECT_EQ(heard(0x4251, row.bytes).cycle_count.value(), 412U);
  }
  bms_report_t report = sample_report();
  report.state = BMS_STATE_STANDBY;
  report.cycle_count = 0;
  EXPECT_EQ(answer(0x4251, report), text(0x4251, {0x03, 0, 0, 0, 0, 0, 0, 0})) << "H7";
  EXPECT_TRUE(heard(0x4251, {0x0B, 0x9C, 1, 0, 1, 0, 1, 0}).is_charge_forced.value());
}

TEST(PylontechHvCan, an_insulation_fault_is_other_and_a_safety_function) {
  bms_report_t report = sample_report();
  report.protections = BMS_RULE_BIT(BMS_RULE_INSULATION);
  EXPECT_EQ(answer(0x4251, report), text(0x4251, {1, 79, 0, 0x80, 0, 0, 0, 0}));
  EXPECT_EQ(answer(0x4291, report), text(0x4291, {0x10, 0, 0, 0, 0, 0, 0, 0}));
}

TEST(PylontechHvCan, H14_forbidden_directions) {
  bms_report_t report = sample_report();
  report.is_charge_allowed = false;
  EXPECT_EQ(answer(0x4281, report), text(0x4281, {0xAA, 0, 0, 0, 0, 0, 0, 0}));
  report.is_discharge_allowed = false;
  EXPECT_EQ(answer(0x4281, report), text(0x4281, {0xAA, 0xAA, 0, 0, 0, 0, 0, 0}));
  EXPECT_FALSE(heard(0x4281, {0xAA, 0, 0, 0, 0, 0, 0, 0}).is_charge_allowed.value());
  EXPECT_TRUE(heard(0x4281, {0xAA, 0, 0, 0, 0, 0, 0, 0}).is_discharge_allowed.value());
}

TEST(PylontechHvCan, H15_modules_and_capacity_and_Dyness_counting_cells) {
  bms_report_t report = sample_report();
  report.cell_count = 30;
  report.full_mAh = 50'000;
  BatteryIdentity identity;
  identity.module_count = 4;
  EXPECT_EQ(answer(0x7321, report, identity),
            text(0x7321, {4, 0, 4, 0x1E, 0x80, 0x01, 0x32, 0x00}));
  EXPECT_EQ(heard(0x7321, {4, 0, 4, 0x1E, 0x80, 0x01, 0x32, 0x00}).module_count.value(), 4U);
  identity.can_choices = choices_of(hv(), {{"module_total", "cells"}});
  EXPECT_EQ(answer(0x7321, report, identity),
            text(0x7321, {120, 0, 4, 0x1E, 0x80, 0x01, 0x32, 0x00}));
}

TEST(PylontechHvCan, module_voltages_need_a_coarser_unit_above_65_V) {
  bms_report_t report = sample_report();
  report.pack_mV = 4 * 96'000;
  BatteryIdentity identity;
  identity.module_count = 4;
  EXPECT_EQ(answer(0x4261, report, identity), text(0x4261, {0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0}));
  identity.can_choices = choices_of(hv(), {{"module_voltage", "10mV"}});
  EXPECT_EQ(answer(0x4261, report, identity), text(0x4261, {0x80, 0x25, 0x80, 0x25, 0, 0, 0, 0}));
}

TEST(PylontechHvCan, words_may_come_high_byte_first) {
  const BatteryIdentity big = dialect({{"byte_order", "big"}});
  bms_report_t report = sample_report();
  report.pack_mV = 396'800;
  for (const CanFrame& frame : hv().respond(question(0), report, big)) {
    if (frame.id != 0x4211) continue;
    EXPECT_EQ(frame.data[0], 0x0F);
    EXPECT_EQ(frame.data[1], 0x80);
    EXPECT_DOUBLE_EQ(decode(hv(), frame, big.can_choices).pack_V.value(), 396.8);
  }
}

TEST(PylontechHvCan, the_name_comes_in_two_halves_filled_with_zeros) {
  BatteryIdentity identity;
  identity.manufacturer = "PYLONTECH";
  EXPECT_EQ(answer(0x7331, sample_report(), identity),
            text(0x7331, {'P', 'Y', 'L', 'O', 'N', 'T', 'E', 'C'}));
  EXPECT_EQ(answer(0x7341, sample_report(), identity), text(0x7341, {'H', 0, 0, 0, 0, 0, 0, 0}));
}

TEST(PylontechHvCan, commands_are_heard_and_masking_the_lost_inverter_is_refused) {
  const auto replies = [](std::uint32_t id, int first) {
    const CanFrame frame = extended_frame_of(id, {first, 0, 0, 0, 0, 0, 0, 0});
    EXPECT_TRUE(hv().is_from_inverter(frame));
    return hv().respond(frame, sample_report(), {});
  };
  EXPECT_TRUE(replies(0x8201, 0x55).empty());
  EXPECT_TRUE(replies(0x8211, 0xAA).empty());
  ASSERT_EQ(replies(0x8241, 0xAA).size(), 1U);
  EXPECT_EQ(text_of(replies(0x8241, 0xAA)[0]), text(0x8251, {0, 0, 0, 0, 0, 0, 0, 0}));
  EXPECT_FALSE(hv().is_from_inverter(frame_of(0x4200, {0})));
}

TEST(PylontechHvCan, a_Dyness_tower_tells_its_energy_unasked) {
  bms_report_t report = sample_report();
  report.pack_mV = 400'000;
  report.remaining_mAh = 25'000;  // 10 kWh
  report.full_mAh = 50'000;
  const std::vector<CanFrame> frames =
      encode_every(hv(), report, dialect({{"energy_frame", "sent"}}));
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(text_of(frames[0]), text(0x18FF9A6E, {3, 0, 0, 0xE8, 0x03, 0xD0, 0x07, 0}));
}

TEST(PylontechHvCan, an_energy_beyond_its_field_saturates) {
  bms_report_t report = sample_report();
  report.pack_mV = report.remaining_mAh = report.full_mAh = UINT32_MAX;
  const std::vector<CanFrame> frames =
      encode_every(hv(), report, dialect({{"energy_frame", "sent"}}));
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(text_of(frames[0]), text(0x18FF9A6E, {3, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0}));
}

TEST(PylontechHvCan, random_frames_are_taken_wholly_or_not_at_all) {
  EXPECT_GT(count_taken_of_random_frames(
                hv(), {0x4211, 0x4221, 0x4231, 0x4241, 0x4251, 0x4281, 0x7321, 0x7331}),
            3'000);
}

}  // namespace
}  // namespace doppelpack::can_emulator::pylontech_hv_can_test
