// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The signals as rows of tables, one table for each kind of owner. A new signal is one row.
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <type_traits>

#include "sim/bench_state.hpp"
#include "sim/quantity.hpp"

namespace doppelpack::sim {

using Words = std::span<const std::string_view>;

/// A Signal without its owner's prefix ("pack1/cell01/") and index.
struct SignalRow {
  std::string_view name;
  Dimension dimension;
  Words words;  ///< empty for a number
  std::string_view help;
  double (*read)(const BenchState& state, int index);
  void (*write)(BenchState& state, int index, double value) = nullptr;
};

inline constexpr Words kNumber{};
inline constexpr std::array<std::string_view, 2> kNoYes{"no", "yes"};
inline constexpr std::array<std::string_view, 2> kOffOn{"off", "on"};
inline constexpr std::array<std::string_view, 2> kOpenClosed{"open", "closed"};
inline constexpr std::array<std::string_view, 2> kClearActive{"clear", "active"};
inline constexpr std::array<std::string_view, 2> kReleasedPressed{"released", "pressed"};

/// Reads a field by the members that lead to it.
template <auto... kPath>
double read_field(const BenchState& state, int /*index*/) {
  return static_cast<double>((state.*....*kPath));
}

template <auto... kPath>
void write_field(BenchState& state, int /*index*/, double value) {
  auto& field = (state.*....*kPath);
  if constexpr (std::is_same_v<std::remove_reference_t<decltype(field)>, bool>) {
    field = value != 0.0;
  } else {
    field = value;
  }
}

// The truth; index: cell or NTC.
std::span<const SignalRow> pack_signals();
std::span<const SignalRow> pack_cell_signals();
std::span<const SignalRow> pack_ntc_signals();

// What the firmware reports and drives; index: cell, NTC, bms_rule_t, or the bit of a LED or button.
std::span<const SignalRow> bms_signals();
std::span<const SignalRow> bms_cell_signals();
std::span<const SignalRow> bms_ntc_signals();
std::span<const SignalRow> bms_rule_signals();  ///< each followed by "/<rule>"
std::span<const SignalRow> bms_led_signals();   ///< without the name of the LED
std::span<const SignalRow> bms_button_signals();

// Everything around the pack.
std::span<const SignalRow> inverter_signals();
std::span<const SignalRow> site_signals();
std::span<const SignalRow> environment_signals();
std::span<const SignalRow> can_signals();
std::span<const SignalRow> rs485_signals();

}  // namespace doppelpack::sim
