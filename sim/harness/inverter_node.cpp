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
      heartbeat_due_ns_(beats_in_time(design_.heartbeat) ? kCanHeartbeatPhase
                                                         : can_emulator::kNever_ns) {
  state_.obeys_limits = design_.obeys_limits;
}

bool InverterNode::hear(Time t_ns, const can_emulator::CanFrame& frame) {
  if (beats_after(design_.heartbeat, frame)) heartbeat_due_ns_ = t_ns;
  return sim::hear(design_, protocol_, choices_, frame, t_ns, state_);
}

Time InverterNode::next_ns() const {
  return std::min(control_due_ns_, heartbeat_due_ns_);
}

// Without jitter: there is no seed here.
void InverterNode::plan_heartbeat() {
  const Heartbeat& heartbeat = design_.heartbeat;
  heartbeat_due_ns_ = beats_in_time(heartbeat)
                          ? heartbeat_due_ns_ + heartbeat_period_ns(heartbeat, protocol_, state_)
                          : can_emulator::kNever_ns;
}

std::vector<can_emulator::CanFrame> InverterNode::advance(Time t_ns, const DcReading& dc) {
  std::vector<can_emulator::CanFrame> frames;
  if (t_ns >= heartbeat_due_ns_) {
    plan_heartbeat();
    if (is_beating(design_, t_ns)) frames = heartbeat_frames(design_, protocol_, t_ns, dc, state_);
  }
  if (t_ns >= control_due_ns_) {
    control_due_ns_ += design_.control_period_ns;
    control(design_, t_ns, dc, site_, state_);
  }
  return frames;
}

}  // namespace doppelpack::sim
