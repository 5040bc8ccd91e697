// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "models/thermal_modes.hpp"

#include <algorithm>
#include <cmath>

namespace doppelpack::models {

namespace {

constexpr int kMostSweeps = 30;  // quadratic convergence: about eight are needed

// Turns the plane of axes p and q until s(p, q) is zero (Golub and Van Loan, Matrix Computations,
// 8.5: the smaller of the two angles).
void rotate(Eigen::Index p, Eigen::Index q, CellTable& s, CellTable& v) {
  const double off = s(p, q);
  if (off == 0.0) return;
  const double ratio = (s(q, q) - s(p, p)) / (2.0 * off);
  const double tangent =
      (ratio >= 0.0 ? 1.0 : -1.0) / (std::abs(ratio) + std::sqrt(1.0 + ratio * ratio));
  const double cosine = 1.0 / std::sqrt(1.0 + tangent * tangent);
  const double sine = tangent * cosine;
  const auto turn = [=](double& a, double& b) {
    const double before = a;
    a = cosine * before - sine * b;
    b = sine * before + cosine * b;
  };
  for (Eigen::Index i = 0; i < s.rows(); ++i) turn(s(i, p), s(i, q));
  for (Eigen::Index i = 0; i < s.rows(); ++i) turn(s(p, i), s(q, i));
  for (Eigen::Index i = 0; i < v.rows(); ++i) turn(v(i, p), v(i, q));
}

double largest_off_diagonal(const CellTable& s) {
  double largest = 0.0;
  for (Eigen::Index j = 0; j < s.cols(); ++j)
    for (Eigen::Index i = 0; i < j; ++i) largest = std::max(largest, std::abs(s(i, j)));
  return largest;
}

double largest_diagonal(const CellTable& s) {
  double largest = 0.0;
  for (Eigen::Index i = 0; i < s.cols(); ++i) largest = std::max(largest, std::abs(s(i, i)));
  return largest;
}

}  // namespace

ThermalModes make_thermal_modes(const CellTable& conductance_W_per_K,
                                const CellArray& node_K_per_J) {
  const Eigen::Index count = node_K_per_J.size();
  CellArray root(count);
  for (Eigen::Index i = 0; i < count; ++i) root[i] = std::sqrt(node_K_per_J[i]);
  CellTable s = conductance_W_per_K;
  CellTable v = CellTable::Zero(count, count);
  for (Eigen::Index j = 0; j < count; ++j) {
    for (Eigen::Index i = 0; i < count; ++i) s(i, j) *= root[i] * root[j];
    v(j, j) = 1.0;
  }
  const double small = 1e-18 * largest_diagonal(s);
  for (int sweep = 0; sweep < kMostSweeps && largest_off_diagonal(s) > small; ++sweep)
    for (Eigen::Index p = 0; p < count; ++p)
      for (Eigen::Index q = p + 1; q < count; ++q) rotate(p, q, s, v);

  ThermalModes modes{CellArray(count), CellTable(count, count), CellTable(count, count)};
  for (Eigen::Index k = 0; k < count; ++k) {
    modes.rate_per_s[k] = std::max(0.0, s(k, k));
    for (Eigen::Index i = 0; i < count; ++i) {
      modes.to_mode(k, i) = v(i, k) / root[i];
      modes.from_mode(i, k) = v(i, k) * root[i];
    }
  }
  return modes;
}

}  // namespace doppelpack::models
