// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A virtual inverter through the whole obedience test, and looking up what it got.
#pragma once

#include <algorithm>
#include <stdexcept>
#include <string>

#include "sim/compat.hpp"
#include "sim/load.hpp"

namespace doppelpack::sim::test {

inline const Product& product() {
  static const Product kProduct = load_product("pylontech-us5000", find_data_folder());
  return kProduct;
}

inline const CompatWatch kToTheEnd{[](const CompatResult& /*result*/) {},
                                   [](std::string_view /*lines*/) {},
                                   [] { return true; },
                                   {}};

inline CompatReport examine(const InverterDesign& design) {
  const CompatScript script = load_compat_script("obedience", find_data_folder());
  if (design.link == InverterLink::rs485)
    return run_compat(script, product(), *make_virtual_serial_rig(product(), design), kToTheEnd);
  return run_compat(script, product(), *make_virtual_can_rig(product(), design), kToTheEnd);
}

inline CompatReport examine(const std::string& inverter) {
  return examine(load_inverter(inverter, find_data_folder()));
}

inline const CompatResult& result_of(const CompatReport& report, const std::string& id) {
  const auto found = std::find_if(report.results.begin(), report.results.end(),
                                  [&](const CompatResult& result) { return result.item.id == id; });
  if (found == report.results.end()) throw std::invalid_argument(id);
  return *found;
}

inline std::string all_findings(const CompatReport& report) {
  std::string text;
  for (const CompatResult& result : report.results) {
    for (const CompatFinding& finding : result.findings) {
      if (finding.grade == Grade::obeyed) continue;
      text += result.item.id + " step " + std::to_string(finding.step) + " " +
              std::string(name_of(finding.kind)) + ": " + std::string(name_of(finding.grade)) +
              ", " + finding.detail + "\n";
    }
  }
  return text;
}

}  // namespace doppelpack::sim::test
