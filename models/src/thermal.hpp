// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Heat in the box: one node per cell, neighbours conduct, all share a case that cools to ambient.
#pragma once

#include "models/pack.hpp"

namespace doppelpack::models {

/// The values added up in one fixed order, whatever the vector width.
double sum_of(const CellArray& values);

/// Advance cells, case and thermistor beads by dt_s with the heat of state.heat_W in the cells and
/// `case_W` in the case. Explicit in the flows: exact in steady state, conserves energy to
/// rounding, needs dt_s well below heat capacity / conductance (hundreds of seconds; steps are at
/// most 1 s).
void advance_temperatures(const PackParameters& parameters, double ambient_degC, double case_W,
                          double dt_s, PackState& state);

}  // namespace doppelpack::models
