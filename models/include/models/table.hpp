// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Smooth curves through tabulated data.
#pragma once

#include <cstddef>
#include <vector>

namespace doppelpack::models {

/// Monotone piecewise cubic through the points (Fritsch and Carlson, SIAM J. Numer. Anal. 17, 1980,
/// slopes by their harmonic mean as in PCHIP): never overshoots, so a rising table stays rising.
/// Needs at least one point, x rising strictly. Beyond the ends it continues along the chord of the
/// outermost segment as far as `reach`, then flat.
class MonotoneCubic {
 public:
  MonotoneCubic() : MonotoneCubic({0.0}, {0.0}) {}
  MonotoneCubic(const std::vector<double>& x, const std::vector<double>& y, double reach = 0.0);
  double operator()(double x) const;

  double lowest_x() const { return x_.front() - reach_; }
  double highest_x() const { return x_.back() + reach_; }

 private:
  std::vector<double> x_;
  std::vector<double> y_;
  std::vector<double> slope_;  ///< at the points; those at the ends go on outside
  double reach_ = 0.0;
};

/// A curve sampled evenly, for reading it often; linear between points, flat outside.
struct UniformTable {
  double first = 0.0;
  double per_step = 1.0;  ///< 1 / spacing
  std::vector<double> value;
};

/// Sample `curve` at first, first + 1/per_step, ... (`points` >= 2 of them).
template <typename Curve>
UniformTable sample(const Curve& curve, double first, double per_step, int points) {
  UniformTable table{first, per_step, {}};
  table.value.reserve(static_cast<std::size_t>(points));
  for (int i = 0; i < points; ++i) table.value.push_back(curve(first + i / per_step));
  return table;
}

/// The value at x; outside (and for NaN) the first or last.
inline double look_up(const UniformTable& table, double x) {
  const double last = static_cast<double>(table.value.size()) - 1.0;
  double position = (x - table.first) * table.per_step;
  position = position > 0.0 ? position : 0.0;
  position = position < last ? position : last;
  const double left = position < last - 1.0 ? position : last - 1.0;
  const auto index = static_cast<std::size_t>(left);
  const double fraction = position - static_cast<double>(index);
  return table.value[index] + fraction * (table.value[index + 1] - table.value[index]);
}

}  // namespace doppelpack::models
