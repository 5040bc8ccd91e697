// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Captured frames of relatives that no pack here speaks, EG4 and Seplos V2 (vectors E and S of the
// RS485 reference): on a pair with one of ours they are frames, to the last byte, and not for it.
// Their 0x4F and 0x51 to address 0 are for all, and answered.
#include <gtest/gtest.h>

#include "sample_report.hpp"
#include "ydt1363_text.hpp"

namespace doppelpack::can_emulator {
namespace {

struct Relative {
  const char* vector;
  const char* frame;
};
constexpr Relative kRelatives[]{
    {"E1 NK", "~20014A420000FDA2"},
    {"E1 NK",
     "~20014A00A0CA1001100D2F0D2C0D2C0D2D0D2D0D2F0D2F0D2F0D2C0D2D0D2D0D2F0D300D2C0D3"
     "00D2C040B9B0BA50B9B0B9B0BB90BAF029D151521A9268400540F005700620D300D2C00040BA50"
     "B9B000ADAC0000A54550005D473000570A600000680000004CA56897E24D1A5"},
    {"E2 NK", "~20014A440000FDA0"},
    {"E2 NK",
     "~20014A00705410011000000000000000000000000000000000040000000000000000090000000"
     "0000003020000000000EDC3"},
    {"E3 NK", "~20014A510000FDA2"},
    {"E3 NK",
     "~20014A00F05C202020202020202020202020202020202020202000005154484E2020202020202"
     "020202020202020202030640306EBA8"},
    {"S1 GAL",
     "~2000460010960000100CB80CB60CB80CB80CB70CB70CB70CB80CB30CB70CB80CB80CB50CB70CB"
     "60CB6060B9E0B950B920BA00BC80BA9FB96145824520A7AA801287AA8000503E8145A002800000"
     "30802C0DC99"},
    {"S2 SYS", "~20004642E00200FD37"},
    {"S2 SYS",
     "~2000460010960001100CD70CE90CF40CD60CEF0CE50CE10CDC0CE90CF00CE80CEF0CEA0CDA0CD"
     "E0CD8060BA60BA00B970BA60BA50BA2FD5C14A0344E0A426803134650004603E8149F000000000"
     "0000000DC6C"},
    {"S3 GAL, SYS",
     "~20004600C040313130312D584F313720100643414E3A504E475F4459455F4C7578705F544242F"
     "01A"},
    {"S3 GAL, SYS",
     "~20004600C040313130312D5350313520020743414E50726F746F636F6C3A536F666172202020F"
     "046"},
    {"S4 GAL", "~200046000000FDB4"}};

TEST(Ydt1363Relatives, are_frames_that_our_packs_leave_to_others) {
  for (const char* const key : {"pylontech-rs485", "pace-rs485"}) {
    const SerialProtocol& protocol = *find_serial_protocol(key);
    for (const Relative& relative : kRelatives) {
      const Bytes frame = bytes_of(relative.frame);
      const FrameSpan span = protocol.find_frame(frame);
      EXPECT_EQ(span.garbage, 0U) << key << " " << relative.vector;
      EXPECT_EQ(span.length, frame.size()) << key << " " << relative.vector;
      BatteryIdentity identity;
      identity.serial_address = 2;
      const Reply reply = protocol.respond(frame, sample_report(), identity);
      EXPECT_EQ(reply.kind, ReplyKind::none) << key << " " << relative.vector;
    }
  }
}

TEST(Ydt1363Relatives, have_checksums_that_are_right) {
  for (const Relative& relative : kRelatives) {
    const std::string frame = relative.frame;
    EXPECT_EQ(frame_of(frame.substr(1, 8), info_of(frame)), frame) << relative.vector;
  }
}

}  // namespace
}  // namespace doppelpack::can_emulator
