// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <algorithm>
#include <map>
#include <string>

#include "sim/matrix.hpp"

namespace doppelpack::sim {

namespace {

void keep_largest(std::optional<double>& largest, double value) {
  largest = std::max(largest.value_or(value), value);
}

bool proves(const Expectation& expectation, Proof proof) {
  return expectation.proves == proof && expectation.of.has_value();
}

}  // namespace

// A reaction is timed from the cause, so the detection of the same cause is taken off; a comparator
// may be faster than the firmware that reads it, which leaves nothing.
FaultTimes fault_times(const Scenario& scenario, std::span<const Verdict> verdicts) {
  FaultTimes times;
  std::map<std::string, double> detections;  // slowest, by cause
  const std::size_t count = std::min(scenario.expectations.size(), verdicts.size());
  for (std::size_t i = 0; i < count; ++i) {
    const Expectation& expectation = scenario.expectations[i];
    if (!proves(expectation, Proof::detection) || !verdicts[i].measured_s) continue;
    double& slowest_s = detections[expectation.of->text];
    slowest_s = std::max(slowest_s, *verdicts[i].measured_s);
    keep_largest(times.detection_s, slowest_s);
  }
  for (std::size_t i = 0; i < count; ++i) {
    const Expectation& expectation = scenario.expectations[i];
    if (!proves(expectation, Proof::reaction) || !verdicts[i].measured_s) continue;
    const auto detected = detections.find(expectation.of->text);
    const double detection_s = detected == detections.end() ? 0.0 : detected->second;
    keep_largest(times.reaction_s, std::max(0.0, *verdicts[i].measured_s - detection_s));
  }
  for (const Verdict& verdict : verdicts)
    if (verdict.margin_s)
      times.margin_s = std::min(times.margin_s.value_or(*verdict.margin_s), *verdict.margin_s);
  return times;
}

}  // namespace doppelpack::sim
