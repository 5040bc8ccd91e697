// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A fault put on a target. Made by parse/validate functions, so always valid.
#pragma once

namespace doppelpack::sim {

struct Fault;

struct FaultInstance {
  const Fault* fault = nullptr;
  int pack = 0;    ///< 0-based
  int target = 0;  ///< 0-based
  double severity = 0.0;
  double ramp_to = 0.0;  ///< severity at the end of its ramp; the same without one
};

}  // namespace doppelpack::sim
