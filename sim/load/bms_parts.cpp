// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "load/bms_parts.hpp"

#include <cmath>

namespace doppelpack::sim {

std::int32_t to_counts(double value, double counts) {
  return static_cast<std::int32_t>(std::lround(value * counts));
}

std::uint32_t to_milli(const Section& section, std::string_view key, const Kind& kind) {
  return static_cast<std::uint32_t>(to_counts(section.number(key, kind), 1000));
}

std::uint32_t to_ms(const Section& section, std::string_view key) {
  const double time_s = section.number(key, {Dimension::time, 0.0, 86400.0});
  return static_cast<std::uint32_t>(std::llround(time_s * 1000.0));
}

std::uint32_t to_optional_ms(const Section& section, std::string_view key) {
  return section.has(key) ? to_ms(section, key) : 0;
}

std::uint16_t to_permille(const Section& section, std::string_view key) {
  return static_cast<std::uint16_t>(to_counts(section.number(key, kRatio), 1000));
}

std::uint64_t to_bits(const YamlNode& node, std::span<const std::string_view> words) {
  std::uint64_t bits = 0;
  for (const YamlNode& item : to_list(node)) bits |= std::uint64_t{1} << to_choice(item, words);
  return bits;
}

std::uint8_t to_set(const YamlNode& node, std::span<const std::string_view> words) {
  return static_cast<std::uint8_t>(to_bits(node, words));
}

std::uint8_t read_opens(const Section& section) {
  constexpr std::string_view kWords[]{"charge", "discharge", "contacts", "supply"};
  static_assert(BMS_OPENS_CHARGE == 1 && BMS_OPENS_SUPPLY == 1 << 3);
  return section.has("opens") ? to_set(section.at("opens"), kWords) : std::uint8_t{0};
}

std::uint8_t read_latch(const Section& section) {
  constexpr std::string_view kWords[]{"button", "power-cycle", "repair"};
  static_assert(BMS_LATCH_BUTTON == 0 && BMS_LATCH_REPAIR == 2);
  return section.has("latch") ? static_cast<std::uint8_t>(to_choice(section.at("latch"), kWords))
                              : static_cast<std::uint8_t>(BMS_LATCH_BUTTON);
}

}  // namespace doppelpack::sim
