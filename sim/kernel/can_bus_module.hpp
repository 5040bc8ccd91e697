// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// publish, on CAN: the wire between the pack, the virtual inverter and whatever is plugged into the
// ports. One frame at a time, lowest identifier first, delivered when its last bit has passed.
#pragma once

#include <functional>
#include <systemc>
#include <vector>

#include "can_emulator/can_protocol.hpp"
#include "can_emulator/frame.hpp"
#include "sim/bench_state.hpp"
#include "sim/product.hpp"
#include "sim/recorder.hpp"

namespace doppelpack::sim {

/// Who put a frame on the wire; a port gets everything but its own.
struct CanSender {
  enum class Kind { pack, inverter, port } kind = Kind::pack;
  std::size_t port = 0;
};

class CanBusModule : public sc_core::sc_module {
 public:
  using ToPorts = std::function<void(Time, const can_emulator::CanFrame&, const CanSender&)>;

  CanBusModule(const sc_core::sc_module_name& name, const Product& product,
               const InverterDesign& inverter, BenchState& state, Recorder& recorder,
               ToPorts to_ports);

  /// Queue a frame for transmission, to start as soon as the bus is idle.
  void transmit(const can_emulator::CanFrame& frame, const CanSender& sender);

 private:
  struct Pending {
    can_emulator::CanFrame frame;
    CanSender sender;
  };

  void broadcast();
  bool may_pack_talk() const;
  bool answer(const can_emulator::CanFrame& request);
  void beat();
  void finish_frame();
  void start_next();
  void deliver(const Pending& sent);

  const can_emulator::CanProtocol& protocol_;
  const can_emulator::BatteryIdentity& identity_;
  BenchState& state_;
  Recorder& recorder_;
  ToPorts to_ports_;
  bool is_inverter_listening_;
  std::vector<Time> due_ns_;      ///< of each periodic frame
  std::vector<Pending> waiting_;  ///< oldest first
  Pending on_wire_;
  bool is_busy_ = false;
  sc_core::sc_event broadcast_due_;
  sc_core::sc_event heartbeat_due_;
  sc_core::sc_event frame_done_;
};

}  // namespace doppelpack::sim
