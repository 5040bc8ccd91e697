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

}  // namespace doppelpack::sim
