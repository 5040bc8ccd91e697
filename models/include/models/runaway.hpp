// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Thermal runaway of LiFePO4 cells, lumped: two reactions per cell that feed on its temperature.
//
//   early  SEI and lithiated anode: self-heating that takes hours, from 90-130 degC on
//   main   electrolyte, cathode, binder: most of the heat, within minutes above 150 degC
//
//   d reacted / dt = k(T) (1 - reacted),  k(T) = k_ref exp(Ea / R (1 / T_ref - 1 / T))
//
// and what follows: the separator melts into an internal short, the vent opens, the voltage goes.
// Targets: cell_models reference 6.1 (self-heating onset 90-130 degC, venting 140-180, peak
// 300-450, no propagation below 130, 10-40 kJ/Ah over minutes above 150). The reactions draw on
// chemical energy of their own: an audit counts their heat as input. The charge that a cell loses
// with its voltage is part of that heat, not in addition.
#pragma once

#include <cstdint>
#include <vector>

#include "models/cell_model.hpp"

namespace doppelpack::models {

/// First-order Arrhenius reaction.
struct RunawayReaction {
  double rate_per_s = 0.0;  ///< at reference_degC
  double reference_degC = 100.0;
  double activation_J_per_mol = 0.0;
  double heat_J_per_Ah = 0.0;  ///< of a full cell, once all has reacted
};

/// "estimate": engineering estimate of ours, made to meet the targets above.
struct RunawayParameters {
  /// 0.02 K/min, what an accelerating-rate calorimeter takes for onset, at 105 degC. Activation as
  /// for SEI decomposition (Hatchard et al., J. Electrochem. Soc. 148, A755, 2001); rate and heat
  /// are estimates.
  RunawayReaction early{4.6e-6, 105.0, 135e3, 1500.0};
  /// 0.03 K/s at 180 degC. Low end of 10-40 kJ/Ah, both reactions together. Estimates.
  RunawayReaction main{7.0e-5, 180.0, 160e3, 8500.0};
  /// The main reaction does not outrun its own mixing: minutes, not seconds. Estimate.
  double fastest_main_per_s = 1.0 / 120.0;
  /// Heat of an empty cell over that of a full one, linear in SOC between. Estimate: a discharged
  /// LFP cell hardly runs away.
  double heat_share_at_empty = 0.2;

  double vent_degC = 160.0;  ///< within 140-180 (6.1)
  /// Share of the heat of the main reaction that leaves with gas and boiling electrolyte once the
  /// vent is open. Estimate: brings the peak from 500-600 down to the 300-450 degC of 6.1.
  double carried_out_share = 0.4;
  /// 0.6 litres per Ah at 25 degC; about 45 % H2, 30 % CO2, rest CO and hydrocarbons. Estimate.
  double gas_mol_per_Ah = 0.024;

  double melt_start_degC = 130.0;  ///< polyethylene begins to shrink
  double melt_end_degC = 165.0;    ///< polypropylene has molten
  double short_S_per_Ah = 0.1;     ///< 0.1 Ohm for 100 Ah: "late/hard" of 6.1; estimate

  double dead_share = 0.2;     ///< of the main reaction: no voltage from there on; estimate
  double dry_r_factor = 20.0;  ///< resistance of a burnt-out cell over before; estimate
  double quiet_degC = 70.0;    ///< below: no reaction at all (above, 0.5 % of the SEI a day)
};

/// One value per cell; all zero for a sound one.
struct RunawayState {
  CellArray early_reacted;  ///< 0..1
  CellArray main_reacted;   ///< 0..1
  CellArray molten;         ///< share of the separator, 0..1
  CellArray gas_mol;        ///< released through the vent
  std::vector<std::uint8_t> is_vented;
};

RunawayState make_runaway_state(int cell_count);

/// What the reactions of all cells gave during a step.
struct RunawayHeat {
  double into_cells_J = 0.0;
  double carried_out_J = 0.0;  ///< left the box through the vents
};

/// Advance by dt_s > 0 at constant temperature and SOC: exact and stable at any length, but a cell
/// that heats itself needs steps of longest_runaway_step_s() to be followed. Shapes: all arrays
/// (cell_count); SOC outside 0..1 counts as the nearer end. ADDS to heat_J what stays in each cell.
/// With every cell below quiet_degC it costs one look at the temperatures.
RunawayHeat advance_runaway(const RunawayParameters& parameters, const CellArray& capacity_Ah,
                            const Eigen::Ref<const CellArray>& soc, const CellArray& T_degC,
                            double dt_s, RunawayState& state, CellArray& heat_J);

/// Time in which the hottest reaction warms its cell by 1 K, if nothing cools it (s); at most
/// 3600, for instance with every cell below quiet_degC. What the vent carries out counts as if it
/// stayed. Steps of that length miss the peak temperature by 0.05 K.
double longest_runaway_step_s(const RunawayParameters& parameters, const CellArray& capacity_Ah,
                              double cell_J_per_K, const CellArray& T_degC,
                              const RunawayState& state);

// What it does to the circuit. A sound cell gives 0, 1 and 1.

/// Conductance of the short through the molten separator (S), across the cell's terminals.
double runaway_short_S(const RunawayParameters& parameters, double capacity_Ah,
                       const RunawayState& state, Eigen::Index cell);

/// Factor of the cell's inner voltage, 1 to 0.
double runaway_emf_factor(const RunawayParameters& parameters, const RunawayState& state,
                          Eigen::Index cell);

/// Factor of its resistance, from 1 to dry_r_factor.
double runaway_r_factor(const RunawayParameters& parameters, const RunawayState& state,
                        Eigen::Index cell);

}  // namespace doppelpack::models
