// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>

#include "can_emulator/can_protocol.hpp"
#include "can_emulator/serial_protocol.hpp"

namespace doppelpack::can_emulator {
namespace {

TEST(ProtocolRegistry, finds_each_can_protocol_by_its_key_and_only_once) {
  std::set<std::string_view> keys;
  ASSERT_FALSE(can_protocols().empty());
  for (const CanProtocol* protocol : can_protocols()) {
    EXPECT_TRUE(keys.insert(protocol->key).second) << protocol->key;
    EXPECT_EQ(find_can_protocol(protocol->key), protocol);
  }
  EXPECT_EQ(find_can_protocol("pylontech"), nullptr);
  EXPECT_EQ(find_can_protocol(""), nullptr);
}

TEST(ProtocolRegistry, finds_each_serial_protocol_by_its_key_and_only_once) {
  std::set<std::string_view> keys;
  ASSERT_FALSE(serial_protocols().empty());
  for (const SerialProtocol* protocol : serial_protocols()) {
    EXPECT_TRUE(keys.insert(protocol->key).second) << protocol->key;
    EXPECT_EQ(find_serial_protocol(protocol->key), protocol);
  }
  EXPECT_EQ(find_serial_protocol("pylontech-lv-can"), nullptr);
}

TEST(ProtocolRegistry, has_a_file_for_each_key_and_a_dbc_for_each_can_protocol) {
  const std::filesystem::path folder =
      std::filesystem::path(DOPPELPACK_SOURCE_DIR) / "can_emulator";
  const auto source = [&](std::string_view key) {
    std::string stem(key);
    for (char& character : stem) character = character == '-' ? '_' : character;
    return folder / "protocols" / (stem + ".cpp");
  };
  for (const CanProtocol* protocol : can_protocols()) {
    EXPECT_TRUE(std::filesystem::exists(source(protocol->key))) << protocol->key;
    EXPECT_TRUE(std::filesystem::exists(folder / "dbc" / protocol->dbc)) << protocol->dbc;
  }
  for (const SerialProtocol* protocol : serial_protocols()) {
    EXPECT_TRUE(std::filesystem::exists(source(protocol->key))) << protocol->key;
  }
}

void expect_options_to_fit(std::string_view protocol, std::span<const ProtocolOption> options) {
  EXPECT_LE(options.size(), kMaxProtocolOptions) << protocol;
  std::set<std::string_view> keys;
  for (const ProtocolOption& option : options) {
    EXPECT_TRUE(keys.insert(option.key).second) << protocol << ": " << option.key;
    EXPECT_FALSE(option.title.empty()) << protocol << ": " << option.key;
    EXPECT_GE(option.choices.size(), 2U) << protocol << ": " << option.key;
    const std::set<std::string_view> choices(option.choices.begin(), option.choices.end());
    EXPECT_EQ(choices.size(), option.choices.size()) << protocol << ": " << option.key;
  }
}

TEST(ProtocolRegistry, options_have_a_title_and_choices_and_fit_into_an_identity) {
  for (const CanProtocol* protocol : can_protocols())
    expect_options_to_fit(protocol->key, protocol->options);
  for (const SerialProtocol* protocol : serial_protocols())
    expect_options_to_fit(protocol->key, protocol->options);
}

TEST(ProtocolRegistry, periodic_frames_start_within_their_period_and_apart) {
  for (const CanProtocol* protocol : can_protocols()) {
    std::set<std::uint32_t> ids;
    std::set<std::uint32_t> offsets;
    for (const PeriodicFrame& frame : protocol->periodic) {
      EXPECT_LT(frame.offset_ms, frame.period_ms);
      EXPECT_TRUE(ids.insert(frame.id).second) << frame.id;
      EXPECT_TRUE(offsets.insert(frame.offset_ms).second) << frame.offset_ms;
    }
  }
}

TEST(ProtocolRegistry, an_inverter_polls_some_of_the_requests_of_a_serial_protocol) {
  for (const SerialProtocol* protocol : serial_protocols()) {
    EXPECT_GT(protocol->poll_count, 0U) << protocol->key;
    EXPECT_LE(protocol->poll_count, protocol->request_count) << protocol->key;
  }
}

}  // namespace
}  // namespace doppelpack::can_emulator
