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

// Such a clock starts when the core knows, and not with the cause.
bool is_knowledge(const std::string& of) {
  return of.find("bms1/protection/") != std::string::npos ||
         of.find("bms1/failure/") != std::string::npos;
}

// Slowest detection by cause.
std::map<std::string, double> find_detections(const Scenario& scenario,
                                              std::span<const Verdict> verdicts) {
  std::map<std::string, double> detections;
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    const Expectation& expectation = scenario.expectations[i];
    if (!proves(expectation, Proof::detection) || !verdicts[i].measured_s) continue;
    double& slowest_s = detections[expectation.of->text];
    slowest_s = std::max(slowest_s, *verdicts[i].measured_s);
  }
  return detections;
}

// A reaction is timed from the cause, so the detection of the same cause is taken off; a comparator
// may be faster than the firmware that reads it, which leaves nothing. Without a detection nobody can
// tell the two apart.
std::optional<double> reaction_of(const Expectation& expectation, const Verdict& verdict,
                                  const std::map<std::string, double>& detections) {
  if (!proves(expectation, Proof::reaction) || !verdict.measured_s) return std::nullopt;
  const std::string& of = expectation.of->text;
  if (is_knowledge(of)) return verdict.measured_s;
  const auto detected = detections.find(of);
  if (detected == detections.end()) return std::nullopt;
  return std::max(0.0, *verdict.measured_s - detected->second);
}

}  // namespace

// What ended a run early is a verdict behind those of the scenario.
FaultTimes fault_times(const Scenario& scenario, std::span<const Verdict> verdicts) {
  FaultTimes times;
  const auto judged = verdicts.first(std::min(scenario.expectations.size(), verdicts.size()));
  const auto detections = find_detections(scenario, judged);
  for (const auto& [of, slowest_s] : detections) keep_largest(times.detection_s, slowest_s);
  for (std::size_t i = 0; i < judged.size(); ++i) {
    const auto reaction_s = reaction_of(scenario.expectations[i], judged[i], detections);
    if (reaction_s) keep_largest(times.reaction_s, *reaction_s);
  }
  for (const Verdict& verdict : verdicts)
    if (verdict.margin_s)
      times.margin_s = std::min(times.margin_s.value_or(*verdict.margin_s), *verdict.margin_s);
  return times;
}

}  // namespace doppelpack::sim
