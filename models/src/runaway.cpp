// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "models/runaway.hpp"

#include <algorithm>

#include "models/exponential.hpp"

namespace doppelpack::models {

namespace {

constexpr double kGas_J_per_mol_K = 8.314462618;
constexpr double kZeroCelsius_K = 273.15;

double rate_per_s(const RunawayReaction& reaction, double T_degC) {
  const double difference_per_K =
      1.0 / (reaction.reference_degC + kZeroCelsius_K) - 1.0 / (T_degC + kZeroCelsius_K);
  return reaction.rate_per_s *
         exponential(reaction.activation_J_per_mol / kGas_J_per_mol_K * difference_per_K);
}

// The time of the reaction and that of mixing follow each other.
double main_rate_per_s(const RunawayParameters& p, double T_degC) {
  const double free_per_s = rate_per_s(p.main, T_degC);
  return free_per_s * p.fastest_main_per_s / (free_per_s + p.fastest_main_per_s);
}

// What reacts within dt, of a reaction that has come to `reacted`.
double reacting_share(double reacted, double rate_times_dt) {
  const double done =
      rate_times_dt < 1e-3 ? small_decay(rate_times_dt) : 1.0 - exponential(-rate_times_dt);
  return (1.0 - reacted) * done;
}

double bounded(double share) {
  return std::min(std::max(share, 0.0), 1.0);
}

bool is_quiet(const RunawayParameters& p, const CellArray& T_degC) {
  for (Eigen::Index i = 0; i < T_degC.size(); ++i)
    if (T_degC[i] >= p.quiet_degC) return false;
  return true;
}

RunawayHeat react(const RunawayParameters& p, double full_Ah, double soc, double T_degC,
                  double dt_s, Eigen::Index i, RunawayState& state) {
  const double early = reacting_share(state.early_reacted[i], rate_per_s(p.early, T_degC) * dt_s);
  const double main = reacting_share(state.main_reacted[i], main_rate_per_s(p, T_degC) * dt_s);
  state.early_reacted[i] += early;
  state.main_reacted[i] += main;

  const double heat_Ah =
      full_Ah * (p.heat_share_at_empty + (1.0 - p.heat_share_at_empty) * bounded(soc));
  const double main_J = heat_Ah * p.main.heat_J_per_Ah * main;
  double out_J = 0.0;
  if (state.is_vented[static_cast<std::size_t>(i)] != 0) {
    out_J = p.carried_out_share * main_J;
    state.gas_mol[i] = full_Ah * p.gas_mol_per_Ah * state.main_reacted[i];
  }
  return {heat_Ah * p.early.heat_J_per_Ah * early + (main_J - out_J), out_J};
}

// Melting and venting have no way back.
void damage(const RunawayParameters& p, double T_degC, Eigen::Index i, RunawayState& state) {
  const double molten =
      bounded((T_degC - p.melt_start_degC) / (p.melt_end_degC - p.melt_start_degC));
  state.molten[i] = std::max(state.molten[i], molten);
  if (T_degC >= p.vent_degC) state.is_vented[static_cast<std::size_t>(i)] = 1;
}

}  // namespace

RunawayState make_runaway_state(int cell_count) {
  RunawayState state;
  for (CellArray* array :
       {&state.early_reacted, &state.main_reacted, &state.molten, &state.gas_mol})
    array->setZero(cell_count);
  state.is_vented.assign(static_cast<std::size_t>(cell_count), 0);
  return state;
}

RunawayHeat advance_runaway(const RunawayParameters& parameters, const CellArray& capacity_Ah,
                            const Eigen::Ref<const CellArray>& soc, const CellArray& T_degC,
                            double dt_s, RunawayState& state, CellArray& heat_J) {
  RunawayHeat total;
  if (is_quiet(parameters, T_degC)) return total;
  for (Eigen::Index i = 0; i < T_degC.size(); ++i) {
    if (T_degC[i] < parameters.quiet_degC) continue;
    damage(parameters, T_degC[i], i, state);
    const RunawayHeat heat = react(parameters, capacity_Ah[i], soc[i], T_degC[i], dt_s, i, state);
    heat_J[i] += heat.into_cells_J;
    total.into_cells_J += heat.into_cells_J;
    total.carried_out_J += heat.carried_out_J;
  }
  return total;
}

double longest_runaway_step_s(const RunawayParameters& parameters, const CellArray& capacity_Ah,
                              double cell_J_per_K, const CellArray& T_degC,
                              const RunawayState& state) {
  constexpr double kLongest_s = 3600.0;
  double most_W = cell_J_per_K / kLongest_s;  // would take that long
  for (Eigen::Index i = 0; i < T_degC.size(); ++i) {
    if (T_degC[i] < parameters.quiet_degC) continue;
    const double early_per_s =
        (1.0 - state.early_reacted[i]) * rate_per_s(parameters.early, T_degC[i]);
    const double main_per_s =
        (1.0 - state.main_reacted[i]) * main_rate_per_s(parameters, T_degC[i]);
    most_W = std::max(most_W, capacity_Ah[i] * (early_per_s * parameters.early.heat_J_per_Ah +
                                                main_per_s * parameters.main.heat_J_per_Ah));
  }
  return cell_J_per_K / most_W;
}

double runaway_short_S(const RunawayParameters& parameters, double capacity_Ah,
                       const RunawayState& state, Eigen::Index cell) {
  return parameters.short_S_per_Ah * capacity_Ah * state.molten[cell];
}

double runaway_emf_factor(const RunawayParameters& parameters, const RunawayState& state,
                          Eigen::Index cell) {
  return 1.0 - bounded(state.main_reacted[cell] / parameters.dead_share);
}

double runaway_r_factor(const RunawayParameters& parameters, const RunawayState& state,
                        Eigen::Index cell) {
  return 1.0 + (parameters.dry_r_factor - 1.0) * state.main_reacted[cell];
}

}  // namespace doppelpack::models
