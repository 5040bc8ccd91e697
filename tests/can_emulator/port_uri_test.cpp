// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "can_emulator/port.hpp"

namespace doppelpack::can_emulator {
namespace {

template <class Call>
std::string complaint(Call call) {
  try {
    call();
  } catch (const PortError& error) {
    return error.what();
  }
  return "";
}

std::string can_complaint(const std::string& uri) {
  return complaint([&] { open_can_port(parse_port_uri(uri)); });
}

std::string byte_complaint(const std::string& uri) {
  return complaint([&] { open_byte_port(parse_port_uri(uri)); });
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(PortUri, is_cut_into_scheme_address_and_options) {
  const PortUri uri = parse_port_uri("serial:/dev/ttyUSB0?baud=9600&parity=even");
  EXPECT_EQ(uri.text, "serial:/dev/ttyUSB0?baud=9600&parity=even");
  EXPECT_EQ(uri.scheme, "serial");
  EXPECT_EQ(uri.address, "/dev/ttyUSB0");
  const std::map<std::string, std::string> options{{"baud", "9600"}, {"parity", "even"}};
  EXPECT_EQ(uri.options, options);
}

TEST(PortUri, keeps_the_colons_of_the_address) {
  EXPECT_EQ(parse_port_uri("tcp:0.0.0.0:5020").address, "0.0.0.0:5020");
  EXPECT_EQ(parse_port_uri("udp_multicast:[ff15::1]:43113").address, "[ff15::1]:43113");
}

TEST(PortUri, lets_an_option_be_empty_and_contain_an_equals_sign) {
  EXPECT_EQ(parse_port_uri("a:b?c=").options.at("c"), "");
  EXPECT_EQ(parse_port_uri("a:b?c=d=e").options.at("c"), "d=e");
}

TEST(PortUri, without_a_scheme_is_refused) {
  for (const char* text : {"", "can0", ":can0", "/tmp/a:b", "C:\\can", "tcp socket:1"}) {
    EXPECT_THROW(parse_port_uri(text), PortError) << text;
  }
}

TEST(PortUri, with_a_malformed_option_is_refused) {
  for (const char* text : {"a:b?", "a:b?c", "a:b?=c", "a:b?c=1&", "a:b?c=1&&d=2", "a:b?c=1&c=2"}) {
    EXPECT_THROW(parse_port_uri(text), PortError) << text;
  }
}

TEST(PortSchemes, have_different_keys_that_their_syntax_begins_with) {
  std::set<std::string_view> keys;
  ASSERT_EQ(port_schemes().size(), 9U);
  for (const PortScheme* scheme : port_schemes()) {
    EXPECT_TRUE(keys.insert(scheme->key).second) << scheme->key;
    EXPECT_TRUE(scheme->syntax.starts_with(std::string(scheme->key) + ":")) << scheme->key;
    EXPECT_FALSE(scheme->help.empty()) << scheme->key;
    EXPECT_TRUE(scheme->open_can != nullptr || scheme->open_bytes != nullptr) << scheme->key;
    EXPECT_EQ(find_port_scheme(scheme->key), scheme);
  }
  EXPECT_EQ(find_port_scheme("nonsense"), nullptr);
}

TEST(OpenPort, names_the_schemes_that_fit_when_the_scheme_is_unknown) {
  const std::string for_can = can_complaint("nonsense:1");
  EXPECT_TRUE(for_can.starts_with("nonsense:1: unknown scheme 'nonsense'")) << for_can;
  EXPECT_TRUE(contains(for_can, "slcan-pty:PATH")) << for_can;
  EXPECT_FALSE(contains(for_can, "tcp:HOST:PORT")) << for_can;
  const std::string for_bytes = byte_complaint("nonsense:1");
  EXPECT_TRUE(contains(for_bytes, "tcp:HOST:PORT")) << for_bytes;
  EXPECT_FALSE(contains(for_bytes, "slcan")) << for_bytes;
}

TEST(OpenPort, suggests_what_was_probably_meant) {
  EXPECT_TRUE(contains(can_complaint("slcn:/dev/ttyACM0"), "did you mean 'slcan'?"));
  EXPECT_TRUE(contains(can_complaint("slcan_pty:/tmp/can"), "did you mean 'slcan-pty'?"));
  EXPECT_TRUE(contains(can_complaint("udp-multicast:239.0.0.1:1"), "mean 'udp_multicast'?"));
  EXPECT_FALSE(contains(can_complaint("modbus:1"), "did you mean"));
}

TEST(OpenPort, says_that_a_scheme_carries_the_other_thing) {
  EXPECT_TRUE(contains(can_complaint("tcp:127.0.0.1:0"), "'tcp' does not carry CAN frames"));
  EXPECT_TRUE(contains(byte_complaint("candump:/tmp/x"), "'candump' does not carry bytes"));
}

TEST(OpenPort, asks_for_a_missing_address) {
  EXPECT_TRUE(contains(byte_complaint("pty:"), "write pty:PATH"));
}

TEST(OpenPort, refuses_an_unknown_option_and_lists_the_valid_ones) {
  EXPECT_EQ(can_complaint("slcan:/dev/null?speed=1"),
            "slcan:/dev/null?speed=1: unknown option 'speed' (valid: bitrate, baud)");
  EXPECT_EQ(byte_complaint("pty:/tmp/x?baud=1"),
            "pty:/tmp/x?baud=1: unknown option 'baud' (there are none)");
}

TEST(OpenPort, refuses_a_value_outside_its_range) {
  for (const char* uri :
       {"serial:/dev/null?baud=abc", "serial:/dev/null?baud=-9600", "serial:/dev/null?stop_bits=3",
        "serial:/dev/null?parity=mark", "serial:/dev/null?driver=on", "tcp:127.0.0.1:65536",
        "tcp:127.0.0.1", "tcp:::1:80"}) {
    EXPECT_TRUE(byte_complaint(uri).starts_with(std::string(uri) + ": ")) << byte_complaint(uri);
  }
  for (const char* uri : {"slcan:/dev/null?bitrate=123456", "udp_multicast:10.0.0.1:43113",
                          "udp_multicast:239.74.163.2:0", "candump:/dev/null?interface="}) {
    EXPECT_TRUE(can_complaint(uri).starts_with(std::string(uri) + ": ")) << can_complaint(uri);
  }
}

TEST(OpenPort, gives_the_reason_of_the_system) {
  EXPECT_EQ(can_complaint("slcan:/no/such/tty"),
            "slcan:/no/such/tty: no such device (No such file or directory)");
  EXPECT_EQ(byte_complaint("serial:/dev/null"),
            "serial:/dev/null: not a serial device (Inappropriate ioctl for device)");
  EXPECT_TRUE(can_complaint("socketcan:nosuchcan0").starts_with("socketcan:nosuchcan0: "));
  EXPECT_TRUE(can_complaint("candump:/no/such/log").starts_with("candump:/no/such/log: "));
}

}  // namespace
}  // namespace doppelpack::can_emulator
