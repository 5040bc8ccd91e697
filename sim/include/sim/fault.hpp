// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A fault is a physical cause, folded onto the as-built condition while it is active. A new fault is
// one file in sim/faults/ and one word in its list.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "sim/bench_state.hpp"
#include "sim/fault_instance.hpp"
#include "sim/quantity.hpp"

namespace doppelpack::sim {

/// What a fault acts on; decides which targets are valid. The MOSFETs' thermistor is the last NTC;
/// sense wire 1 is at B-, wire k + 1 at the positive end of position k.
enum class FaultTarget { pack, cell, ntc, sense_wire };

struct Fault {
  std::string_view key;
  std::string_view help;  ///< one line
  // In the words of IEC 61508-2 (table A.1) and ISO 26262-5 (annex D).
  std::string_view failure_mode;  ///< "open circuit", "stuck-at closed", "drift", ...
  std::string_view nature;        ///< "permanent", "transient", ...
  std::string_view found_by;      ///< the mechanism that should find it, or "none: why"
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

/// The bit of a cell's position, in the sets of Hardware.
inline std::uint32_t position_bit(const models::Hardware& hardware, int cell) {
  return std::uint32_t{1} << static_cast<std::size_t>(cell) % hardware.link_extra_Ohm.size();
}

/// "pack", "cell", "ntc", "sense wire".
std::string_view name_of(FaultTarget target);

/// How a timeline can put it on: "step", "intermittent", "on condition", and "ramp" if it has a severity.
std::vector<std::string_view> timings_of(const Fault& fault);

std::span<const Fault* const> faults();
const Fault* find_fault(std::string_view key);

}  // namespace doppelpack::sim
