// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The border to the host: ports with real software or hardware behind them. Once per simulated
// millisecond it takes what has arrived and stamps it with the present time; what arrives while time
// stands still waits in the ports' mailboxes.
#pragma once

#include <memory>
#include <systemc>
#include <vector>

#include "alarm.hpp"
#include "can_bus_module.hpp"
#include "can_emulator/live_port.hpp"
#include "pacer.hpp"
#include "serial_line_module.hpp"

namespace doppelpack::sim {

/// The opened ports of a bench.
struct HostPorts {
  std::vector<std::unique_ptr<can_emulator::LiveCanPort>> can;
  std::vector<std::unique_ptr<can_emulator::LiveBytePort>> rs485;
  const Pacer* pacer = nullptr;  ///< time runs in slices, ahead of the host's clock by up to one

  bool empty() const { return can.empty() && rs485.empty(); }
  /// To all but the sender, each not before the frame has ended on a paced bus.
  void send(Time t_ns, const can_emulator::CanFrame& frame, const CanSender& sender) const;
};

class HostModule : public sc_core::sc_module {
 public:
  /// A bus that does not exist is nullptr.
  HostModule(const sc_core::sc_module_name& name, HostPorts& ports, LocalTime& time,
             CanBusModule* can, SerialLineModule* rs485);

  /// Its next turn, from the present time on.
  void plug_in();

 private:
  void exchange();

  HostPorts& ports_;
  CanBusModule* can_;
  SerialLineModule* rs485_;
  std::vector<can_emulator::CanFrame> frames_;
  can_emulator::Bytes bytes_;
  Time due_ns_ = kNever;  ///< no part of the bench's state: who is plugged in is not either
  Alarm next_exchange_;
};

}  // namespace doppelpack::sim
