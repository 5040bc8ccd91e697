// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// publish, on RS485: the pair between the pack, the virtual inverter and whatever is plugged into the
// ports. The pack speaks only when asked, after the protocol's turnaround. Nobody asks whether the
// pair is free: two masters at once garble each other.
#pragma once

#include <functional>
#include <systemc>

#include "alarm.hpp"
#include "can_emulator/serial_protocol.hpp"
#include "can_emulator/serial_wire.hpp"
#include "sim/bench_state.hpp"
#include "sim/product.hpp"
#include "sim/recorder.hpp"

namespace doppelpack::sim {

/// What the pair needs to know of the ports beside the bytes themselves.
struct SerialOutlet {
  std::size_t port_count = 0;
  std::function<void(std::size_t port, can_emulator::BytesView)> send;
};

class SerialLineModule : public sc_core::sc_module {
 public:
  SerialLineModule(const sc_core::sc_module_name& name, const Product& product,
                   const InverterDesign& inverter, std::uint64_t seed, LocalTime& time,
                   BenchState& state, Recorder& recorder, SerialOutlet outlet);

  /// A port hands over bytes, to be sent at once.
  void transmit_from_port(std::size_t port, can_emulator::BytesView bytes);

  /// As CanBusModule::adopt_ports().
  void adopt_ports(const can_emulator::SerialWireState& fresh);
  void arm();

 private:
  void poll();
  bool is_searching() const;
  can_emulator::Bytes next_search();
  void turn();
  void answer_pending();
  void reply();
  void drop_reply();
  bool is_pack_on_the_pair() const;
  bool transmit(std::size_t node, can_emulator::BytesView bytes);
  void follow_cabling();
  void schedule();
  void deliver(const can_emulator::SerialDelivery& burst);
  void hear_others(can_emulator::BytesView bytes);
  void hear_pack(can_emulator::BytesView bytes);
  void expect_end_of_request();

  const can_emulator::SerialProtocol& protocol_;
  const can_emulator::BatteryIdentity& identity_;
  const InverterDesign& inverter_;
  BenchState& state_;
  PackUnit& pack_;  ///< the first of them has the plug
  Recorder& recorder_;
  SerialOutlet outlet_;
  can_emulator::SerialWireDesign design_;
  Time gap_ns_;  ///< silence that ends a frame; 0: frames say themselves where they end
  bool is_inverter_listening_;
  SerialAgenda& agenda_;
  Alarm poll_due_;
  Alarm wire_due_;
  Alarm request_done_;
  Alarm reply_due_;
};

}  // namespace doppelpack::sim
