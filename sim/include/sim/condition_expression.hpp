// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Conditions as users write them: "bms1/charge_gate == open and pack1/cell_max_V > 3.6 V".
// Grammar: comparison = SIGNAL (< <= > >= == !=) VALUE; combined with not, and, or, parentheses.
// Numbers that differ by less than a part in 10^9 are equal: "bms1/soc >= 70 %" holds at 70 %.
// A signal that is unknown (an inverter that has not heard it, an open NTC) only satisfies !=.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/signals.hpp"

namespace doppelpack::sim {

class ConditionExpression {
 public:
  /// Throws std::invalid_argument with one line: what was found where, what was expected.
  ConditionExpression(std::string_view text, const SignalCatalogue& catalogue);

  /// Never allocates.
  bool holds(const BenchState& state) const;
  const std::string& text() const { return text_; }

 private:
  friend class ConditionParser;
  enum class Op : std::uint8_t {
    less,
    less_equal,
    greater,
    greater_equal,
    equal,
    not_equal,
    logical_not,
    logical_and,
    logical_or
  };
  /// Postfix order; comparisons push, connectives combine.
  struct Node {
    Op op;
    SignalReader reader{};  ///< of a comparison's signal
    double value = 0.0;
  };
  static bool compare(const Node& node, const BenchState& state);

  std::string text_;
  std::vector<Node> nodes_;
};

}  // namespace doppelpack::sim
