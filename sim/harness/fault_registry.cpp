// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <algorithm>

#include "sim/fault.hpp"

namespace doppelpack::sim {

const Fault* find_fault(std::string_view key) {
  const auto all = faults();
  const auto found =
      std::find_if(all.begin(), all.end(), [key](const Fault* fault) { return fault->key == key; });
  return found == all.end() ? nullptr : *found;
}

std::string_view name_of(FaultTarget target) {
  switch (target) {
    case FaultTarget::cell:
      return "cell";
    case FaultTarget::ntc:
      return "ntc";
    case FaultTarget::sense_wire:
      return "sense wire";
    case FaultTarget::pack:
      break;
  }
  return "pack";
}

std::vector<std::string_view> timings_of(const Fault& fault) {
  std::vector<std::string_view> timings{"step", "intermittent", "on condition"};
  if (fault.has_severity) timings.emplace_back("ramp");
  return timings;
}

}  // namespace doppelpack::sim
