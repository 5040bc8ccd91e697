// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "can_emulator/frame.hpp"
#include "compat/simple_battery.hpp"
#include "sim/inverter_node.hpp"

namespace doppelpack::sim {

namespace {

class VirtualCanRig : public CanRig {
 public:
  VirtualCanRig(const Product& product, const InverterDesign& inverter)
      : node_(inverter, *product.can, product.identity.can_choices),
        bit_rate_Hz_(product.can->bit_rate_Hz),
        battery_(product) {}

  void send(Time t_ns, const can_emulator::CanFrame& frame) override {
    if (t_ns >= shorted_until_ns_) node_.hear(t_ns, frame);
  }

  void advance(Time t_ns, std::vector<TimedFrame>& heard) override {
    while (node_.next_ns() <= t_ns) {
      const Time now_ns = node_.next_ns();
      for (const can_emulator::CanFrame& frame : node_.advance(now_ns, battery_.terminals())) {
        const Time end_ns = now_ns + can_emulator::frame_duration_ns(frame, bit_rate_Hz_);
        if (now_ns >= shorted_until_ns_) heard.push_back({end_ns, frame});
      }
    }
    const double dt_s = to_seconds(t_ns - now_ns_);
    if (dt_s > 0.0) battery_.carry(run_stage(node_.design(), node_.state(), dt_s, stage_), dt_s);
    now_ns_ = t_ns;
  }

  bool is_measured() const override { return true; }
  std::optional<DcMeasurement> measure() const override {
    const DcReading dc = battery_.terminals();
    return DcMeasurement{dc.dc_A, dc.dc_V};
  }
  void set_wish_W(double wish_W) override { node_.set_demand_W(wish_W); }
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

 private:
  InverterNode node_;
  std::uint32_t bit_rate_Hz_;
  SimpleBattery battery_;
  models::PowerStageState stage_;
  Time shorted_until_ns_ = 0;
  Time now_ns_ = 0;
};

}  // namespace

std::unique_ptr<CanRig> make_virtual_can_rig(const Product& product,
                                             const InverterDesign& inverter) {
  return std::make_unique<VirtualCanRig>(product, inverter);
}

}  // namespace doppelpack::sim
