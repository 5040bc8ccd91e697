// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// publish, on RS485: the pair between the packs, the virtual inverter and whatever is plugged into the
// ports. Nobody asks whether the pair is free: two masters at once, or two packs with one address,
// garble each other.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <systemc>
#include <vector>

#include "alarm.hpp"
#include "can_emulator/serial_protocol.hpp"
#include "can_emulator/serial_wire.hpp"
#include "serial_responder.hpp"
#include "sim/bench_state.hpp"
#include "sim/recorder.hpp"
#include "sim/scenario.hpp"

namespace doppelpack::sim {

/// What the pair needs to know of the ports beside the bytes themselves.
struct SerialOutlet {
  std::size_t port_count = 0;
  std::function<void(std::size_t port, can_emulator::BytesView)> send;
};

class SerialLineModule : public sc_core::sc_module {
 public:
  /// The first pack has RS485. The others are on the pair, too, where switches make the address.
  SerialLineModule(const sc_core::sc_module_name& name, std::span<const PackSpec> packs,
                   const InverterDesign& inverter, LocalTime& time, BenchState& state,
                   Recorder& recorder, SerialOutlet outlet);

  /// A port hands over bytes, to be sent at once.
  void transmit_from_port(std::size_t port, can_emulator::BytesView bytes);

  /// As CanBusModule::adopt_ports().
  void adopt_ports(const can_emulator::SerialWireState& fresh);

 private:
  std::size_t inverter_node() const { return responders_.size(); }
  std::size_t first_port_node() const { return responders_.size() + 1; }
  void add_pack(const Product& product, LocalTime& time);
  void poll();
  bool is_searching() const;
  can_emulator::Bytes next_search();
  void turn();
  bool transmit(std::size_t node, can_emulator::BytesView bytes);
  void follow_cabling();
  void schedule();
  void deliver(const can_emulator::SerialDelivery& burst);
  void hear_others(const can_emulator::SerialDelivery& burst);
  void hear_pack(can_emulator::BytesView bytes);

  const can_emulator::SerialProtocol& protocol_;  ///< of the first pack: what the inverter speaks
  const can_emulator::BatteryIdentity& identity_;
  const InverterDesign& inverter_;
  BenchState& state_;
  Recorder& recorder_;
  SerialOutlet outlet_;
  std::vector<std::unique_ptr<SerialResponder>> responders_;  ///< of the first packs of the bench
  can_emulator::SerialWireDesign design_;
  bool is_inverter_listening_;
  SerialAgenda& agenda_;
  Alarm poll_due_;
  Alarm wire_due_;
};

}  // namespace doppelpack::sim
