// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// publish, on CAN: the wire between the pack, the virtual inverter and whatever is plugged into the
// ports, each a node with a controller of its own.
#pragma once

#include <functional>
#include <systemc>
#include <vector>

#include "can_emulator/can_bus.hpp"
#include "can_emulator/can_protocol.hpp"
#include "can_emulator/frame.hpp"
#include "local_time.hpp"
#include "sim/bench_state.hpp"
#include "sim/product.hpp"
#include "sim/recorder.hpp"

namespace doppelpack::sim {

/// Who put a frame on the wire; a port gets everything but its own.
struct CanSender {
  enum class Kind { pack, inverter, stranger, port } kind = Kind::pack;
  std::size_t port = 0;
};

/// What the bus needs to know of the ports beside the frames themselves.
struct CanOutlet {
  std::vector<bool> are_listen_only;  ///< for each port: a log file does not acknowledge
  std::function<void(Time, const can_emulator::CanFrame&, const CanSender&)> send;
};

class CanBusModule : public sc_core::sc_module {
 public:
  CanBusModule(const sc_core::sc_module_name& name, const Product& product,
               const InverterDesign& inverter, std::uint64_t seed, LocalTime& time,
               BenchState& state, Recorder& recorder, CanOutlet outlet);

  /// A port hands over a frame, to be sent when it is its turn.
  void transmit_from_port(std::size_t port, const can_emulator::CanFrame& frame);

  /// The wire or a plug has changed.
  void notice_cabling();

 private:
  void broadcast();
  bool may_pack_talk() const;
  bool answer(const can_emulator::CanFrame& request);
  void beat();
  void turn();
  void measure_load();
  void transmit(std::size_t node, const can_emulator::CanFrame& frame);
  void follow_cabling();
  void schedule();
  void deliver(const can_emulator::CanDelivery& sent);
  void hear_pack(const can_emulator::CanFrame& frame);
  void hear_others(const can_emulator::CanFrame& frame);

  const can_emulator::CanProtocol& protocol_;
  const can_emulator::BatteryIdentity& identity_;
  const InverterDesign& inverter_;
  LocalTime& time_;
  BenchState& state_;
  Recorder& recorder_;
  CanOutlet outlet_;
  bool is_inverter_listening_;
  can_emulator::CanBusDesign design_;
  std::vector<Time> due_ns_;  ///< of each periodic frame
  Time busy_before_ns_ = 0;   ///< up to the last look at the load
  sc_core::sc_event broadcast_due_;
  sc_core::sc_event heartbeat_due_;
  sc_core::sc_event bus_due_;
  sc_core::sc_event load_due_;
};

}  // namespace doppelpack::sim
