// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Behaviour of the Pylontech RS485 codec that no capture shows: framing, who is answered, refusals,
// noise. Expected bytes are worked out by hand from the layouts of V3.3 and V3.5.

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include "pylontech_rs485_bench.hpp"

namespace doppelpack::can_emulator {
namespace {

void expect_rejection(const Reply& reply, const std::string& rtn) {
  EXPECT_EQ(reply.kind, ReplyKind::rejection);
  EXPECT_FALSE(reply.problem.empty());
  EXPECT_EQ(text_of(reply.bytes).substr(0, 13), "~200246" + rtn + "0000");
}

void expect_silence(const Reply& reply) {
  EXPECT_EQ(reply.kind, ReplyKind::none);
  EXPECT_TRUE(reply.bytes.empty());
  EXPECT_FALSE(reply.problem.empty());
}

// ---- framing ------------------------------------------------------------------------------------

TEST(PylontechRs485, finds_the_first_whole_frame_and_counts_what_lies_before_it) {
  const struct {
    std::string received;
    std::size_t garbage, length;
  } cases[] = {
      {"", 0, 0},
      {"\r\r\r\r", 4, 0},  // how ardiehl/pylontech flushes
      {"noise", 5, 0},
      {"~2002", 0, 0},
      {"no~2002", 2, 0},
      {"~200246\r", 0, 8},
      {"\r\n~200246\r~2", 2, 8},
      {"~20~20\r", 3, 4},  // cut short by the next one
      {"~~~~", 3, 0},
      {"~\r", 0, 2},
      {"\r~20\r~30\r", 1, 4},
  };
  for (const auto& [received, garbage, length] : cases) {
    const FrameSpan span = rs485().find_frame(raw(received));
    EXPECT_EQ(span.garbage, garbage) << received;
    EXPECT_EQ(span.length, length) << received;
  }
}

TEST(PylontechRs485, gives_up_waiting_for_the_end_of_a_frame_longer_than_any_can_be) {
  const std::size_t longest = 1 + 12 + 4095 + 4 + 1;
  const std::string open = "~" + std::string(longest - 2, '0');
  EXPECT_EQ(rs485().find_frame(raw(open)).garbage, 0U);
  EXPECT_EQ(rs485().find_frame(raw(open + "\r")).length, longest);
  EXPECT_EQ(rs485().find_frame(raw(open + "0")).garbage, longest);
  const FrameSpan span = rs485().find_frame(raw(open + "0\r~20\r"));
  EXPECT_EQ(span.garbage, longest + 1);
  EXPECT_EQ(span.length, 4U);
}

TEST(PylontechRs485, length_checksum_of_a_nibble_sum_of_16_is_0) {
  bms_report_t report = sample_report();
  report.cell_count = 20;  // 0x44 then has LENID 04C; 4 + C = 16
  EXPECT_EQ(reply_to("~20024644E00202FD31", report).substr(9, 4), "004C");
}

TEST(PylontechRs485, takes_lower_case_but_sends_upper_case) {
  EXPECT_EQ(reply_to(request_of("20024642e002ff")), reply_to(request_of("20024642E002FF")));
}

TEST(PylontechRs485, replies_end_with_a_carriage_return_and_nothing_else) {
  const Bytes reply = ask("~20024642E00202FD33").bytes;
  EXPECT_EQ(reply.front(), '~');
  EXPECT_EQ(reply.back(), '\r');
  EXPECT_EQ(std::count(reply.begin(), reply.end(), '\r'), 1);
  EXPECT_EQ(std::count(reply.begin(), reply.end(), '\n'), 0);
}

// ---- who is answered ----------------------------------------------------------------------------

TEST(PylontechRs485, python_pylontech_finds_the_version_and_the_maker_at_address_0) {
  EXPECT_EQ(reply_to("~2000464F0000FD9A"), "~200046000000FDB4");
  EXPECT_EQ(info_of(reply_to("~200046510000FDAE")), info_of(reply_to("~200246510000FDAC")));
  for (const char* cid2 : {"42", "44", "47", "60", "61", "62", "63", "92", "93", "96", "99"}) {
    expect_silence(ask(request_of("200046" + std::string(cid2) + "0000")));
  }
}

TEST(PylontechRs485, other_addresses_and_other_kinds_of_device_get_silence) {
  for (int address = 0; address < 256; ++address) {
    char text[16];
    std::snprintf(text, sizeof text, "20%02X46610000", static_cast<unsigned>(address));
    EXPECT_EQ(ask(request_of(text)).kind, address == 2 ? ReplyKind::answer : ReplyKind::none);
    EXPECT_EQ(ask(request_of(text), sample_report(), at_address(0x12)).kind,
              address == 0x12 ? ReplyKind::answer : ReplyKind::none);
  }
  expect_silence(ask(request_of("20024A610000")));  // CID1 of an EG4
}

// Voltronic inverters show nothing before they are answered in version 28.
TEST(PylontechRs485, version_28_is_answered_in_version_28_and_every_other_in_20) {
  for (const char* version : {"00", "20", "25", "FF"}) {
    EXPECT_EQ(reply_to(request_of(std::string(version) + "0246610000")).substr(0, 5), "~2002");
  }
  EXPECT_EQ(reply_to(request_of("2802464F0000")), request_of("280246000000"));
}

// ---- refusals -----------------------------------------------------------------------------------

TEST(PylontechRs485, wrong_checksum_is_02) {
  expect_rejection(ask("~200246610000FDAA"), "02");
  expect_rejection(ask("~20024661000000000000FDAB"), "02");
}

TEST(PylontechRs485, wrong_length_checksum_is_03) {
  expect_rejection(ask(request_of("20024642F00202")), "03");
  expect_rejection(ask(request_of("200246611000")), "03");
}

TEST(PylontechRs485, unknown_command_is_04) {
  for (const char* cid2 : {"00", "41", "43", "64", "91", "94", "95", "99", "FF"}) {
    expect_rejection(ask(request_of("200246" + std::string(cid2) + "0000")), "04");
  }
}

TEST(PylontechRs485, wrong_length_is_05) {
  expect_rejection(ask(request_of("20024642E0020202")), "05");  // more than LENID says
  expect_rejection(ask(request_of("20024642E002")), "05");      // less
  expect_rejection(ask(request_of("20024642F0010")), "05");     // odd
  expect_rejection(ask(request_of("20024642F00100")), "05");  // LENID in bytes, as one Seplos host
  expect_rejection(ask(request_of("20024642C0040202")), "05");  // two selectors
}

TEST(PylontechRs485, a_pack_that_is_not_there_is_90) {
  expect_rejection(ask(request_of("20024642E00203")), "90");
  expect_rejection(ask(request_of("20024693E00203")), "90");
  expect_rejection(ask(request_of("20024692E002FF")), "90");  // "all" is for 42 and 44
}

TEST(PylontechRs485, damaged_requests_for_others_and_what_is_no_frame_get_silence) {
  expect_silence(ask("~200346610000FDAA"));
  expect_silence(ask("~2002466100G0FDAB"));
  expect_silence(ask("~20024661000FDAB"));  // a character short
  expect_silence(ask("~"));
  expect_silence(ask(""));
  expect_silence(rs485().respond({}, sample_report(), {}));
  expect_silence(rs485().respond(raw("~200246610000FDAB"), sample_report(), {}));  // no CR
}

TEST(PylontechRs485, replies_a_byte_too_short_or_too_long_or_with_a_return_code_are_refused) {
  const auto frame_with = [](const std::string& rtn, const std::string& info) {
    const auto lenid = static_cast<unsigned>(info.size());
    char length[8];
    std::snprintf(length, sizeof length, "%X%03X",
                  (16 - (lenid / 256 + lenid / 16 % 16 + lenid % 16) % 16) % 16, lenid);
    return bytes_of(request_of("200246" + rtn + length + info));
  };
  for (std::size_t i = 0; i < rs485().request_count; ++i) {
    const Reply good = rs485().respond(rs485().encode_request(i, 2), sample_report(), {});
    const std::string info = info_of(text_of(good.bytes));
    BatteryView view;
    EXPECT_FALSE(rs485().decode_reply(i, frame_with("00", info.substr(2)), {}, view)) << i;
    EXPECT_FALSE(rs485().decode_reply(i, frame_with("00", info + "00"), {}, view)) << i;
    EXPECT_FALSE(rs485().decode_reply(i, frame_with("00", ""), {}, view)) << i;
    EXPECT_FALSE(rs485().decode_reply(i, frame_with("02", info), {}, view)) << i;
    EXPECT_EQ(view, BatteryView{});
    EXPECT_TRUE(rs485().decode_reply(i, frame_with("00", info), {}, view)) << i;
  }
}

// ---- noise --------------------------------------------------------------------------------------

TEST(PylontechRs485, random_bytes_are_all_accounted_for) {
  std::mt19937 random(3);
  const std::string alphabet = "~~\r\r0123456789ABCDEF2024";
  for (int i = 0; i < 100'000; ++i) {
    Bytes buffer;
    const std::size_t size = random() % 80;
    while (buffer.size() < size) {
      const bool is_wild = random() % 16 == 0;
      buffer.push_back(
          static_cast<std::uint8_t>(is_wild ? random() : alphabet[random() % alphabet.size()]));
    }
    BytesView rest = buffer;
    while (true) {
      const FrameSpan span = rs485().find_frame(rest);
      ASSERT_LE(span.garbage + span.length, rest.size());
      rest.remove_prefix(span.garbage);
      if (span.length == 0) break;
      const BytesView frame = rest.substr(0, span.length);
      ASSERT_EQ(frame.front(), '~');
      ASSERT_EQ(frame.find('\r'), frame.size() - 1);
      ASSERT_EQ(frame.rfind('~'), 0U);
      ASSERT_EQ(rs485().respond(frame, sample_report(), {}).bytes.empty(),
                rs485().respond(frame, sample_report(), {}).kind == ReplyKind::none);
      rest.remove_prefix(span.length);
    }
    ASSERT_TRUE(rest.empty() || rest.front() == '~');  // the beginning of a frame at most
    ASSERT_EQ(rest.find('\r'), BytesView::npos);
  }
}

TEST(PylontechRs485, damaged_requests_are_never_answered_with_data) {
  const std::vector<std::string> requests{"~20024642E00202FD33", "~200246610000FDAB",
                                          "~20024693E00202FD2D", "~2000464F0000FD9A"};
  std::mt19937 random(4);
  int rejected = 0;
  for (int i = 0; i < 100'000; ++i) {
    const Bytes good = bytes_of(requests[random() % requests.size()]);
    Bytes bad = good;
    bad[random() % bad.size()] ^= static_cast<std::uint8_t>(1U << (random() % 8));
    const Reply reply = rs485().respond(bad, sample_report(), {});
    // a changed case is no damage
    const bool is_same = std::equal(good.begin(), good.end(), bad.begin(), [](int a, int b) {
      return a == b || (std::isxdigit(a) != 0 && std::tolower(a) == std::tolower(b));
    });
    if (!is_same) {
      ASSERT_NE(reply.kind, ReplyKind::answer);
    }
    rejected += reply.kind == ReplyKind::rejection ? 1 : 0;
  }
  EXPECT_GT(rejected, 10'000);
}

TEST(PylontechRs485, random_replies_with_good_checksums_change_the_view_wholly_or_not_at_all) {
  std::mt19937 random(5);
  int accepted = 0;
  for (int i = 0; i < 100'000; ++i) {
    const std::size_t question = random() % (rs485().request_count + 1);
    const Reply good = rs485().respond(rs485().encode_request(question, 2), sample_report(), {});
    std::string info =
        question < rs485().request_count ? info_of(text_of(good.bytes)) : std::string();
    for (int changes = static_cast<int>(random() % 4); changes > 0 && !info.empty(); --changes) {
      info[random() % info.size()] = "0123456789ABCDEF"[random() % 16];
    }
    if (random() % 4 == 0) info.resize(random() % (info.size() + 1) / 2 * 2);
    if (random() % 4 == 0) info.append(2 * (random() % 40), 'F');
    char length[8];
    const auto lenid = static_cast<unsigned>(info.size());
    std::snprintf(length, sizeof length, "%X%03X",
                  (16 - (lenid / 256 + lenid / 16 % 16 + lenid % 16) % 16) % 16, lenid);
    BatteryView view;
    const Bytes reply = bytes_of(request_of(std::string("20024600") + length + info));
    const bool is_accepted = rs485().decode_reply(question, reply, {}, view);
    ASSERT_EQ(view != BatteryView{}, is_accepted);
    accepted += is_accepted ? 1 : 0;
  }
  EXPECT_GT(accepted, 20'000);
}

}  // namespace
}  // namespace doppelpack::can_emulator
