// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The string between B- and the positive end: cells, shorts, links, bleeders. To the outside it is
// a voltage behind a resistance.
#pragma once

#include "models/pack.hpp"

namespace doppelpack::models {

/// The values added up in one fixed order, whatever the vector width.
double sum_of(const CellArray& values);

/// Sizes every array of `state.string`, and the instruments per cell.
void make_string(const PackParameters& parameters, PackState& state);

/// Recomputes what changes only with hardware, bleeders, temperature or ageing.
void refresh_string(const PackParameters& parameters, const Hardware& hardware,
                    std::uint32_t bleeders, PackState& state);

/// Likewise without the cells' own coefficients: with state.cells.r_Ohm as it stands.
void refresh_taps(const PackParameters& parameters, const Hardware& hardware,
                  std::uint32_t bleeders, PackState& state);

/// The emf of the whole string at this instant.
double string_emf_V(const PackParameters& parameters, PackState& state);

/// Likewise with state.string.emf_V as it stands.
double fold_string_V(const PackParameters& parameters, PackState& state);

/// What a current between the taps (and so through every link) means for each cell, over dt_s.
void spread_current(const PackParameters& parameters, double tap_A, double dt_s, PackState& state);

/// Likewise, and the cells follow.
void advance_string(const PackParameters& parameters, double tap_A, double dt_s, PackState& state);

/// Heat of the bleeders that are on.
double bleeder_heat_W(const PackState& state);

}  // namespace doppelpack::models
