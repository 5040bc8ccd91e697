// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <iterator>

#include "models/exponential.hpp"
#include "models/sensing.hpp"
#include "models/table.hpp"

namespace doppelpack::models {

namespace {

constexpr double kLowest_degC = -55.0;
constexpr double kHighest_degC = 150.0;
constexpr double kPerKelvin = 8.0;  // spacing 1/8 K: interpolating R instead of ln R costs 0.1 mK

struct Point {
  double degC;
  double r_Ohm;
};

// Printed table of the 103AT (cell_models reference, 3.4).
constexpr Point kPrinted[] = {{-40, 188500}, {-30, 111300}, {-20, 67770}, {-10, 42470}, {0, 27280},
                              {10, 17960},   {20, 12090},   {25, 10000},  {30, 8313},   {40, 5827},
                              {50, 4160},    {60, 3020},    {70, 2228},   {80, 1668},   {85, 1451},
                              {90, 1266},    {100, 973}};

double inverse_K(double degC) {
  return 1.0 / (degC + 273.15);
}

// Beyond the printed points ln R goes on linearly in 1/T, with the beta of the outermost segment.
double beyond_Ohm(const Point& end, const Point& next, double degC) {
  const double beta_K =
      natural_log(end.r_Ohm / next.r_Ohm) / (inverse_K(end.degC) - inverse_K(next.degC));
  return end.r_Ohm * exponential(beta_K * (inverse_K(degC) - inverse_K(end.degC)));
}

UniformTable make_103at_table() {
  constexpr std::size_t kCount = std::size(kPrinted);
  std::vector<double> all_degC(kCount);
  std::vector<double> all_ln_r(kCount);
  for (std::size_t i = 0; i < kCount; ++i) {
    all_degC[i] = kPrinted[i].degC;
    all_ln_r[i] = natural_log(kPrinted[i].r_Ohm);
  }
  const MonotoneCubic ln_r(all_degC, all_ln_r);
  const auto resistance_Ohm = [&](double degC) {
    if (degC < kPrinted[0].degC) return beyond_Ohm(kPrinted[0], kPrinted[1], degC);
    if (degC > kPrinted[kCount - 1].degC)
      return beyond_Ohm(kPrinted[kCount - 1], kPrinted[kCount - 2], degC);
    return exponential(ln_r(degC));
  };
  const int points = 1 + static_cast<int>((kHighest_degC - kLowest_degC) * kPerKelvin);
  return sample(resistance_Ohm, kLowest_degC, kPerKelvin, points);
}

}  // namespace

double ntc_103at_Ohm(double T_degC) {
  static const UniformTable kTable = make_103at_table();
  return look_up(kTable, T_degC);
}

}  // namespace doppelpack::models
