// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "models/table.hpp"

#include <algorithm>

namespace doppelpack::models {

namespace {

// Slope at a point between two segments of width h0, h1 and chord slopes d0, d1: zero at an
// extremum, else the weighted harmonic mean, which is what keeps the cubic monotone.
double inner_slope(double h0, double h1, double d0, double d1) {
  if (d0 * d1 <= 0.0) return 0.0;
  const double w0 = 2.0 * h1 + h0;
  const double w1 = h1 + 2.0 * h0;
  return (w0 + w1) / (w0 / d0 + w1 / d1);
}

}  // namespace

MonotoneCubic::MonotoneCubic(const std::vector<double>& x, const std::vector<double>& y,
                             double reach)
    : x_(x), y_(y), slope_(x.size(), 0.0), reach_(reach) {
  const std::size_t segments = x_.size() - 1;
  std::vector<double> width(segments);
  std::vector<double> chord(segments);
  for (std::size_t i = 0; i < segments; ++i) {
    width[i] = x_[i + 1] - x_[i];
    chord[i] = (y_[i + 1] - y_[i]) / width[i];
  }
  for (std::size_t i = 1; i < segments; ++i)
    slope_[i] = inner_slope(width[i - 1], width[i], chord[i - 1], chord[i]);
  if (segments == 0) return;
  // At the ends the chord itself: monotone, and continuous with a linear continuation.
  slope_.front() = chord.front();
  slope_.back() = chord.back();
}

double MonotoneCubic::operator()(double x) const {
  if (!(x > x_.front()))
    return y_.front() + slope_.front() * (std::max(x, lowest_x()) - x_.front());
  if (x >= x_.back()) return y_.back() + slope_.back() * (std::min(x, highest_x()) - x_.back());
  const auto right = std::upper_bound(x_.begin(), x_.end(), x);
  const auto i = static_cast<std::size_t>(right - x_.begin()) - 1;
  const double h = x_[i + 1] - x_[i];
  const double t = (x - x_[i]) / h;
  const double s = 1.0 - t;
  // Cubic Hermite in a form that returns the end points exactly.
  return s * s * (1.0 + 2.0 * t) * y_[i] + t * t * (1.0 + 2.0 * s) * y_[i + 1] +
         s * t * h * (s * slope_[i] - t * slope_[i + 1]);
}

}  // namespace doppelpack::models
