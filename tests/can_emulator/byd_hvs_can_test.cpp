// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// BYD HVS. Every vector is worked out by hand from the layout of a single source,
// dalathegreat/Battery-Emulator.

#include <gtest/gtest.h>

#include "can_protocol_bench.hpp"

namespace doppelpack::can_emulator::byd_hvs_can_test {
namespace {

const CanProtocol& byd() {
  return *find_can_protocol("byd-hvs-can");
}
std::string sent(std::uint32_t id, const bms_report_t& report) {
  return text_of(encode(byd(), id, report).value());
}
std::string text(std::uint32_t id, const std::vector<int>& bytes) {
  return text_of(frame_of(id, bytes));
}

bms_report_t stack() {
  bms_report_t report = sample_report();
  report.pack_mV = 370'000;
  report.current_mA = -8'100;
  report.cvl_mV = 400'000;
  report.discharge_voltage_limit_mV = 300'000;
  report.ccl_mA = 25'000;
  report.dcl_mA = 30'000;
  return report;
}

TEST(BydHvsCan, limits_with_discharge_before_charge) {
  EXPECT_EQ(sent(0x110, stack()), text(0x110, {0x0F, 0xA0, 0x0B, 0xB8, 0x01, 0x2C, 0x00, 0xFA}));
  const BatteryView view = decode_every(byd(), stack());
  EXPECT_DOUBLE_EQ(view.cvl_V.value(), 400.0);
  EXPECT_DOUBLE_EQ(view.discharge_voltage_limit_V.value(), 300.0);
  EXPECT_DOUBLE_EQ(view.ccl_A.value(), 25.0);
  EXPECT_DOUBLE_EQ(view.dcl_A.value(), 30.0);
}

TEST(BydHvsCan, state_of_charge_measurements_and_temperatures) {
  EXPECT_EQ(sent(0x150, stack()), text(0x150, {0x1B, 0xBC, 0x26, 0xAC, 0x01, 0x2C, 0x00, 0xFA}));
  EXPECT_EQ(sent(0x1D0, stack()), text(0x1D0, {0x0E, 0x74, 0xFF, 0xAF, 0x01, 0x0A, 0x03, 0x08}));
  EXPECT_EQ(sent(0x210, stack()), text(0x210, {0x01, 0x22, 0x01, 0x04, 0, 0, 0, 0}));
  EXPECT_EQ(sent(0x190, stack()), text(0x190, {0, 0, 3, 0, 0, 0, 0, 0}));
  const BatteryView view = decode_every(byd(), stack());
  EXPECT_DOUBLE_EQ(view.soc.value(), 0.71);
  EXPECT_DOUBLE_EQ(view.soh.value(), 0.99);
  EXPECT_DOUBLE_EQ(view.pack_V.value(), 370.0);
  EXPECT_DOUBLE_EQ(view.current_A.value(), -8.1);
  EXPECT_DOUBLE_EQ(view.T_degC.value(), 26.6);
  EXPECT_DOUBLE_EQ(view.hottest_degC.value(), 29.0);
}

TEST(BydHvsCan, identifies_itself_when_asked) {
  BatteryIdentity identity;
  identity.manufacturer = "BYD";
  identity.device_name = "Battery-Box Premium HVS";
  identity.version_major = 0x03;
  identity.version_minor = 0x16;
  bms_report_t report = stack();
  report.full_mAh = 64'865;  // 24.0 kWh
  const std::vector<CanFrame> frames = byd().respond(byd().encode_heartbeat(), report, identity);
  const std::vector<std::string> expected{
      text(0x250, {0x03, 0x16, 0x00, 0x66, 0x00, 0xF0, 0x02, 0x09}),
      text(0x290, {0x06, 0x37, 0x10, 0xD9, 0, 0, 0, 0}),
      text(0x2D0, {0, 'B', 'Y', 'D', 0, 0, 0, 0}),
      text(0x3D0, {0, 'B', 'a', 't', 't', 'e', 'r', 'y'}),
      text(0x3D0, {1, '-', 'B', 'o', 'x', ' ', 'P', 'r'}),
      text(0x3D0, {2, 'e', 'm', 'i', 'u', 'm', ' ', 'H'}),
      text(0x3D0, {3, 'V', 'S', 0, 0, 0, 0, 0}),
  };
  ASSERT_EQ(frames.size(), expected.size());
  for (std::size_t i = 0; i < frames.size(); ++i) EXPECT_EQ(text_of(frames[i]), expected[i]);
  EXPECT_EQ(decode(byd(), frames[2]).manufacturer.value(), "BYD");
}

TEST(BydHvsCan, an_energy_beyond_its_field_saturates) {
  bms_report_t report = stack();
  report.pack_mV = report.full_mAh = UINT32_MAX;
  const std::vector<CanFrame> frames = byd().respond(byd().encode_heartbeat(), report, {});
  ASSERT_FALSE(frames.empty());
  EXPECT_EQ(text_of(frames.front()), text(0x250, {0x01, 0x00, 0x00, 0x66, 0xFF, 0xFF, 0x02, 0x09}));
}

TEST(BydHvsCan, hears_the_inverter_and_answers_questions_only) {
  for (const std::uint32_t id : {0x091U, 0x0D1U, 0x111U, 0x151U}) {
    EXPECT_TRUE(byd().is_from_inverter(frame_of(id, {0, 0, 0, 0, 0, 0, 0, 0})));
    EXPECT_TRUE(byd().respond(frame_of(id, {0, 0x53}), stack(), {}).empty());
  }
  EXPECT_FALSE(byd().is_from_inverter(frame_of(0x305, {0})));
}

TEST(BydHvsCan, periods_are_those_of_the_source) {
  const std::vector<std::pair<std::uint32_t, std::uint32_t>> expected{
      {0x110, 2000}, {0x150, 10'000}, {0x1D0, 10'000}, {0x210, 10'000}, {0x190, 60'000}};
  ASSERT_EQ(byd().periodic.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(byd().periodic[i].id, expected[i].first);
    EXPECT_EQ(byd().periodic[i].period_ms, expected[i].second);
  }
}

TEST(BydHvsCan, random_frames_are_taken_wholly_or_not_at_all) {
  EXPECT_GT(count_taken_of_random_frames(byd(), {0x110, 0x150, 0x1D0, 0x210, 0x2D0}), 3'000);
}

}  // namespace
}  // namespace doppelpack::can_emulator::byd_hvs_can_test
