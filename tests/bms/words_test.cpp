// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// The words for states and reasons, as logs and scenarios use them.
#include <set>
#include <string>

#include "bench.hpp"

namespace bms_test {
namespace {

TEST(Words, of_the_reasons_are_distinct_and_in_order) {
  std::set<std::string> words;
  for (int i = 0; i < BMS_REASON_COUNT; ++i)
    words.insert(bms_reason_name(static_cast<bms_reason_t>(i)));
  EXPECT_EQ(words.size(), static_cast<std::size_t>(BMS_REASON_COUNT));
  EXPECT_FALSE(words.contains("unknown"));
  EXPECT_STREQ(bms_reason_name(BMS_REASON_NONE), "none");
  EXPECT_STREQ(bms_reason_name(BMS_REASON_CHARGER), "charger");
  EXPECT_STREQ(bms_reason_name(BMS_REASON_RULE), "rule");
  EXPECT_STREQ(bms_reason_name(BMS_REASON_INVERTER_SILENT), "inverter-silent");
  EXPECT_STREQ(bms_reason_name(BMS_REASON_BANK), "bank");
  EXPECT_STREQ(bms_reason_name(BMS_REASON_COUNT), "unknown");
}

TEST(Words, of_the_states_are_distinct_and_in_order) {
  std::set<std::string> words;
  for (int i = 0; i < BMS_STATE_COUNT; ++i)
    words.insert(bms_state_name(static_cast<bms_state_t>(i)));
  EXPECT_EQ(words.size(), static_cast<std::size_t>(BMS_STATE_COUNT));
  EXPECT_FALSE(words.contains("unknown"));
  EXPECT_STREQ(bms_state_name(BMS_STATE_OFF), "off");
  EXPECT_STREQ(bms_state_name(BMS_STATE_SHUTDOWN), "shutdown");
}

}  // namespace
}  // namespace bms_test
