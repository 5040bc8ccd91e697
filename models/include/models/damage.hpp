// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What forcing charge through a full or an empty cell does to it, for good. Lumped: so much harm
// per share of the capacity that passes while the cell is beyond its limit. No public measurement of
// LFP cells gives these rates; all of them are estimates, of the size that tear-downs suggest
// (cell_models reference, 6; Maleki and Howard, J. Power Sources 160, 1395, 2006, for reversal).
#pragma once

#include <vector>

#include "models/cell_model.hpp"

namespace doppelpack::models {

struct DamageParameters {
  double over_V = 4.1;      ///< above: the electrolyte oxidises
  double reversal_V = 0.0;  ///< below: the copper of the anode's collector dissolves
  // Per share of the capacity forced through.
  double over_loss = 1.0;                 ///< capacity, share of the new one
  double over_resistance = 5.0;           ///< growth of every resistance
  double reversal_loss = 2.0;             ///< capacity
  double reversal_short_S_per_Ah = 0.02;  ///< copper bridges: at 5 % an 100 Ah cell has 10 Ohm
  double lowest_soc =
      -0.055;  ///< here and at highest_soc nothing more can be stored: what is forced
  double highest_soc = 1.055;  ///< through decomposes the electrolyte and becomes heat
};

/// One value per cell; all zero for a sound one.
struct DamageState {
  CellArray loss;        ///< share of the capacity, 0..1
  CellArray resistance;  ///< growth, 0 = none
  CellArray short_S;     ///< internal
};

DamageState make_damage_state(int cell_count);

/// Over a window in which the throughput in `cells` has gathered; terminal_V: shape (cell_count /
/// branches), one per position. Bounds SOC, adding to heat_J (per cell) what could not be stored.
/// True if anything is worse than before.
bool advance_damage(const DamageParameters& parameters, const CellArray& capacity_Ah,
                    const CellArray& terminal_V, CellState& cells, CellArray& heat_J,
                    DamageState& state);

}  // namespace doppelpack::models
