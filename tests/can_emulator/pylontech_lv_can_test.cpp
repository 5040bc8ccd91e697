// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What the Pylontech CAN codec refuses, its heartbeat, and properties of numbers. The sources of
// vectors are named in pylontech_lv_can_vectors_test.cpp.

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <utility>
#include <vector>

#include "pylontech_lv_can_bench.hpp"

namespace doppelpack::can_emulator {
namespace {

// ---- what is refused ----------------------------------------------------------------------------

TEST(PylontechLvCan, frames_of_other_dialects_are_refused) {
  const std::vector<std::pair<const char*, CanFrame>> vectors{
      {"L20 SIG, extremes", frame_of(0x370, {0x1E, 0x00, 0x1D, 0x00, 0xF5, 0x0D, 0xF3, 0x0D})},
      {"L21 SIG, their places", frame_of(0x371, {0x04, 0x00, 0x03, 0x00, 0x01, 0x00, 0x03, 0x00})},
      {"L37, the inverter's own", frame_of(0x305, {0, 0, 0, 0, 0, 0, 0, 0})},
  };
  for (const auto& [name, frame] : vectors) {
    BatteryView view;
    EXPECT_FALSE(lv_can().decode(frame, {}, view)) << name;
    EXPECT_EQ(view, BatteryView{}) << name;
  }
}

TEST(PylontechLvCan, frames_too_short_extended_or_remote_are_refused_and_change_nothing) {
  for (const CanFrame& whole : encode_every(lv_can(), sample_report())) {
    const int shortest = whole.id == 0x351 ? 6 : whole.dlc;
    for (int dlc = 0; dlc <= 8; ++dlc) {
      CanFrame frame = whole;
      frame.dlc = static_cast<std::uint8_t>(dlc);
      BatteryView view;
      EXPECT_EQ(lv_can().decode(frame, {}, view), dlc >= shortest) << text_of(frame);
      if (dlc < shortest) {
        EXPECT_EQ(view, BatteryView{});
      }
    }
    BatteryView view;
    CanFrame frame = whole;
    frame.is_extended = true;
    EXPECT_FALSE(lv_can().decode(frame, {}, view));
    frame = whole;
    frame.is_remote = true;
    EXPECT_FALSE(lv_can().decode(frame, {}, view));
    EXPECT_EQ(view, BatteryView{});
  }
}

// ---- heartbeat ----------------------------------------------------------------------------------

TEST(PylontechLvCan, L37_PY12_heartbeat) {
  EXPECT_EQ(lv_can().encode_heartbeat(), frame_of(0x305, {0, 0, 0, 0, 0, 0, 0, 0}));
  EXPECT_EQ(lv_can().heartbeat_period_ms, 1000U);
  EXPECT_TRUE(lv_can().is_from_inverter(lv_can().encode_heartbeat()));
}

TEST(PylontechLvCan, heartbeat_counts_with_any_content_length_and_kind_of_identifier) {
  // L38 DEYE33: its clock, 13:45:30 on 31 December 2026
  EXPECT_TRUE(
      lv_can().is_from_inverter(frame_of(0x305, {0x1E, 0x2D, 0x0D, 0x1F, 0x0C, 0x1A, 0x00, 0x00})));
  EXPECT_TRUE(lv_can().is_from_inverter(frame_of(0x305, {})));
  CanFrame frame = frame_of(0x305, {0, 0, 0, 0, 0, 0, 0, 0});
  frame.is_extended = true;  // Schneider XW Pro
  EXPECT_TRUE(lv_can().is_from_inverter(frame));
  frame.is_remote = true;
  EXPECT_FALSE(lv_can().is_from_inverter(frame));
  for (const CanFrame& sent : encode_every(lv_can(), sample_report())) {
    EXPECT_FALSE(lv_can().is_from_inverter(sent));
  }
}

// ---- timing, properties -------------------------------------------------------------------------

TEST(PylontechLvCan, the_bus_is_as_documented) {
  EXPECT_EQ(lv_can().bit_rate_Hz, 500'000U);
  const std::vector<std::pair<std::uint32_t, int>> expected{{0x359, 7}, {0x351, 8}, {0x355, 4},
                                                            {0x356, 6}, {0x35C, 2}, {0x35E, 8}};
  const std::vector<CanFrame> frames = encode_every(lv_can(), sample_report());
  ASSERT_EQ(frames.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(frames[i].id, expected[i].first);
    EXPECT_EQ(frames[i].dlc, expected[i].second);
    EXPECT_FALSE(frames[i].is_extended || frames[i].is_remote);
  }
  for (std::size_t i = 0; i < lv_can().periodic.size(); ++i) {
    EXPECT_EQ(lv_can().periodic[i].period_ms, 1000U);
    if (i > 0) {
      EXPECT_GT(lv_can().periodic[i].offset_ms, lv_can().periodic[i - 1].offset_ms);
    }
  }
}

TEST(PylontechLvCan, decoding_gives_back_the_report_within_its_resolution) {
  bms_report_t report = sample_report();
  for (std::int32_t step = -40; step <= 40; ++step) {
    report.current_mA = step * 4'937;
    report.pack_mV = static_cast<std::uint32_t>(48'000 + step * 197);
    report.soc_permille = static_cast<std::uint16_t>(500 + step * 12);
    report.soh_permille = static_cast<std::uint16_t>(900 - step);
    set_ntcs_ddegC(report, {static_cast<std::int16_t>(step * 17)});
    report.cvl_mV = static_cast<std::uint32_t>(54'000 + step * 33);
    report.ccl_mA = static_cast<std::uint32_t>(100'000 + step * 2'345);
    report.dcl_mA = static_cast<std::uint32_t>(100'000 - step * 2'345);
    report.discharge_voltage_limit_mV = static_cast<std::uint32_t>(45'000 + step * 51);
    const BatteryView view = decode_all(report);
    constexpr double kSlack = 1e-9;
    EXPECT_NEAR(view.current_A.value(), report.current_mA / 1000.0, 0.05 + kSlack);
    EXPECT_NEAR(view.pack_V.value(), report.pack_mV / 1000.0, 0.005 + kSlack);
    EXPECT_NEAR(view.soc.value(), report.soc_permille / 1000.0, 0.005 + kSlack);
    EXPECT_NEAR(view.soh.value(), report.soh_permille / 1000.0, 0.005 + kSlack);
    EXPECT_NEAR(view.T_degC.value(), step * 1.7, kSlack);
    EXPECT_NEAR(view.cvl_V.value(), report.cvl_mV / 1000.0, 0.1);
    EXPECT_NEAR(view.ccl_A.value(), report.ccl_mA / 1000.0, 0.1);
    EXPECT_NEAR(view.dcl_A.value(), report.dcl_mA / 1000.0, 0.1);
    EXPECT_NEAR(view.discharge_voltage_limit_V.value(), report.discharge_voltage_limit_mV / 1000.0,
                0.1);
  }
}

TEST(PylontechLvCan, positive_current_charges) {
  bms_report_t report = sample_report();
  report.current_mA = 100;
  EXPECT_EQ(encode(0x356, report).data[2], 0x01);
  EXPECT_EQ(encode(0x356, report).data[3], 0x00);
  report.current_mA = -100;
  EXPECT_EQ(encode(0x356, report).data[2], 0xFF);
  EXPECT_EQ(encode(0x356, report).data[3], 0xFF);
  report.current_mA = -49;  // rounds to zero from either side
  EXPECT_EQ(encode(0x356, report).data[2], 0x00);
  report.current_mA = -50;
  EXPECT_EQ(encode(0x356, report).data[2], 0xFF);
}

TEST(PylontechLvCan, numbers_saturate) {
  BatteryView view = decode_all(extreme_report(false));
  EXPECT_DOUBLE_EQ(view.cvl_V.value(), 6553.5);
  EXPECT_DOUBLE_EQ(view.ccl_A.value(), 3276.7);
  EXPECT_DOUBLE_EQ(view.dcl_A.value(), 3276.7);
  EXPECT_DOUBLE_EQ(view.discharge_voltage_limit_V.value(), 6553.5);
  EXPECT_DOUBLE_EQ(view.soc.value(), 1.0);
  EXPECT_DOUBLE_EQ(view.soh.value(), 1.0);
  EXPECT_DOUBLE_EQ(view.pack_V.value(), 327.67);
  EXPECT_DOUBLE_EQ(view.current_A.value(), 3276.7);
  EXPECT_DOUBLE_EQ(view.T_degC.value(), 3276.7);
  view = decode_all(extreme_report(true));
  EXPECT_DOUBLE_EQ(view.current_A.value(), -3276.8);
  EXPECT_DOUBLE_EQ(view.T_degC.value(), -3276.7);
}

TEST(PylontechLvCan, random_frames_neither_crash_nor_half_change_the_view) {
  std::mt19937 random(2);
  int accepted = 0;
  int expected = 0;
  for (int i = 0; i < 100'000; ++i) {
    CanFrame frame;
    const auto number = static_cast<std::uint32_t>(random());
    frame.id = random() % 4 == 0 ? number & 0x1FFFFFFF : 0x350 + number % 0x10;
    frame.is_extended = random() % 8 == 0;
    frame.is_remote = random() % 8 == 0;
    frame.dlc = static_cast<std::uint8_t>(random() % 16);  // more than 8 too
    for (std::uint8_t& byte : frame.data) byte = static_cast<std::uint8_t>(random());
    lv_can().is_from_inverter(frame);

    int shortest = 99;
    if (frame.id == 0x351 || frame.id == 0x356) shortest = 6;
    if (frame.id == 0x355) shortest = 4;
    if (frame.id == 0x359) shortest = 7;
    if (frame.id == 0x35C) shortest = 2;
    if (frame.id == 0x35A || frame.id == 0x35E) shortest = 8;
    if (frame.id == 0x35F) shortest = 6;
    if (!frame.is_extended && !frame.is_remote && frame.dlc >= shortest) ++expected;

    BatteryView view;
    const bool is_accepted = lv_can().decode(frame, {}, view);
    ASSERT_EQ(view != BatteryView{}, is_accepted) << text_of(frame);
    accepted += is_accepted ? 1 : 0;
  }
  EXPECT_EQ(accepted, expected);
  EXPECT_GT(accepted, 10'000);
}

}  // namespace
}  // namespace doppelpack::can_emulator
