// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/matrix_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace doppelpack::sim {

namespace {

// Three digits, or all those before the point.
std::string three_digits(double value) {
  const double size = std::abs(value);
  const int decimals = size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;
  return fmt::format("{:.{}f}", value, decimals);
}

std::optional<double> worse(const std::optional<double>& a, const std::optional<double>& b) {
  if (!a || !b) return a ? a : b;
  return std::max(*a, *b);
}

// In the order of Proof.
std::string proofs_of(const RunResult& result) {
  std::string text;
  for (int i = 0; i <= static_cast<int>(Proof::latch); ++i) {
    const std::string_view word = word_of(static_cast<Proof>(i));
    const auto is_it = [&](const Verdict& verdict) { return verdict.proves == word; };
    if (std::none_of(result.expectations.begin(), result.expectations.end(), is_it)) continue;
    if (!text.empty()) text += ", ";
    text += word;
  }
  return text;
}

}  // namespace

std::string interval_text(const std::optional<double>& seconds) {
  if (!seconds) return "-";
  if (*seconds == 0.0) return "0 s";
  const bool is_short = std::abs(*seconds) < 0.9995;
  return is_short ? three_digits(*seconds * 1000.0) + " ms" : three_digits(*seconds) + " s";
}

std::string figure_text(const std::optional<double>& value) {
  if (!value) return "-";
  return *value < 0.005 ? "0" : three_digits(*value);
}

MatrixLine line_of(const MatrixReport& report, const MatrixRun& run) {
  const Overshoot& over = run.overshoot;
  MatrixLine line;
  line.product = run.result.product;
  line.scenario = run.result.scenario;
  line.core = report.cores[run.core];
  line.verdict = run.result.has_passed ? "passed" : "failed";
  line.detection = interval_text(run.times.detection_s);
  line.reaction = interval_text(run.times.reaction_s);
  line.margin = interval_text(run.times.margin_s);
  line.over_mV = figure_text(worse(over.cell_over_mV, over.cell_under_mV));
  line.over_A = figure_text(worse(over.charge_A, over.discharge_A));
  line.over_K = figure_text(worse(over.hot_K, over.cold_K));
  line.over_A2s = figure_text(worse(over.charge_A2s, over.discharge_A2s));
  line.proves = proofs_of(run.result);
  return line;
}

int count_rows(const MatrixReport& report, RowVerdict verdict) {
  return static_cast<int>(
      std::count_if(report.rows.begin(), report.rows.end(),
                    [&](const MatrixRow& row) { return row.verdict == verdict; }));
}

}  // namespace doppelpack::sim
