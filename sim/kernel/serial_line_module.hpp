// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// publish, on RS485: the line between the pack and its masters. The pack speaks only when asked;
// a reply starts after the protocol's turnaround and occupies the line for its bytes.
#pragma once

#include <functional>
#include <systemc>

#include "can_emulator/serial_protocol.hpp"
#include "sim/bench_state.hpp"
#include "sim/product.hpp"
#include "sim/recorder.hpp"

namespace doppelpack::sim {

class SerialLineModule : public sc_core::sc_module {
 public:
  using ToPorts = std::function<void(can_emulator::BytesView)>;

  SerialLineModule(const sc_core::sc_module_name& name, const Product& product,
                   const InverterDesign& inverter, BenchState& state, Recorder& recorder,
                   ToPorts to_ports);

  /// Bytes from a port have arrived at the pack.
  void receive_from_outside(can_emulator::BytesView bytes);

 private:
  void poll();
  void receive(can_emulator::BytesView bytes);
  void expect_end_of_request();
  void answer_pending();
  void finish_reply();

  const can_emulator::SerialProtocol& protocol_;
  const can_emulator::BatteryIdentity& identity_;
  BenchState& state_;
  Recorder& recorder_;
  ToPorts to_ports_;
  Time gap_ns_;  ///< silence that ends a frame; 0: frames say themselves where they end
  sc_core::sc_time poll_period_;
  bool is_inverter_listening_;
  std::size_t request_ = 0;  ///< the virtual inverter's last request
  bool is_reply_awaited_ = false;
  can_emulator::Bytes received_;  ///< by the pack, not yet understood
  can_emulator::Bytes reply_;     ///< on its way; empty: the line is free
  Time request_end_ns_ = 0;       ///< when the last byte received has passed
  sc_core::sc_event poll_due_;
  sc_core::sc_event request_done_;
  sc_core::sc_event reply_done_;
};

}  // namespace doppelpack::sim
