// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Alarm sets of a report as the bits of a serial protocol.
#pragma once

#include <cstdint>
#include <span>

#include "bms/types.h"
#include "protocols/report_summary.hpp"

namespace doppelpack::can_emulator {

inline constexpr std::uint32_t kChargeOverCurrent = BMS_RULE_BIT(BMS_RULE_OCC);

/// One row of a table that turns alarm sets into the bits of a protocol.
struct RuleBit {
  std::uint32_t rules;  ///< any of them sets the bit
  std::uint16_t bit;
};

inline unsigned bits_of(std::span<const RuleBit> table, std::uint32_t rules) {
  unsigned bits = 0;
  for (const RuleBit& row : table) {
    if ((rules & row.rules) != 0) bits |= row.bit;
  }
  return bits;
}

inline unsigned flag(bool is_set, unsigned bit) {
  return is_set ? bit : 0U;
}

}  // namespace doppelpack::can_emulator
