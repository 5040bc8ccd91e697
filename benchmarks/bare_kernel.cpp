// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "bare_kernel.hpp"

#include <cmath>

namespace doppelpack::benchmarks {

namespace {

constexpr double kDt_s = 1e-3;
constexpr int kSocPoints = 4801;
constexpr int kTemperaturePoints = 961;
constexpr double kR0_Ohm = 0.5e-3;
constexpr double kR1_Ohm = 0.45e-3;
constexpr double kR2_Ohm = 0.5e-3;
constexpr double kGamma = 40.0;
constexpr double kNeighbour_W_per_K = 0.8;

struct Position {
  int index;
  double fraction;
};

inline Position locate(double x, double first, double per_step, int points) {
  double position = (x - first) * per_step;
  position = position > 0.0 ? position : 0.0;
  position = position < points - 2.0 ? position : points - 2.0;
  const int index = static_cast<int>(position);
  return {index, position - index};
}

inline double look_up(const double* table, Position at) {
  return table[at.index] + at.fraction * (table[at.index + 1] - table[at.index]);
}

}  // namespace

BareKernel make_bare_kernel() {
  BareKernel k{};
  for (int i = 0; i < kSocPoints; ++i) {
    const double soc = -0.1 + i / 4000.0;
    k.ocv_V.push_back(3.2 + 0.15 * soc + 0.3 * std::exp(80.0 * (soc - 1.02)) -
                      0.3 * std::exp(-80.0 * (soc + 0.02)));
    k.hysteresis_V.push_back(0.012 + 0.003 * std::cos(6.0 * soc));
  }
  for (int i = 0; i < kTemperaturePoints; ++i)
    k.r0_factor.push_back(std::exp(1203.0 * (1.0 / (233.15 + i / 8.0) - 1.0 / 298.15)));
  k.keep1 = std::exp(-kDt_s / 15.0);
  k.keep2 = std::exp(-kDt_s / 150.0);
  k.soc_per_A = kDt_s / 3600.0 / 100.0;
  k.kelvin_per_J = 1.0 / 2080.0;
  for (int i = 0; i < kCells; ++i) {
    k.soc[i] = 0.5 + 0.002 * i;
    k.T_degC[i] = 25.0 + 0.1 * i;
  }
  return k;
}

void step(BareKernel& k, double current_A) {
  double ocv_V[kCells];
  double gap_V[kCells];
  double r0_Ohm[kCells];
  for (int i = 0; i < kCells; ++i) {
    const Position at = locate(k.soc[i], -0.1, 4000.0, kSocPoints);
    ocv_V[i] = look_up(k.ocv_V.data(), at);
    gap_V[i] = look_up(k.hysteresis_V.data(), at);
    r0_Ohm[i] =
        kR0_Ohm * look_up(k.r0_factor.data(), locate(k.T_degC[i], -40.0, 8.0, kTemperaturePoints));
  }

  // All cells carry the same current: what would be exp() per cell is one number.
  const double sign = current_A > 0.0 ? 1.0 : (current_A < 0.0 ? -1.0 : 0.0);
  const double dz = k.soc_per_A * current_A;
  const double share = kGamma * dz * sign;
  const double v1_end = kR1_Ohm * current_A;
  const double v2_end = kR2_Ohm * current_A;
  double heat_W[kCells];
  for (int i = 0; i < kCells; ++i) {
    const double over_V =
        gap_V[i] * k.hysteresis[i] + r0_Ohm[i] * current_A + k.v1_V[i] + k.v2_V[i];
    k.cell_V[i] = ocv_V[i] + over_V;
    heat_W[i] = current_A * over_V;
    k.soc[i] += dz;
    k.v1_V[i] = v1_end + (k.v1_V[i] - v1_end) * k.keep1;
    k.v2_V[i] = v2_end + (k.v2_V[i] - v2_end) * k.keep2;
    k.hysteresis[i] += share * (sign - k.hysteresis[i]);
  }

  const double* const degC = k.T_degC;
  heat_W[0] += kNeighbour_W_per_K * (degC[1] - degC[0]);
  heat_W[kCells - 1] += kNeighbour_W_per_K * (degC[kCells - 2] - degC[kCells - 1]);
  for (int i = 1; i < kCells - 1; ++i)
    heat_W[i] += kNeighbour_W_per_K * ((degC[i - 1] - degC[i]) + (degC[i + 1] - degC[i]));
  for (int i = 0; i < kCells; ++i) k.T_degC[i] += heat_W[i] * (kDt_s * k.kelvin_per_J);
}

}  // namespace doppelpack::benchmarks
