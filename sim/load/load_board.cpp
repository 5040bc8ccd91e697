// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "bms/types.h"
#include "load/product_parts.hpp"
#include "load/section.hpp"

namespace doppelpack::sim {

namespace {

constexpr Kind kTerminalVoltage{Dimension::voltage, 1.0, 1000.0};

std::uint32_t read_buttons(const YamlNode& node) {
  constexpr std::string_view kWords[]{"power", "switch", "wake"};
  constexpr bms_button_t kBits[]{BMS_BUTTON_POWER, BMS_BUTTON_SWITCH, BMS_BUTTON_WAKE};
  std::uint32_t buttons = 0;
  for (const YamlNode& item : to_list(node)) buttons |= kBits[to_choice(item, kWords)];
  return buttons;
}

WakeCircuit read_wake(const Section& section) {
  WakeCircuit wake;
  if (section.has("buttons")) wake.buttons = read_buttons(section.at("buttons"));
  wake.has_pins = section.yes("pins");
  if (!section.has("terminals")) return wake;
  const Section terminals = section.section("terminals", {"low", "high"});
  wake.terminals_low_V = terminals.number("low", kTerminalVoltage);
  wake.terminals_high_V = terminals.number("high", kTerminalVoltage);
  if (wake.terminals_high_V <= wake.terminals_low_V) terminals.refuse_not_above("high", "low");
  return wake;
}

models::InsulationMonitorParameters read_monitor(const Section& section) {
  models::InsulationMonitorParameters monitor;
  monitor.period_s = section.number("period", {Dimension::time, 0.001, 60.0}, monitor.period_s);
  monitor.settling_s =
      section.number("settling", {Dimension::time, 0.001, 600.0}, monitor.settling_s);
  monitor.range_Ohm = section.number("range", {Dimension::resistance, 1e3, 1e9}, monitor.range_Ohm);
  monitor.noise = section.number("noise", {Dimension::none, 0.0, 0.1}, monitor.noise);
  return monitor;
}

}  // namespace

void read_board(const YamlNode& node, Product& product) {
  const Section section(node, {"clock_spread", "wake", "insulation_monitor"});
  Board& board = product.board;
  board.rtc_spread = section.number("clock_spread", {Dimension::none, 0.0, 0.01}, 0.0);
  if (section.has("wake"))
    board.wake = read_wake(section.section("wake", {"buttons", "pins", "terminals"}));
  if (section.has("insulation_monitor"))
    board.insulation_monitor = read_monitor(
        section.section("insulation_monitor", {"period", "settling", "range", "noise"}));
}

}  // namespace doppelpack::sim
