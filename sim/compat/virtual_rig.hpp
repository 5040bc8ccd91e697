// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What the rigs of virtual inverters share, whatever the inverter talks: the battery at its terminals,
// which is measured, replaced and disconnected.
#pragma once

#include "compat/simple_battery.hpp"

namespace doppelpack::sim {

/// Rig: CanRig or SerialRig.
template <class Rig>
class VirtualRig : public Rig {
 public:
  explicit VirtualRig(const Product& product) : battery_(product) {}

  bool is_measured() const override { return true; }
  std::optional<DcMeasurement> measure() const override {
    const DcReading dc = battery_.terminals();
    return DcMeasurement{dc.dc_A, dc.dc_V};
  }
  void set_soc(double soc) override { battery_.replace(soc); }
  bool has_hands() const override { return true; }
  void perform(BenchAct act) override {
    if (act == BenchAct::short_bus)
      shorted_until_ns_ = now_ns_ + kShortCircuit;
    else
      battery_.set_connected(act == BenchAct::close_contacts);
  }
  std::optional<std::pair<double, double>> extreme_cells_V() const override {
    return battery_.extreme_cells_V();
  }

 protected:
  bool is_shorted(Time t_ns) const { return t_ns < shorted_until_ns_; }
  DcReading terminals() const { return battery_.terminals(); }

  /// The battery carries what the controller has left the stage at, up to t_ns.
  void carry_to(Time t_ns, const InverterDesign& design, const InverterState& state) {
    const double dt_s = to_seconds(t_ns - now_ns_);
    if (dt_s > 0.0) battery_.carry(run_stage(design, state, dt_s, stage_), dt_s);
    now_ns_ = t_ns;
  }

 private:
  SimpleBattery battery_;
  models::PowerStageState stage_;
  Time shorted_until_ns_ = 0;
  Time now_ns_ = 0;
};

}  // namespace doppelpack::sim
