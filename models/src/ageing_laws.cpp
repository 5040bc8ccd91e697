// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "ageing_laws.hpp"

#include <algorithm>
#include <cmath>

#include "models/exponential.hpp"

namespace doppelpack::models {

namespace {

// Opposite to resistances, which fall with temperature.
double speed_up(double activation_J_per_mol, double T_degC) {
  constexpr double kGas_J_per_mol_K = 8.314462618;
  return exponential(-activation_J_per_mol / kGas_J_per_mol_K *
                     (1.0 / (T_degC + 273.15) - 1.0 / 298.15));
}

}  // namespace

double power(double x, double exponent) {
  constexpr double kSmallest = 1e-300;  // of natural_log()
  if (x <= kSmallest) return 0.0;
  if (exponent == 0.5) return std::sqrt(x);
  if (exponent == 1.0) return x;
  if (exponent == 2.0) return x * x;
  return exponential(exponent * natural_log(x));
}

double value_of(const Cubic& cubic, double x) {
  const double d = x - cubic.centre;
  const auto& c = cubic.coefficients;
  return std::max(0.0, c[0] + d * (c[1] + d * (c[2] + d * c[3])));
}

double rate_of(const CalendarLaw& law, double soc, double T_degC) {
  return law.rate * speed_up(law.activation_J_per_mol, T_degC) * value_of(law.soc, soc);
}

double rate_of(const CycleLaw& law, double current_C, double T_degC) {
  return law.factor * (law.rate + law.rate_per_C * current_C) *
         speed_up(law.activation_J_per_mol, T_degC);
}

double rate_of(const ColdChargeLaw& law, double current_C, double T_degC) {
  return law.rate * speed_up(law.activation_J_per_mol, T_degC) *
         exponential(law.current_factor_h * (current_C - 1.0));
}

double factor_of(const Knee& knee, double loss) {
  return 1.0 + knee.gain * std::max(0.0, loss - knee.start);
}

}  // namespace doppelpack::models
