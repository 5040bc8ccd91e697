// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Judges latches: a rule whose retries are used up latches, and a latch goes by what the product
// file names and by nothing else ("latch").
#pragma once

#include <array>
#include <cstdint>

#include "sim/oracles/objections.hpp"
#include "sim/oracles/sight.hpp"

namespace doppelpack::sim {

class LatchOracle {
 public:
  explicit LatchOracle(const Product& product);
  void look(const Sight& sight, Objections& objections);

 private:
  struct Counted {
    int trips = 0;         ///< since the rule began to count, of those that were seen
    Time quiet_ns = -1;    ///< it released then; -1: it has not yet
    Time latched_ns = -1;  ///< it has to be latched from then on; -1: it need not
  };
  bool may_clear(std::uint8_t latch, const Sight& sight) const;
  void count(const Sight& sight);
  void judge_cleared(const Sight& sight, Objections& objections) const;
  void judge_missing(const Sight& sight, Objections& objections) const;
  void forget(const Sight& sight, bool is_anew);

  const Product* product_;
  Time telling_ns_;
  std::array<Counted, BMS_RULE_COUNT> rules_{};
  Time pressed_ns_ = -1;  ///< RESET is down since then
  Sight last_;
  bool is_first_ = true;
};

}  // namespace doppelpack::sim
