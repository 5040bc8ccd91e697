// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// How a kind of cell ages. Every law has the form y = k x^p: y is a share of the capacity or of the
// resistance of the new cell, x is time in s or equivalent full cycles (charge plus discharge over
// twice the new capacity). All rates are zero by default: such a cell does not age.
#pragma once

#include <array>

namespace doppelpack::models {

/// c0 + c1 d + c2 d^2 + c3 d^3 with d = x - centre. Counts as 0 where it is negative.
struct Cubic {
  double centre = 0.0;
  std::array<double, 4> coefficients{1.0, 0.0, 0.0, 0.0};
};

/// y = k t^p, k = rate exp(-Ea/R (1/T - 1/298.15 K)) f(SOC), t in s.
/// Form: Naumann et al. 2018, doi 10.1016/j.est.2018.01.019. Its constants for the 3 Ah Sony cell:
/// capacity 1.2571e-5, p 0.5, 17126 J/mol, f = 2.8575 (s - 0.5)^3 + 0.60225;
/// resistance 3.4194e-10, p 1, 71827 J/mol, f = -3.3903 (s - 0.5)^2 + 1.5604.
struct CalendarLaw {
  double rate = 0.0;  ///< per s^p, >= 0
  double exponent = 0.5;
  double activation_J_per_mol = 0.0;
  Cubic soc{};
};

/// y = k n^p, k = factor (rate + rate_per_C C) exp(-Ea/R (1/T - 1/298.15 K)) f(depth), n in
/// equivalent full cycles, C the current over the new capacity in 1/h, depth that of the half cycle.
/// A negative sum of the rates counts as 0.
/// Form: Naumann et al. 2020, doi 10.1016/j.jpowsour.2019.227666, without its exponential (fitted at
/// 25 and 40 degC). Its constants: capacity 0.0971e-2 and 0.0630e-2, p 0.5, f = 4.0253 (depth -
/// 0.6)^3 + 1.0923; resistance 0.0021e-2 and -0.0020e-2, p 1, f = 6.8477 (depth - 0.5)^3 + 0.9188.
struct CycleLaw {
  double rate = 0.0;
  double rate_per_C = 0.0;
  double exponent = 0.5;
  double activation_J_per_mol = 0.0;
  Cubic depth{};
  double factor = 1.0;  ///< to meet the cycle life of a data sheet
};

/// Lithium plated by charging in the cold, over the charge put in alone:
/// y = k n^(1/2), k = rate exp(-Ea/R (1/T - 1/298.15 K)) exp(current_factor_h (C - 1/h)), n in full
/// charges. Form: the low-temperature term of Schimpe et al. 2018, doi 10.1149/2.1181714jes, per full
/// charge instead of per Ah of its 3 Ah cell: rate 4.009e-4 sqrt(3) = 6.944e-4, Ea -55546 J/mol,
/// 2.64 h (the latter not verified at the source).
struct ColdChargeLaw {
  double rate = 0.0;                  ///< at 25 degC and 1 C, >= 0
  double activation_J_per_mol = 0.0;  ///< negative: the colder, the faster
  double current_factor_h = 0.0;
};

/// Past `start` (loss of capacity) the rates of cycling grow by 1 + gain (loss - start). The laws
/// above have no knee of their own; a gain of 10 past 20 % is an estimate. Off by default.
struct Knee {
  double start = 0.2;
  double gain = 0.0;
};

struct AgeingParameters {
  CalendarLaw calendar_capacity;
  CalendarLaw calendar_resistance{.exponent = 1.0};
  CycleLaw cycle_capacity;
  CycleLaw cycle_resistance{.exponent = 1.0};
  ColdChargeLaw cold_charge;
  Knee knee;
};

}  // namespace doppelpack::models
