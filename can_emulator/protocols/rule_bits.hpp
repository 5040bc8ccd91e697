// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Sets of rules and failures of a report as the bits of a protocol.
#pragma once

#include <cstdint>
#include <span>

#include "bms/types.h"
#include "can_emulator/battery.hpp"
#include "protocols/report_summary.hpp"

namespace doppelpack::can_emulator {

inline constexpr std::uint32_t kChargeOverCurrent = BMS_RULE_BIT(BMS_RULE_OCC);

/// One row of a table that turns a set into the bits of a protocol: any of `set` sets the bit.
template <typename Set>
struct BitRow {
  Set set;
  std::uint16_t bit;
};
using RuleBit = BitRow<std::uint32_t>;
using FailureBit = BitRow<std::uint64_t>;

template <typename Set>
std::uint16_t find_bits(std::span<const BitRow<Set>> table, Set set) {
  std::uint16_t bits = 0;
  for (const BitRow<Set>& row : table) {
    if ((set & row.set) != 0) bits |= row.bit;
  }
  return bits;
}

inline std::uint16_t bits_of(std::span<const RuleBit> table, std::uint32_t rules) {
  return find_bits(table, rules);
}
inline std::uint16_t bits_of(std::span<const FailureBit> table, std::uint64_t failures) {
  return find_bits(table, failures);
}

/// The rules that the bits may stand for.
inline std::uint32_t rules_of(std::span<const RuleBit> table, std::uint32_t bits) {
  std::uint32_t rules = 0;
  for (const RuleBit& row : table) {
    if ((bits & row.bit) != 0) rules |= row.set;
  }
  return rules;
}

/// Inverter side: takes over the warnings of a frame.
inline void take_warnings(std::span<const RuleBit> table, std::uint32_t bits, BatteryView& view) {
  view.warnings = bits;
  view.warned_rules = rules_of(table, bits);
}

/// Inverter side: takes over the protections of a frame. `broken`, the bits of a broken pack, count
/// against charge only, too: where there are enable flags, these say whether it may be discharged.
inline void take_protections(std::span<const RuleBit> table, std::uint32_t bits,
                             std::uint32_t broken, BatteryView& view) {
  view.protections = bits;
  view.protected_rules = rules_of(table, bits);
  if (broken != 0) view.is_faulty = (bits & broken) != 0;
  view.is_charge_protected = (bits & broken) != 0;
  view.is_discharge_protected = false;
  for (const RuleBit& row : table) {
    if ((bits & row.bit) == 0) continue;
    if ((row.set & kAgainstCharge) != 0) {
      view.is_charge_protected = true;
    } else if ((row.set & kAgainstDischarge) != 0) {
      view.is_discharge_protected = true;
    }
  }
}

inline unsigned flag(bool is_set, unsigned bit) {
  return is_set ? bit : 0U;
}

}  // namespace doppelpack::can_emulator
