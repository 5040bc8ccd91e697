// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "models/exponential.hpp"
#include "models/sensing.hpp"
#include "models/table.hpp"

namespace doppelpack::models {

namespace {

constexpr double kLowest_degC = -55.0;
constexpr double kHighest_degC = 150.0;
constexpr double kPerKelvin = 8.0;  // spacing 1/8 K: interpolating R instead of ln R costs 0.1 mK

// Beyond the printed points ln R goes on linearly in 1/T, with the beta of the outermost segment.
double beyond(double T_degC, double T0_degC, double ln0, double T1_degC, double ln1) {
  const double inverse_0 = 1.0 / (T0_degC + 273.15);
  const double inverse_1 = 1.0 / (T1_degC + 273.15);
  const double beta_K = (ln0 - ln1) / (inverse_0 - inverse_1);
  return ln0 + beta_K * (1.0 / (T_degC + 273.15) - inverse_0);
}

UniformTable make_103at_table() {
  const std::vector<double> T_degC = {-40, -30, -20, -10, 0,  10, 20, 25, 30,
                                      40,  50,  60,  70,  80, 85, 90, 100};
  const std::vector<double> r_kOhm = {188.5, 111.3, 67.77, 42.47, 27.28, 17.96, 12.09, 10.00, 8.313,
                                      5.827, 4.160, 3.020, 2.228, 1.668, 1.451, 1.266, 0.973};
  std::vector<double> ln_r;
  for (const double r : r_kOhm) ln_r.push_back(natural_log(1000.0 * r));

  const std::size_t n = T_degC.size();
  const MonotoneCubic curve(T_degC, ln_r, MonotoneCubic::Outside::flat);
  const auto resistance_Ohm = [&](double T) {
    if (T < T_degC.front()) return exponential(beyond(T, T_degC[0], ln_r[0], T_degC[1], ln_r[1]));
    if (T > T_degC.back())
      return exponential(beyond(T, T_degC[n - 1], ln_r[n - 1], T_degC[n - 2], ln_r[n - 2]));
    return exponential(curve(T));
  };
  const int points = 1 + static_cast<int>((kHighest_degC - kLowest_degC) * kPerKelvin);
  return sample(resistance_Ohm, kLowest_degC, kPerKelvin, points);
}

}  // namespace

double ntc_103at_Ohm(double T_degC) {
  static const UniformTable table = make_103at_table();
  return look_up(table, T_degC);
}

}  // namespace doppelpack::models
