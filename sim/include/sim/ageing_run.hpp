// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Years of a pack's life on a cycler, without firmware or bus: how much of it is left, when.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "models/cycler.hpp"
#include "sim/product.hpp"

namespace doppelpack::sim {

/// A cycle: charge, rest, discharge, rest until the next one is due, a minute at least; one after
/// the other where they take longer than that. Up to `top` = 1 the charge goes to the product's
/// charge voltage, holds it and balances; below, to that mean SOC.
struct AgeingPlan {
  static constexpr long kEndless = std::numeric_limits<long>::max();
  double years = 10.0;          ///< of 365 days, > 0; ends by whatever comes first
  long cycles = kEndless;       ///< > 0
  double cycles_per_day = 1.0;  ///< > 0
  double depth = 0.8;           ///< of the rated capacity, or until the first cell is empty, > 0..1
  double top = 1.0;             ///< SOC to charge to, >= depth, ..1
  double ambient_degC = 25.0;
  double charge_rate = 0.5;     ///< current over rated capacity, 1/h, > 0
  double discharge_rate = 0.5;  ///< likewise
  std::uint64_t seed = 1;
  models::StepTolerance tolerance = coarse();  ///< what ageing does not notice

  static models::StepTolerance coarse();
};

/// The pack at the end of a cycle.
struct AgeingRow {
  double years = 0.0;
  long cycles = 0;
  double throughput_Ah = 0.0;      ///< discharged so far
  double capacity = 1.0;           ///< SOH of the weakest position
  double resistance_growth = 0.0;  ///< ohmic and RC pairs together, mean of the cells
  double spread = 0.0;             ///< best cell's capacity less the worst one's, over rated
  double mean_degC = 0.0;          ///< of the cells, at the end of the discharge
  long steps = 0;                  ///< so far; likewise:
  long rejected = 0;
};

/// Called for every row as soon as it is there; false ends the run.
using OnAgeingRow = std::function<bool(const AgeingRow&)>;

/// Deterministic: the same arguments, the same rows, at least one. Throws std::logic_error if the
/// audit of the pack fails.
std::vector<AgeingRow> run_ageing(const Product& product, const AgeingPlan& plan,
                                  const OnAgeingRow& on_row);

/// With a header; columns as in AgeingRow.
std::string to_csv(const std::vector<AgeingRow>& rows);
/// Product, plan and the last row; two spaces.
std::string to_json(const Product& product, const AgeingPlan& plan, const AgeingRow& last);

/// Creates the folder if need be. Throws DataError.
void make_ageing_folder(const std::filesystem::path& folder);
/// ageing.csv and ageing.json, each complete or as it was before. Throws DataError.
void write_ageing(const std::filesystem::path& folder, const Product& product,
                  const AgeingPlan& plan, const std::vector<AgeingRow>& rows);

}  // namespace doppelpack::sim
