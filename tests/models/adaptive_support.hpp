// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A pack advanced in long steps, and by how much two of them differ.
#pragma once

#include <gtest/gtest.h>

#include "models/adaptive.hpp"
#include "support.hpp"

namespace doppelpack::models::testing {

struct LongBench : Bench {
  explicit LongBench(const Chemistry& chemistry, int cell_count = 16, double soc = 0.5,
                     double T_degC = 25.0)
      : Bench(chemistry, cell_count, soc, T_degC) {
    add_modes(pack.thermal);
  }
  AdaptiveWorkspace workspace = make_adaptive_workspace(state);
  StepTolerance tolerance;

  AdvanceResult advance_by(double seconds, const StopAt& stop = {}) {
    return advance(pack, hardware, inputs, seconds, tolerance, state, workspace, stop);
  }
};

inline double worst_V(const PackState& a, const PackState& b) {
  return (a.cell_V - b.cell_V).abs().maxCoeff();
}
inline double worst_soc(const PackState& a, const PackState& b) {
  return (a.cells.x.col(0) - b.cells.x.col(0)).abs().maxCoeff();
}
inline double worst_K(const PackState& a, const PackState& b) {
  return (a.cells.T_degC - b.cells.T_degC).abs().maxCoeff();
}

inline void expect_clean_books(const PackState& state) {
  EXPECT_FALSE(state.audit.has_failed())
      << name_of(state.audit.first.invariant) << " " << state.audit.first.size << " of "
      << state.audit.first.limit;
  EXPECT_GT(state.audit.windows, 0);
}

}  // namespace doppelpack::models::testing
