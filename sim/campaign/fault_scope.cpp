// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/oracles/fault_scope.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "load/bms_words.hpp"

namespace doppelpack::sim {

namespace {

Condition whole(const Product& product) {
  Condition condition;
  condition.hardware = models::flawless_hardware(
      product.pack.cell_count(), static_cast<int>(product.pack.beads.size()), product.pack.series);
  return condition;
}

// With the severity that is farthest from no fault at all.
Condition broken(const Fault& fault, const Product& product) {
  Condition condition = whole(product);
  fault.apply(condition, 0, fault.severity_default);
  return condition;
}

bool breaks_relays(const Condition& a, const Condition& b) {
  const models::Hardware& x = a.hardware;
  const models::Hardware& y = b.hardware;
  return x.main_relay_1 != y.main_relay_1 || x.main_relay_2 != y.main_relay_2 ||
         x.precharge_relay != y.precharge_relay || x.is_main_1_undriven != y.is_main_1_undriven ||
         x.is_main_2_undriven != y.is_main_2_undriven ||
         x.is_precharge_undriven != y.is_precharge_undriven ||
         x.precharge_factor != y.precharge_factor ||
         a.electronics.feedback_open != b.electronics.feedback_open ||
         a.electronics.feedback_closed != b.electronics.feedback_closed;
}

bool breaks_breaker(const models::Hardware& x, const models::Hardware& y) {
  return x.is_breaker_off != y.is_breaker_off || x.is_breaker_jammed != y.is_breaker_jammed ||
         x.breaker_share != y.breaker_share;
}

bool breaks_can(const can_emulator::Cabling& x, const can_emulator::Cabling& y) {
  return !(x.can_plug == y.can_plug) || !(x.can_wire == y.can_wire) ||
         !(x.can_gateway == y.can_gateway) || x.has_can_babbler != y.has_can_babbler;
}

bool breaks_rs485(const can_emulator::Cabling& x, const can_emulator::Cabling& y) {
  return !(x.rs485_plug == y.rs485_plug) || !(x.rs485_wire == y.rs485_wire);
}

std::uint32_t broken_buttons(const Electronics& electronics) {
  return electronics.dead_buttons | electronics.stuck_buttons;
}

// RESET is on every panel.
std::uint32_t buttons_of(const Product& product) {
  std::uint32_t buttons = product.board.wake.buttons | BMS_BUTTON_RESET;
  if (product.bms.sequence.has_power_button) buttons |= BMS_BUTTON_POWER;
  if (product.bms.sequence.has_switch) buttons |= BMS_BUTTON_SWITCH;
  return buttons;
}

bool is_in_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

// The words of a text, one after the other.
std::vector<std::string_view> split_words(std::string_view text) {
  std::vector<std::string_view> words;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && is_in_word(text[i])) continue;
    if (i > begin) words.push_back(text.substr(begin, i - begin));
    begin = i + 1;
  }
  return words;
}

template <class Set>
void add_named(std::span<const std::string_view> known, std::string_view word, Set& set) {
  const auto found = std::find(known.begin(), known.end(), word);
  if (found != known.end()) set |= Set{1} << (found - known.begin());
}

int count_targets(const Fault& fault, const Product& product) {
  switch (fault.target) {
    case FaultTarget::cell:
      return product.pack.series;
    case FaultTarget::ntc:
      return static_cast<int>(product.pack.beads.size());
    case FaultTarget::sense_wire:
      return product.pack.series + 1;
    case FaultTarget::pack:
      break;
  }
  return 0;
}

}  // namespace

bool is_of_bus(const Fault& fault, const Product& product) {
  return !(broken(fault, product).cabling == whole(product).cabling);
}

bool is_applicable(const Fault& fault, const Product& product, int packs) {
  const Condition a = whole(product);
  const Condition b = broken(fault, product);
  const bool has_can = product.can != nullptr;
  const bool has_rs485 = product.rs485 != nullptr;
  const bool is_on_can = breaks_can(a.cabling, b.cabling);
  const bool is_on_rs485 = breaks_rs485(a.cabling, b.cabling);
  if ((is_on_can || is_on_rs485) && !(is_on_can && has_can) && !(is_on_rs485 && has_rs485))
    return false;
  if (breaks_relays(a, b) && !product.pack.electrical.path.has_relays) return false;
  if (breaks_breaker(a.hardware, b.hardware) && !product.pack.electrical.path.breaker.is_fitted)
    return false;
  if (b.hardware.is_fuse_blown && product.pack.electrical.path.fuse.melt_A2s <= 0.0) return false;
  if (b.is_link_unplugged && packs == 1) return false;
  if (b.electronics.is_wake_wire_broken && !product.board.wake.has_pins) return false;
  const std::uint32_t buttons = broken_buttons(b.electronics);
  return buttons == 0 || (buttons & buttons_of(product)) != 0;
}

std::vector<int> targets_in(const Fault& fault, const Product& product, bool is_everywhere) {
  const int count = count_targets(fault, product);
  if (count == 0) return {0};
  const int middle = (count + 1) / 2;
  if (!is_everywhere) return {middle};
  std::vector<int> targets{1, middle, count};
  targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
  return targets;
}

Mechanisms mechanisms_of(const Fault& fault) {
  Mechanisms mechanisms;
  for (const std::string_view word : split_words(fault.found_by)) {
    add_named(rule_words(), word, mechanisms.rules);
    add_named(failure_words(), word, mechanisms.failures);
  }
  return mechanisms;
}

Mechanisms mechanisms_of_damage(const models::PowerPathState& path) {
  const std::array<std::pair<bool, std::string_view>, 7> damage{
      {{path.fuse.is_open, "fuse-blown"},
       {path.breaker.is_tripped, "breaker-off"},
       {path.main_1.is_welded, "main-relay-1-welded"},
       {path.main_2.is_welded, "main-relay-2-welded"},
       {path.precharge.is_welded, "precharge-relay-welded"},
       {path.charge_switch.is_molten, "charge-mosfet-stuck-closed"},
       {path.discharge_switch.is_molten, "discharge-mosfet-stuck-closed"}}};
  Mechanisms mechanisms;
  for (const auto& [is_there, key] : damage) {
    if (!is_there) continue;
    const Mechanisms of_part = mechanisms_of(*find_fault(key));
    mechanisms.rules |= of_part.rules;
    mechanisms.failures |= of_part.failures;
  }
  return mechanisms;
}

bool is_means_lost(const Condition& condition) {
  const models::Hardware& hardware = condition.hardware;
  const Electronics& electronics = condition.electronics;
  const auto is_welded = [](models::ContactCondition contact) {
    return contact == models::ContactCondition::welded;
  };
  return hardware.charge_mosfet.closed_share > 0.0 ||
         hardware.discharge_mosfet.closed_share > 0.0 || is_welded(hardware.main_relay_1) ||
         is_welded(hardware.main_relay_2) || is_welded(hardware.precharge_relay) ||
         hardware.is_comparator_dead || hardware.is_breaker_jammed || hardware.bleeders_open != 0 ||
         hardware.is_precharge_undriven ||
         hardware.precharge_relay == models::ContactCondition::stuck_open ||
         hardware.precharge_factor != 1.0 || electronics.is_nvm_worn ||
         electronics.is_wake_wire_broken || electronics.dead_buttons != 0 ||
         electronics.dead_lamps != 0 || electronics.is_buzzer_dead;
}

}  // namespace doppelpack::sim
