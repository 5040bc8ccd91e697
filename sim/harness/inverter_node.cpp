// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/inverter_node.hpp"

#include <algorithm>
#include <utility>

#include "can_emulator/can_bus.hpp"
#include "kernel/phases.hpp"

namespace doppelpack::sim {

InverterNode::InverterNode(InverterDesign design, const can_emulator::CanProtocol& protocol,
                           const can_emulator::Choices& choices)
    : design_(std::move(design)),
      protocol_(protocol),
      choices_(choices),
      control_due_ns_(kInverterPhase),
      heartbeat_due_ns_(design_.heartbeat.is_sent ? kCanHeartbeatPhase : can_emulator::kNever_ns) {
  state_.obeys_limits = design_.obeys_limits;
}

bool InverterNode::hear(Time t_ns, const can_emulator::CanFrame& frame) {
  return sim::hear(design_, protocol_, choices_, frame, t_ns, state_);
}

Time InverterNode::next_ns() const {
  return std::min(control_due_ns_, heartbeat_due_ns_);
}

std::vector<can_emulator::CanFrame> InverterNode::advance(Time t_ns, const DcReading& dc) {
  std::vector<can_emulator::CanFrame> frames;
  if (t_ns >= heartbeat_due_ns_) {
    heartbeat_due_ns_ += protocol_.heartbeat_period_ms * kMillisecond;
    const Heartbeat& heartbeat = design_.heartbeat;
    const bool has_stopped = heartbeat.stops_after_ns > 0 && t_ns >= heartbeat.stops_after_ns;
    if (!has_stopped && !is_restarting(design_, t_ns)) {
      frames.push_back(protocol_.encode_heartbeat());
      frames.back().is_extended = heartbeat.is_extended;
    }
  }
  if (t_ns >= control_due_ns_) {
    control_due_ns_ += design_.control_period_ns;
    control(design_, t_ns, dc, site_, state_);
  }
  return frames;
}

}  // namespace doppelpack::sim
