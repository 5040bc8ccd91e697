// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Published constants of ageing laws, and a cell to try them on.
#pragma once

#include <cmath>

#include "models/ageing.hpp"

namespace doppelpack::models::testing {

constexpr double kYear_s = 365.0 * 86400.0;

/// Naumann 2018 (calendar) and 2020 (cycles), no cold charge.
inline AgeingParameters naumann_ageing() {
  AgeingParameters p;
  p.calendar_capacity = {1.2571e-5, 0.5, 17126.0, {0.5, {0.60225, 0.0, 0.0, 2.8575}}};
  p.calendar_resistance = {3.4194e-10, 1.0, 71827.0, {0.5, {1.5604, 0.0, -3.3903, 0.0}}};
  p.cycle_capacity = {0.0971e-2, 0.0630e-2, 0.5, 0.0, {0.6, {1.0923, 0.0, 0.0, 4.0253}}, 1.0};
  p.cycle_resistance = {0.0021e-2, -0.0020e-2, 1.0, 0.0, {0.5, {0.9188, 0.0, 0.0, 6.8477}}, 1.0};
  return p;
}

/// The low-temperature term of Schimpe 2018, per full charge of its 3 Ah cell, alone.
inline AgeingParameters cold_charge_alone() {
  AgeingParameters p;
  p.cold_charge = {4.009e-4 * std::sqrt(3.0), -55546.0, 2.64};
  return p;
}

/// One cell of 100 Ah; SOC follows from the charge.
struct AgeingCell {
  AgeingParameters parameters;
  double soc = 0.5;
  double T_degC = 25.0;
  AgeingState state;

  explicit AgeingCell(const AgeingParameters& p, double first_soc = 0.5)
      : parameters(p),
        soc(first_soc),
        state(make_ageing_state(CellArray::Constant(1, first_soc))) {}

  const CellAgeing& now() const { return state.cells[0]; }

  void take(double current_A, double dt_s) {
    const double amount_Ah = current_A * dt_s / 3600.0;
    soc += amount_Ah / 100.0;
    const auto one = [](double value) { return CellArray::Constant(1, value); };
    age(parameters, one(soc), one(T_degC), one(std::fmax(amount_Ah, 0.0)),
        one(std::fmax(-amount_Ah, 0.0)), one(100.0), dt_s, state);
  }
  void rest(double seconds, double dt_s) {
    for (double t = 0.0; t < seconds - 0.5 * dt_s; t += dt_s) take(0.0, dt_s);
  }
  void move_to(double to_soc, double current_A, int steps) {
    const double change = to_soc - soc;
    const double dt_s = std::abs(change) * 100.0 / current_A * 3600.0 / steps;
    for (int i = 0; i < steps; ++i) take(change > 0.0 ? current_A : -current_A, dt_s);
    soc = to_soc;
  }
  /// From the lower end of the swing up and down again.
  void cycle(double lowest, double highest, double current_A, int steps) {
    move_to(highest, current_A, steps);
    move_to(lowest, current_A, steps);
  }
};

}  // namespace doppelpack::models::testing
