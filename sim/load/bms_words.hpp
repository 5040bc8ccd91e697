// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The core's own words for its rules, failures, states and reasons, in the order of their numbers: in
// files they are keys and choices, in signals values.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "bms/bms.h"

namespace doppelpack::sim {

template <typename Value, Value kCount, const char* (*kName)(Value)>
std::span<const std::string_view> words_of() {
  static const auto kWords = [] {
    std::array<std::string_view, kCount> words;
    for (std::size_t i = 0; i < words.size(); ++i) words[i] = kName(static_cast<Value>(i));
    return words;
  }();
  return kWords;
}

inline std::span<const std::string_view> rule_words() {
  return words_of<bms_rule_t, BMS_RULE_COUNT, bms_rule_name>();
}

inline std::span<const std::string_view> failure_words() {
  return words_of<bms_failure_t, BMS_FAILURE_COUNT, bms_failure_name>();
}

inline std::span<const std::string_view> state_words() {
  return words_of<bms_state_t, BMS_STATE_COUNT, bms_state_name>();
}

inline std::span<const std::string_view> reason_words() {
  return words_of<bms_reason_t, BMS_REASON_COUNT, bms_reason_name>();
}

}  // namespace doppelpack::sim
