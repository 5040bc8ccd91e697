// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Judges the cells by what they stand ("limit"), and the readings by the truth ("true-readings").
#pragma once

#include <string>

#include "sim/oracles/objections.hpp"
#include "sim/oracles/sight.hpp"

namespace doppelpack::sim {

/// What a cell must never be: beyond it the product itself calls the cell broken.
struct AbsoluteLimits {
  double highest_V = 0.0;
  double lowest_V = 0.0;
  double hottest_degC = 0.0;  ///< where its own reactions begin
};
AbsoluteLimits absolute_limits(const Product& product);

class ReadingsOracle {
 public:
  explicit ReadingsOracle(const Product& product);
  void look(const Sight& sight, Objections& objections);

  /// What has read wrong for the last second or longer; empty: nothing.
  std::string wrong_reading() const;

 private:
  struct Reading {
    const char* name;
    const char* unit;
    double tolerance;
    Time since_ns = -1;
    double error = 0.0;
  };
  static void compare(const Sight& sight, double error, double tolerance, Reading& reading);

  AbsoluteLimits limits_;
  Reading current_;
  Reading cell_;
  Reading ntc_;
  Time now_ns_ = 0;
};

}  // namespace doppelpack::sim
