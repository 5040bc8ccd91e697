// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The signals as rows of tables, one table for each kind of owner. A new signal is one row.
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <type_traits>

#include "bms/types.h"
#include "sim/bench_state.hpp"
#include "sim/quantity.hpp"

namespace doppelpack::sim {

using Words = std::span<const std::string_view>;

/// A Signal without its owner's prefix ("pack1/cell01/") and index. Owner: a pack, or what all share.
template <typename Owner>
struct SignalRow {
  std::string_view name;
  Dimension dimension;
  Words words;  ///< empty for a number
  std::string_view help;
  double (*read)(const Owner& owner, int index);
  void (*write)(Owner& owner, int index, double value) = nullptr;
};
using UnitRow = SignalRow<PackUnit>;
using BenchRow = SignalRow<BenchState>;

inline constexpr Words kNumber{};
inline constexpr std::array<std::string_view, 2> kNoYes{"no", "yes"};
inline constexpr std::array<std::string_view, 2> kOffOn{"off", "on"};
inline constexpr std::array<std::string_view, 2> kOpenClosed{"open", "closed"};
inline constexpr std::array<std::string_view, 2> kClearActive{"clear", "active"};
inline constexpr std::array<std::string_view, 2> kReleasedPressed{"released", "pressed"};

/// One bit of a set of the firmware's, and the word for it.
struct NamedBit {
  std::string_view name;
  int bit;
};

inline constexpr std::array kLeds{NamedBit{"run", BMS_LED_RUN},   NamedBit{"alarm", BMS_LED_ALARM},
                                  NamedBit{"soc1", BMS_LED_SOC1}, NamedBit{"soc2", BMS_LED_SOC2},
                                  NamedBit{"soc3", BMS_LED_SOC3}, NamedBit{"soc4", BMS_LED_SOC4},
                                  NamedBit{"soc5", BMS_LED_SOC5}, NamedBit{"soc6", BMS_LED_SOC6},
                                  NamedBit{"com", BMS_LED_COM},   NamedBit{"error", BMS_LED_ERROR}};
inline constexpr std::array kButtons{
    NamedBit{"power", BMS_BUTTON_POWER}, NamedBit{"reset", BMS_BUTTON_RESET},
    NamedBit{"switch", BMS_BUTTON_SWITCH}, NamedBit{"wake", BMS_BUTTON_WAKE}};
inline constexpr std::array kCoils{NamedBit{"main_1", BMS_CONTACT_MAIN_1},
                                   NamedBit{"main_2", BMS_CONTACT_MAIN_2},
                                   NamedBit{"precharge", BMS_CONTACT_PRECHARGE}};
inline constexpr std::array kContacts{kCoils[0], kCoils[1], kCoils[2],
                                      NamedBit{"breaker", BMS_CONTACT_BREAKER}};

/// Reads a field by the members that lead to it.
template <auto... kPath, typename Owner>
double read_field(const Owner& owner, int /*index*/) {
  return static_cast<double>((owner.*....*kPath));
}

template <auto... kPath, typename Owner>
void write_field(Owner& owner, int /*index*/, double value) {
  auto& field = (owner.*....*kPath);
  if constexpr (std::is_same_v<std::remove_reference_t<decltype(field)>, bool>) {
    field = value != 0.0;
  } else {
    field = value;
  }
}

// The truth; index: cell or NTC.
std::span<const UnitRow> pack_signals();
std::span<const UnitRow> pack_cell_signals();
std::span<const UnitRow> pack_ntc_signals();

// What the firmware reports and drives; index: cell, NTC, bms_rule_t, bms_failure_t, or the bit of a
// lamp, button, coil or contact.
std::span<const UnitRow> bms_signals();
std::span<const UnitRow> bms_cell_signals();
std::span<const UnitRow> bms_ntc_signals();
std::span<const UnitRow> bms_rule_signals();     ///< each followed by "/<rule>"
std::span<const UnitRow> bms_failure_signals();  ///< without the name of the failure, as the next
std::span<const UnitRow> bms_led_signals();
std::span<const UnitRow> bms_button_signals();
std::span<const UnitRow> bms_coil_signals();
std::span<const UnitRow> bms_contact_signals();
std::span<const UnitRow> bank_signals();  ///< what the inverter is told of the whole bank

// What a person sees of the panel; index: lamp_index().
std::span<const UnitRow> lamp_signals();
std::span<const UnitRow> buzzer_signals();
std::span<const UnitRow> display_signals();
int lamp_index(int lamp, LampColour colour);

// What the inverter made of the alarms it heard; index: bms_rule_t.
std::span<const BenchRow> heard_rule_signals();  ///< each followed by "/<rule>"

// Everything around the pack.
std::span<const BenchRow> inverter_signals();
std::span<const BenchRow> power_signals();
std::span<const BenchRow> site_signals();
std::span<const BenchRow> environment_signals();
std::span<const BenchRow> can_signals();
std::span<const BenchRow> can_wire_signals();
std::span<const BenchRow> rs485_wire_signals();
std::span<const BenchRow> rs485_signals();

}  // namespace doppelpack::sim
