// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What is left for people when a core fails or two cores disagree: JSON, two spaces.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "cores/call_check.hpp"
#include "cores/core_fields.hpp"

namespace doppelpack::sim {

/// The call, its inputs by name and as bytes, and the instance: as it was before the call when the
/// core is isolated, else as the failing call left it.
std::string failure_report(const CoreCall& call, FailureKind kind, const std::string& reason);

/// One step of two cores on the same inputs.
struct ComparedStep {
  CoreStep at;
  bms_inputs_t inputs;
  bms_outputs_t first;
  bms_outputs_t second;
};

/// `steps`: the last one is where they disagree.
std::string divergence_report(const CoreIdentity& first, const CoreIdentity& second,
                              std::span<const FieldDifference> differences,
                              std::span<const ComparedStep> steps, const std::string& reason);

}  // namespace doppelpack::sim
