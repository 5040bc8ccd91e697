// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Heat in the box: one node per cell, neighbours conduct, all share a case that cools to ambient.
#pragma once

#include "models/pack.hpp"

namespace doppelpack::models {

/// The values added up in one fixed order, whatever the vector width.
double sum_of(const CellArray& values);

/// Turns the waiting heat into temperatures of cells, case and thermistor beads, over the time it
/// has waited. Explicit in the flows: exact in steady state, conserves energy to rounding, needs that
/// time well below heat capacity / conductance (hundreds of seconds; it is at most about 1 s).
void spread_heat(const PackParameters& parameters, double ambient_degC, PackState& state);

}  // namespace doppelpack::models
