// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "models/damage.hpp"

#include <algorithm>

namespace doppelpack::models {

namespace {

constexpr double kWorstLoss = 0.95;

// What lies outside 0..1 of the charge axis stays there as far as the curve goes; the rest is heat.
void bound_soc(const DamageParameters& p, Eigen::Index cell, double capacity_As, CellState& cells,
               CellArray& heat_J) {
  double& soc = cells.x(cell, 0);
  const double bounded = std::clamp(soc, p.lowest_soc, p.highest_soc);
  heat_J[cell] += (soc - bounded) * capacity_As * cells.ocv_V[cell];
  soc = bounded;
}

}  // namespace

DamageState make_damage_state(int cell_count) {
  const CellArray none = CellArray::Zero(cell_count);
  return {none, none, none};
}

bool advance_damage(const DamageParameters& p, const CellArray& capacity_Ah,
                    const CellArray& terminal_V, CellState& cells, CellArray& heat_J,
                    DamageState& state) {
  bool is_worse = false;
  const Eigen::Index positions = terminal_V.size();
  for (Eigen::Index i = 0; i < capacity_Ah.size(); ++i) {
    const double soc = cells.x(i, 0);
    const double volts = terminal_V[i % positions];
    const bool is_over = volts > p.over_V;
    const bool is_reversed = volts < p.reversal_V;
    if (!is_over && !is_reversed && soc > p.lowest_soc && soc < p.highest_soc) [[likely]]
      continue;
    const double capacity_As = 3600.0 * capacity_Ah[i];
    bound_soc(p, i, capacity_As * cells.capacity_factor[i], cells, heat_J);
    const double over = is_over ? cells.charged_As[i] / capacity_As : 0.0;
    const double reversed = is_reversed ? cells.discharged_As[i] / capacity_As : 0.0;
    if (over + reversed <= 0.0) continue;
    state.loss[i] =
        std::min(state.loss[i] + p.over_loss * over + p.reversal_loss * reversed, kWorstLoss);
    state.resistance[i] += p.over_resistance * over;
    state.short_S[i] += p.reversal_short_S_per_Ah * capacity_Ah[i] * reversed;
    is_worse = true;
  }
  return is_worse;
}

}  // namespace doppelpack::models
