// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// All scenarios of an acceptance list on all cores: verdicts, times, margins and overshoots by row.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/acceptance.hpp"
#include "sim/core_choice.hpp"
#include "sim/recorder.hpp"
#include "sim/report_files.hpp"

namespace doppelpack::sim {

/// How far the plant itself went beyond the trip values of the product's protections, at most; 0 when it
/// stayed within, empty when the product has no such protection. What it is over at the time a protection
/// has to wait counts too.
struct Overshoot {
  std::optional<double> cell_over_mV;   ///< highest cell above cell-ov
  std::optional<double> cell_under_mV;  ///< lowest cell below cell-uv
  std::optional<double> charge_A;       ///< above occ
  std::optional<double> discharge_A;    ///< above ocd or ocd2, the lower one
  std::optional<double> charge_A2s;     ///< integral of i^2 - trip^2 of one such excess
  std::optional<double> discharge_A2s;
  std::optional<double> hot_K;   ///< hottest cell above otc while charging, otd while discharging
  std::optional<double> cold_K;  ///< coldest cell below utc, utd, likewise

  bool operator==(const Overshoot&) const = default;
};

/// The time intervals of ISO 26262-1, in seconds. Empty where no expectation measures it.
struct FaultTimes {
  std::optional<double> detection_s;  ///< FDTI: the slowest expectation that proves detection
  /// FRTI: the slowest reaction, less the detection of its cause. Without one, only a reaction that is
  /// timed from a protection or a failure of the core counts.
  std::optional<double> reaction_s;
  std::optional<double> margin_s;  ///< smallest of all expectations that have one
};

FaultTimes fault_times(const Scenario& scenario, std::span<const Verdict> verdicts);

/// One scenario on one core.
struct MatrixRun {
  std::size_t scenario = 0;  ///< of the plan
  std::size_t core = 0;      ///< of the choices
  RunResult result;
  FaultTimes times;
  Overshoot overshoot;
};

enum class RowVerdict { passed, failed, not_covered, missing };
std::string_view name_of(RowVerdict verdict);

struct MatrixRow {
  AcceptanceRow row;
  std::vector<std::size_t> runs;  ///< of the report; by scenario, then core
  RowVerdict verdict = RowVerdict::missing;
};

struct MatrixReport {
  std::string list;
  std::string title;
  std::vector<std::string> sources;
  std::vector<std::string> cores;  ///< as they were given
  std::vector<MatrixRow> rows;
  std::vector<MatrixRun> runs;  ///< each once: scenarios in the order of the rows, cores as given
  std::string sha256;           ///< of the hashes of all event logs, in this order

  /// Every run has passed, and no row is missing.
  bool has_passed() const;
};

struct MatrixOptions {
  std::vector<CoreChoice> cores;        ///< at least one
  std::vector<std::string> core_names;  ///< beside them
  int workers = 1;                      ///< processes at a time, at least 1
  std::function<void(std::size_t done, std::size_t of)> note = [](std::size_t, std::size_t) {};
};

/// Every run has a process of its own, so a crash ends that run and nothing else. The report does not
/// depend on the number of workers. Throws DataError. There must not be another thread.
MatrixReport run_matrix(const AcceptanceList& list, const AcceptancePlan& plan,
                        const MatrixOptions& options);

/// Without wall times but in JUnit: the same matrix gives the same bytes. Throws DataError.
void write_matrix(const ReportFiles& files, const MatrixReport& report);

}  // namespace doppelpack::sim
