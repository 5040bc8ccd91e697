// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "string.hpp"

#include <algorithm>

#include "lanes.hpp"
#include "models/exponential.hpp"

namespace doppelpack::models {

namespace {

constexpr int kMostBleeders = 32;

TapColumns columns(const PackParameters& p, PackState& state) {
  StringState& s = state.string;
  TapColumns c;
  c.position_count = p.series;
  c.branch_count = p.parallel;
  c.emf_V = s.emf_V.data();
  c.leak_A = s.leak_A.data();
  c.leak_V = s.leak_V.data();
  c.short_S = s.short_S.data();
  c.per_divider = s.per_divider.data();
  c.inner_S = s.inner_S.data();
  c.group_Ohm = s.group_Ohm.data();
  c.link_Ohm = s.link_Ohm.data();
  c.bleeder_S = s.bleeder_S.data();
  c.per_bleed = s.per_bleed.data();
  c.tap_Ohm = s.tap_Ohm.data();
  c.inner_V = s.inner_V.data();
  c.tap_emf_V = s.tap_emf_V.data();
  c.tap_V = state.cell_V.data();
  c.link_A = s.link_A.data();
  c.cell_A = state.cell_current_A.data();
  c.passive_J = s.passive_J.data();
  c.link_J = s.link_J.data();
  return c;
}

// Twice per 10 K, from 25 degC (cell_models, section 0); no data beyond 80 degC.
double self_discharge_factor(double T_degC) {
  constexpr double kLn2_per_10K = 0.069314718055994531;
  return exponential(kLn2_per_10K * (std::clamp(T_degC, -40.0, 80.0) - 25.0));
}

void refresh_cells(const PackParameters& p, const Hardware& hardware, PackState& state) {
  StringState& s = state.string;
  for (Eigen::Index i = 0; i < p.cell_count(); ++i) {
    const double r_Ohm = state.cells.r_Ohm[i];
    s.leak_A[i] = p.self_discharge_A[i] * self_discharge_factor(state.cells.T_degC[i]);
    s.short_S[i] = hardware.cell_short_S[static_cast<std::size_t>(i)] + state.damage.short_S[i] +
                   runaway_short_S(p.runaway, p.cells.capacity_Ah[i], state.runaway, i);
    const double divider = 1.0 + r_Ohm * s.short_S[i];
    // A burnt-out cell has no voltage left: (emf * left - r leak) / divider.
    const double left = runaway_emf_factor(p.runaway, state.runaway, i);
    s.leak_V[i] = left > 0.0 ? r_Ohm * s.leak_A[i] / left : 0.0;
    s.per_divider[i] = left / divider;
    s.inner_S[i] = divider / r_Ohm;
  }
}

void refresh_positions(const PackParameters& p, const Hardware& hardware, std::uint32_t bleeders,
                       PackState& state) {
  StringState& s = state.string;
  const double bleeder_S = 1.0 / p.bleeder_Ohm;
  bleeders = bleeding(hardware, bleeders);
  s.is_any_bleeding = bleeders != 0;
  for (Eigen::Index i = 0; i < p.series; ++i) {
    double group_S = 0.0;
    for (Eigen::Index k = i; k < p.cell_count(); k += p.series) group_S += s.inner_S[k];
    const bool is_bleeding = i < kMostBleeders && (bleeders >> static_cast<unsigned>(i) & 1U) != 0;
    s.group_Ohm[i] = 1.0 / group_S;
    s.link_Ohm[i] = p.link_Ohm + hardware.link_extra_Ohm[static_cast<std::size_t>(i)];
    s.bleeder_S[i] = is_bleeding ? bleeder_S : 0.0;
    const double series_Ohm = s.group_Ohm[i] + s.link_Ohm[i];
    s.per_bleed[i] = 1.0 / (1.0 + s.bleeder_S[i] * series_Ohm);
    s.tap_Ohm[i] = series_Ohm * s.per_bleed[i];
  }
}

}  // namespace

double sum_of(const CellArray& values) {
  const Eigen::Index count = values.size();
  double part[4] = {0.0, 0.0, 0.0, 0.0};  // four chains: an addition takes four cycles
  Eigen::Index i = 0;
  for (; i + 4 <= count; i += 4) {
    part[0] += values[i];
    part[1] += values[i + 1];
    part[2] += values[i + 2];
    part[3] += values[i + 3];
  }
  for (; i < count; ++i) part[0] += values[i];
  return (part[0] + part[2]) + (part[1] + part[3]);
}

void make_string(const PackParameters& p, PackState& state) {
  StringState& s = state.string;
  for (CellArray* array : {&state.cell_current_A, &s.emf_V, &s.leak_A, &s.leak_V, &s.short_S,
                           &s.per_divider, &s.inner_S, &s.inner_V, &s.passive_J})
    array->setZero(p.cell_count());
  for (CellArray* array : {&state.cell_V, &s.group_Ohm, &s.link_Ohm, &s.bleeder_S, &s.per_bleed,
                           &s.tap_Ohm, &s.tap_emf_V, &s.link_A, &s.link_J})
    array->setZero(p.series);
}

void refresh_string(const PackParameters& p, const Hardware& hardware, std::uint32_t bleeders,
                    PackState& state) {
  p.cell_model->refresh(p.cells, state.cells);
  refresh_taps(p, hardware, bleeders, state);
}

void refresh_taps(const PackParameters& p, const Hardware& hardware, std::uint32_t bleeders,
                  PackState& state) {
  refresh_cells(p, hardware, state);
  refresh_positions(p, hardware, bleeders, state);
  state.string.stack_Ohm = sum_of(state.string.tap_Ohm);
  state.string.is_folded = false;
}

double string_emf_V(const PackParameters& p, PackState& state) {
  if (state.string.is_folded) return sum_of(state.string.tap_emf_V);
  p.cell_model->thevenin(p.cells, state.cells, state.string.emf_V);
  return fold_string_V(p, state);
}

double fold_string_V(const PackParameters& p, PackState& state) {
  p.cells.lanes->fold(columns(p, state));
  state.string.is_folded = true;
  return sum_of(state.string.tap_emf_V);
}

void advance_string(const PackParameters& p, double tap_A, double dt_s, PackState& state) {
  if (p.parallel == 1 && p.cell_model->advance_taps != nullptr) {
    state.string.is_folded =
        p.cell_model->advance_taps(p.cells, columns(p, state), tap_A, dt_s, state.cells);
    return;
  }
  spread_current(p, tap_A, dt_s, state);
  p.cell_model->advance(p.cells, state.cell_current_A, dt_s, state.cells);
  state.string.is_folded = false;
}

void spread_current(const PackParameters& p, double tap_A, double dt_s, PackState& state) {
  p.cells.lanes->spread(columns(p, state), tap_A, dt_s);
}

double bleeder_heat_W(const PackState& state) {
  if (!state.string.is_any_bleeding) return 0.0;
  double heat_W = 0.0;
  for (Eigen::Index i = 0; i < state.cell_V.size(); ++i)
    heat_W += state.string.bleeder_S[i] * state.cell_V[i] * state.cell_V[i];
  return heat_W;
}

}  // namespace doppelpack::models
