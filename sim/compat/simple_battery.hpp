// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The battery at the terminals of a virtual inverter under test: open-circuit voltage and resistance, one
// cell fuller and one emptier than the others.
#pragma once

#include <utility>

#include "models/power_stage.hpp"
#include "sim/compat_rig.hpp"

namespace doppelpack::sim {

class SimpleBattery {
 public:
  explicit SimpleBattery(const Product& product);

  /// The inverter's stage as a current source inside a voltage window, for dt_s.
  void carry(const models::TerminalSource& source, double dt_s);
  /// Another one, connected.
  void replace(double soc) {
    soc_ = soc;
    is_connected_ = true;
  }
  void set_connected(bool is_connected) { is_connected_ = is_connected; }
  /// Those of the inverter: its DC link, when the contacts are open.
  DcReading terminals() const { return {dc_V_, dc_A_}; }
  /// Highest and lowest cell.
  std::pair<double, double> extreme_cells_V() const;

 private:
  double rest_V() const;

  int series_;
  double capacity_As_;
  double pack_Ohm_;
  double soc_ = 0.5;
  bool is_connected_ = true;
  double dc_V_ = 0.0;
  double dc_A_ = 0.0;
};

/// The stage during dt_s, as the controller left it.
models::TerminalSource run_stage(const InverterDesign& design, const InverterState& state,
                                 double dt_s, models::PowerStageState& stage);

}  // namespace doppelpack::sim
