// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The entry of a firmware upgrade. Its bytes are ours: the manual names extended frames only.

#include <gtest/gtest.h>

#include "pylontech_lv_can_bench.hpp"

namespace doppelpack::can_emulator {
namespace {

const std::vector<int> kRequest{0x42, 1, 2, 3, 4, 5, 6, 7};

std::vector<CanFrame> answers(const CanFrame& request, const bms_report_t& report,
                              std::string_view choice = "refused") {
  return lv_can().respond(request, report,
                          identity_with(choices_of(lv_can(), {{"firmware_upgrade", choice}})));
}

TEST(FirmwareUpgrade, is_refused_as_busy_while_the_pack_works) {
  const auto frames = answers(extended_frame_of(0x1FFFFFF0, kRequest), sample_report());
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(text_of(frames[0]),
            text_of(extended_frame_of(0x1FFFFFF1, {0x42, 0xF2, 0, 0, 0, 0, 0, 0})));
}

TEST(FirmwareUpgrade, is_refused_as_unsupported_when_idle_or_open) {
  bms_report_t idle = sample_report();
  idle.state = BMS_STATE_STANDBY;
  bms_report_t open = sample_report();
  open.state = BMS_STATE_PROTECTION;
  open.is_charge_allowed = open.is_discharge_allowed = false;
  for (const bms_report_t& report : {idle, open}) {
    const auto frames = answers(extended_frame_of(0x1FFFFFF0, kRequest), report);
    ASSERT_EQ(frames.size(), 1U);
    EXPECT_EQ(frames[0].data[1], 0xF1);
  }
}

TEST(FirmwareUpgrade, is_not_what_other_frames_ask_for) {
  CanFrame remote = extended_frame_of(0x1FFFFFF0, kRequest);
  remote.is_remote = true;
  for (const CanFrame& frame :
       {frame_of(0x305, {0}), extended_frame_of(0x305, {0}), extended_frame_of(0x1FFFFFF1, {0}),
        extended_frame_of(0x1FFFFFF0, {}), remote}) {
    EXPECT_TRUE(answers(frame, sample_report()).empty()) << text_of(frame);
  }
}

TEST(FirmwareUpgrade, is_unknown_to_packs_without_it_and_no_sign_of_an_inverter) {
  const CanFrame request = extended_frame_of(0x1FFFFFF0, kRequest);
  EXPECT_TRUE(answers(request, sample_report(), "absent").empty());
  EXPECT_FALSE(lv_can().is_from_inverter(request));
}

}  // namespace
}  // namespace doppelpack::can_emulator
