// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Small linear systems x' = A x solved exactly: the matrix exponential and the integral of x x^T,
// by Taylor series over a part of the time and repeated doubling. Doubling is a sum of products
// with the flow itself, so stiff decay stays as accurate as slow drift. A constant input is one
// more component of x whose row in A is zero.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>

namespace doppelpack::models {

template <std::size_t kSize>
using SquareMatrix = std::array<std::array<double, kSize>, kSize>;

/// a b, added up in one fixed order.
template <std::size_t kSize>
SquareMatrix<kSize> product(const SquareMatrix<kSize>& a, const SquareMatrix<kSize>& b) {
  SquareMatrix<kSize> c{};
  for (std::size_t i = 0; i < kSize; ++i)
    for (std::size_t k = 0; k < kSize; ++k)
      for (std::size_t j = 0; j < kSize; ++j) c[i][j] += a[i][k] * b[k][j];
  return c;
}

/// A time split into 2^doublings parts, short enough for the series.
struct Parts {
  double part_s = 0.0;
  int doublings = 0;
};

template <std::size_t kSize>
Parts parts_for(const SquareMatrix<kSize>& a, double time_s) {
  constexpr double kNorm = 0.25;
  constexpr int kMostDoublings = 100;
  double norm = 0.0;
  for (std::size_t i = 0; i < kSize; ++i) {
    double row = 0.0;
    for (std::size_t j = 0; j < kSize; ++j) row += std::abs(a[i][j]);
    norm = norm < row ? row : norm;
  }
  Parts parts{time_s, 0};
  for (; norm * parts.part_s > kNorm && parts.doublings < kMostDoublings; ++parts.doublings)
    parts.part_s *= 0.5;
  return parts;
}

/// exp(a part_s) - 1 by its series, remainder below 1e-17 relative.
template <std::size_t kSize>
SquareMatrix<kSize> growth_of_part(const SquareMatrix<kSize>& a, double part_s) {
  constexpr int kTerms = 12;
  SquareMatrix<kSize> sum{};
  for (int n = kTerms; n > 0; --n) {
    SquareMatrix<kSize> next = product(a, sum);
    for (std::size_t i = 0; i < kSize; ++i)
      for (std::size_t j = 0; j < kSize; ++j) next[i][j] = (a[i][j] + next[i][j]) * (part_s / n);
    sum = next;
  }
  return sum;
}

/// g for twice the time: (1 + g)^2 - 1, without the cancellation.
template <std::size_t kSize>
void double_growth(SquareMatrix<kSize>& g) {
  const SquareMatrix<kSize> square = product(g, g);
  for (std::size_t i = 0; i < kSize; ++i)
    for (std::size_t j = 0; j < kSize; ++j) g[i][j] = 2.0 * g[i][j] + square[i][j];
}

/// exp(a time_s) - 1: x grows by this times x.
template <std::size_t kSize>
SquareMatrix<kSize> growth(const SquareMatrix<kSize>& a, double time_s) {
  const Parts parts = parts_for(a, time_s);
  SquareMatrix<kSize> g = growth_of_part(a, parts.part_s);
  for (int i = 0; i < parts.doublings; ++i) double_growth(g);
  return g;
}

/// f + f^T
template <std::size_t kSize>
SquareMatrix<kSize> symmetric(const SquareMatrix<kSize>& f) {
  SquareMatrix<kSize> s;
  for (std::size_t i = 0; i < kSize; ++i)
    for (std::size_t j = 0; j < kSize; ++j) s[i][j] = f[i][j] + f[j][i];
  return s;
}

/// The integral of x x^T over time_s, linear in `start` = x x^T at its start: the sum over the
/// starts of many equal steps gives the integral over all of them. The series is that of
/// d(x x^T)/dt = a x x^T + its transpose.
template <std::size_t kSize>
SquareMatrix<kSize> moments(const SquareMatrix<kSize>& a, const SquareMatrix<kSize>& start,
                            double time_s) {
  constexpr int kTerms = 15;
  const Parts parts = parts_for(a, time_s);
  SquareMatrix<kSize> term = start;
  SquareMatrix<kSize> sum{};
  for (int n = 1; n <= kTerms; ++n) {
    for (std::size_t i = 0; i < kSize; ++i)
      for (std::size_t j = 0; j < kSize; ++j) {
        term[i][j] *= parts.part_s / n;
        sum[i][j] += term[i][j];
      }
    term = symmetric(product(a, term));
  }
  if (parts.doublings == 0) return sum;
  SquareMatrix<kSize> g = growth_of_part(a, parts.part_s);
  for (int n = 0; n < parts.doublings; ++n) {
    const SquareMatrix<kSize> once = product(g, sum);
    SquareMatrix<kSize> transposed;
    for (std::size_t i = 0; i < kSize; ++i)
      for (std::size_t j = 0; j < kSize; ++j) transposed[i][j] = g[j][i];
    const SquareMatrix<kSize> twice = product(once, transposed);
    const SquareMatrix<kSize> mixed = symmetric(once);
    for (std::size_t i = 0; i < kSize; ++i)
      for (std::size_t j = 0; j < kSize; ++j)
        sum[i][j] = 2.0 * sum[i][j] + mixed[i][j] + twice[i][j];
    double_growth(g);
  }
  return sum;
}

}  // namespace doppelpack::models
