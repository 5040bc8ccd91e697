// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What the codec of SMA sends to Victron beyond the frames of SMA. Vectors and sources as in
// sma_can_test.cpp.

#include <gtest/gtest.h>

#include "can_protocol_bench.hpp"

namespace doppelpack::can_emulator::victron_frames_test {
namespace {

const CanProtocol& sma() {
  return *find_can_protocol("sma-can");
}
BatteryIdentity victron() {
  return identity_with(choices_of(sma(), {{"frames", "victron"}}));
}
std::string sent(std::uint32_t id, const bms_report_t& report, const BatteryIdentity& identity) {
  return text_of(encode(sma(), id, report, identity).value());
}
BatteryView heard(const CanFrame& frame) {
  return decode(sma(), frame, victron().can_choices);
}

TEST(VictronFrames, V5_DFCH_V36_computed_modules_on_line_and_off_line) {
  BatteryIdentity identity = victron();
  identity.module_count = 2;
  CanFrame frame = frame_of(0x372, {0x02, 0, 0, 0, 0, 0, 0, 0});
  EXPECT_EQ(sent(0x372, sample_report(), identity), text_of(frame));
  EXPECT_EQ(heard(frame).module_count.value(), 2U);

  bms_report_t report = sample_report();
  report.members = 2;
  report.bank.is_charge_allowed = report.bank.is_discharge_allowed = true;
  identity.module_count = 3;
  EXPECT_EQ(sent(0x372, report, identity),
            text_of(frame_of(0x372, {0x02, 0, 0, 0, 0, 0, 0x01, 0})));
  report.bank.is_charge_allowed = false;
  EXPECT_EQ(sent(0x372, report, identity),
            text_of(frame_of(0x372, {0x02, 0, 0x02, 0, 0, 0, 0x01, 0})));
  // at boot, one module blocks discharging; a report does not tell modules apart
  frame = frame_of(0x372, {0x02, 0, 0x02, 0, 0x01, 0, 0, 0});
  EXPECT_EQ(heard(frame).module_count.value(), 2U);
}

TEST(VictronFrames, V6_DFCH_V14_PYT_extremes_with_temperatures_in_kelvin) {
  bms_report_t report = sample_report();
  set_cells_mV(report, {3306, 3329});
  set_ntcs_ddegC(report, {140, 170});
  CanFrame frame = frame_of(0x373, {0xEA, 0x0C, 0x01, 0x0D, 0x1F, 0x01, 0x22, 0x01});
  EXPECT_EQ(sent(0x373, report, victron()), text_of(frame));
  EXPECT_NEAR(heard(frame).coldest_degC.value(), 14.0, 0.5);
  EXPECT_DOUBLE_EQ(heard(frame).lowest_cell_V.value(), 3.306);

  set_cells_mV(report, {3288, 3290});
  set_ntcs_ddegC(report, {160, 180});
  frame = frame_of(0x373, {0xD8, 0x0C, 0xDA, 0x0C, 0x21, 0x01, 0x23, 0x01});
  EXPECT_EQ(sent(0x373, report, victron()), text_of(frame));
  EXPECT_DOUBLE_EQ(heard(frame).highest_cell_V.value(), 3.29);
  EXPECT_NEAR(heard(frame).hottest_degC.value(), 18.0, 0.5);
}

TEST(VictronFrames, V8_DFCH_installed_capacity) {
  bms_report_t report = sample_report();
  report.full_mAh = 156'000;
  const CanFrame frame = frame_of(0x379, {0x9C, 0x00});
  EXPECT_EQ(sent(0x379, report, victron()), text_of(frame));
  EXPECT_DOUBLE_EQ(heard(frame).full_Ah.value(), 156.0);
}

TEST(VictronFrames, extremes_are_those_of_the_bank_and_places_those_of_this_pack) {
  bms_report_t report = sample_report();
  report.members = 2;
  report.bank.highest_cell_mV = 3500;
  report.bank.lowest_cell_mV = 3359;
  report.bank.hottest_ddegC = 290;
  report.bank.coldest_ddegC = 100;
  const BatteryView view = decode_every(sma(), report, victron());
  EXPECT_DOUBLE_EQ(view.highest_cell_V.value(), 3.5);
  EXPECT_DOUBLE_EQ(view.lowest_cell_V.value(), 3.359);
  EXPECT_NEAR(view.coldest_degC.value(), 10.0, 0.5);
  EXPECT_EQ(sent(0x374, report, victron()), text_of(frame_of(0x374, {'1', 0, 0, 0, 0, 0, 0, 0})));
  EXPECT_EQ(sent(0x375, report, victron()), text_of(frame_of(0x375, {0, 0, 0, 0, 0, 0, 0, 0})));
  EXPECT_EQ(sent(0x376, report, victron()), text_of(frame_of(0x376, {0, 0, 0, 0, 0, 0, 0, 0})));
  EXPECT_EQ(sent(0x377, report, victron()), text_of(frame_of(0x377, {'1', 0, 0, 0, 0, 0, 0, 0})));
}

TEST(VictronFrames, names_and_serial_numbers_come_in_halves) {
  BatteryIdentity identity = victron();
  identity.device_name = "Battery-Box";
  identity.barcode = "ABCDEFGH12345678";
  const auto text = [&](std::uint32_t id) {
    const CanFrame frame = encode(sma(), id, sample_report(), identity).value();
    return std::string(frame.data.begin(), frame.data.end());
  };
  EXPECT_EQ(text(0x370), "Battery-");
  EXPECT_EQ(text(0x371), std::string("Box\0\0\0\0\0", 8));
  EXPECT_EQ(text(0x380), "ABCDEFGH");
  EXPECT_EQ(text(0x381), "12345678");
  EXPECT_EQ(text(0x382), "Battery-");
}

TEST(VictronFrames, PYT_force_charge) {
  bms_report_t report = sample_report();
  EXPECT_EQ(sent(0x360, report, victron()), text_of(frame_of(0x360, {0, 0, 0, 0, 0, 0, 0, 0})));
  report.requests = BMS_REQUEST_FORCE_CHARGE;
  const CanFrame frame = frame_of(0x360, {0xFF, 0, 0, 0, 0, 0, 0, 0});
  EXPECT_EQ(sent(0x360, report, victron()), text_of(frame));
  EXPECT_TRUE(heard(frame).is_charge_forced.value());
}

TEST(VictronFrames, sunny_island_does_not_take_them) {
  BatteryView view;
  EXPECT_FALSE(sma().decode(frame_of(0x379, {0x9C, 0x00}), {}, view));
  EXPECT_EQ(view, BatteryView{});
}

}  // namespace
}  // namespace doppelpack::can_emulator::victron_frames_test
