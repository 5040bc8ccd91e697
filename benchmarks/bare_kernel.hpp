// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The yardstick: sixteen cells and nothing around them. Same physics per cell as ecm-2rc (SOC, OCV,
// two RC pairs, hysteresis, R0(T), heat, conduction to neighbours) with every shortcut a fixed
// size, a given current and one fixed step allow: no string to solve, no faults, no switches, no
// direction or SOC dependence of the RC pairs, no efficiency, constant exponentials.
#pragma once

#include <vector>

namespace doppelpack::benchmarks {

inline constexpr int kCells = 16;

struct BareKernel {
  // Never change after make_bare_kernel().
  std::vector<double> ocv_V;         // over SOC -0.1..1.1
  std::vector<double> hysteresis_V;  // likewise
  std::vector<double> r0_factor;     // over -40..80 degC
  double keep1, keep2;               // exp(-dt / tau)
  double soc_per_A;
  double kelvin_per_J;

  // State.
  double soc[kCells];
  double v1_V[kCells];
  double v2_V[kCells];
  double hysteresis[kCells];
  double T_degC[kCells];
  double cell_V[kCells];
};

/// Sixteen rested cells of 100 Ah with a little spread, for steps of 1 ms.
BareKernel make_bare_kernel();

/// One step of 1 ms at that current (positive in charge).
void step(BareKernel& kernel, double current_A);

}  // namespace doppelpack::benchmarks
