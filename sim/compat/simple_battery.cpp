// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "compat/simple_battery.hpp"

#include <algorithm>
#include <cmath>

namespace doppelpack::sim {

namespace {

constexpr double kSecondsPerHour = 3600.0;
constexpr double kRise_V = 1.0;     // of the terminals at the CCL: common for 48 V packs
constexpr double kUnequal = 0.005;  // the fullest and the emptiest cell against the mean

// Open-circuit voltage of an LFP cell: a plateau with two knees. Above full and below empty it goes on
// as steeply as over-charged and over-discharged cells do (estimates).
double open_circuit_V(double soc) {
  constexpr double kPlateau_V = 3.33;
  constexpr double kTilt_V = 0.06;
  constexpr double kFull_V = 0.30;   // above the plateau, at 100 %
  constexpr double kEmpty_V = 0.70;  // below it, at 0 %
  constexpr double kKnee = 0.02;
  constexpr double kBeyond_V = 100.0;  // per SOC: 1 V for 1 %
  const double inside = std::clamp(soc, 0.0, 1.0);
  return kPlateau_V + kTilt_V * (inside - 0.5) + kFull_V * std::exp((inside - 1.0) / kKnee) -
         kEmpty_V * std::exp(-inside / kKnee) + kBeyond_V * (soc - inside);
}

}  // namespace

SimpleBattery::SimpleBattery(const Product& product)
    : series_(product.pack.series),
      capacity_As_(product.pack.cell_capacity_Ah * product.pack.parallel * kSecondsPerHour),
      pack_Ohm_(kRise_V / std::max(product.bms.limits.ccl_mA / 1000.0, 1.0)) {
  dc_V_ = rest_V();
}

double SimpleBattery::rest_V() const {
  return (series_ - 2) * open_circuit_V(soc_) + open_circuit_V(soc_ + kUnequal) +
         open_circuit_V(soc_ - kUnequal);
}

void SimpleBattery::carry(const models::TerminalSource& source, double dt_s) {
  if (!is_connected_) {
    // The link of some mF goes to the edge of the window within a millisecond, or stays where it is.
    dc_A_ = 0.0;
    if (source.current_A > 0.0) dc_V_ = source.max_V;
    if (source.current_A < 0.0) dc_V_ = source.min_V;
    return;
  }
  const double rest = rest_V();
  const double most_A = std::max(0.0, (source.max_V - rest) / pack_Ohm_);
  const double least_A = std::min(0.0, (source.min_V - rest) / pack_Ohm_);
  dc_A_ = std::clamp(source.current_A, least_A, most_A);
  dc_V_ = rest + dc_A_ * pack_Ohm_;
  soc_ += dc_A_ * dt_s / capacity_As_;
}

std::pair<double, double> SimpleBattery::extreme_cells_V() const {
  const double drop_V = dc_A_ * pack_Ohm_ / series_;
  return {open_circuit_V(soc_ + kUnequal) + drop_V, open_circuit_V(soc_ - kUnequal) + drop_V};
}

models::TerminalSource run_stage(const InverterDesign& design, const InverterState& state,
                                 double dt_s, models::PowerStageState& stage) {
  return models::step(design.stage,
                      {state.target_A, state.max_V, design.cutoff_V, state.is_connected}, dt_s,
                      stage);
}

}  // namespace doppelpack::sim
