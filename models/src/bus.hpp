// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The busbar of a bank: the voltage at which everything connected to it agrees.
#pragma once

#include <span>

#include "models/bank.hpp"

namespace doppelpack::models {

/// The inverter on the busbar during one step.
struct BusSource {
  TerminalSource stage;
  double hold_S = 0.0;  ///< the link's companion: capacitance over step length
  double held_V = 0.0;
  double clamp_V = 0.0;
  double clamp_Ohm = 0.0;
};

/// The bus voltage, and what comes out of stage and clamp at it.
struct BusPoint {
  double bus_V = 0.0;
  double source_A = 0.0;
};

/// Where source and branches meet. Their currents as functions of the bus voltage are monotone and
/// piecewise linear, so that there is one such point (0 V for a busbar with nothing on it): Newton,
/// which is exact once on the right piece, kept between two bounds by stepping from corner to
/// corner where it leaves them. guess_V: where to look first. Writes bus_A, current_A and
/// terminal_V of the branches.
BusPoint meet_on_bus(const BusSource& source, double guess_V, std::span<BranchState> branches);

}  // namespace doppelpack::models
