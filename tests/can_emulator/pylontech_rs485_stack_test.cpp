// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Several packs behind one line: vectors P5 and P7, and who answers for whom.
//   TOM  Tomcat42/pylontech-python, capture     PPY  Frankkkkk/python-pylontech, tests
// Their INFOFLAG is 11 and ours 00, so everything after it is compared.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "pylontech_rs485_bench.hpp"

namespace doppelpack::can_emulator {
namespace {

const char* const kP5 =
    "~20024600B0D811020F0CF30CF40CF50CF40CF50CF40CF40CF30CF20CF20CF20CF30CF20CF30CF3050BD70BB90"
    "BB90BB90BAF000CC2415BCC02C35000630F0CF30CF20CF30CF20CF30CF20CF30CF30CF40CF40CF30CF40CF20CF"
    "50CF3050BD70BAF0BAF0BAF0BAF000BC23E59D802C3500093CC7D";
const char* const kP7 =
    "~2002460061DC11040F0CFD0CFC0CFC0CFB0CFC0CFB0CFD0CFC0CFC0CFB0CFA0CFD0CFB0CFE0CFA050BE10BCD0"
    "BCD0BCD0BCD0000C2C1FFFF04FFFF002F00EFEC0121100F0CEB0CEB0CEB0CEA0CEA0CEC0CEB0CEB0CE90CE80CE"
    "60CE90CE90CEA0CE8050BE10BCD0BCD0BCD0BCDFFBCC1B2FFFF04FFFF002800F2D00121100F0CE80CE90CEA0CE"
    "A0CEA0CE90CEA0CEA0CEB0CEC0CEB0CEB0CEB0CEA0CEA050BE10BC30BC30BC30BC3FFB7C1B8FFFF04FFFF00710"
    "0E7400121100F0CE90CEC0CEB0CEA0CEA0CEB0CE90CE80CEA0CEA0CEA0CEB0CEC0CEA0CEA050BD70BC30BC30BC"
    "30BB9FFBBC1B9FFFF04FFFF006B00ED080121108D63";
bms_report_t pack(std::initializer_list<std::uint16_t> cells_mV,
                  std::initializer_list<std::int16_t> ntcs_ddegC, std::int32_t current_mA,
                  std::uint32_t pack_mV, std::uint32_t remaining_mAh, std::uint32_t full_mAh,
                  std::uint16_t cycle_count) {
  bms_report_t report = sample_report();
  set_cells_mV(report, cells_mV);
  set_ntcs_ddegC(report, ntcs_ddegC);
  report.current_mA = current_mA;
  report.pack_mV = pack_mV;
  report.remaining_mAh = remaining_mAh;
  report.full_mAh = full_mAh;
  report.cycle_count = cycle_count;
  return report;
}

std::vector<bms_report_t> p5_packs() {
  return {pack({3315, 3316, 3317, 3316, 3317, 3316, 3316, 3315, 3314, 3314, 3314, 3315, 3314, 3315,
                3315},
               {300, 270, 270, 270, 260}, 1200, 49729, 23500, 50000, 99),
          pack({3315, 3314, 3315, 3314, 3315, 3314, 3315, 3315, 3316, 3316, 3315, 3316, 3314, 3317,
                3315},
               {300, 260, 260, 260, 260}, 1100, 49726, 23000, 50000, 147)};
}

std::vector<bms_report_t> p7_packs() {
  return {pack({3325, 3324, 3324, 3323, 3324, 3323, 3325, 3324, 3324, 3323, 3322, 3325, 3323, 3326,
                3322},
               {310, 290, 290, 290, 290}, 0, 49857, 61420, 74000, 47),
          pack({3307, 3307, 3307, 3306, 3306, 3308, 3307, 3307, 3305, 3304, 3302, 3305, 3305, 3306,
                3304},
               {310, 290, 290, 290, 290}, -6800, 49586, 62160, 74000, 40),
          pack({3304, 3305, 3306, 3306, 3306, 3305, 3306, 3306, 3307, 3308, 3307, 3307, 3307, 3306,
                3306},
               {310, 280, 280, 280, 280}, -7300, 49592, 59200, 74000, 113),
          pack({3305, 3308, 3307, 3306, 3306, 3307, 3305, 3304, 3306, 3306, 3306, 3307, 3308, 3306,
                3306},
               {300, 280, 280, 280, 270}, -6900, 49593, 60680, 74000, 107)};
}

const char* const kAskAll = "~20024642E002FFFD09";  // request P5

TEST(PylontechRs485Stack, P5_TOM_two_packs_are_encoded) {
  EXPECT_EQ(info_after_flag(reply_to(kAskAll, p5_packs())), info_after_flag(kP5));
}

TEST(PylontechRs485Stack, P5_TOM_two_packs_are_decoded_as_one_battery) {
  const BatteryView view = decode(ask_42, kP5);
  EXPECT_EQ(view.cell_V.size(), 30U);
  EXPECT_EQ(view.ntc_degC.size(), 10U);
  EXPECT_DOUBLE_EQ(view.current_A.value(), 1.2 + 1.1);
  EXPECT_DOUBLE_EQ(view.pack_V.value(), (49.729 + 49.726) / 2);
  EXPECT_DOUBLE_EQ(view.remaining_Ah.value(), 23.5 + 23.0);
  EXPECT_DOUBLE_EQ(view.full_Ah.value(), 100.0);
  EXPECT_EQ(view.cycle_count.value(), 147U);
}

TEST(PylontechRs485Stack, P7_PPY_four_packs_are_encoded) {
  EXPECT_EQ(info_after_flag(reply_to(kAskAll, p7_packs())), info_after_flag(kP7));
}

TEST(PylontechRs485Stack, P7_PPY_four_packs_are_decoded_as_one_battery) {
  const BatteryView view = decode(ask_42, kP7);
  EXPECT_EQ(view.cell_V.size(), 60U);
  EXPECT_EQ(view.ntc_degC.size(), 20U);
  EXPECT_NEAR(view.pack_V.value(), (49.857 + 49.586 + 49.592 + 49.593) / 4, 1e-9);
  EXPECT_NEAR(view.current_A.value(), 0.0 - 6.8 - 7.3 - 6.9, 1e-9);
  EXPECT_NEAR(view.remaining_Ah.value(), 61.42 + 62.16 + 59.2 + 60.68, 1e-9);
  EXPECT_NEAR(view.full_Ah.value(), 4 * 74.0, 1e-9);
}

// A US2000 behind a US3000: 50 Ah in the fields of a large pack (PPY).
TEST(PylontechRs485Stack, one_large_pack_makes_every_pack_send_four_user_items) {
  std::vector<bms_report_t> packs{p7_packs().front(), p5_packs().front()};
  const std::string info = info_of(reply_to(kAskAll, packs));
  EXPECT_EQ(info.size(), 4U + 2 * 118);
  EXPECT_EQ(info.substr(info.size() - 26), "FFFF04FFFF0063005BCC00C350");
  EXPECT_EQ(info_of(reply_to(kAskAll, packs[1])).size(), 4U + 106);  // alone, it does not
}

TEST(PylontechRs485Stack, each_pack_answers_at_its_address_and_by_selector) {
  const std::vector<bms_report_t> packs = p7_packs();
  const Packs stack = packs;
  const auto pack_V = [&](const std::string& characters) {
    return decode(ask_42, reply_to(request_of(characters), stack)).pack_V.value();
  };
  EXPECT_DOUBLE_EQ(pack_V("20034642E00203"), 49.586);
  EXPECT_DOUBLE_EQ(pack_V("20024642E00205"), 49.593);
  EXPECT_DOUBLE_EQ(pack_V("200446420000"), 49.592);
  const std::string reply = reply_to(request_of("20034642E00203"), stack);
  EXPECT_EQ(reply.substr(0, 5), "~2003");
  EXPECT_EQ(info_of(reply).substr(2, 2), "03");
  EXPECT_EQ(ask(request_of("20064642E00206"), stack).kind, ReplyKind::none);
  EXPECT_EQ(ask(request_of("20014642E00201"), stack).kind, ReplyKind::none);
  EXPECT_EQ(text_of(ask(request_of("20024642E00206"), stack).bytes).substr(7, 2), "90");
}

TEST(PylontechRs485Stack, alarms_limits_and_numbers_are_those_of_the_pack_asked_for) {
  std::vector<bms_report_t> packs = p5_packs();
  packs[1].ccl_mA = 12'000;
  packs[1].protections = BMS_RULE_BIT(BMS_RULE_CELL_UV);
  const Packs stack = packs;
  BatteryIdentity identity;
  identity.member_barcodes = {"HPTBH02240A01235"};

  const std::string limits = reply_to(request_of("20034692E00203"), stack, identity);
  EXPECT_EQ(info_of(limits).substr(0, 2), "03");
  EXPECT_DOUBLE_EQ(decode(ask_92, limits).ccl_A.value(), 12.0);
  EXPECT_EQ(reply_to("~20034693E00203FD2B", stack, identity),  // P15b, ESS
            "~20034600C0220348505442483032323430413031323335F6D5");
  EXPECT_EQ(decode(ask_93, reply_to(request_of("20034693E00203"), stack)).barcode.value(), "");
  EXPECT_EQ(info_of(reply_to(request_of("20034696E00203"), stack)).substr(0, 2), "03");
  EXPECT_EQ(info_of(reply_to(request_of("200246900000"), stack)), "02");

  EXPECT_EQ(decode(ask_44, reply_to(request_of("20024644E00202"), stack)).protections.value(), 0U);
  const std::string all = reply_to(request_of("20024644E002FF"), stack);
  EXPECT_EQ(info_of(all).substr(2, 2), "02");
  EXPECT_EQ(info_of(all).size(), 4U + 2 * 62);
  EXPECT_EQ(decode(ask_44, all).protections.value(), 0x02U);
}

// 16 packs of 32 cells: the longest reply there is.
TEST(PylontechRs485Stack, a_full_stack_fits_into_a_frame) {
  const std::vector<bms_report_t> packs(BMS_MAX_PACKS, extreme_report(true));
  for (const char* request : {"20024642E002FF", "20024644E002FF", "200246600000"}) {
    const Reply reply = ask(request_of(request), packs);
    ASSERT_EQ(reply.kind, ReplyKind::answer);
    const FrameSpan span = rs485().find_frame(reply.bytes);
    EXPECT_EQ(span.length, reply.bytes.size()) << request;
  }
  const BatteryView view = decode(ask_42, reply_to(kAskAll, packs));
  EXPECT_EQ(view.cell_V.size(), 16U * 32);
}

}  // namespace
}  // namespace doppelpack::can_emulator
