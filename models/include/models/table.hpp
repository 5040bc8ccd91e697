// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Building and reading uniform look-up tables. Reading is split in two so that several tables over
// one grid share the search: locate() once, then look_up() per table.
#pragma once

#include <cstdint>
#include <vector>

#include "models/cell_model.hpp"

namespace doppelpack::models {

/// Monotone piecewise cubic through the points (Fritsch and Carlson, SIAM J. Numer. Anal. 17, 1980,
/// slopes by their harmonic mean as in PCHIP): never overshoots, so a rising table stays rising.
/// Needs at least one point, x rising strictly. Outside it continues flat, or along the chord of
/// the outermost segment.
class MonotoneCubic {
 public:
  enum class Outside { flat, linear };
  MonotoneCubic(const std::vector<double>& x, const std::vector<double>& y, Outside outside);
  double operator()(double x) const;

 private:
  std::vector<double> x_;
  std::vector<double> y_;
  std::vector<double> slope_;
  double slope_before_ = 0.0;
  double slope_after_ = 0.0;
};

/// Sample `curve` at first, first + 1/per_step, ... (`points` >= 2 of them).
template <typename Curve>
UniformTable sample(const Curve& curve, double first, double per_step, int points) {
  UniformTable table{first, per_step, {}};
  table.value.reserve(static_cast<std::size_t>(points));
  for (int i = 0; i < points; ++i) table.value.push_back(curve(first + i / per_step));
  return table;
}

/// Where x[0..count) falls: between points index and index + 1, at fraction 0..1 of the way.
/// Outside (and for NaN) it is the first or last point: tables are flat there.
inline void locate(const UniformTable& grid, const double* __restrict x, int count,
                   std::int32_t* __restrict index, double* __restrict fraction) {
  const double first = grid.first;
  const double per_step = grid.per_step;
  const double last = static_cast<double>(grid.value.size()) - 1.0;
  for (int i = 0; i < count; ++i) {
    double position = (x[i] - first) * per_step;
    position = position > 0.0 ? position : 0.0;
    position = position < last ? position : last;
    const double left = position < last - 1.0 ? position : last - 1.0;
    index[i] = static_cast<std::int32_t>(left);
    fraction[i] = position - index[i];
  }
}

/// The value there. `value` is the table's value.data().
inline double look_up(const double* value, std::int32_t index, double fraction) {
  const double left = value[index];
  return left + fraction * (value[index + 1] - left);
}

inline double look_up(const UniformTable& table, double x) {
  std::int32_t index = 0;
  double fraction = 0.0;
  locate(table, &x, 1, &index, &fraction);
  return look_up(table.value.data(), index, fraction);
}

}  // namespace doppelpack::models
