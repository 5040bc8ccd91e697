// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <algorithm>
#include <limits>

#include "compat/virtual_rig.hpp"
#include "kernel/phases.hpp"

namespace doppelpack::sim {

namespace {

// Asks one question per period, in turn, and believes the reply to the last one: as on the bench's line.
class VirtualSerialRig : public VirtualRig<SerialRig> {
 public:
  VirtualSerialRig(const Product& product, InverterDesign inverter)
      : VirtualRig(product),
        design_(std::move(inverter)),
        protocol_(*product.rs485),
        identity_(product.identity),
        poll_due_ns_(design_.rs485_poll_period_ns > 0 ? kSerialPollPhase
                                                      : std::numeric_limits<Time>::max()) {
    state_.obeys_limits = design_.obeys_limits;
  }

  void send(Time t_ns, can_emulator::BytesView reply) override {
    if (is_shorted(t_ns)) return;
    const bool is_understood =
        is_reply_awaited_ && !is_restarting(design_, t_ns) &&
        protocol_.decode_reply(question_, reply, identity_.serial_choices, state_.battery);
    if (is_understood) state_.last_heard_ns = t_ns;
    is_reply_awaited_ = false;
  }

  void advance(Time t_ns, can_emulator::Bytes& heard) override {
    for (Time now_ns = next_ns(); now_ns <= t_ns; now_ns = next_ns()) {
      if (now_ns == poll_due_ns_) ask(heard);
      if (now_ns != control_due_ns_) continue;
      control_due_ns_ += design_.control_period_ns;
      control(design_, now_ns, terminals(), site_, state_);
    }
    carry_to(t_ns, design_, state_);
  }

  void set_wish_W(double wish_W) override { state_.demand_W = wish_W; }

 private:
  Time next_ns() const { return std::min(poll_due_ns_, control_due_ns_); }

  void ask(can_emulator::Bytes& heard) {
    const bool is_awake = !is_restarting(design_, poll_due_ns_) && !is_shorted(poll_due_ns_);
    poll_due_ns_ += design_.rs485_poll_period_ns;
    if (!is_awake) return;
    question_ = (question_ + 1) % protocol_.poll_count;
    is_reply_awaited_ = true;
    heard += protocol_.encode_request(question_, identity_.serial_address);
  }

  InverterDesign design_;
  const can_emulator::SerialProtocol& protocol_;
  can_emulator::BatteryIdentity identity_;
  InverterState state_;
  SiteState site_;
  std::size_t question_ = 0;
  bool is_reply_awaited_ = false;
  Time poll_due_ns_;
  Time control_due_ns_ = kInverterPhase;
};

}  // namespace

std::unique_ptr<SerialRig> make_virtual_serial_rig(const Product& product,
                                                   const InverterDesign& inverter) {
  return std::make_unique<VirtualSerialRig>(product, inverter);
}

}  // namespace doppelpack::sim
