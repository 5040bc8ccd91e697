// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <algorithm>
#include <cmath>
#include <utility>

#include "can_emulator/frame.hpp"
#include "sim/compat.hpp"
#include "sim/inverter_node.hpp"

namespace doppelpack::sim {

namespace {

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

class VirtualRig : public CompatRig {
 public:
  VirtualRig(const Product& product, const InverterDesign& inverter)
      : node_(inverter, *product.can, product.identity.can_choices),
        bit_rate_Hz_(product.can->bit_rate_Hz),
        series_(product.pack.series),
        capacity_As_(product.pack.cell_capacity_Ah * product.pack.parallel * kSecondsPerHour),
        pack_Ohm_(kRise_V / std::max(product.bms.limits.ccl_mA / 1000.0, 1.0)) {
    dc_V_ = rest_V();
  }

  void send(Time t_ns, const can_emulator::CanFrame& frame) override { node_.hear(t_ns, frame); }

  void advance(Time t_ns, std::vector<TimedFrame>& heard) override {
    while (node_.next_ns() <= t_ns) {
      const Time now_ns = node_.next_ns();
      for (const can_emulator::CanFrame& frame : node_.advance(now_ns, {dc_V_, dc_A_})) {
        heard.push_back({now_ns + can_emulator::frame_duration_ns(frame, bit_rate_Hz_), frame});
      }
    }
    move_charge(to_seconds(t_ns - now_ns_));
    now_ns_ = t_ns;
  }

  bool is_measured() const override { return true; }
  std::optional<DcMeasurement> measure() const override { return DcMeasurement{dc_A_, dc_V_}; }
  void set_wish_W(double wish_W) override { node_.set_demand_W(wish_W); }
  void set_soc(double soc) override { soc_ = soc; }
  std::optional<std::pair<double, double>> extreme_cells_V() const override {
    const double drop_V = dc_A_ * pack_Ohm_ / series_;
    return std::pair{open_circuit_V(soc_ + kUnequal) + drop_V,
                     open_circuit_V(soc_ - kUnequal) + drop_V};
  }

 private:
  static constexpr double kSecondsPerHour = 3600.0;
  static constexpr double kRise_V = 1.0;     // of the terminals at the CCL: common for 48 V packs
  static constexpr double kUnequal = 0.005;  // the fullest and the emptiest cell against the mean

  double rest_V() const {
    return (series_ - 2) * open_circuit_V(soc_) + open_circuit_V(soc_ + kUnequal) +
           open_circuit_V(soc_ - kUnequal);
  }

  // The stage as a current source inside a voltage window, at the terminals of the battery.
  void move_charge(double dt_s) {
    if (!(dt_s > 0.0)) return;
    const InverterState& state = node_.state();
    const models::PowerStageInputs inputs{state.target_A, state.max_V, node_.design().cutoff_V,
                                          state.is_connected};
    const models::TerminalSource source = models::step(node_.design().stage, inputs, dt_s, stage_);
    const double rest = rest_V();
    const double most_A = std::max(0.0, (source.max_V - rest) / pack_Ohm_);
    const double least_A = std::min(0.0, (source.min_V - rest) / pack_Ohm_);
    dc_A_ = std::clamp(source.current_A, least_A, most_A);
    dc_V_ = rest + dc_A_ * pack_Ohm_;
    soc_ += dc_A_ * dt_s / capacity_As_;
  }

  InverterNode node_;
  std::uint32_t bit_rate_Hz_;
  int series_;
  double capacity_As_;
  double pack_Ohm_;
  models::PowerStageState stage_;
  double soc_ = 0.5;
  double dc_V_ = 0.0;
  double dc_A_ = 0.0;
  Time now_ns_ = 0;
};

}  // namespace

std::unique_ptr<CompatRig> make_virtual_rig(const Product& product,
                                            const InverterDesign& inverter) {
  return std::make_unique<VirtualRig>(product, inverter);
}

}  // namespace doppelpack::sim
