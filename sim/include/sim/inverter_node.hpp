// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The virtual inverter alone, without a bench around it: hears frames, decides, sends frames. Whoever
// owns it keeps the time.
#pragma once

#include <optional>
#include <vector>

#include "can_emulator/can_protocol.hpp"
#include "sim/inverter.hpp"

namespace doppelpack::sim {

class InverterNode {
 public:
  /// Starts at t = 0. The protocol and the choices are those of the battery it talks to.
  InverterNode(InverterDesign design, const can_emulator::CanProtocol& protocol,
               const can_emulator::Choices& choices);

  /// A frame arrived. True: it is one of a battery.
  bool hear(Time t_ns, const can_emulator::CanFrame& frame);

  /// When advance() has something to do next.
  Time next_ns() const;

  /// Does what is due at t_ns, given what it measures at its terminals, and returns what it sends.
  std::vector<can_emulator::CanFrame> advance(Time t_ns, const DcReading& dc);

  const InverterState& state() const { return state_; }
  const InverterDesign& design() const { return design_; }
  void set_demand_W(double demand_W) { state_.demand_W = demand_W; }

 private:
  void plan_heartbeat();

  InverterDesign design_;
  const can_emulator::CanProtocol& protocol_;
  can_emulator::Choices choices_;
  InverterState state_;
  SiteState site_;
  Time control_due_ns_;
  Time heartbeat_due_ns_;
};

}  // namespace doppelpack::sim
