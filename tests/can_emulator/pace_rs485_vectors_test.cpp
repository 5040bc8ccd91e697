// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Vectors C1 to C10 of PACE BMS: frames that others captured or printed, checksums recomputed.
//   NK       nkinnan/esphome-pace-bms, a running pack
//   PACE485  "PACE-BMS-RS485-communication-protocol" (2018-06-15); it prints E265 for a reply that
//            ends in E261, and E261 is right
// All with 2730 as 0 degC.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "pace_rs485_bench.hpp"

namespace doppelpack::can_emulator {
namespace {

const char* const kC1 =
    "~25014600F07A0001100CC70CC80CC70CC70CC70CC50CC60CC70CC70CC60CC70CC60CC60CC70CC60CC7060B9B0"
    "B990B990B990BB30BBCFF1FCCCD12D303286A008C2710E1E4";
const char* const kC2 =
    "~25024600F07A0002100D370CE50D080CED0D060CE70D1D0CEB0CF80CFA0CFB0D070CE10CF10CC20D06060BAA0"
    "BAC0BA60BA70BA90BB20000CF9406D603138800001388E261";
const char* const kC3 =
    "~25014600004C000110000000000000000000000000000000000600000000000000000000000E000000000000E"
    "F3A";

TEST(PaceRs485Vectors, C1_NK_analog_values_are_the_same_to_the_last_character) {
  EXPECT_EQ(pace_reply("~25014642E00201FD30"), kC1);
}

TEST(PaceRs485Vectors, C1_NK_analog_values_are_decoded) {
  const BatteryView view = decode_pace(ask_42, kC1);
  ASSERT_EQ(view.cell_V.size(), 16U);
  EXPECT_DOUBLE_EQ(view.cell_V[1], 3.272);
  EXPECT_DOUBLE_EQ(view.cell_V[5], 3.269);
  EXPECT_EQ(view.ntc_degC, (std::vector<double>{24.1, 23.9, 23.9, 23.9, 26.5, 27.4}));
  EXPECT_DOUBLE_EQ(view.current_A.value(), -2.25);
  EXPECT_DOUBLE_EQ(view.pack_V.value(), 52.429);
  EXPECT_DOUBLE_EQ(view.remaining_Ah.value(), 48.19);
  EXPECT_DOUBLE_EQ(view.full_Ah.value(), 103.46);
  EXPECT_DOUBLE_EQ(view.soc.value(), 48.19 / 103.46);
  EXPECT_EQ(view.cycle_count.value(), 140U);
}

TEST(PaceRs485Vectors, C2_PACE485_analog_values_of_pack_2_both_ways) {
  bms_report_t report = pace_report();
  set_cells_mV(report, {3383, 3301, 3336, 3309, 3334, 3303, 3357, 3307, 3320, 3322, 3323, 3335,
                        3297, 3313, 3266, 3334});
  set_ntcs_ddegC(report, {256, 258, 252, 253, 264});
  report.mosfet_ddegC = 255;
  report.current_mA = 0;
  report.pack_mV = 53140;
  report.remaining_mAh = 17500;
  report.full_mAh = 50000;
  report.cycle_count = 0;
  BatteryIdentity identity = pace_identity(2);
  identity.design_mAh = 50'000;
  EXPECT_EQ(pace_reply("~25024642E00202FD2E", report, identity), kC2);

  const BatteryView view = decode_pace(ask_42, kC2);
  EXPECT_DOUBLE_EQ(view.cell_V.at(0), 3.383);
  EXPECT_DOUBLE_EQ(view.cell_V.at(14), 3.266);
  EXPECT_DOUBLE_EQ(view.ntc_degC.at(5), 26.4);
  EXPECT_DOUBLE_EQ(view.pack_V.value(), 53.14);
  EXPECT_DOUBLE_EQ(view.soc.value(), 0.35);
}

// Bit 3 of the instruction byte 0E: the pack of C1 discharges (NK), no lamp (the documents).
TEST(PaceRs485Vectors, C3_NK_warnings_both_ways_with_bit_3_read_as_discharging) {
  EXPECT_EQ(pace_reply("~25014644E00201FD2E"), kC3);
  const BatteryView view = decode_pace(ask_44, kC3);
  EXPECT_EQ(view.protections.value(), 0U);
  EXPECT_EQ(view.warnings.value(), 0U);
  EXPECT_TRUE(view.is_charge_allowed.value());
  EXPECT_TRUE(view.is_discharge_allowed.value());
}

TEST(PaceRs485Vectors, C4_NK_version_both_ways) {
  const std::string vector = "~25014600602850313653313030412D313831322D312E30302000F58E";
  EXPECT_EQ(pace_reply("~250146C10000FD9A"), vector);
  EXPECT_EQ(decode_pace(ask_c1, vector).device_name.value(), "P16S100A-1812-1.00");
}

TEST(PaceRs485Vectors, C5_NK_serial_number_both_ways) {
  const std::string vector =
      "~25014600B050313831323130313338303330394420202020202020202020202020202020202020202020202020"
      "20EE0F";
  EXPECT_EQ(pace_reply("~250146C20000FD99"), vector);
  EXPECT_EQ(decode_pace(ask_c2, vector).barcode.value(), "1812101380309D");
}

// 0x183C in 10 mAh is 62.04 Ah.
TEST(PaceRs485Vectors, C6_NK_capacity_both_ways) {
  const std::string vector = "~25004600400C183C286A2710FB0E";
  bms_report_t report = pace_report();
  report.remaining_mAh = 62040;
  EXPECT_EQ(pace_reply("~250046A60000FD98", report, pace_rs232()), vector);
  const BatteryView view = decode_pace(ask_a6, vector);
  EXPECT_DOUBLE_EQ(view.remaining_Ah.value(), 62.04);
  EXPECT_DOUBLE_EQ(view.full_Ah.value(), 103.46);
}

// Printed by NK beside C1.
TEST(PaceRs485Vectors, NK_pack_count_both_ways) {
  const std::vector<bms_report_t> two(2, pace_report());
  const std::string vector = "~25014600E00202FD35";
  EXPECT_EQ(pace_reply("~250146900000FDA5", two), vector);
  EXPECT_EQ(decode_pace(ask_90, vector).module_count.value(), 2U);
}

// The captured board obeys. A codec cannot act on the pack, so ours refuses as boards do; the clock
// (C7) is not in the report, so it is not known at all.
TEST(PaceRs485Vectors, C7_to_C10_NK_control_is_refused_with_09_and_the_clock_with_04) {
  for (const char* request :
       {"~250046B2400C1808140E0F25FAFC", "~25004699E0020DFD12", "~2500469AE00200FD1E",
        "~2500469BE00201FD1C", "~2500469CE00201FD1B"}) {
    const Reply reply = ask_pace(request, pace_report(), pace_rs232());
    EXPECT_EQ(reply.kind, ReplyKind::rejection);
    EXPECT_EQ(text_of(reply.bytes), "~250046090000FDA6") << request;
  }
  EXPECT_EQ(text_of(ask_pace("~250046B10000FD9C", pace_report(), pace_rs232()).bytes),
            "~250046040000FDAB");
}

// C9: RTN 09 with the control byte behind it.
TEST(PaceRs485Vectors, C9_NK_a_refusal_leaves_the_view_alone) {
  BatteryView view;
  for (std::size_t i = 0; i < pace().request_count; ++i) {
    EXPECT_FALSE(pace().decode_reply(i, bytes_of("~25004609E00204FD2B"), {}, view));
  }
  EXPECT_EQ(view, BatteryView{});
}

TEST(PaceRs485Vectors, requests_are_those_of_NK) {
  const std::vector<std::string> expected{
      "~25014642E00201FD30",  // C1
      "~25014644E00201FD2E",  // C3
      "~250146C10000FD9A",    // C4
      "~250146C20000FD99",    // C5
      "~250146900000FDA5",    // NK's text of 0x90
      "~250146A60000FD97",    // layout of C6
  };
  ASSERT_EQ(pace().request_count, expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(text_of(pace().encode_request(i, 1)), expected[i]);
  }
  EXPECT_TRUE(pace().encode_request(expected.size(), 1).empty());
}

}  // namespace
}  // namespace doppelpack::can_emulator
