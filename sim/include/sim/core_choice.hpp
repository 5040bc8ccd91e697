// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Which protection core a bench runs, and how.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "bms/bms.h"

namespace doppelpack::sim {

/// The default: the core in bms/, in this process, without a budget.
struct CoreChoice {
  std::filesystem::path library;      ///< a shared library that exports a core; empty: none
  const bms_core_t* table = nullptr;  ///< without a library: this core; nullptr: the core in bms/
  bool is_isolated = false;           ///< in a child process of its own
  /// Isolated: seconds of wall time to answer in, after that it hangs. 2 s is an estimate: a
  /// thousand times what a loaded host takes to schedule a process.
  double answer_budget_s = 2.0;
  double cpu_budget_s = 0.0;  ///< seconds of CPU time per call; 0: not measured
};

/// A second core on the same inputs that drives nothing. The first difference ends the run.
struct ShadowChoice {
  CoreChoice core;
  int context_steps = 20;           ///< how many steps before the difference are reported
  std::vector<std::string> fields;  ///< of bms_outputs_t: names or how they begin; empty: all
};

/// What a result can be attributed to.
struct CoreIdentity {
  std::string name;
  std::string version;
  std::string library;  ///< as it was given; empty: the core is part of this program
  std::string sha256;   ///< of the library, lower-case hex; empty without one
  bool is_isolated = false;
};

}  // namespace doppelpack::sim
