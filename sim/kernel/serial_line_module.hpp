// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// publish, on RS485: the pair between the pack, the virtual inverter and whatever is plugged into the
// ports. The pack speaks only when asked, after the protocol's turnaround. Nobody asks whether the
// pair is free: two masters at once garble each other.
#pragma once

#include <functional>
#include <systemc>

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
                   const InverterDesign& inverter, std::uint64_t seed, BenchState& state,
                   Recorder& recorder, SerialOutlet outlet);

  /// A port hands over bytes, to be sent at once.
  void transmit_from_port(std::size_t port, can_emulator::BytesView bytes);

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
  std::size_t request_ = 0;  ///< the virtual inverter's last request
  bool is_reply_awaited_ = false;
  std::size_t searches_ = 0;  ///< requests of the inverter's scan so far
  bool has_found_ = false;    ///< it knows whom to ask
  Time found_ns_ = 0;
  can_emulator::Bytes received_;  ///< by the pack, not yet understood
  can_emulator::Bytes reply_;     ///< due or on the pair; empty: the pack listens
  sc_core::sc_event poll_due_;
  sc_core::sc_event wire_due_;
  sc_core::sc_event request_done_;
  sc_core::sc_event reply_due_;
};

}  // namespace doppelpack::sim
