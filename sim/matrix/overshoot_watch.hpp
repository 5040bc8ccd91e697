// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Follows the plant through a run and keeps how far it went beyond the protections' trip values.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "sim/event_log.hpp"
#include "sim/matrix.hpp"
#include "sim/signals.hpp"

namespace doppelpack::sim {

class OvershootWatch {
 public:
  /// Watches every pack of the catalogue against the protections of the product.
  OvershootWatch(const Product& product, const SignalCatalogue& catalogue);

  /// Called after every pass of the firmware; t_ns rises.
  void look(Time t_ns, const BenchState& state);

  /// A current that a comparator cut off between two passes is in the event log alone: it counts in A,
  /// and not in A2s.
  Overshoot finish(const EventLog& events) const;

 private:
  struct Pack {
    const Signal* current_A;
    const Signal* cell_max_V;
    const Signal* cell_min_V;
    const Signal* T_max_degC;
    const Signal* T_min_degC;
    double charge_A2s = 0.0;  ///< of the excess that goes on
    double discharge_A2s = 0.0;
  };
  struct Trips {
    std::optional<double> cell_over_mV, cell_under_mV, charge_A, discharge_A;
    std::optional<double> hot_charging_degC, hot_discharging_degC;
    std::optional<double> cold_charging_degC, cold_discharging_degC;
    double idle_A = 0.0;  ///< more than this charges or discharges
  };
  static Trips trips_of(const bms_config_t& config);
  void look_at_cells(const Pack& pack, const BenchState& state);
  void look_at_currents(Pack& pack, double current_A, double dt_s);
  void look_at_temperatures(const Pack& pack, double current_A, const BenchState& state);

  Trips trips_;
  std::vector<Pack> packs_;
  Overshoot worst_;
  Time last_ns_ = 0;
};

}  // namespace doppelpack::sim
