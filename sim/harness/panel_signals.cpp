// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What a person in front of the panel sees and hears; index: the lamp, and its colour above it.

#include "harness/signal_tables.hpp"

namespace doppelpack::sim {

namespace {

constexpr int kColourShift = 8;

constexpr std::array<std::string_view, 4> kPatterns{"dark", "solid", "flashing", "unsure"};
// In the order of LampColour, but for the first: the light of a dark lamp has none.
constexpr std::array<std::string_view, 8> kColours{"dark",   "unnamed", "green", "red",
                                                   "yellow", "orange",  "blue",  "white"};

int lamp_of(int index) {
  return index & ((1 << kColourShift) - 1);
}

double read_pattern(const PackUnit& unit, int index) {
  return static_cast<double>(pattern_of(unit.panel, lamp_of(index)));
}

double read_period_s(const PackUnit& unit, int index) {
  return period_s(unit.panel, lamp_of(index));
}

double read_count(const PackUnit& unit, int index) {
  return counted_flashes(unit.panel, lamp_of(index));
}

double read_is_lit(const PackUnit& unit, int index) {
  return static_cast<double>(unit.panel.lit >> static_cast<unsigned>(lamp_of(index)) & 1U);
}

double read_colour(const PackUnit& unit, int index) {
  const int lamp = lamp_of(index);
  const bool is_flashing = pattern_of(unit.panel, lamp) == LampPattern::flashing;
  const bool is_lit = (unit.panel.lit >> static_cast<unsigned>(lamp) & 1U) != 0;
  return is_flashing || is_lit ? 1.0 + (index >> kColourShift) : 0.0;
}

constexpr std::array kBuzzerSignals{
    UnitRow{"pattern", Dimension::none, kPatterns,
            "what a person would say of it; unsure for 5 s after a change", read_pattern},
    UnitRow{"period_s", Dimension::time, kNumber, "start to start; unknown unless flashing",
            read_period_s},
    UnitRow{"count", Dimension::none, kNumber, "how often in its last group", read_count},
    UnitRow{"is_lit", Dimension::none, kNoYes, "gives light, or sound, at this very moment",
            read_is_lit},
};

constexpr std::array kLampSignals{
    kBuzzerSignals[0], kBuzzerSignals[1], kBuzzerSignals[2], kBuzzerSignals[3],
    UnitRow{"colour", Dimension::none, kColours, "colour of its light", read_colour}};

constexpr std::array kDisplaySignals{
    UnitRow{"display", Dimension::none, kNumber, "error code on the display; 0: nothing",
            read_field<&PackUnit::bms_outputs, &bms_outputs_t::report, &bms_report_t::error_code>}};

}  // namespace

int lamp_index(int lamp, LampColour colour) {
  return lamp | static_cast<int>(colour) << kColourShift;
}

std::span<const UnitRow> lamp_signals() {
  return kLampSignals;
}
std::span<const UnitRow> buzzer_signals() {
  return kBuzzerSignals;
}
std::span<const UnitRow> display_signals() {
  return kDisplaySignals;
}

}  // namespace doppelpack::sim
