// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The matrix as text: one line for each run of a row, for every table that shows it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/matrix.hpp"

namespace doppelpack::sim {

/// "1.02 s", "350 ms", "-".
std::string interval_text(const std::optional<double>& seconds);
/// "12.3", "0", "-".
std::string figure_text(const std::optional<double>& value);

/// A run as words. Overshoots are the worse of both directions.
struct MatrixLine {
  std::string product;
  std::string scenario;
  std::string core;
  std::string verdict;  ///< "passed" or "failed"
  std::string detection;
  std::string reaction;
  std::string margin;
  std::string over_mV;
  std::string over_A;
  std::string over_K;
  std::string over_A2s;
  std::string proves;  ///< "detection, reaction, bus": what its expectations prove, each once
};
MatrixLine line_of(const MatrixReport& report, const MatrixRun& run);

/// How many rows have this verdict.
int count_rows(const MatrixReport& report, RowVerdict verdict);

}  // namespace doppelpack::sim
