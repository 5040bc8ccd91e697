// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A fault is a physical cause, folded onto the as-built condition while it is active. A new fault is
// one file in sim/faults/ and one word in its list.
#pragma once

#include <span>
#include <string_view>

#include "sim/bench_state.hpp"
#include "sim/quantity.hpp"

namespace doppelpack::sim {

/// What a fault acts on; decides which targets are valid. The MOSFETs' thermistor is the last NTC;
/// sense wire 1 is at B-, wire k + 1 at the positive end of position k.
enum class FaultTarget { pack, cell, ntc, sense_wire };

struct Fault {
  std::string_view key;
  std::string_view help;  ///< one line
  FaultTarget target;
  bool has_severity = false;
  std::string_view severity_name{};  ///< "resistance", "offset"; empty without severity
  Dimension severity_dimension = Dimension::none;
  double severity_min = 0.0;
  double severity_max = 0.0;
  double severity_default = 0.0;
  /// Adds this fault to what is already wrong. target: 0-based cell, NTC or wire.
  void (*apply)(Condition& condition, int target, double severity) = nullptr;
};

std::span<const Fault* const> faults();
const Fault* find_fault(std::string_view key);

/// A fault put on a target. Made by parse/validate functions, so always valid.
struct FaultInstance {
  const Fault* fault = nullptr;
  int pack = 0;    ///< 0-based
  int target = 0;  ///< 0-based
  double severity = 0.0;
};

}  // namespace doppelpack::sim
