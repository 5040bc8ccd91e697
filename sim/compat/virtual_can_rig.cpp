// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "can_emulator/frame.hpp"
#include "compat/virtual_rig.hpp"
#include "sim/inverter_node.hpp"

namespace doppelpack::sim {

namespace {

class VirtualCanRig : public VirtualRig<CanRig> {
 public:
  VirtualCanRig(const Product& product, const InverterDesign& inverter)
      : VirtualRig(product),
        node_(inverter, *product.can, product.identity.can_choices),
        bit_rate_Hz_(product.can->bit_rate_Hz) {}

  void send(Time t_ns, const can_emulator::CanFrame& frame) override {
    if (!is_shorted(t_ns)) node_.hear(t_ns, frame);
  }

  void advance(Time t_ns, std::vector<TimedFrame>& heard) override {
    while (node_.next_ns() <= t_ns) {
      const Time now_ns = node_.next_ns();
      for (const can_emulator::CanFrame& frame : node_.advance(now_ns, terminals())) {
        const Time end_ns = now_ns + can_emulator::frame_duration_ns(frame, bit_rate_Hz_);
        if (!is_shorted(now_ns)) heard.push_back({end_ns, frame});
      }
    }
    carry_to(t_ns, node_.design(), node_.state());
  }

  void set_wish_W(double wish_W) override { node_.set_demand_W(wish_W); }

 private:
  InverterNode node_;
  std::uint32_t bit_rate_Hz_;
};

}  // namespace

std::unique_ptr<CanRig> make_virtual_can_rig(const Product& product,
                                             const InverterDesign& inverter) {
  return std::make_unique<VirtualCanRig>(product, inverter);
}

}  // namespace doppelpack::sim
