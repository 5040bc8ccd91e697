// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "load/bms_parts.hpp"

namespace doppelpack::sim {

namespace {

constexpr std::string_view kKinds[]{"none", "dip", "pairing", "stack"};
constexpr int kSwitches = 8;

void read_times(const Section& section, bms_bank_config_t& bank) {
  bank.period_ms = to_ms(section, "period");
  if (bank.period_ms == 0) refuse(section.at("period"), "at least 1 ms");
  bank.lost_ms = to_ms(section, "lost_after");
  if (bank.lost_ms <= bank.period_ms) section.refuse_not_above("lost_after", "period");
  bank.forget_ms = to_optional_ms(section, "forgotten_after");
  if (section.has("forgotten_after") && bank.forget_ms <= bank.lost_ms)
    section.refuse_not_above("forgotten_after", "lost_after");
}

void read_pairing(const Section& section, bms_bank_config_t& bank) {
  bank.pairing_ms = to_optional_ms(section, "pairing_within");
  if (section.has("pairing_delta"))
    bank.pairing_delta_mV = to_milli(section, "pairing_delta", kPackDelta);
}

// The DIP switches, counted from 1, that make the address.
std::uint8_t read_switches(const Section& section) {
  unsigned mask = 0;
  if (section.has("switches"))
    for (const YamlNode& item : to_list(section.at("switches"), 1))
      mask |= 1U << (to_whole(item, 1, kSwitches) - 1);
  return static_cast<std::uint8_t>(mask);
}

std::uint8_t read_address(const Section& section, std::string_view key, int lowest) {
  return section.has(key)
             ? static_cast<std::uint8_t>(to_whole(section.at(key), lowest, BMS_MAX_PACKS - 1))
             : std::uint8_t{0};
}

}  // namespace

bms_bank_config_t read_bank(const YamlNode& node) {
  const Section section(
      node, {"kind", "period", "lost_after", "forgotten_after", "pairing_within", "pairing_delta",
             "switches", "master", "vital", "opens_all", "bare_master", "in_order"});
  bms_bank_config_t bank{};
  bank.kind = static_cast<std::uint8_t>(to_choice(section.at("kind"), kKinds));
  if (bank.kind == BMS_BANK_NONE) return bank;
  read_times(section, bank);
  read_pairing(section, bank);
  bank.dip_mask = read_switches(section);
  bank.master_address = read_address(section, "master", 0);
  bank.vital_address = read_address(section, "vital", 1);
  bank.opens_all = section.yes("opens_all");
  bank.has_bare_master = section.yes("bare_master");
  bank.is_in_order = section.yes("in_order");
  return bank;
}

}  // namespace doppelpack::sim
