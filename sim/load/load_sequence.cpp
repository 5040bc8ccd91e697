// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "load/bms_parts.hpp"

namespace doppelpack::sim {

namespace {

constexpr Kind kPress{Dimension::time, 0.0, 60.0};

std::uint16_t read_press(const Section& section, std::string_view key) {
  return static_cast<std::uint16_t>(to_counts(section.number(key, kPress, 0.0), 1000));
}

// Two voltages of which the second must be the higher one.
void read_window(const Section& window, std::string_view low, std::string_view high,
                 std::uint32_t& low_mV, std::uint32_t& high_mV) {
  low_mV = to_milli(window, low, kPackVoltage);
  high_mV = to_milli(window, high, kPackVoltage);
  if (high_mV <= low_mV) window.refuse_not_above(high, low);
}

void read_activation(const Section& section, bms_sequence_config_t& sequence) {
  read_window(section, "low", "high", sequence.activation_low_mV, sequence.activation_high_mV);
  sequence.activation_ms = to_optional_ms(section, "after");
}

void read_supply_loss(const Section& section, bms_sequence_config_t& sequence) {
  read_window(section, "low", "back", sequence.supply_low_mV, sequence.supply_back_mV);
  sequence.supply_loss_ms = to_optional_ms(section, "after");
}

void read_precharge(const Section& section, bms_sequence_config_t& sequence) {
  sequence.precharge_ms = to_ms(section, "within");
  sequence.precharge_fast_ms = to_optional_ms(section, "not_before");
  sequence.precharge_delta_mV = to_milli(section, "delta", kPackDelta);
  if (sequence.precharge_fast_ms >= sequence.precharge_ms)
    refuse(section.at("within"), "more than not_before, " + section.text("not_before"));
}

}  // namespace

void read_sequence(const YamlNode& node, bms_sequence_config_t& sequence) {
  const Section section(
      node, {"press_on", "press_off", "activation", "not_meant_after", "inverter_silence",
             "inverter_lost", "shutdown", "storage_after", "grace", "supply", "sleep_after",
             "precharge", "contact", "opening", "retry_after"});
  sequence.press_on_ms = read_press(section, "press_on");
  sequence.press_off_ms = read_press(section, "press_off");
  if (section.has("activation"))
    read_activation(section.section("activation", {"low", "high", "after"}), sequence);
  sequence.not_meant_ms = to_optional_ms(section, "not_meant_after");
  sequence.inverter_silence_ms = to_optional_ms(section, "inverter_silence");
  sequence.inverter_lost_ms = to_optional_ms(section, "inverter_lost");
  sequence.shutdown_ms = to_optional_ms(section, "shutdown");
  sequence.storage_after_ms = to_optional_ms(section, "storage_after");
  sequence.grace_ms = to_optional_ms(section, "grace");
  if (section.has("supply"))
    read_supply_loss(section.section("supply", {"low", "back", "after"}), sequence);
  sequence.sleep_after_ms = to_optional_ms(section, "sleep_after");
  if (section.has("precharge"))
    read_precharge(section.section("precharge", {"within", "not_before", "delta"}), sequence);
  sequence.contact_ms = to_optional_ms(section, "contact");
  sequence.opening_ms = to_optional_ms(section, "opening");
  sequence.retry_ms = to_optional_ms(section, "retry_after");
}

}  // namespace doppelpack::sim
