// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "load/bms_parts.hpp"
#include "load/bms_words.hpp"

namespace doppelpack::sim {

namespace {

// "latch" makes it a latched one; without it the failure clears when its cause is gone.
bms_failure_config_t read_failure(const Section& section) {
  bms_failure_config_t failure{};
  failure.is_enabled = true;
  failure.is_latched = section.has("latch");
  failure.latch = read_latch(section);
  failure.opens = read_opens(section);
  failure.delay_ms = to_ms(section, "delay");
  return failure;
}

}  // namespace

void read_failures(const YamlNode& node, bms_config_t& config) {
  const auto names = failure_words();
  const Section failures(node, names);
  for (std::size_t i = 0; i < names.size(); ++i)
    if (failures.has(names[i]))
      config.failures[i] = read_failure(failures.section(names[i], {"delay", "latch", "opens"}));
}

}  // namespace doppelpack::sim
