// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Exponential and logarithm of our own. libm differs between systems and a vectorised library exp
// may differ between array positions; these use only + - * / in a fixed order, so every compiler,
// vector width and machine gives the same bits (contraction off).
#pragma once

#include <bit>
#include <cstdint>

namespace doppelpack::models {

/// exp(x) to about 1 ulp; x outside +-700 counts as +-700. Branch-free.
[[gnu::always_inline]] inline double exponential(double x) {
  constexpr double kLog2E = 1.4426950408889634;
  constexpr double kLn2High = 6.93147180369123816490e-01;  // 32 bits: exact times any exponent
  constexpr double kLn2Low = 1.90821492927058770002e-10;
  constexpr double kRounder = 6755399441055744.0;  // 1.5 * 2^52: adding it rounds to an integer
  x = x > -700.0 ? x : -700.0;
  x = x < 700.0 ? x : 700.0;

  // exp(x) = 2^k exp(r), |r| <= ln(2)/2; Taylor series of exp(r) summed pairwise for short latency.
  const double shifted = x * kLog2E + kRounder;
  const double k = shifted - kRounder;
  const double r = (x - k * kLn2High) - k * kLn2Low;
  const double r2 = r * r;
  const double r4 = r2 * r2;
  const double c23 = 1.0 / 2.0 + r * (1.0 / 6.0);
  const double c45 = 1.0 / 24.0 + r * (1.0 / 120.0);
  const double c67 = 1.0 / 720.0 + r * (1.0 / 5040.0);
  const double c89 = 1.0 / 40320.0 + r * (1.0 / 362880.0);
  const double c1011 = 1.0 / 3628800.0 + r * (1.0 / 39916800.0);
  const double c1213 = 1.0 / 479001600.0 + r * (1.0 / 6227020800.0);
  const double low = c23 + r2 * c45;
  const double high = (c67 + r2 * c89) + r4 * (c1011 + r2 * c1213);
  const double series = 1.0 + (r + r2 * (low + r4 * high));

  const std::uint64_t exponent = std::bit_cast<std::uint64_t>(shifted) << 52;
  return std::bit_cast<double>(std::bit_cast<std::uint64_t>(series) + exponent);
}

/// 1 - exp(-x) for 0 <= x <= 1e-3, relative error below 1e-14: no cancellation, a few operations.
/// Also for vectors of double.
template <typename Real>
[[gnu::always_inline]] inline Real small_decay(Real x) {
  return x * ((1.0 - 0.5 * x) + (x * x) * (1.0 / 6.0 - x * (1.0 / 24.0)));
}

/// ln(x) for 1e-300 < x < 1e300, to about 1 ulp: a polynomial good to 1e-5 (Abramowitz and Stegun,
/// 4.1.43), then Halley steps on exponential(), each of which triples the digits.
inline double natural_log(double x) {
  constexpr std::uint64_t kMantissa = (std::uint64_t{1} << 52U) - 1;
  const auto bits = std::bit_cast<std::uint64_t>(x);
  const auto exponent = static_cast<double>(static_cast<std::int64_t>(bits >> 52U) - 1023);
  const double u =
      std::bit_cast<double>((bits & kMantissa) | std::bit_cast<std::uint64_t>(1.0)) - 1.0;
  const double series =
      u * (0.99949556 + u * (-0.49190896 + u * (0.28947478 + u * (-0.13606275 + u * 0.03215845))));
  double y = 0.6931471805599453 * exponent + series;
  for (int i = 0; i < 3; ++i) {
    const double e = exponential(y);
    y += 2.0 * (x - e) / (x + e);
  }
  return y;
}

}  // namespace doppelpack::models
